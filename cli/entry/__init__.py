"""Events asked for at a terminal, line by line, drafted into a file, or edited."""
