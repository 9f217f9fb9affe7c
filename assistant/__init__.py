"""Casebook's public Python API.

    from assistant import Assistant

    chat = Assistant().chat()
    print(chat.ask("What is this?", images=["photo.jpg"]))

Names are imported on first use, so that ``casebook --help`` stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answers.answer import Answer as Answer
    from assistant.chat import Assistant as Assistant
    from assistant.chat import Chat as Chat
    from assistant.evaluation.run import evaluate as evaluate
    from assistant.evaluation.run import rescore as rescore
    from assistant.memory.messages import question_message as question_message
    from assistant.planning.planner import Planner as Planner
    from assistant.settings import Settings as Settings
    from assistant.settings import load_settings as load_settings
    from tools.catalogue import build_tools as build_tools
    from tools.context import CaseContext as CaseContext

_HOME = {
    "Answer": "assistant.answers.answer",
    "Assistant": "assistant.chat",
    "CaseContext": "tools.context",
    "Chat": "assistant.chat",
    "Planner": "assistant.planning.planner",
    "Settings": "assistant.settings",
    "build_tools": "tools.catalogue",
    "evaluate": "assistant.evaluation.run",
    "load_settings": "assistant.settings",
    "question_message": "assistant.memory.messages",
    "rescore": "assistant.evaluation.run",
}
__all__ = [
    "Answer",
    "Assistant",
    "CaseContext",
    "Chat",
    "Planner",
    "Settings",
    "build_tools",
    "evaluate",
    "load_settings",
    "question_message",
    "rescore",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
