"""Processes killed at random instants, and what is left of what they had acknowledged."""
