"""What a clause wants of the case library: counted, listed, drawn, kept. The lists: ``library.toml``."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from prompts.terms import declined
from tools.language.lists import Patterns, Words, read, whole
from tools.language.units import WORD_NUMBERS

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


LIBRARY = read(_Lists, "library")
SKIN, RADIOLOGY, FILMS = whole(LIBRARY.skin), whole(LIBRARY.radiology), whole(LIBRARY.films)
WITHOUT, IDLE = whole(LIBRARY.without), whole(LIBRARY.idle)
_COUNT, _LABELS, _RANDOM = whole(LIBRARY.count), whole(LIBRARY.labels), whole(LIBRARY.random)
_NEWEST, _HELD, _ASKS_HELD = map(whole, (LIBRARY.newest, LIBRARY.held, LIBRARY.asks_held))
_SEED = re.compile(rf"\b(?:{'|'.join(LIBRARY.seed)})\W*(\d{{1,9}})\b", re.I)
NUMBERS = WORD_NUMBERS | LIBRARY.few
_NAMED = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NUMBER = re.compile(rf"(?<![\w.,-])(?:(\d{{1,4}})|({_NAMED}))(?![\w%]|[.,]\d)", re.I)
_NO_COUNT = re.compile(rf"\b(?:{'|'.join(LIBRARY.no_count)})\W{{0,2}}$", re.I)
_SAVE, _INTO, _UNDER = ("|".join(words) for words in (LIBRARY.save, LIBRARY.into, LIBRARY.under))
_BETWEEN = re.compile(rf"[.!?;\n]+(?:\s|$)|,?\s+(?:and then|then)\s+|,?\s+and\s+(?=(?:{_SAVE})\b)", re.I)
_ORDER = re.compile(
    rf"^(?:{_SAVE})\b(?:\s+(?P<it>{'|'.join(LIBRARY.saved)}))?(?:\s*,?\s*(?:{_INTO}))*"
    rf"(?:\s*,?\s*(?:{_UNDER})\b\W*|\s*:\s*)(?P<label>.+)$",
    re.I | re.S,
)
_BARE = re.compile(
    rf"^(?:{_SAVE})\b\s+(?:{'|'.join(LIBRARY.saved)})(?:\s*,?\s*(?:{_INTO}))*\W*$|"
    rf"^(?:{_SAVE})\b(?:\s+case)?\W*$",
    re.I,
)
_SURELY, _ASKS_SAVED = whole(LIBRARY.surely), whole(LIBRARY.asks_saved)
_SPEAKS_OF_SAVING = re.compile(
    rf"\b(?:{_SAVE}|sav(?:ed|ing)|stor(?:ed|ing)|kept|filed)\b.*\b(?:{_UNDER})\b", re.I
)
_LABEL_ENDS = re.compile(rf"(?:[\s,.!]*\b(?:{'|'.join(LIBRARY.label_ends)}))+[\s.!]*$", re.I)


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
        if not _NO_COUNT.search(plain[: found.start()]):
            number = int(found[1]) if found[1] else NUMBERS[found[2].lower()]
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
    if order is not None and order.label:
        return _SURELY.search(clause) is not None
    return _ASKS_SAVED.match(clause.strip()) is not None and _SPEAKS_OF_SAVING.search(clause) is not None


def _order(part: str, *, asks: bool) -> SaveOrder | None:
    words = declined()
    polite = re.match(rf"\W*(?:{words.polite.pattern})", part, re.I)
    plain = re.sub(rf"^\W*(?:(?:{words.lead.pattern}|{words.polite.pattern})[\s,:]*)*", "", part, flags=re.I)
    if (asks and not polite) or words.denying.search(plain):
        return None
    if _BARE.match(plain):
        return SaveOrder("")
    found = _ORDER.match(plain)
    if found is None:
        return None
    label = _LABEL_ENDS.sub("", found["label"].strip()).strip(" \"'“”‘’.,;:!?«»()")
    return SaveOrder(label) if 0 < len(label) <= _LONGEST_LABEL and re.search(r"\w", label) else None
