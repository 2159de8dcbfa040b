"""Events: one class for each type, what is stored of an event, and how old schemas are read."""
