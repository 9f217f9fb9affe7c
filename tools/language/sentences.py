"""Sentences of a text, the images that each is about, and the passage that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tools.language.number_words import places
from tools.language.rules import heard
from tools.language.standing import Standing, standing

_IMAGE = heard("sentences", "image_id")
# "The second picture", "the first one covers", "the second 2.6 %".
_ORDINAL, _LIST_OF_IMAGES = heard("sentences", "ordinal_image"), heard("sentences", "list_of_images")
_END = re.compile(r"(?<!\bi\.e)(?<!\be\.g)[.!?]+[)”\"’*]*(?=\s|$)|\n+")
_QUOTES = re.compile(r"“[^”]*”|\"[^\"]*\"")
_PRONOUN = heard("sentences", "pronoun")

# Ours: far longer than sentences are, so that what is one by its marks alone is read in pieces.
_LONGEST = 300
_GAP = re.compile(r"\n[ \t]*\n\s*")
# A paragraph that is a heading, one that leads to what follows, and one that goes on about what was before.
_HEADS = re.compile(r"[^\n]{0,80}[^\n.!?]")
_LEADS = re.compile(r":[*_]*\s*\Z")
_JOINED = heard("sentences", "joined")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text. `images` are those it names, or that of the sentence before ("It is …").

    `before` is the previous sentence of the paragraph, or the line with a colon that its list began with.
    `passage` is its paragraph with the heading above it, the list below it, and a paragraph that goes on
    about it ("That is …").
    """

    text: str
    start: int
    images: tuple[str, ...] = ()
    before: str = ""
    passage: str = ""

    def standing(self, start: int, end: int) -> Standing:
        """How the word at `start`:`end` of this sentence stands."""
        return standing(self.text, start, end)

    def image_groups(self) -> list[tuple[int, tuple[str, ...]]]:
        """Image ids in order with their place; ids that are listed together share one."""
        groups: list[tuple[int, tuple[str, ...]]] = []
        last = -99
        for start, end, name in _named(self.text):
            between = self.text[last:start] if groups else ""
            if groups and _LIST_OF_IMAGES.fullmatch(between):
                groups[-1] = (groups[-1][0], (*groups[-1][1], name))
            else:
                groups.append((start, (name,)))
            last = end
        return groups


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order; what stands in quotation marks is not cut."""
    quoted = [one.span() for one in _QUOTES.finditer(text)]
    ends = [
        m for m in _END.finditer(text) if "\n" in m[0] or not any(a < m.start() < b - 1 for a, b in quoted)
    ]
    at, before = 0, ""
    passages = _passages(text)
    known: tuple[str, ...] = ()
    stops = [*((m.end(), m[0]) for m in ends), (len(text), "")]
    for end, gap in _shorter(text, stops):
        one = text[at:end]
        if one.strip():
            named = tuple(dict.fromkeys(name for _, _, name in _named(one)))
            carried = known if not named and before and _PRONOUN.match(one) else ()
            while len(passages) > 1 and passages[1][0] <= at:
                passages.pop(0)
            yield Sentence(one, at, named or carried, before, passages[0][1])
            in_list = _LEADS.search(before) and re.match(r"\s*[-*•\d]", one)
            before, known = before if in_list else one, named or carried
        if "\n\n" in gap:
            before, known = before if _LEADS.search(before) else "", ()
        at = end


def _shorter(text: str, stops: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The ends of sentences, and one more at a blank wherever a sentence does not end for too long."""
    at = 0
    for end, gap in stops:
        while end - at > _LONGEST:
            at = max(text.rfind(" ", at + _LONGEST // 2, at + _LONGEST), at + _LONGEST // 2)
            yield at, ""
        yield end, gap
        at = end


def _passages(text: str) -> list[tuple[int, str]]:
    """Where each passage starts, and its text."""
    starts = [0, *(m.end() for m in _GAP.finditer(text))]
    paragraphs = [text[a:b] for a, b in pairwise([*starts, len(text)])]
    merged: list[tuple[int, list[str]]] = []
    for start, one in zip(starts, paragraphs, strict=True):
        last = merged[-1][1][-1] if merged else ""
        if merged and (_HEADS.fullmatch(last.strip()) or _LEADS.search(last) or _JOINED.match(one)):
            merged[-1][1].append(one)
        else:
            merged.append((start, [one]))
    return [(start, "".join(those)) for start, those in merged]


def image_ids(text: str) -> Iterator[re.Match[str]]:
    """Where a text names images; group 1 is the number."""
    return _IMAGE.finditer(text)


def _named(text: str) -> list[tuple[int, int, str]]:
    """Where images are named by id or by their place in the chat, and the id of each."""
    by_id = [(*one.span(), f"img-{one[1]}") for one in _IMAGE.finditer(text)]
    by_place = [(*one.span(), f"img-{places()[one[1].lower()]}") for one in _ORDINAL.finditer(text)]
    return sorted(by_id + by_place)
