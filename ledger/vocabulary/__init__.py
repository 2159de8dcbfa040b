"""What public lists and people call the event types: codes, everyday words, when to use which."""
