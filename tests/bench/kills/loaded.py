"""Loads what the work needs, once, before processes are forked from it; nothing is opened."""

from importlib import import_module

for name in (
    *("chromadb", "langgraph.graph.state", "pydicom", "scipy.ndimage", "sqlalchemy.dialects.sqlite"),
    *("assistant.backup", "assistant.chat", "assistant.mending", "assistant.planning.planner"),
    *("assistant.turn.agent", "assistant.turn.intake", "assistant.turn.keeping", "assistant.turn.turns"),
    *("store.cases.library", "tools.catalogue", "tools.files.decoding", "tools.privacy.copies"),
):
    import_module(name)
