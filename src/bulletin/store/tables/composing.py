"""Tables of the desk: who is at what, and the versions of an issue's own texts."""
