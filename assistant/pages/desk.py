"""What every run of a page works with: the owner's assistant, and what is under way in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from assistant.arenas import share_memory
from assistant.chat import Assistant
from assistant.log import keep_log
from assistant.pages.carry_codes import CarryCodes
from assistant.pages.current import CurrentTurns
from assistant.pages.current_import import CurrentImports
from assistant.pages.current_tutor import CurrentTutor
from assistant.pages.owner import owner
from assistant.pages.tries import Tries
from assistant.pages.words import language
from assistant.retention import tidy_daily
from assistant.viewer.lent import Lent
from store.chats.browsers import Browsers

Build = Callable[[], Assistant]
# Ours: room for slips of a whole class, and a guesser of 887 million join codes needs years.
_EACH, _TOGETHER, _WITHIN_S = 10, 200, 300.0


def _joins() -> Tries:
    return Tries(_EACH, _TOGETHER, _WITHIN_S)


@dataclass(frozen=True)
class Installation:
    """What all browsers share."""

    assistant: Assistant
    turns: CurrentTurns = field(default_factory=lambda: CurrentTurns(language))
    imports: CurrentImports = field(default_factory=CurrentImports)
    codes: CarryCodes = field(default_factory=CarryCodes)
    lent: Lent = field(default_factory=Lent)
    tutor: CurrentTutor = field(default_factory=CurrentTutor)
    joins: Tries = field(default_factory=_joins)


_LOCK = threading.Lock()
_HELD: list[Installation] = []


@dataclass(frozen=True)
class Desk:
    """One browser's view of the installation.

    Attributes:
        assistant: the assistant of this browser's owner.
        turns: the turns under way.
        imports: the imports under way.
        codes: the codes that carry chats to another browser.
        lent: the images that viewers show.
        tutor: who helps learners before they commit.
        joins: counts how often somebody tried a join code.
        browser: the name of this browser, by which it is known which owner's chats it sees.
        remembered: whether the browser keeps its cookie, so that its chats are found again.
    """

    assistant: Assistant
    turns: CurrentTurns
    imports: CurrentImports
    codes: CarryCodes
    lent: Lent
    tutor: CurrentTutor
    joins: Tries
    browser: str
    remembered: bool

    @property
    def browsers(self) -> Browsers:
        """Which owner's chats each browser sees."""
        return self.assistant.services.conversations.browsers


def open_desk(build: Build) -> Desk:
    """The desk of whoever looks at the page.

    Args:
        build: makes the installation's assistant; called once per process.

    Raises:
        SetupError: the installation cannot work as it is set up.
    """
    here = _installation(build)
    browser, remembered = owner()
    assistant = here.assistant.for_owner(here.assistant.services.conversations.browsers.owner_of(browser))
    return Desk(
        assistant,
        here.turns,
        here.imports,
        here.codes,
        here.lent,
        here.tutor,
        here.joins,
        browser,
        remembered,
    )


def _installation(build: Build) -> Installation:
    """What all browsers share. Not in Streamlit's cache, which any visitor can have cleared."""
    with _LOCK:
        if not _HELD:
            share_memory()
            assistant = build()
            keep_log(assistant.services.settings.home)
            tidy_daily(assistant.services)
            _HELD.append(Installation(assistant))
        return _HELD[0]


def installation_here() -> Installation | None:
    """What all browsers share; None before the first of them looked at the page."""
    with _LOCK:
        return _HELD[0] if _HELD else None


def largest_file_mb(desk: Desk) -> int:
    """The largest file that is read, in MiB."""
    return desk.assistant.services.settings.max_file_mb


def largest_upload_mb() -> int:
    """The largest file that a browser may send, in MiB: more than is read, so that the page can say why not.

    A browser that is told less leaves a larger file out by itself and asks without it.
    """
    return int(st.get_option("server.maxUploadSize"))
