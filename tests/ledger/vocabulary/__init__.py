"""Tests of what public lists and people call the event types."""
