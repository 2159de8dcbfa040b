"""Intake: files of events, read strictly, every place remembered."""
