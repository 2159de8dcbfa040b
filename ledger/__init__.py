"""The write side of stakebook: events, exact values, rules, and the append-only store."""

__version__ = "0.1.0"
