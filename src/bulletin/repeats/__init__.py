"""Repeats: the same news twice, newer versions of it, and what is only related. Pure."""
