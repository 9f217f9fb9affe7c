"""Whether an answer says yes or no, by rules that know the question; None where they cannot tell.

“Yes” and “no” count where they stand for themselves; “no fracture” denies a fracture, which is a no only to a
question about one. “No abnormality” is therefore no answer to “Is this normal?”. Hedges and answers that
say both come to None: counted as wrong, and counted apart.
"""

from __future__ import annotations

import re
from typing import Literal

YesNo = Literal["yes", "no"]

_YES = re.compile(r"\b(?:yes|yeah|yep)\b", re.I)
# “No.” and “No, it …”, not “no fracture” and not “no. 5”.
_NO = re.compile(
    r"\b(?:no|nope)(?=\s*(?:[,;:!)\"”–—-]|\.(?!\s*\d)|$)|"
    r"\s+(?:it|there|this|these|that|those|they|he|she|i|we|because|not)\b)",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:maybe|perhaps|possibly|not sure|unsure|uncertain|not certain|unclear|equivocal|yes (?:and|or) no|"
    r"no (?:and|or) yes|yes/no)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|can|cannot|can't|possible|suspicious|suggests?|suggesting|likely|probably|probable|"
    r"appears?|seems?|unlikely|questionable|exclude\w*|rule(?:d)? out|if|whether|unable)\b",
    re.I,
)
_CLAUSE = re.compile(r"[.;!?\n]+(?:\s|$)|,?\s+\b(?:but|however|although|though|while|whereas)\b\s*", re.I)
_NEGATION = re.compile(
    r"\b(?:no|not|without|absence of|negative for|free of|neither|nor|none|lacks?)\b|n't\b", re.I
)
_SCOPE_ENDS = re.compile(r"\bthere (?:is|are)\b|\bwith\b|\bshows?\b", re.I)
_DENIED_AFTER = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:(?:is|are|was|were|be)\s+(?:not|absent)|isn't|aren't|absent|not\s+(?:seen|visible|"
    r"present|identified|noted))\b",
    re.I,
)
_EXISTENCE = re.compile(
    r"\b(?:is|are|was|were) there\b|\b(?:any|evidence|signs?)\b|\b(?:see|seen|show|shows|visible|present)\b",
    re.I,
)
_DENIES_EXISTENCE = re.compile(r"^\W*(?:there (?:is|are) (?:no|not)|no (?:evidence|signs?))\b", re.I)
_SMALL_WORDS = """
a an the is are was were be been there this that these those it its in on of to for with at by from as
and or any do does did has have had can could you see seen show shows shown visible present evidence sign
signs image picture scan photo film what which please say whether if patient one some also here
"""
_SMALL = frozenset(_SMALL_WORDS.split())


def parse_yes_no(text: str, question: str, *, stated_only: bool = False) -> YesNo | None:
    """Whether `text` answers `question` with yes or with no.

    Args:
        text: an answer, as written.
        question: what was asked; decides what “no fracture” means.
        stated_only: take the words yes and no alone, not what other sentences come to.
    """
    plain = " ".join(re.sub(r"[*`_#]+", "", text.replace("’", "'")).split())
    if _UNSURE.search(plain):
        return None
    yes, no = _YES.search(plain), _NO.search(plain)
    if yes and no:
        return None
    if yes:
        denied = _EXISTENCE.search(question) and _DENIES_EXISTENCE.search(plain[yes.end() :])
        return None if denied else "yes"
    if no:
        return "no"
    return None if stated_only else _implied(plain, question)


def _implied(text: str, question: str) -> YesNo | None:
    """What the sentences come to; None when they differ, hedge, or are about something else."""
    wanted = _content(question)
    found: set[YesNo] = {
        said for clause in _CLAUSE.split(text) if clause and (said := _clause(clause, wanted)) is not None
    }
    return found.pop() if len(found) == 1 else None


def _clause(clause: str, wanted: list[str]) -> YesNo | None:
    words = _content(clause)
    if not wanted or not set(words) & set(wanted) or _HEDGE.search(clause):
        return None
    if _denies(clause, wanted):
        return "no"
    # The last word of a question is mostly what it asks for: “is the heart enlarged”.
    said = sum(word in words for word in wanted)
    affirmed = 2 * said > len(wanted) and wanted[-1] in words and not _NEGATION.search(clause)
    return "yes" if affirmed else None


def _denies(clause: str, wanted: list[str]) -> bool:
    """Whether a word of the question stands behind a negation, or is said to be absent."""
    scopes = (_SCOPE_ENDS.split(clause[one.end() :])[0] for one in _NEGATION.finditer(clause))
    if any(set(_content(scope)) & set(wanted) for scope in scopes):
        return True
    return any(
        _stem(one[0]) in wanted and _DENIED_AFTER.search(clause[one.end() :])
        for one in re.finditer(r"[a-z][\w-]*", clause, re.I)
    )


def _content(text: str) -> list[str]:
    """The words that mean something, in order, without their plural."""
    words = re.findall(r"[a-z][\w-]*", text.casefold())
    return [_stem(word) for word in words if word not in _SMALL]


def _stem(word: str) -> str:
    word = word.casefold()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
