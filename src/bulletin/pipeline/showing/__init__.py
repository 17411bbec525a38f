"""Showing: editions before they go out, who would get them, and what became of them."""
