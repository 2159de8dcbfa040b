"""Consistency: what contradicts what, what is preferred, what must always hold."""
