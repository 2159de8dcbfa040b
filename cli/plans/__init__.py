"""Plans of screens: one question each, from an answer to what a person reads of it."""
