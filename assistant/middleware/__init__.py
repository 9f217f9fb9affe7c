"""Middleware of the loop: one concern a file."""
