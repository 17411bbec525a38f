"""The calendar: when issues go out, and what speaks against a day."""
