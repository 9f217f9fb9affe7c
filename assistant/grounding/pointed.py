"""Whether an answer that only points at an image, "img-2.", points at the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.answers.answer import Ungrounded
from assistant.grounding.carried import states
from assistant.grounding.compared import wrong_comparisons
from assistant.grounding.facts import Facts
from assistant.grounding.lines import lines_of
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence

_ASKS, _POINTS = whole(EVIDENCE.asks_which), whole(EVIDENCE.points_at)
_WORD = re.compile(r"[^\W\d_]{2,}")
_IMAGE = re.compile(r"\bimg-\d+", re.I)
_REASON = "The evidence says what was asked of another image."
# Ours: so many words besides are no more than pointing.
_FEW = 1


def wrongly_pointed(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """The image that a sentence points at, where the evidence has what was asked of another one.

    Args:
        sentence: a sentence of an answer.
        facts: the evidence of the chat.
    """
    asked = next((one.text for one in reversed(facts.said) if one.who == "user"), "")
    named = [(at, ids[0]) for at, ids in sentence.image_groups() if len(ids) == 1]
    if len(named) != 1 or len(facts.ids) < 2 or not asked or len(_besides(sentence.text)) > _FEW:
        return
    at, name = named[0]
    told = f"{name} {_ASKS.sub(' ', asked).strip(' ?')}."
    claim = replace(sentence, text=told, start=0, images=(name,), before="")
    known = states(claim, facts.ids, lines_of(facts.said))
    elsewhere = any(state == "other" and one.group in ("finding", "term") for one, state in known)
    here = any(state == "here" and one.group == "finding" for one, state in known)
    if (elsewhere and not here) or any(wrong_comparisons(claim, facts)):
        start = sentence.start + at
        text = sentence.text[at : at + len(name)]
        yield Ungrounded(text, start, start + len(text), "image", _REASON)


def _besides(text: str) -> list[str]:
    """The words of a sentence besides those that point."""
    return _WORD.findall(_POINTS.sub(" ", _IMAGE.sub(" ", text)))
