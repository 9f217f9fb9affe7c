"""What every run of a page works with: the owner's assistant, and what is under way in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from assistant.chat import Assistant
from assistant.log import keep_log
from assistant.pages.current import CurrentTurns
from assistant.pages.current_import import CurrentImports
from assistant.pages.owner import owner
from assistant.retention import tidy_daily

Build = Callable[[], Assistant]
_LOCK = threading.Lock()
_HELD: list[tuple[Assistant, CurrentTurns, CurrentImports]] = []


@dataclass(frozen=True)
class Desk:
    """One browser's view of the installation.

    Attributes:
        assistant: the assistant of this browser's owner.
        turns: the turns under way.
        imports: the imports under way.
        remembered: whether the browser keeps its cookie, so that its chats are found again.
    """

    assistant: Assistant
    turns: CurrentTurns
    imports: CurrentImports
    remembered: bool


def open_desk(build: Build) -> Desk:
    """The desk of whoever looks at the page.

    Args:
        build: makes the installation's assistant; called once per process.

    Raises:
        SetupError: the installation cannot work as it is set up.
    """
    assistant, turns, imports = _installation(build)
    who, remembered = owner()
    return Desk(assistant.for_owner(who), turns, imports, remembered)


def _installation(build: Build) -> tuple[Assistant, CurrentTurns, CurrentImports]:
    """What all browsers share. Not in Streamlit's cache, which any visitor can have cleared."""
    with _LOCK:
        if not _HELD:
            assistant = build()
            keep_log(assistant.services.settings.home)
            tidy_daily(assistant.services)
            _HELD.append((assistant, CurrentTurns(), CurrentImports()))
        return _HELD[0]


def largest_file_mb(desk: Desk) -> int:
    """The largest file that is read, in MiB."""
    return desk.assistant.services.settings.max_file_mb


def largest_upload_mb() -> int:
    """The largest file that a browser may send, in MiB: more than is read, so that the page can say why not.

    A browser that is told less leaves a larger file out by itself and asks without it.
    """
    return int(st.get_option("server.maxUploadSize"))
