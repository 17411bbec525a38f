"""The pages of an item."""
