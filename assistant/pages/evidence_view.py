"""Draws what the tools said: their pictures in the open, everything else behind "Evidence"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.words import amount, plain, seconds
from store.errors import CaseError
from store.records import Fact, Finding, Gate, Measurement, Picture, Quality, Record, parse_record

_PICTURE_PX = 420

Find = Callable[[str], Path]
"""Finds a kept picture by its key; raises `CaseError` when it is gone."""


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
    except CaseError as error:
        st.caption(plain(str(error)))


def draw_case(find: Find, key: str, *, alt: str) -> None:
    """The picture of a library case, or that it came without one."""
    if key:
        draw_kept(find, key, alt=alt, caption="")
    else:
        st.caption("No picture was imported.")


def draw_evidence(evidence: Sequence[Evidence]) -> None:
    """Every tool that ran: on which image, what it said, by what, how long it took."""
    total = sum(one.seconds for one in evidence)
    count = "1 tool" if len(evidence) == 1 else f"{len(evidence)} tool runs"
    with st.expander(f"Evidence: {count}, {seconds(total)}", icon=":material/fact_check:"):
        for n, one in enumerate(evidence):
            if n:
                st.divider()
            _draw_one(one)


def records(one: Evidence) -> list[Record]:
    """The evidence's records as the words they are."""
    return [parse_record(dict(record)) for record in one.records]


def _draw_one(one: Evidence) -> None:
    where = f" on **{plain(one.image_id)}**" if one.image_id else ""
    when = seconds(one.seconds) if one.computed_in is None else f"computed in turn {one.computed_in}"
    st.markdown(f"`{one.tool}`{where} · {when}")
    st.caption(f"by {plain(one.model)}, revision {plain(one.revision)}")
    st.markdown(plain(one.content))
    found = records(one)
    for draw, kind in _TABLES:
        rows = [draw(record) for record in found if isinstance(record, kind)]
        if rows:
            st.markdown(_table(_HEADS[kind], rows))


def _gate(record: Gate) -> tuple[str, ...]:
    what = ", ".join(filter(None, (record.domain, record.modality, record.body_part)))
    score = f"score {record.score:.2f}, not a probability" if record.score is not None else "–"
    said = f"{record.known_from}; overruled: {record.overruled}" if record.overruled else record.known_from
    return (what, said, score)


def _measurement(record: Measurement) -> tuple[str, ...]:
    caution = f" Caution: {record.caution}" if record.caution else ""
    return (record.name, amount(record.value, record.unit), record.definition + caution, record.source)


def _quality(record: Quality) -> tuple[str, ...]:
    return (record.name, amount(record.value, record.unit), record.problem or "passed", record.source)


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
    Gate: ("What it is", "Known from", "Score"),
    Measurement: ("Measurement", "Value", "Definition", "Source"),
    Finding: ("Finding", "In words", "Score (uncalibrated)", "Model"),
    Quality: ("Check", "Value", "Result", "Source"),
    Fact: ("Detail", "Value"),
}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(plain(cell) or "–" for cell in row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
