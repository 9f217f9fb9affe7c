"""Draws an answer, part by part: one function for finished answers and for events as they come."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.answers.answer import Answer, Evidence, Refused, Ungrounded
from assistant.answers.events import (
    Event,
    Failed,
    Finished,
    ReaderText,
    Retracted,
    Started,
    Text,
    ToolFinished,
    ToolRefused,
    ToolStarted,
    Waiting,
)
from assistant.pages.evidence_view import Find, draw_evidence, draw_pictures
from assistant.pages.marks_view import draw_marks, marked_prose
from assistant.pages.matches_view import draw_matches
from assistant.pages.words import doing, plain

Part = Literal[
    "status", "reading", "text", "ungrounded", "seen", "evidence", "refused", "notices", "disclaimers"
]
PARTS: tuple[Part, ...] = (
    "status",
    "reading",
    "text",
    "ungrounded",
    "seen",
    "evidence",
    "refused",
    "notices",
    "disclaimers",
)

THINKING = "Thinking"
_WRITING = "Answering"


@dataclass
class Shown:
    """What is to be seen of an answer, finished or not.

    `reading` is what reading models are saying, by model and image; the text quotes it when they are done.
    """

    text: str = ""
    reading: dict[tuple[str, str], str] = field(default_factory=dict)
    ungrounded: tuple[Ungrounded, ...] = ()
    status: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    disclaimers: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Shown:
        """A finished answer."""
        return cls(
            text=answer.text,
            ungrounded=answer.ungrounded,
            evidence=list(answer.evidence),
            refused=list(answer.refused),
            notices=list(answer.notices),
            disclaimers=answer.disclaimers,
        )

    def take(self, event: Event) -> Collection[Part]:
        """Take one event in; returns the parts it changed."""
        changed: tuple[Part, ...] = ("status",)
        match event:
            case Started():
                self.status, self.disclaimers, changed = (
                    THINKING,
                    event.disclaimers,
                    ("status", "disclaimers"),
                )
            case Text() | ReaderText() | Waiting() | Retracted():
                changed = self._take_words(event)
            case ToolStarted():
                self.status = doing(event.tool, event.image_id)
            case ToolFinished():
                self.evidence.append(event.evidence)
                self.status, changed = THINKING, ("status", "seen", "evidence")
            case ToolRefused():
                self.refused.append(event.refused)
                self.status, changed = THINKING, ("status", "refused")
            case Failed():
                self.notices.append(event.reason)
                changed = ("notices",)
            case Finished():
                self.__dict__.update(vars(Shown.of(event.answer)))
                changed = PARTS
        return changed

    def _take_words(self, event: Text | ReaderText | Waiting | Retracted) -> tuple[Part, ...]:
        if isinstance(event, Retracted):
            self.status, self.text = THINKING, ""
            return ("status", "text")
        if isinstance(event, Waiting):
            self.status = plain(event.text)
            return ("status",)
        if isinstance(event, ReaderText):
            key = event.reader, event.image_id
            said = "" if event.first else self.reading.get(key, "")
            self.status = f"{plain(event.reader)} is answering about {plain(event.image_id)}"
            self.reading[key] = said + event.delta
            return ("status", "reading")
        self.status, self.text = _WRITING, self.text + event.delta
        if not self.reading:
            return ("status", "text")
        self.reading.clear()
        return ("status", "text", "reading")


class AnswerView:
    """Places for the parts of one answer, in reading order, at the point of the page where it is made.

    Args:
        find: finds pictures of tools and of library cases.
        key: the answer's own key, such as its turn's id.
    """

    def __init__(self, find: Find, key: str) -> None:
        self._key, self._draws = key, 0
        self._find = find
        self._places: dict[Part, DeltaGenerator] = {part: st.empty() for part in PARTS}

    def draw(self, shown: Shown, parts: Collection[Part] = PARTS) -> None:
        """Draw `parts` of the answer; a part with nothing to show takes no room."""
        for part in parts:
            place = self._places[part]
            if not _has(shown, part):
                place.empty()
                continue
            with place.container():
                self._draw(shown, part)

    def tick(self, shown: Shown, since_s: float) -> None:
        """Show that an unfinished answer is still being worked on."""
        self._places["status"].markdown(_status(shown.status, since_s))

    def _draw(self, shown: Shown, part: Part) -> None:
        if part == "seen":
            draw_pictures(shown.evidence, self._find)
            self._draws += 1
            draw_matches(shown.evidence, self._find, f"{self._key}-{self._draws}")
        elif part == "status":
            st.markdown(_status(shown.status, 0))
        elif part == "text":
            st.markdown(marked_prose(shown.text, shown.ungrounded))
        else:
            _DRAW[part](getattr(shown, part))


def _has(shown: Shown, part: Part) -> bool:
    return bool(shown.evidence if part == "seen" else getattr(shown, part))


def _status(words: str, since_s: float) -> str:
    clock = f" · {since_s:.0f} s" if since_s >= 2 else ""
    return f":gray[:material/hourglass_top: {words} …{clock}]"


def _draw_reading(reading: dict[tuple[str, str], str]) -> None:
    """What reading models are saying, letter by letter: their words are nobody's formatting."""
    for (reader, image_id), text in reading.items():
        st.markdown(f"> **{plain(reader)}** on {plain(image_id)}: {plain(text)}")


def _draw_refused(refused: list[Refused]) -> None:
    for one in refused:
        where = f" on {plain(one.image_id)}" if one.image_id else ""
        st.caption(f":orange[:material/block:] `{one.tool}` did not run{where}. {plain(one.reason)}")


def _draw_notices(notices: list[str]) -> None:
    for notice in notices:
        st.info(plain(notice), icon=":material/info:")


def draw_disclaimers(texts: tuple[str, ...]) -> None:
    """The safety texts as one quiet block that is always open."""
    lines = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    st.html(f'<aside class="cb-safety" role="note" aria-label="Safety information">{lines}</aside>')


_DRAW: dict[Part, Callable[[Any], None]] = {
    "reading": _draw_reading,
    "ungrounded": draw_marks,
    "evidence": draw_evidence,
    "refused": _draw_refused,
    "notices": _draw_notices,
    "disclaimers": draw_disclaimers,
}
