"""The ledger as a program or a notebook asks it: questions as methods, rows with exact values."""
