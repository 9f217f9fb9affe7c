"""What made an answer: code and words, settings, models and their weights."""
