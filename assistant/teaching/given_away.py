"""Whether what learners are told before the commit names a diagnosis; such a session is refused."""

from __future__ import annotations

from collections.abc import Sequence

from store.errors import CaseError
from store.teaching.case import TeachingCase
from tools.language.described import names_any


def refuse_given_away(title: str, cases: Sequence[TeachingCase]) -> None:
    """Refuse a session whose title, histories or hints name the truth of a case.

    Args:
        title: of the session.
        cases: its cases in order.

    Raises:
        CaseError: the truth is named; the text says where.
    """
    for number, case in enumerate(cases, 1):
        if case.kind == "normal":
            continue
        told = {"the session's title": title, "its history": case.history}
        told |= {f"its hint {at}": hint for at, hint in enumerate(case.hints, 1)}
        for where, text in told.items():
            if (name := names_any(text, case.names)) is not None:
                raise CaseError(
                    f"Case {number} would be given away before the answer: {where} names “{name}”. Change "
                    "those words."
                )
