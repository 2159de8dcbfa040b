"""Published formats of proof: Merkle trees, signed notes, chains of keys."""
