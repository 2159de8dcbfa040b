"""Explanations: the events and rules that a figure is made of, step by step."""
