"""The read side of stakebook: answers folded from the log, and the read model under them."""
