"""The read model: an index over the log, derived from it and compared with it."""
