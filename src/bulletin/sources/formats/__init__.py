"""Formats: what news comes written in, taken down to lines and tables."""
