"""Tables of the desk: what was sent for approval, what was said about it, and what was accepted."""
