"""What tools and cards say in English, said in another language: found among the sayings by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from tools.language.sayings import FIRST, anyhow, fields, sayings

# What tools and cards say, and words that may stand in their fields.
_RETOLD = ("tools.", "told.", "library_tools.", "region_tools.", "values.", "disclaimers.")
_WORDS = ("kinds.", "parts.", "domains.", "terms.")
_COUNT = re.compile(r"\b\d{1,3}(?:,\d{3})+(?= “)")
_NUMBER = re.compile(r"-?[\d.,]*\d")  # has the marks of English
# Sentences of the longest of them.
_LONGEST = 4
# Those within a quotation stay together.
_PARAGRAPHS = re.compile(r"\n\n(?![^“]*”)")


def retell(text: str, language: str) -> str:
    """What a tool or a card says in English, in another language; a sentence without a saying stays as it is.

    Args:
        text: sentences of ``tools.toml`` and ``disclaimers.toml`` with something in their fields.
        language: to say them in.
    """
    if language == FIRST:
        return text
    if _NUMBER.fullmatch(text):
        return text.translate(sayings(language).marks)
    if (paragraphs := _PARAGRAPHS.split(text))[1:]:
        return "\n\n".join(retell(one, language) for one in paragraphs)
    left, told = _sentences(text), []
    while left:
        runs = ((n, _retold(" ".join(left[:n]), n, language)) for n in range(min(len(left), _LONGEST), 0, -1))
        count, said = next(((n, said) for n, said in runs if said), (1, left[0]))
        told.append(said)
        left = left[count:]
    return " ".join(told)


def _retold(text: str, count: int, language: str) -> str:
    """The one saying of so many sentences that a text is, or a row of plain ones, in another; else empty."""
    plain, with_fields = _told()
    if text in plain:
        return sayings(language).texts[plain[text]]
    if all(names := [plain.get(one, "") for one in text.split(", ")]):
        return ", ".join(sayings(language).texts[one] for one in names)
    for one in with_fields:
        held = one.held(text)
        if held is not None and count in one.counts:
            values = {field: _held(value, language) for field, value in held.items()}
            return sayings(language).fill(one.name, values)
    return ""


def _held(value: str, language: str) -> str:
    """What stands in a field: it may be sayings in a row."""
    own = sayings(language)
    parts = value.split(", ")
    told = [retell(one, language) for one in parts]
    every = all(after != before for after, before in zip(told, parts, strict=True))
    if (said := ", ".join(told) if every else retell(value, language)) != value:
        return said
    return _COUNT.sub(lambda n: n[0].translate(own.marks), value).translate(own.quotes)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[A-Z“\d]|img-\d)", text)


@dataclass(frozen=True)
class _Telling:
    """A saying that is found again by its words."""

    name: str
    text: str

    @cached_property
    def counts(self) -> frozenset[int]:
        """In how many sentences it may stand. A field may begin a sentence of its own, as “A) nevus” does."""
        return frozenset(len(_sentences(one)) for one in (self.text, self.text.replace("{", "A")))

    def held(self, told: str) -> dict[str, str] | None:
        """What stands in its fields, if this is it. Few are looked at for more than their first words."""
        if not told.startswith(self._begins):
            return None
        found = self._pattern.fullmatch(told)
        return found.groupdict() if found else None

    @cached_property
    def _begins(self) -> str:
        return self.text.partition("{")[0]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(anyhow(self.text))


@cache
def _told() -> tuple[Mapping[str, str], tuple[_Telling, ...]]:
    """What tools and cards say: names of what has no fields by its text, and all else.

    Those with most words of their own come first.
    """
    texts = {
        name: text
        for name, text in sayings(FIRST).texts.items()
        if name.startswith(_RETOLD) or (name.startswith(_WORDS) and not fields(text))
    }
    names = sorted(texts, key=lambda name: -len(re.sub(r"\{.*?\}", "", texts[name])))
    plain = {texts[name]: name for name in reversed(names) if not fields(texts[name])}
    return plain, tuple(_Telling(name, texts[name]) for name in names if fields(texts[name]))
