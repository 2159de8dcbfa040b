"""Analysis: every version of every event as rows of tables."""
