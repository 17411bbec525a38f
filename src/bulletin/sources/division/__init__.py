"""Division: where items begin and end, and what between them is no news."""
