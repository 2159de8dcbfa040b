"""What agreements oblige to: which clauses bind, what breaks them, and what an event would need."""
