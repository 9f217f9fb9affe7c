"""Draws look-alikes from the case library, and how far that collection can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.pages.evidence_view import Find, draw_case, records
from assistant.pages.words import language, plain, said
from store.cases.shelf import quality_sentence
from store.records import Match, Neighbours
from tools.language.sayings import word


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
    return said("shown.trust", trust=measured, size=neighbours.size, encoder=neighbours.encoder)


def _draw_panel(neighbours: Neighbours, matches: Sequence[Match], find: Find, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"## {said('shown.look_alikes', image=plain(neighbours.image_id))}")
        st.markdown(_counts(neighbours, len(matches)))
        with st.container(horizontal=True, gap="small", key=f"grid-{key}"):
            for match in matches:
                _draw_match(match, find)
        st.caption(plain(f"{trust(neighbours)} {neighbours.note}".strip()))


def _counts(neighbours: Neighbours, shown: int) -> str:
    if neighbours.near is False:
        return said("shown.none_near")
    counts = sorted(neighbours.counts.items(), key=lambda item: -item[1])
    rows = [said("shown.count", count=count, shown=shown, label=plain(label)) for label, count in counts]
    unsure = said("look_alikes.unsure") if neighbours.near is None else ""
    return " ".join(said("shown.counts", counts="; ".join(rows), unsure=unsure).split())


def _draw_match(match: Match, find: Find) -> None:
    what = word("kinds", match.modality or "unknown", language())
    with st.container(gap="xsmall"):
        draw_case(find, match.key, alt=said("shown.case_of_kind", label=match.label, kind=what))
        st.markdown(f"**{plain(match.label)}**")
        facts = ", ".join(filter(None, (what, match.body_part)))
        st.caption(
            f"{said('shown.similarity', similarity=match.similarity)}  \n{plain(facts)}",
            help=plain(match.caption) or None,
        )
        st.caption(plain(" · ".join(filter(None, (match.source, match.licence))) or said("shown.no_source")))
