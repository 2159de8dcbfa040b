"""Storage: the log in its file, and files that appear whole or not at all."""
