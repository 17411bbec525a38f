"""The web, asked politely and behind a guard (requirement 65)."""
