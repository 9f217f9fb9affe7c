"""Draws cases of the library: look-alikes with how far their collection can be trusted, and others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.evidence_view import Find, draw_case, records
from assistant.pages.words import plain
from store.cases.shelf import quality_sentence
from store.records import MODALITY_WORDS, LibraryCase, Match, Neighbours


def draw_matches(evidence: Sequence[Evidence], find: Find, key: str) -> None:
    """One panel per search that was made; `key` is unlike that of any other call in this run."""
    for n, one in enumerate(evidence):
        found = records(one)
        neighbours = next((record for record in found if isinstance(record, Neighbours)), None)
        if neighbours is not None:
            matches = [record for record in found if isinstance(record, Match)]
            _draw_panel(neighbours, matches, find, f"{key}-{n}")
        cases = [record for record in found if isinstance(record, LibraryCase)]
        if cases:
            _draw_cases(cases, find, f"{key}-{n}-cases")


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
                _draw_case(match, find, (f"similarity {match.similarity:.2f}",))
        st.caption(plain(f"{trust(neighbours)} {neighbours.note}".strip()))


def _draw_cases(cases: Sequence[LibraryCase], find: Find, key: str) -> None:
    with st.container(border=True):
        st.markdown("## From the case library")
        st.caption("With the labels that they were imported with.")
        with st.container(horizontal=True, gap="small", key=f"grid-{key}"):
            for case in cases:
                _draw_case(case, find, ())


def _counts(neighbours: Neighbours, shown: int) -> str:
    if neighbours.near is False:
        return "**Nothing in the library is near enough** to call it a look-alike."
    counts = sorted(neighbours.counts.items(), key=lambda item: -item[1])
    said = "; ".join(f"**{count} of {shown}** {plain(label)}" for label, count in counts)
    unsure = " Whether any of these is near cannot be said yet." if neighbours.near is None else ""
    return f"{said}.{unsure} Look-alikes, not diagnoses."


def _draw_case(case: Match | LibraryCase, find: Find, said: Sequence[str]) -> None:
    what = MODALITY_WORDS.get(case.modality or "", "picture")
    with st.container(gap="xsmall"):
        draw_case(find, case.key, alt=f"Library case labelled {case.label}, {what}")
        st.markdown(f"**{plain(case.label)}**")
        facts = ", ".join(filter(None, (what, case.body_part)))
        st.caption("  \n".join((*said, plain(facts))), help=plain(case.caption) or None)
        st.caption(plain(" · ".join(filter(None, (case.source, case.licence))) or "source unknown"))
