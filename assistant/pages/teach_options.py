"""How a new session is held: time, parts, when cases are revealed, and what a study asks for."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from assistant.pages.words import said
from assistant.teaching.teacher import MOST
from store.teaching.options import Arm, Feedback, PartKind

_MOST_S, _MOST_MIN, _S_PER_MIN = 3_600, 600, 60


def options_form() -> dict[str, Any]:
    """Draw the fields inside of a form; what they say, as `session_options` takes it."""
    with st.expander(said("teach.how_held")):
        per_case = st.number_input(said("teach.per_case"), 0, _MOST_S, 0)
        in_all = st.number_input(said("teach.in_all"), 0, _MOST_MIN, 0)
        parts = [
            {"kind": kind, "cases": int(cases)}
            for kind in get_args(PartKind)
            if (cases := st.number_input(_cases_of(kind), 0, MOST, 0))
        ]
        feedback = st.radio(
            said("teach.feedback"), get_args(Feedback), format_func=lambda one: said(f"teach.feedback_{one}")
        )
        text = st.text_area(said("teach.consent_text"))
        version = st.text_input(said("teach.consent_version"), "1", max_chars=40)
        arms = st.multiselect(
            said("teach.arms"), get_args(Arm), format_func=lambda one: said(f"teach.arm_{one}")
        )
    return {
        "seconds_per_case": int(per_case) or None,
        "seconds_in_all": _S_PER_MIN * int(in_all) or None,
        "parts": parts,
        "feedback": feedback,
        "consent": {"text": text, "version": version} if text.strip() else None,
        "arms": arms,
    }


def _cases_of(kind: str) -> str:
    return said("teach.part_cases", part=said(f"teach.part_{kind.replace('-', '_')}"))
