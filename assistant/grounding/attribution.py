"""Whether a sentence names whom it repeats: a reading model, the case library, the user."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.grounding.facts import Said
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence
from tools.language.speakers import MODEL

_READER = re.compile(
    rf"\b(?:{'|'.join(EVIDENCE.reader)})\b|"
    rf"^\W*(?:{'|'.join(EVIDENCE.it)})(?: (?:{'|'.join(EVIDENCE.meanwhile)}))* "
    rf"(?:{'|'.join(EVIDENCE.tells)})\b",
    re.I,
)
_LIBRARY = whole(EVIDENCE.library)
_DECIMAL = re.compile(r"\b0\.\d+\b")
_READERS = re.compile(r"\b(?:readers|models)\b", re.I)
_LETTERS = re.compile(r"[^a-z]")
_USER = re.compile(r"\b(?:you|your)\b", re.I)
_GOES_ON = re.compile(r"\W*(?:it|its|they|both|neither|the (?:model|closest|others?))\b", re.I)


def may_repeat(sentence: Sentence, said: Said) -> bool:
    """Whether a sentence says by whom it is said, if that has to be said."""
    if said.who == "tool":
        return True
    if said.who == "reader" and _is_anothers(sentence.text, said.name):
        return False
    if said.who == "reader" and _is_attributed(sentence.passage, said.name):
        return True
    named = {"reader": _READER, "library": _LIBRARY, "user": _USER}[said.who]
    quotes_on = len(sentence.text) > 10 and even_text(sentence.text) in even_text(said.text)
    goes_on = quotes_on or sentence.before.rstrip().endswith(":") or _GOES_ON.match(sentence.text)
    if said.who == "library" and _has_number_of(sentence.text, said):
        return True
    texts = (sentence.text, sentence.before) if goes_on else (sentence.text,)
    return any(named.search(text) or _names(text, said.name) for text in texts)


@lru_cache(maxsize=512)
def _is_anothers(text: str, name: str) -> bool:
    """Whether a sentence names one reading model alone, and another one than this."""
    named = {_LETTERS.sub("", one[0].lower()) for one in MODEL.finditer(text)}
    own = _LETTERS.sub("", name.lower())
    return (
        len(named) == 1 and not _READERS.search(text) and own not in named and MODEL.search(name) is not None
    )


def _has_number_of(text: str, said: Said) -> bool:
    """Whether a sentence gives the similarity of a case, so that it speaks of cases."""
    shown = _DECIMAL.findall(text)
    return any(f"{value:.{len(one) - 2}f}" == one for one in shown for value, _ in said.values)


@lru_cache(maxsize=64)
def _is_attributed(passage: str, name: str) -> bool:
    return bool(_READER.search(passage)) or _names(passage, name)


@lru_cache(maxsize=512)
def even_text(text: str) -> str:
    """A text in lower case, on one line, without marks around it."""
    return " ".join(text.split()).strip(" -*.").lower()


def _names(text: str, name: str) -> bool:
    return len(name) > 3 and name.lower() in text.lower()
