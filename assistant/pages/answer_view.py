"""Draws an answer, part by part: one function for finished answers and for events as they come."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

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
from assistant.answers.statements import Statement, statements
from assistant.pages.evidence_view import Find, draw_evidence, draw_pictures
from assistant.pages.marks_view import draw_marks, marked_prose
from assistant.pages.matches_view import draw_matches
from assistant.pages.rests_view import draw_rests
from assistant.pages.words import doing, plain, prose, said
from tools.language.paths import without_places
from tools.language.replies import alarm_in

Part = Literal[
    "status",
    "reading",
    "text",
    "ungrounded",
    "seen",
    "rests",
    "evidence",
    "refused",
    "notices",
    "disclaimers",
]
PARTS: tuple[Part, ...] = get_args(Part)


def thinking() -> str:
    """What is said while nothing else is known of an answer."""
    return said("progress.thinking")


@dataclass
class Shown:
    """What is to be seen of an answer, finished or not.

    `reading` is what reading models are saying, by model and image; the text quotes it when they are done.
    `rests` are the sentences of a finished answer with what they rest on.
    """

    text: str = ""
    reading: dict[tuple[str, str], str] = field(default_factory=dict)
    ungrounded: tuple[Ungrounded, ...] = ()
    rests: tuple[Statement, ...] = ()
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
            rests=tuple(statements(answer.text, answer.evidence, answer.language)),
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
                    thinking(),
                    event.disclaimers,
                    ("status", "disclaimers"),
                )
            case Text() | ReaderText() | Waiting() | Retracted():
                changed = self._take_words(event)
            case ToolStarted():
                self.status = doing(event.tool, event.image_id)
            case ToolFinished():
                self.evidence.append(event.evidence)
                self.status, changed = thinking(), ("status", "seen", "evidence")
            case ToolRefused():
                self.refused.append(event.refused)
                self.status, changed = thinking(), ("status", "refused")
            case Failed():
                self.notices.append(event.reason)
                changed = ("notices",)
            case Finished():
                self.__dict__.update(vars(Shown.of(event.answer)))
                changed = PARTS
        return changed

    def _take_words(self, event: Text | ReaderText | Waiting | Retracted) -> tuple[Part, ...]:
        if isinstance(event, Retracted):
            self.status, self.text = thinking(), ""
            return ("status", "text")
        if isinstance(event, Waiting):
            self.status = plain(event.text)
            return ("status",)
        if isinstance(event, ReaderText):
            key = event.reader, event.image_id
            before = "" if event.first else self.reading.get(key, "")
            self.status = said("progress.reader", reader=plain(event.reader), image=plain(event.image_id))
            self.reading[key] = before + event.delta
            return ("status", "reading")
        self.status, self.text = said("progress.writing"), self.text + event.delta
        if not self.reading:
            return ("status", "text")
        self.reading.clear()
        return ("status", "text", "reading")


class AnswerView:
    """Places for the parts of one answer, in reading order, at the point of the page where it is made.

    Args:
        find: finds pictures of tools and of library cases.
        key: the answer's own key, such as its turn's id.
        told: disclaimers that answers above show in full.
    """

    def __init__(self, find: Find, key: str, told: Collection[str] = ()) -> None:
        self._key, self._draws, self._told = key, 0, told
        self._find = find
        self._places: dict[Part, DeltaGenerator] = {part: st.empty() for part in PARTS}
        self._filled: set[Part] = set()

    def draw(self, shown: Shown, parts: Collection[Part] = PARTS) -> None:
        """Draw `parts` of the answer; a part with nothing to show takes no room."""
        for part in parts:
            place = self._places[part]
            if _has(shown, part):
                self._filled.add(part)
                with place.container():
                    self._draw(shown, part)
            elif part in self._filled:
                self._filled.remove(part)
                place.empty()

    def tick(self, shown: Shown, since_s: float) -> None:
        """Show that an unfinished answer is still being worked on."""
        self._filled.add("status")
        self._places["status"].markdown(_status(shown.status, since_s))

    def _draw(self, shown: Shown, part: Part) -> None:
        if part == "seen":
            draw_pictures(shown.evidence, self._find)
            self._draws += 1
            draw_matches(shown.evidence, self._find, f"{self._key}-{self._draws}")
        elif part == "rests":
            draw_rests(shown.rests, shown.evidence)
        elif part == "status":
            st.markdown(_status(shown.status, 0))
        elif part == "text":
            self._draw_text(shown)
        elif part == "disclaimers":
            draw_disclaimers(shown.disclaimers, self._told)
        else:
            _DRAW[part](getattr(shown, part))

    def _draw_text(self, shown: Shown) -> None:
        """The words; where somebody may be in danger, where to turn stands out before all else."""
        alarm = "" if shown.ungrounded else alarm_in(shown.text)
        if alarm:
            st.error(prose(alarm), icon=":material/emergency:")
        if left := shown.text[len(alarm) :].strip():
            st.markdown(marked_prose(left, shown.ungrounded))


def _has(shown: Shown, part: Part) -> bool:
    if part == "rests":
        return any(one.rests_on for one in shown.rests)
    return bool(shown.evidence if part == "seen" else getattr(shown, part))


def _status(words: str, since_s: float) -> str:
    clock = f" · {since_s:.0f} s" if since_s >= 2 else ""
    return f":gray[:material/hourglass_top: {words} …{clock}]"


def _draw_reading(reading: dict[tuple[str, str], str]) -> None:
    """What reading models are saying, letter by letter: their words are nobody's formatting."""
    for (reader, image_id), text in reading.items():
        names = {"reader": plain(reader), "image": plain(image_id)}
        st.markdown(f"> {said('shown.reading', **names, text=plain(text))}")


def _draw_refused(refused: list[Refused]) -> None:
    for one in refused:
        why = {"tool": one.tool, "reason": plain(without_places(one.reason))}
        told = said("shown.refused", **why)
        if one.image_id:
            told = said("shown.refused_on", image=plain(one.image_id), **why)
        st.caption(f":orange[:material/block:] {told}")


def _draw_notices(notices: list[str]) -> None:
    for notice in notices:
        st.info(plain(without_places(notice)), icon=":material/info:")


def draw_disclaimers(texts: Sequence[str], told: Collection[str] = ()) -> None:
    """The safety texts as one quiet block: open, but those told before are folded to one line.

    Args:
        texts: of one answer.
        told: those that earlier answers of the chat show in full.
    """
    lines = _paragraphs(text for text in texts if text not in told)
    again = _paragraphs(text for text in texts if text in told)
    if again:
        short = html.escape(said("disclaimers.short"))
        lines = f"<details><summary>{short}</summary>{again}</details>{lines}"
    label = html.escape(said("page.safety"))
    st.html(f'<aside class="cb-safety" role="note" aria-label="{label}">{lines}</aside>')


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


_DRAW: dict[Part, Callable[[Any], None]] = {
    "reading": _draw_reading,
    "ungrounded": draw_marks,
    "evidence": draw_evidence,
    "refused": _draw_refused,
    "notices": _draw_notices,
}
