"""Bulletin: one safeguarding bulletin for schools, cut to each reader's roles."""

__version__ = "0.1.0"
