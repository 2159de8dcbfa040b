"""Proofs: checkpoints, witnesses, inclusion, audit exports and their verification."""
