"""Composing: an issue and its items are arranged and written by several people at once."""
