"""Whether whom a sentence names as its source has said anything, or this of all things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.answers.answer import Ungrounded
from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts
from tools.language.content import singular
from tools.language.sentences import Sentence
from tools.language.speakers import HEADER, PIXELS, quoted_models, quoted_others
from tools.language.standing import DENIAL
from tools.language.textbook import is_general

_NOBODY = "Nobody of this name has said anything in this chat."
_OTHERWISE = "How it is known what this image is, is another way."
_PLAIN = re.compile(r"[^a-z]")


def wrong_sources(sentence: Sentence, those: Iterable[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """Sources that a sentence names and that said nothing, or did not say what it is.

    Args:
        sentence: a sentence of an answer.
        those: what it claims.
        facts: the evidence of the chat.
    """
    text = sentence.text
    if text.rstrip().endswith("?"):
        return
    for who, start, end in [*_unheard(text, facts), *_silent_models(text, facts)]:
        yield _mark(sentence, start, end, _NOBODY)
    if any(one.kind == "modality" and one.standing == "stated" for one in those):
        yield from _ways_known(sentence, facts)


def _unheard(text: str, facts: Facts) -> Iterator[tuple[str, int, int]]:
    if is_general(text):
        return
    for who, start, end in quoted_others(text):
        key = singular(who.split()[-1])
        if not any(key in one.text.lower() for one in facts.said):
            yield who, start, end


def _silent_models(text: str, facts: Facts) -> Iterator[tuple[str, int, int]]:
    spoke = {_PLAIN.sub("", one.name.lower()) for one in facts.said if one.who == "reader"}
    for name, start, end in quoted_models(text):
        if _PLAIN.sub("", name.lower()) not in spoke and not DENIAL.search(text):
            yield name, start, end


def _ways_known(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    images = [one for one in facts.images if not sentence.images or one.id in sentence.images]
    ways = {one.known_from for one in images}
    for pattern, way in ((HEADER, "file header"), (PIXELS, "pixels")):
        found = pattern.search(sentence.text)
        if found and images and way not in ways and not DENIAL.search(sentence.text):
            yield _mark(sentence, *found.span(), _OTHERWISE)


def _mark(sentence: Sentence, start: int, end: int, reason: str) -> Ungrounded:
    return Ungrounded(
        sentence.text[start:end], sentence.start + start, sentence.start + end, "source", reason
    )
