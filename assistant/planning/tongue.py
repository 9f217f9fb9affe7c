"""The language of a message."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.hearing.ear import hear
from assistant.planning.lexicon import mostly_english
from tools.language.glosses import in_english
from tools.language.sayings import languages
from tools.language.teaching_cards import language_of_title

# Ours: English is what a message is in, and names and numbers are, unless its words clearly say otherwise.
_FEW_WORDS, _CLEARLY, _TIMES_ENGLISH = 2, 0.2, 5

# Ours: a few words that a language has English ones for are in it, unless they sound this much like English.
_ENGLISH = 0.5
# What is called the same in every language.
_NAMES = re.compile(r"\bimg-?\d+\b", re.I)
_ASKS_IN_SPANISH = re.compile(r"¿\s*\w")
# Languages with letters of their own: in Latin letters a message has to have this many words to be in one.
_OWN_SCRIPT = frozenset({"ar", "bn", "el", "fa", "hi", "ja", "ko", "ru", "uk", "ur", "zh"})
_ROMANISED = 4
# Languages of which a few words are those of one that is answered in, too; how much louder they may be.
_NEIGHBOURS, _LOUDER = {"it": "es", "pt": "es", "ro": "es", "nl": "de", "da": "de", "sv": "de"}, 10


@lru_cache(maxsize=256)
def language_of(text: str) -> str:
    """The language of a message (ISO 639-1); English where it is not clear."""
    if found := language_of_title(text):
        return found
    if _ASKS_IN_SPANISH.search(text):
        return "es"
    text = without_names(text)
    scores = dict(hear(text).languages)
    code, words = max(scores, key=lambda one: scores[one]), re.findall(r"[^\W\d_]{3,}", text)
    clear = scores[code] >= max(_CLEARLY, _TIMES_ENGLISH * scores["en"])
    near = _NEIGHBOURS.get(code, code)
    if len(words) < _ROMANISED and scores[near] * _LOUDER >= scores[code] > scores["en"]:
        code = near
    if not mostly_english(text):
        return code if code != "en" else hear(text).languages[1][0]
    if code in _OWN_SCRIPT and len(words) < _ROMANISED:
        return "en"
    if _FEW_WORDS <= len(words) < _ROMANISED and scores["en"] < _ENGLISH and (known := _glossed(text)):
        return known
    return code if clear and len(words) >= _FEW_WORDS else "en"


def without_names(text: str) -> str:
    """A message without the names of pictures, which are those of no language: “img-1”."""
    return _NAMES.sub(" ", text)


def _glossed(text: str) -> str:
    """The language that has English words, and other ones, for all of a text; empty without one."""
    glosses = ((one, in_english(text, one)) for one in languages())
    return next((one for one, told in glosses if told and told.casefold() != text.casefold()), "")
