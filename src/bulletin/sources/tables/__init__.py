"""Tables: which column holds what, and one item in each row."""
