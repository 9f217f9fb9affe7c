"""The figures of a class, each with how it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from assistant.pages.teach_places import outcome_told
from assistant.pages.words import language, plain, said
from assistant.teaching.agreement import Agreement
from assistant.teaching.figures import ClassFigures, Group, Share, how
from assistant.teaching.marked import Marked
from assistant.teaching.places import PLACE_OUTCOMES


def draw_figures(found: ClassFigures, marked: Sequence[Marked]) -> None:
    """Draw them.

    Args:
        found: the figures.
        marked: the answers that they are made of.
    """
    if found.everybody is None:
        return
    _draw_whole(found.everybody)
    for name, lines in _kinds(found, found.everybody, marked):
        with st.expander(said(f"teach.figure_{name}")):
            st.markdown("\n".join(f"- {plain(line)}" for line in lines) or said("teach.none_of_these"))
            st.caption(how(name, language()))


def _draw_whole(group: Group) -> None:
    brier = "–" if group.brier is None else said("teach.two_places", value=group.brier)
    with st.container(horizontal=True):
        st.metric(said("teach.right_first"), _short(group.right), help=said("teach_how.right"))
        st.metric(said("teach.in_lists"), _short(group.in_list), help=said("teach_how.in_list"))
        st.metric(
            said("teach.seconds"), said("teach.so_long", seconds=group.seconds), help=said("teach_how.time")
        )
        st.metric("Brier", brier, help=said("teach_how.brier"))


def _kinds(
    found: ClassFigures, everybody: Group, marked: Sequence[Marked]
) -> Iterator[tuple[str, list[str]]]:
    """The name of each kind of figure with its lines."""
    truth = {str(one.position): one.case.diagnosis for one in marked}
    yield (
        "hardest",
        [said("teach.case_was", number=one.name, truth=truth[one.name], share=_long(one.right))
         for one in found.cases],
    )  # fmt: skip
    yield (
        "confusions",
        [
            said("teach.called", truth=truth, name=name, count=count)
            for truth, name, count in found.confusions
        ],
    )
    yield (
        "calibration",
        [said("teach.mean", low=one.low, high=one.high, mean=one.mean, share=_long(one.right))
         for one in found.bins],
    )  # fmt: skip
    yield "findings", [f"{_outcome(name)}: {count}" for name, count in everybody.findings.items()]
    if any(everybody.places.values()):
        yield "places", [f"{outcome_told(one)}: {everybody.places[one]}" for one in PLACE_OUTCOMES]
    if found.parts:
        yield "parts", [_grouped(f"teach.part_{one.name.replace('-', '_')}", one) for one in found.parts]
    if found.arms:
        yield "arms", [_grouped(f"teach.arm_{one.name}", one) for one in found.arms]
    yield "agreement", [f"{name}: {_agreement(one)}" for name, one in found.agreement.items()]


def _grouped(name: str, group: Group) -> str:
    return f"{said(name)}: {_long(group.right)}"


def _outcome(name: str) -> str:
    return said(f"teach.outcome_{name.replace(' ', '_')}")


def _agreement(one: Agreement | None) -> str:
    if one is None:
        return said("teach.untold")
    return said("teach.agree", value=one.value, low=one.low, high=one.high, cases=one.cases)


def _short(share: Share) -> str:
    return f"{share.count} / {share.of}"


def _long(share: Share) -> str:
    low, high = share.interval
    return said("teach.share_of", count=share.count, of=share.of, low=100 * low, high=100 * high)
