"""Decoded arrays: how large they may be, where they go, and how they become a picture of 8 bits."""
