"""How much one turn asks at most, and of how much a model is taken to have room."""

MAX_MODEL_CALLS = 8
MAX_TOOL_CALLS = 40
CONTEXT = 8192
"""Tokens of the context of a model that does not say. Ours: what small models of today have at least."""
