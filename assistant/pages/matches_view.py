"""Draws cases of the library: look-alikes with how far their collection can be trusted, and others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.evidence_view import Find, draw_case, records
from assistant.pages.words import language, plain, said
from store.cases.shelf import quality_sentence
from store.records import LibraryCase, Match, Neighbours
from tools.language.sayings import word


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
    return said("shown.trust", trust=measured, size=neighbours.size, encoder=neighbours.encoder)


def _draw_panel(neighbours: Neighbours, matches: Sequence[Match], find: Find, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"## {said('shown.look_alikes', image=plain(neighbours.image_id))}")
        st.markdown(_counts(neighbours, len(matches)))
        with st.container(horizontal=True, gap="small", key=f"grid-{key}"):
            for match in matches:
                _draw_case(match, find, (said("shown.similarity", similarity=match.similarity),))
        st.caption(plain(f"{trust(neighbours)} {neighbours.note}".strip()))


def _draw_cases(cases: Sequence[LibraryCase], find: Find, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"## {said('shown.cases')}")
        st.caption(said("shown.cases_labels"))
        with st.container(horizontal=True, gap="small", key=f"grid-{key}"):
            for case in cases:
                _draw_case(case, find, ())


def _counts(neighbours: Neighbours, shown: int) -> str:
    if neighbours.near is False:
        return said("shown.none_near")
    counts = sorted(neighbours.counts.items(), key=lambda item: -item[1])
    rows = [said("shown.count", count=count, shown=shown, label=plain(label)) for label, count in counts]
    unsure = said("look_alikes.unsure") if neighbours.near is None else ""
    return " ".join(said("shown.counts", counts="; ".join(rows), unsure=unsure).split())


def _draw_case(case: Match | LibraryCase, find: Find, facts: Sequence[str]) -> None:
    what = word("kinds", case.modality or "unknown", language())
    with st.container(gap="xsmall"):
        draw_case(find, case.key, alt=said("shown.case_of_kind", label=case.label, kind=what))
        st.markdown(f"**{plain(case.label)}**")
        known = plain(", ".join(filter(None, (what, case.body_part))))
        st.caption("  \n".join((*facts, known)), help=plain(case.caption) or None)
        st.caption(plain(" · ".join(filter(None, (case.source, case.licence))) or said("shown.no_source")))
