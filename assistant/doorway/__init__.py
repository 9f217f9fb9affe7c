"""Where other programs ask: who may, how much, and an answer as data for them."""
