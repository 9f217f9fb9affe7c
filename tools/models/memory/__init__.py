"""Which models are in memory, and who has to leave it."""
