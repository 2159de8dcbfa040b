"""The directory of a ledger: parties, share classes and sources at a cut, found by name."""
