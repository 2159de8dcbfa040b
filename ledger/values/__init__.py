"""Values: dates, exact numbers, safe text, and the refusals of what cannot be taken."""
