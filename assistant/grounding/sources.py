"""Whether whom a sentence names as its source has said anything, or this of all things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.answers.answer import Ungrounded
from assistant.grounding.facts import Facts, Said
from assistant.grounding.units import sets, stem, units
from tools.language.content import content, singular
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.rules import heard
from tools.language.sentences import Sentence
from tools.language.speakers import HEADER, PIXELS, quoted_models, quoted_others
from tools.language.textbook import is_general

_NOBODY = "Nobody of this name has said anything in this chat."
_OTHERWISE = "How it is known what this image is, is another way."
# "The file has no header", "its file does not say".
_LACKS = whole(EVIDENCE.lacks)
_YOU_TOLD = re.compile(
    rf"\b(?:{'|'.join(EVIDENCE.user_told)}) (?P<what>[^.;:]{{5,90}}?)"
    rf"(?=[.;:]|{heard('checking', 'told_until').pattern}|$)",
    re.I,
)
_LITTLE = frozenset(EVIDENCE.user_little)
_BY_TOOL = whole(EVIDENCE.by_tool)
_READER_MEASURES = whole(EVIDENCE.reader_measures)
_PART_END = heard("checking", "tool_part_ends")
_READER_SAYS = re.compile(
    rf"\b(?:{'|'.join(EVIDENCE.the_reader)})\b(?: \w+ly)? (?:{'|'.join(EVIDENCE.reader_says)})\b",
    re.I,
)
_PLAIN = re.compile(r"[^a-z]")


def wrong_sources(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Sources that a sentence names and that said nothing, or did not say what it is.

    Args:
        sentence: a sentence of an answer.
        facts: the evidence of the chat.
    """
    text = sentence.text
    if text.rstrip().endswith("?"):
        return
    for _, start, end in [*_unheard(text, facts), *_silent_models(text, facts)]:
        yield _mark(sentence, start, end, _NOBODY)
    yield from _not_its_own(sentence, facts)
    yield from _ways_known(sentence, facts)
    yield from _not_the_users(sentence, facts)


def _unheard(text: str, facts: Facts) -> Iterator[tuple[str, int, int]]:
    if is_general(text):
        return
    for who, start, end in quoted_others(text):
        key = re.compile(rf"\b{re.escape(singular(who.split()[-1]))}", re.I)
        if not any(key.search(one.text) for one in facts.said):
            yield who, start, end


def _silent_models(text: str, facts: Facts) -> Iterator[tuple[str, int, int]]:
    spoke = {_PLAIN.sub("", one.name.lower()) for one in facts.said if one.who == "reader"}
    for one in () if facts.readers else _READER_SAYS.finditer(text):
        yield one[0], *one.span()
    for name, start, end in quoted_models(text):
        if _PLAIN.sub("", name.lower()) not in spoke:
            yield name, start, end


def _ways_known(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Where a file is quoted that says nothing, or a guess is made of what a file says."""
    images = [one for one in facts.images if not sentence.images or one.id in sentence.images]
    ways = {one.known_from for one in images}
    if not images or facts.quotes_header:
        ways.add("file header")
    for pattern, way in ((HEADER, "file header"), (PIXELS, "pixels")):
        found = pattern.search(sentence.text)
        if found and images and way not in ways and not _LACKS.search(sentence.text):
            yield _mark(sentence, *found.span(), _OTHERWISE)


def _not_its_own(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Where a file or a measurement is said to show what only a reader said, or a reader to have measured."""
    text = sentence.text
    tools = _senses(facts.said, "tool")
    readers = _senses(facts.said, "reader") - tools
    for found in _BY_TOOL.finditer(text):
        if sentence.standing(*found.span()) != "stated":
            continue
        until = _PART_END.search(text, found.end())
        end = until.start() if until else len(text)
        seen = [one for one in units(text) if one.group == "finding" or one.group in sets()]
        told = [one for one in seen if found.end() <= one.start < end and one.stands != "open"]
        if any(one.senses & readers and not one.senses & tools for one in told):
            yield _mark(sentence, *found.span(), _NOBODY)
    found_one = _READER_MEASURES.search(text)
    if found_one and not any(one.said.who == "reader" for one in facts.numbers):
        yield _mark(sentence, *found_one.span(), _NOBODY)


@lru_cache(maxsize=32)
def _senses(said: tuple[Said, ...], who: str) -> frozenset[str]:
    """All that the words of tools, or of readers, may mean; kept, since every sentence is held against it."""
    said_by = (units(one.text) for one in said if one.who == who)
    return frozenset().union(*(one.senses for those in said_by for one in those))


def _not_the_users(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """What a sentence says that the user said, and most words of it are not theirs."""
    told = {stem(word) for one in facts.said if one.who == "user" for word in content(one.text)}
    for found in _YOU_TOLD.finditer(sentence.text):
        words = [stem(one) for one in content(found["what"]) if one not in _LITTLE]
        new = [one for one in words if one not in told]
        if len(new) > max(1, len(words) / 2):
            yield _mark(sentence, *found.span(), _NOBODY)


def _mark(sentence: Sentence, start: int, end: int, reason: str) -> Ungrounded:
    return Ungrounded(
        sentence.text[start:end], sentence.start + start, sentence.start + end, "source", reason
    )
