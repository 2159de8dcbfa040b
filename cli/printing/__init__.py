"""Printing: registers written as files for people, a module for each format."""
