"""Accounts: who works on the bulletin, and how they come in."""
