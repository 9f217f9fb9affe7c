"""The encoding models that turn pictures and words into vectors."""
