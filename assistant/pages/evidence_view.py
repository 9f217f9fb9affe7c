"""Draws what the tools said: their pictures in the open, everything else behind "Evidence"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.words import amount, language, plain, said, seconds
from store.errors import CasebookError
from store.records import Fact, Finding, Gate, Measurement, Picture, Quality, Record, parse_record
from tools.language.retold import retell

_PICTURE_PX = 420

Find = Callable[[str], Path]
"""Finds a kept picture by its key; raises `CasebookError` when it is gone or its place is away."""


def draw_pictures(evidence: Sequence[Evidence], find: Find) -> None:
    """The pictures that tools drew."""
    found = [record for one in evidence for record in records(one) if isinstance(record, Picture)]
    with st.container(horizontal=True):
        for picture in found:
            with st.container(width=_PICTURE_PX):
                draw_kept(find, picture.key, alt=picture.alt, caption=picture.caption)


def draw_kept(find: Find, key: str, *, alt: str, caption: str) -> None:
    """A kept picture at the width of its place, or the sentence why it is gone."""
    try:
        st.image(str(find(key)), alt=alt, caption=plain(caption), width="stretch")
    except CasebookError as error:
        st.caption(plain(str(error)))


def draw_case(find: Find, key: str, *, alt: str) -> None:
    """The picture of a library case, or that it came without one."""
    if key:
        draw_kept(find, key, alt=alt, caption="")
    else:
        st.caption(said("shown.no_picture"))


def draw_evidence(evidence: Sequence[Evidence]) -> None:
    """Every tool that ran: on which image, what it said, by what, how long it took."""
    total = sum(one.seconds for one in evidence)
    title = said("shown.tools", count=len(evidence), seconds=seconds(total))
    if len(evidence) == 1:
        title = said("shown.one_tool", seconds=seconds(total))
    with st.expander(title, icon=":material/fact_check:"):
        for n, one in enumerate(evidence):
            if n:
                st.divider()
            _draw_one(one)


def records(one: Evidence) -> list[Record]:
    """The evidence's records as the words they are."""
    return [parse_record(dict(record)) for record in one.records]


def in_short(record: Mapping[str, Any]) -> str:
    """What a dumped record is about and its value, made safe; empty for one that is not told in a table."""
    found = parse_record(dict(record))
    for draw, kind in _TABLES:
        if isinstance(found, kind):
            return " ".join(filter(None, map(plain, draw(found)[:2])))
    return ""


def _draw_one(one: Evidence) -> None:
    when = seconds(one.seconds)
    if one.computed_in is not None:
        when = said("answer.earlier", turn=one.computed_in)
    if one.image_id:
        st.markdown(said("shown.tool_on", tool=one.tool, image=plain(one.image_id), when=when))
    else:
        st.markdown(said("shown.tool", tool=one.tool, when=when))
    st.caption(said("shown.by", model=plain(one.model), revision=plain(one.revision)))
    st.markdown(plain(retell(one.content, language())))
    found = records(one)
    for draw, kind in _TABLES:
        rows = [draw(record) for record in found if isinstance(record, kind)]
        if rows:
            st.markdown(_table(tuple(map(said, _HEADS[kind])), rows))


def _gate(record: Gate) -> tuple[str, ...]:
    what = ", ".join(filter(None, (record.domain, record.modality, record.body_part)))
    score = said("shown.score", score=record.score) if record.score is not None else "–"
    if not record.overruled:
        return (what, record.known_from, score)
    return (what, said("shown.overruled", known_from=record.known_from, before=record.overruled), score)


def _measurement(record: Measurement) -> tuple[str, ...]:
    means = record.definition
    if record.caution:
        means = said("shown.caution", definition=means, caution=record.caution)
    return (record.name, amount(record.value, record.unit), means, record.source)


def _quality(record: Quality) -> tuple[str, ...]:
    return (
        record.name,
        amount(record.value, record.unit),
        record.problem or said("shown.passed"),
        record.source,
    )


def _finding(record: Finding) -> tuple[str, ...]:
    score = f"{record.score:.2f}" if record.score is not None else "–"
    return (record.label, record.text, score, record.model)


def _fact(record: Fact) -> tuple[str, ...]:
    return (record.name, record.value)


_TABLES: tuple[tuple[Any, type[Record]], ...] = (
    (_gate, Gate),
    (_measurement, Measurement),
    (_finding, Finding),
    (_quality, Quality),
    (_fact, Fact),
)
_HEADS: Mapping[type[Record], tuple[str, ...]] = {
    Gate: ("shown.what_it_is", "shown.known_from", "shown.score_head"),
    Measurement: ("shown.measurement", "shown.value", "shown.definition", "shown.source"),
    Finding: ("shown.finding", "shown.in_words", "shown.score_uncalibrated", "shown.model"),
    Quality: ("shown.check", "shown.value", "shown.result", "shown.source"),
    Fact: ("shown.detail", "shown.value"),
}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(plain(cell) or "–" for cell in row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
