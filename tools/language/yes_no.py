"""Whether an answer says yes or no, by rules that know the question; None where they cannot tell.

“Yes” and “no” count where they stand for themselves; “no fracture” denies a fracture, which is a no only to a
question about one. “No abnormality” is a yes to “Is this normal?” and a no to “Is there a fracture?”. Hedges
and answers that say both come to None.
"""

from __future__ import annotations

import re
from typing import Literal

from tools.language.anatomy import BODY
from tools.language.content import answers, clauses, content, elsewhere, places, plain, singular
from tools.language.lists import Heard, either
from tools.language.rules import heard
from tools.language.standing import denies, is_denied, without_idioms
from tools.language.wellness import asks, names_finding, says

YesNo = Literal["yes", "no"]

_YES = Heard(lambda: either(answers().yes))
# “No.” and “No, it …”, not “no fracture” and not “no. 5”.
_NO = Heard(
    lambda: re.compile(
        rf"\b(?:{'|'.join(answers().no)})(?=\s*(?:[,;:!)\"”–—-]|\.(?!\s*\d)|$)|\s+(?:{'|'.join(answers().no_before)})\b)",
        re.I,
    )
)
_TAKEN_BACK = Heard(
    lambda: re.compile(rf"\b(?:{'|'.join(answers().takes_back)})\b(?:(?!\bbut\b)[^,.;:!?]){{0,50}}$", re.I)
)
_UNSURE, _HEDGE = Heard(lambda: either(answers().unsure)), Heard(lambda: either(answers().hedge))
_EXISTENCE = Heard(lambda: either(answers().existence))
_SCOPE_ENDS = Heard(lambda: either(answers().scope_ends))
_SHORT_YES = Heard(lambda: re.compile("|".join(answers().short_yes), re.I))
_SHORT_NO = Heard(lambda: re.compile("|".join(answers().short_no), re.I))
_SHORT_NONE = Heard(lambda: re.compile("|".join(answers().short_none), re.I))
# What follows the words asked for and is not said of them any more.
_ASIDE = heard("answers", "aside")
_LOOK_BACK = 80
_SIDES = frozenset({"left", "right"})
_OPPOSITE: dict[YesNo, YesNo] = {"yes": "no", "no": "yes"}


def parse_yes_no(text: str, question: str, *, stated_only: bool = False) -> YesNo | None:
    """Whether `text` answers `question` with yes or with no.

    Args:
        text: an answer, as written.
        question: what was asked; decides what “no fracture” means.
        stated_only: take the words yes and no alone, not what other sentences come to.
    """
    answer, asked = plain(text), plain(question)
    if _UNSURE.search(answer):
        return None
    stated, rest = _stated(answer)
    if len(stated) > 1:
        return None
    if stated:
        said = stated.pop()
        beside = re.split(r"[.!?](?:\s|$)", rest.strip(" .!?"))[0] if stated_only else rest
        return None if _implied(beside, asked, loosely=False) == _OPPOSITE[said] else said
    return None if stated_only else _short(answer, asked) or _implied(answer, asked)


def _stated(text: str) -> tuple[set[YesNo], str]:
    """What the words yes and no say, without those that are taken back; and the text without those words."""
    found: set[YesNo] = set()
    patterns: tuple[tuple[Heard, YesNo], ...] = ((_YES, "yes"), (_NO, "no"))
    for pattern, said in patterns:
        for one in pattern.finditer(text):
            before = without_idioms(text[max(0, one.start() - _LOOK_BACK) : one.start()])
            if not _TAKEN_BACK.search(before):
                found.add(said)
    return found, _NO.sub(" ", _YES.sub(" ", text))


def _short(text: str, question: str) -> YesNo | None:
    """What an answer says that only takes up the question: “it is not”."""
    words = text.strip(" .!")
    if _SHORT_YES.fullmatch(words):
        return "yes"
    none = _SHORT_NONE.fullmatch(words) and _EXISTENCE.search(question) and asks(question) != "well"
    return "no" if none or _SHORT_NO.fullmatch(words) else None


def _implied(text: str, question: str, *, loosely: bool = True) -> YesNo | None:
    """What the clauses come to; None when they differ, hedge, or are about something else.

    Args:
        text: an answer.
        question: what was asked.
        loosely: whether what is said of everything, or of other findings, counts.
    """
    told = [one for one in clauses(text) if not (_HEDGE.search(one) or elsewhere(one, question))]
    general = {how for one in told if (how := says(one, question, by_findings=loosely)) is not None}
    if (polarity := asks(question)) is not None:
        return ("yes" if ("amiss" in general) == (polarity == "amiss") else "no") if general else None
    found = {said for one in told if (said := _clause(one, question)) is not None}
    if not found and loosely and general == {"well"} and names_finding(question):
        found = {"no"}
    if len(found) != 1:
        return None
    return _OPPOSITE[found.pop()] if _asks_for_none(question) else found.pop()


def _clause(clause: str, question: str) -> YesNo | None:
    words, core = content(clause), _core(question)
    # Whether it is nowhere is answered by one anywhere.
    anywhere = _asks_for_none(question)
    wanted = [word for word in content(question) if word in core or not anywhere]
    if not set(words) & set(wanted):
        return None
    if any(_denied(clause, *place) for place in places(clause, core)):
        return "no"
    # The last word of a question is mostly what it asks for: “is the heart enlarged”.
    said = sum(word in words for word in wanted)
    affirmed = 2 * said > len(wanted) and wanted[-1] in words and _is_stated(clause, set(wanted))
    return "yes" if affirmed else None


def _core(question: str) -> set[str]:
    """What a question asks for, without where it might be."""
    words = set(content(question))
    where = {singular(word) for one in BODY.findall(question) for word in one.split()} | _SIDES
    return words - where or words


def _denied(clause: str, start: int, end: int) -> bool:
    since = max((one.end() for one in _SCOPE_ENDS.finditer(clause, 0, start)), default=0)
    return is_denied(clause[since:], start - since, end - since)


def _is_stated(clause: str, wanted: set[str]) -> bool:
    """Whether nothing is denied up to the last of the words, and none of what is said of them after."""
    end = max((place[1] for place in places(clause, wanted)), default=0)
    return not denies(clause[:end]) and not denies(_ASIDE.split(clause[end:])[0])


def _asks_for_none(question: str) -> bool:
    """Whether a question asks if something is not there: “is the lung free of nodules?”."""
    text = re.sub(r"\b(\w+)n't\b", r"\1", question)
    return any(is_denied(text, *place) for place in places(text, _core(question)))
