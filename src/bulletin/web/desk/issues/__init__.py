"""The pages of an issue, one for each of its stages."""
