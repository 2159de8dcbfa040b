"""Pages and a JSON interface of one ledger, which only read it."""
