"""What a clause wants of the case library: counted, listed, drawn, kept. The lists: ``library.toml``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tools.language.declined import declined
from tools.language.lists import Heard, Patterns, Words, either, read
from tools.language.number_words import word_numbers

Wish = Literal["count", "labels", "list"]
Order = Literal["as imported", "newest first", "at random"]

MOST = 12
"""The most cases that are shown at once. Ours: two rows on the page."""
_FEW = 6
_LONGEST_LABEL = 60
# Ours: short enough to be typed again.
_SEEDS = 10_000


class _Lists(Words):
    count: Patterns
    held: Patterns
    asks_held: Patterns
    labels: Patterns
    random: Patterns
    newest: Patterns
    seed: Patterns
    no_count: Patterns
    no_count_behind: Patterns
    few: dict[str, int]
    without: Patterns
    skin: Patterns
    radiology: Patterns
    films: Patterns
    idle: Patterns
    alike_before: Patterns
    alike_beside: Patterns
    alike_after: Patterns
    save: Patterns
    saved: Patterns
    surely: Patterns
    asks_saved: Patterns
    into: Patterns
    under: Patterns
    label_ends: Patterns
    label_stops: Patterns
    save_last: Patterns
    both: Patterns


@cache
def library_words() -> _Lists:
    """The words of ``library.toml``.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return read(_Lists, "library")


@cache
def numbers() -> dict[str, int]:
    """Words for numbers, and for a few."""
    return word_numbers() | library_words().few


def _any(patterns: Sequence[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _made(write: Callable[[_Lists], str]) -> Heard:
    """A pattern over the lists, case ignored."""
    return Heard(lambda: re.compile(write(library_words()), re.I | re.S))


def _name_of_a_number(_: _Lists) -> str:
    named = "|".join(sorted(numbers(), key=len, reverse=True))
    return rf"(?<![\w.,-])(?:(\d{{1,4}})|({named}))(?![\w%]|[.,]\d)"


SKIN = Heard(lambda: either(library_words().skin))
RADIOLOGY = Heard(lambda: either(library_words().radiology))
FILMS = Heard(lambda: either(library_words().films))
WITHOUT = Heard(lambda: either(library_words().without))
IDLE = Heard(lambda: either(library_words().idle))
_COUNT = Heard(lambda: either(library_words().count))
_LABELS = Heard(lambda: either(library_words().labels))
_RANDOM = Heard(lambda: either(library_words().random))
_NEWEST = Heard(lambda: either(library_words().newest))
_HELD = Heard(lambda: either(library_words().held))
_ASKS_HELD = Heard(lambda: either(library_words().asks_held))
_SURELY = Heard(lambda: either(library_words().surely))
_ASKS_SAVED = Heard(lambda: either(library_words().asks_saved))
_SEED = _made(lambda words: rf"\b{_any(words.seed)}\W*(\d{{1,9}})\b")
_NUMBER = _made(_name_of_a_number)
_NO_COUNT = _made(lambda words: rf"\b{_any(words.no_count)}\W{{0,2}}$")
_NO_COUNT_BEHIND = _made(lambda words: rf"^[.,]?\d*[ -]?{_any(words.no_count_behind)}(?!\w)")
_BETWEEN = _made(
    lambda words: rf"[.!?;\n]+(?:\s|$)|,?\s+(?:and then|then)\s+|,?\s+and\s+(?={_any(words.save)}\b)"
)
_ORDER = _made(
    lambda words: (
        rf"^{_any(words.save)}\b(?:\s+(?P<it>{_any(words.saved)}))?(?:\s*,?\s*{_any(words.into)})*"
        rf"(?:\s*,?\s*{_any(words.under)}\b\W*|\s*:\s*)(?P<label>.+)$"
    )
)
_BARE = _made(
    lambda words: (
        rf"^{_any(words.save)}\b\s+{_any(words.saved)}(?:\s*,?\s*{_any(words.into)})*\W*$|"
        rf"^{_any(words.save)}\b(?:\s+case)?\W*$|"
        rf"^{_any(words.saved)}\s+{_any(words.save_last)}\b"
    )
)
_SPEAKS_OF_SAVING = _made(
    lambda words: (
        rf"\b(?:{_any(words.save)}|sav(?:ed|ing)|stor(?:ed|ing)|kept|filed)\b[^\n]*"
        rf"\b{_any(words.under)}\b"
    )
)
_LABEL_STOPS = _made(lambda words: rf"\s*{_any(words.label_stops)}.*$")
_BOTH = _made(lambda words: rf"\b{_any(words.both)}\b")
_LABEL_ENDS = _made(lambda words: rf"(?:[\s,.!]*\b{_any(words.label_ends)})+[\s.!]*$")


@dataclass(frozen=True)
class LibraryWish:
    """What is wanted of the library.

    Attributes:
        what: a number, its labels, or cases to look at.
        shown: the most cases to show.
        order: which come first.
        seed: of a random choice, where it was named.
    """

    what: Wish
    shown: int
    order: Order = "as imported"
    seed: int | None = None


def library_wish(clause: str) -> LibraryWish:
    """What a clause about the library wants: to be shown cases, where its words say nothing else."""
    seed = _SEED.search(clause)
    number = number_in(clause)
    random = bool(_RANDOM.search(clause) or seed)
    order: Order = "at random" if random else "newest first" if _NEWEST.search(clause) else "as imported"
    if _LABELS.search(clause) and not random:
        return LibraryWish("labels", 0)
    if _COUNT.search(clause):
        return LibraryWish("count", 0)
    few = 1 if random else _FEW
    return LibraryWish("list", min(number or few, MOST), order, int(seed[1]) if seed else None)


def seed_in(clause: str, seed: int) -> int:
    """The seed that a clause names, else the one given."""
    found = _SEED.search(clause)
    return int(found[1]) if found else seed


def seed_of(turn_id: str) -> int:
    """A seed that is the same whenever a turn is run again."""
    return int(hashlib.sha256(turn_id.encode()).hexdigest(), 16) % _SEEDS


def number_in(clause: str) -> int | None:
    """How many cases or questions a clause asks for; None where it does not say."""
    plain = _SEED.sub(" ", clause)
    for found in _NUMBER.finditer(plain):
        if not (_NO_COUNT.search(plain[: found.start()]) or _NO_COUNT_BEHIND.search(plain[found.end() :])):
            number = int(found[1]) if found[1] else numbers()[found[2].lower()]
            if number > 0 and (found[1] or found[2].lower() != "one"):
                return number
    return None


@dataclass(frozen=True)
class SaveOrder:
    """An order to keep a picture as a case. `label` is "" where it names none."""

    label: str


def save_order(question: str) -> SaveOrder | None:
    """The order in a question to keep a picture in the library, if it is one beyond doubt.

    A question, a condition, a denial or a report of something done is no order.
    """
    for part in _BETWEEN.split(question.replace("’", "'")):
        if found := _order(part.strip(), asks=f"{part.strip()}?" in question):
            return found
    return None


def means_both(clause: str) -> bool:
    """Whether an order to keep pictures means more than one."""
    return _BOTH.search(clause) is not None


def speaks_of_saving(clause: str) -> bool:
    """Whether a clause is about keeping a picture as a case, an order or not."""
    return _SPEAKS_OF_SAVING.search(clause) is not None or save_order(clause) is not None


def counts_held(clause: str) -> bool:
    """Whether a clause asks what is held: “how many naevi do you have?”, “do you have any naevi?”."""
    counts = _COUNT.search(clause) is not None and _HELD.search(clause) is not None
    return counts or _ASKS_HELD.match(clause.strip()) is not None


def is_about_saving(clause: str) -> bool:
    """Whether a clause can be about nothing else than keeping a picture as a case."""
    order = save_order(clause)
    if order is not None and (order.label or means_both(clause)):
        return _SURELY.search(clause) is not None
    return _ASKS_SAVED.match(clause.strip()) is not None and _SPEAKS_OF_SAVING.search(clause) is not None


def _order(part: str, *, asks: bool) -> SaveOrder | None:
    words = declined()
    polite = re.match(rf"\W*(?:{words.polite.pattern})", part, re.I)
    plain = re.sub(rf"^\W*(?:(?:{words.lead.pattern}|{words.polite.pattern})[\s,:]*)*", "", part, flags=re.I)
    if (asks and not polite) or words.denying.search(plain):
        return None
    if _BARE.match(_LABEL_ENDS.sub("", plain)):
        return SaveOrder("")
    found = _ORDER.match(plain)
    if found is None:
        return None
    only = _LABEL_STOPS.sub("", found["label"].strip())
    label = _LABEL_ENDS.sub("", only).strip(" \"'“”‘’.,;:!?«»()")
    return SaveOrder(label) if 0 < len(label) <= _LONGEST_LABEL and re.search(r"\w", label) else None
