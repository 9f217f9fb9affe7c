"""Train a LoRA adapter for a reader on one's own pictures and texts, by the recipe of its card."""
