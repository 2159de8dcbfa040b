"""Threshold radar: which notices a change of holdings makes due, by which rule, and by when."""
