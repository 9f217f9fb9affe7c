"""The figures of a class, each with how it is computed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.pages.words import language, plain, said
from assistant.teaching.figures import ClassFigures, Group, Share, how
from assistant.teaching.figures_told import told
from assistant.teaching.marked import Marked
from assistant.teaching.mrmc_told import arms_told


def draw_figures(found: ClassFigures, marked: Sequence[Marked]) -> None:
    """Draw them.

    Args:
        found: the figures.
        marked: the answers that they are made of.
    """
    if found.everybody is None:
        return
    _draw_whole(found.everybody)
    for name, lines in told(found, found.everybody, marked, language()):
        with st.expander(said(f"teach.figure_{name}")):
            st.markdown("\n".join(f"- {plain(line)}" for line in lines) or said("teach.none_of_these"))
            st.caption(how(name, language()))
    if arms := arms_told(marked, language()):
        with st.expander(said("mrmc.figure")):
            st.markdown("\n".join(f"- {plain(line)}" for line in arms))


def _draw_whole(group: Group) -> None:
    brier = "–" if group.brier is None else said("teach.two_places", value=group.brier)
    with st.container(horizontal=True):
        st.metric(said("teach.right_first"), _short(group.right), help=said("teach_how.right"))
        st.metric(said("teach.in_lists"), _short(group.in_list), help=said("teach_how.in_list"))
        st.metric(
            said("teach.seconds"), said("teach.so_long", seconds=group.seconds), help=said("teach_how.time")
        )
        st.metric(said("teach.brier"), brier, help=said("teach_how.brier"))


def _short(share: Share) -> str:
    return f"{share.count} / {share.of}"
