"""Events: what providers and mail servers tell about copies later, from bytes to values."""
