"""Graphs as pictures and as text: what they show, and the languages they are written in."""
