"""What a turn gives: its events, the answer with its evidence and disclaimers, and its marks."""
