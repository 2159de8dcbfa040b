"""Tests: the folders are those of the code; what they share lies here."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
