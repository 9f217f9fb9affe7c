"""Checkpoints and adapters: looked into, checked, put together, fitted to a device."""
