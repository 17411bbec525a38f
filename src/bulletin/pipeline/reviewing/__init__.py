"""Reviewing: an issue is proved, mended, talked about, and signed by somebody else."""
