"""Whether one image has more or less of something than another, as an answer says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.answers.answer import Ungrounded
from assistant.grounding.facts import Facts
from assistant.grounding.named import bag
from tools.language.anatomy import stem
from tools.language.sentences import Sentence

Way = Literal["more", "less"]

_MORE = (
    r"larger|bigger|higher|greater|longer|wider|taller|thicker|broader|more|exceeds|above|larger than|"
    r"darker|redder|sharper|largest|biggest|highest|greatest|longest|widest"
)
_LESS = r"smaller|lower|less|shorter|narrower|thinner|fewer|below|lighter|smallest|lowest|shortest"
_HOW = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.I)
_REASON = "The measurements of this chat say the opposite, or nothing of both."


def wrong_comparisons(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Comparisons of two images that their measurements turn round."""
    groups = [(at, ids[0]) for at, ids in sentence.image_groups() if len(ids) == 1]
    found = list(_HOW.finditer(sentence.text))
    if len(groups) != 2 or len(found) != 1 or sentence.text.rstrip().endswith("?"):
        return
    (first, one), (second, other) = groups
    how = found[0]
    if not first < how.start() < second or one == other:
        return
    told = _told(sentence.text, one, other, facts)
    way: Way = "more" if how["more"] else "less"
    if told and way not in told:
        start = sentence.start + how.start()
        yield Ungrounded(how[0], start, sentence.start + how.end(), "number", _REASON)


def _told(text: str, one: str, other: str, facts: Facts) -> set[Way]:
    """How the first image stands to the other in what the sentence names, by the measurements of both."""
    here, there = facts.measures.get(one, {}), facts.measures.get(other, {})
    words = bag(text).stems
    both = [name for name in here if name in there]
    meant = [name for name in both if any(stem(word) in words for word in name.split() if len(word) > 3)]
    return {"more" if here[name] > there[name] else "less" for name in meant if here[name] != there[name]}
