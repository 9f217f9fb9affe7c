"""Whether all is well: how questions ask for it, and what answers say of it.

“No abnormality is seen” says that all is well, and so does “normal”; what a question makes of that depends on
what it asks for. What is said of one part of the body says nothing of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from tools.language.anatomy import REGION
from tools.language.content import answers, parts, topics
from tools.language.findings import LABEL, NORMAL, is_harmless, label_name
from tools.language.lists import Heard, either
from tools.language.standing import is_denied

Polarity = Literal["well", "amiss"]

_WELL, _AMISS = Heard(lambda: either(answers().well)), Heard(lambda: either(answers().amiss))
_AMISS_DENIED = Heard(lambda: either(answers().amiss_denied))
_BESIDE, _CHANGES = Heard(lambda: either(answers().beside)), Heard(lambda: either(answers().changes))
# “Isn't it normal?” asks for the same as “is it normal?”.
_ISNT = re.compile(r"\b(\w+)n't\b", re.I)


def asks(question: str) -> Polarity | None:
    """Whether a question asks if all is well, or if anything is wrong; None if it asks for something else."""
    text = _ISNT.sub(r"\1", question)
    rest = _blank(_WELL, text)
    kinds = _said(text)
    kinds |= {"well" if is_denied(rest, *one.span()) else "amiss" for one in _AMISS_DENIED.finditer(rest)}
    return kinds.pop() if len(kinds) == 1 and not names_finding(rest) else None


def says(clause: str, question: str, *, by_findings: bool = True) -> Polarity | None:
    """Whether a clause of an answer says that all is well with what is asked about, or is not.

    Args:
        clause: a clause that is not in doubt.
        question: what was asked.
        by_findings: whether a finding that is there says that something is wrong.
    """
    if _BESIDE.search(clause):
        return None
    found = _said(clause)
    if by_findings and _is_ill(clause, question):
        return "amiss"
    if "amiss" in found:
        return "amiss" if _concerns(clause, question, "amiss") else None
    return "well" if found and _concerns(clause, question, "well") else None


def names_finding(text: str) -> bool:
    """Whether a text names a finding that says that something is wrong."""
    return any(_findings(text)) or _CHANGES.search(text) is not None


def _findings(text: str) -> Iterator[tuple[int, int]]:
    """Where findings are that say that something is wrong."""
    for one in LABEL.finditer(text):
        if (name := label_name(one)) != NORMAL and not is_harmless(name):
            yield one.span()


def _said(clause: str) -> set[Polarity]:
    rest = _blank(_WELL, clause)
    found: set[Polarity] = {
        "amiss" if is_denied(clause, *one.span()) else "well" for one in _WELL.finditer(clause)
    }
    found |= {"well" if is_denied(rest, *one.span()) else "amiss" for one in _AMISS.finditer(rest)}
    return found | {"well" for one in _AMISS_DENIED.finditer(rest) if is_denied(rest, *one.span())}


def _is_ill(clause: str, question: str) -> bool:
    """Whether a finding is there in what is asked about."""
    asked, here = parts(question), parts(clause)
    if not asked & here and (asked or not _is_of_all(question)):
        return False
    return any(not is_denied(clause, *place) for place in _findings(clause))


def _is_of_all(question: str) -> bool:
    """Whether a question asks for nothing in particular of what is shown."""
    return not topics(_without(question))


def _concerns(clause: str, question: str, polarity: Polarity) -> bool:
    """Whether a clause is about what the question is about, or about everything."""
    asked, here = parts(question), parts(clause)
    whole_region = not asked and REGION.search(question)
    if here and not here & asked and (asked or (polarity == "well" and whole_region)):
        return False
    wanted, named = topics(_without(question)), topics(_without(clause))
    return not wanted or bool(wanted & named) or not (named or (here - asked))


def _without(text: str) -> str:
    return _AMISS.sub(" ", _WELL.sub(" ", text))


def _blank(pattern: Heard, text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)
