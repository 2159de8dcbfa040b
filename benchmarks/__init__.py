"""Synthetic ledgers and measurements; no part of the installed package."""
