"""Whether one image has more or less of something than another, as an answer says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.answers.answer import Ungrounded
from assistant.grounding.facts import Facts
from tools.language.anatomy import stem
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence

Way = Literal["more", "less"]
_UNEVEN = frozenset(map(stem, ("lopsided", "uneven", "irregular", "crooked")))

_HOW = re.compile(
    rf"\b(?:(?P<more>{'|'.join(EVIDENCE.more)})|(?P<less>{'|'.join(EVIDENCE.less)}))\b"
    r"(?! (?:side|axis|edge|end)\b)",
    re.I,
)
_TURNED = whole(EVIDENCE.turned)
_REASON = "The measurements of this chat say the opposite, or nothing of both."


def wrong_comparisons(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Comparisons of two images that their measurements turn round."""
    found = list(_HOW.finditer(sentence.text))
    named = [(at, ids[0]) for at, ids in sentence.image_groups() if len(ids) == 1]
    if len(found) != 1 or sentence.text.rstrip().endswith("?") or not named:
        return
    subject = next((name for at, name in reversed(named) if at < found[0].start()), named[0][1])
    rest = [*dict.fromkeys(name for _, name in named if name != subject)]
    others = rest or [name for name in facts.measures if name != subject]
    how = found[0]
    way: Way = "more" if how["more"] else "less"
    if _TURNED.match(sentence.text, how.end() + 1):
        way = "less" if way == "more" else "more"
    each = [_told(sentence.text, subject, other, facts) for other in others]
    if any(told and way not in told for told in each):
        start = sentence.start + how.start()
        yield Ungrounded(how[0], start, sentence.start + how.end(), "image", _REASON)


def _told(text: str, one: str, other: str, facts: Facts) -> set[Way]:
    """How the first image stands to the other in what the sentence names, by the measurements of both."""
    here, there = facts.measures.get(one, {}), facts.measures.get(other, {})
    words = frozenset(stem(one) for one in re.findall(r"[a-z]+", text.lower()))
    both = [name for name in here if name in there]
    meant = [name for name in both if _is_meant(name, words)]
    return {"more" if here[name] > there[name] else "less" for name in meant if here[name] != there[name]}


def _is_meant(name: str, words: frozenset[str]) -> bool:
    """Whether a sentence names a measure, or what it is the lack of: asymmetry by “symmetric”."""
    long = [word for word in name.split() if len(word) > len("size")]
    return any(
        stem(word) in words
        or stem(word.removeprefix("a")) in words
        or (word == "asymmetry" and words & _UNEVEN)
        for word in long
    )
