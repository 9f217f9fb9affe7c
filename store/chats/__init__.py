"""Chats and their turns in a database."""
