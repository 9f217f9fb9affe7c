"""Shows what each sentence of an answer rests on: behind a button, which takes a tap or the Enter key."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.answers.answer import Evidence
from assistant.answers.statements import Statement
from assistant.pages.evidence_view import in_short
from assistant.pages.words import plain, said


def draw_rests(found: Sequence[Statement], evidence: Sequence[Evidence]) -> None:
    """Every sentence with the tool calls and the records that say the same."""
    with st.popover(said("shown.rests"), icon=":material/link:"):
        for one in found:
            st.markdown(f"“{plain(one.text)}”")
            lines = [_line(one, n, evidence[n - 1]) for n in one.rests_on]
            st.caption("\n".join(f"- {line}" for line in lines or [said("shown.rests_on_none")]))


def _line(one: Statement, n: int, by: Evidence) -> str:
    """The tool and who speaks through it, and what of its records is meant."""
    named = said("shown.by", model=plain(by.model), revision=plain(by.revision))
    line = f"`{by.tool}` {plain(by.image_id)} {named}".replace("  ", " ")
    told = [in_short(by.records[m - 1]) for call, m in one.records if call == n]
    return ": ".join([line, "; ".join(filter(None, told))]) if any(told) else line
