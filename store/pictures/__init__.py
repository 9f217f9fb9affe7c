"""Pixels and files of chats, kept once by content."""
