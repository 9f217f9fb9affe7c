"""What a language model is told of earlier turns, and the summary of a long chat."""
