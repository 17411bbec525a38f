"""Signing in and out, and everybody's own account and those of others."""
