"""Draws look-alikes from the case library, and how far that collection can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.evidence_view import Find, draw_case, records
from assistant.pages.words import plain
from store.cases.shelf import quality_sentence
from store.records import MODALITY_WORDS, Match, Neighbours


def draw_matches(evidence: Sequence[Evidence], find: Find, key: str) -> None:
    """One panel per search that was made; `key` is unlike that of any other call in this run."""
    for n, one in enumerate(evidence):
        found = records(one)
        neighbours = next((record for record in found if isinstance(record, Neighbours)), None)
        if neighbours is not None:
            matches = [record for record in found if isinstance(record, Match)]
            _draw_panel(neighbours, matches, find, f"{key}-{n}")


def trust(neighbours: Neighbours) -> str:
    """How far the labels of look-alikes in this collection can be trusted, in a sentence."""
    measured = quality_sentence(neighbours.precision, neighbours.chance, neighbours.k, neighbours.among)
    return f"{measured} It holds {neighbours.size:,} cases. Encoder: {neighbours.encoder}."


def _draw_panel(neighbours: Neighbours, matches: Sequence[Match], find: Find, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"## Look-alikes of {plain(neighbours.image_id)}")
        st.markdown(_counts(neighbours, len(matches)))
        with st.container(horizontal=True, gap="small", key=f"grid-{key}"):
            for match in matches:
                _draw_match(match, find)
        st.caption(plain(f"{trust(neighbours)} {neighbours.note}".strip()))


def _counts(neighbours: Neighbours, shown: int) -> str:
    if neighbours.near is False:
        return "**Nothing in the library is near enough** to call it a look-alike."
    counts = sorted(neighbours.counts.items(), key=lambda item: -item[1])
    said = "; ".join(f"**{count} of {shown}** {plain(label)}" for label, count in counts)
    unsure = " Whether any of these is near cannot be said yet." if neighbours.near is None else ""
    return f"{said}.{unsure} Look-alikes, not diagnoses."


def _draw_match(match: Match, find: Find) -> None:
    what = MODALITY_WORDS.get(match.modality or "", "picture")
    with st.container(gap="xsmall"):
        draw_case(find, match.key, alt=f"Library case labelled {match.label}, {what}")
        st.markdown(f"**{plain(match.label)}**")
        facts = ", ".join(filter(None, (what, match.body_part)))
        st.caption(f"similarity {match.similarity:.2f}  \n{plain(facts)}", help=plain(match.caption) or None)
        st.caption(plain(" · ".join(filter(None, (match.source, match.licence))) or "source unknown"))
