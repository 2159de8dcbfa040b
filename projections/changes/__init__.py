"""Changes: two answers compared, and what new events change in all of them."""
