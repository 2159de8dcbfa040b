"""One module per command, each with a click command named ``command``; ``cli.main`` lists them."""
