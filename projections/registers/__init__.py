"""Registers: documents for people on paper, each made from a view at a cut, in no format yet."""
