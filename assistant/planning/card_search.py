"""Which teaching cards are nearest to a question in its words, where no form of question says which is meant.

Cards are ranked by BM25 (Robertson & Zaragoza, Foundations and Trends in Information Retrieval 2009;3:333)
over the beginnings of words and runs of four letters, which hold what German joins and Spanish bends.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.language.lists import Words, read
from tools.language.sayings import FIRST
from tools.language.teaching_cards import Card, asked_in, cards, told_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]{2,}")
_NO_WORDS = re.compile(r"\\\w|\(\?[:!=<]*|[^\w\s-]")
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Ours: grammar changes words behind so many letters; a run of so many is rarely by chance.
_STEM, _RUN = 7, 4
# Ours: a run of letters says less than a word; a title, the ways to ask for a card and its own words say more
# than its text, and the English of a card in another language less, which shares names and abbreviations.
_OF_A_RUN, _TITLE, _ASKED, _OWN_WORDS, _ENGLISH = 0.3, 4.0, 1.0, 2.0, 0.5
# Ours: the words of all cards in three languages are fewer.
_WORDS_AT_HAND = 1 << 16
# A turn looks for the same words up to three times.
_QUESTIONS_AT_HAND = 64
# Ours: what a question only leans on says less of what it asks.
_BEFORE = 0.6
NEAR = 17.5
"""From here on a card may well be what is asked for. Ours."""
# Ours: by so much nearer than the next, of cards of like matter it is the one that is meant; and so much of
# the question has to stand in it, unless it is this near. Of a short question all that it says may do.
_BY_FAR, _HALF, _NEAR_ALL_THE_SAME = 1.15, 0.57, 25.0
_ALL, _NEAR_IF_ALL, _FAR_IF_ALL = 0.9, 13.0, 1.25
# Ours: a phrase that stands under a card asks for it, whatever else shares its words.
_IN_SO_MANY_WORDS = 1.5
# Ours: what is so much less near than the nearest is no answer, whatever runs of letters it shares.
_FAR = 0.1
# The usual ones of BM25.
_K, _B = 1.2, 0.75


class Near(NamedTuple):
    """A card, and how near it is to a question: more for rarer words, and for more of what was said.

    `share` is how much of the question's own words stands in it, of 1.
    """

    card: Card
    nearness: float
    share: float = 1.0


@dataclass(frozen=True)
class _Index:
    """An inverted index: a question costs what its own words touch, however many cards there are.

    `held` has for each thing said its weight, and where in `on` the numbers of the cards stand that say it;
    `adds` has beside each of them what it adds to that card's score.
    """

    held: Mapping[str, tuple[float, slice]]
    on: NDArray[Any]
    adds: NDArray[Any]
    rarest: float
    of_phrase: Mapping[str, int]


@lru_cache(maxsize=_QUESTIONS_AT_HAND)
def nearest(question: str, language: str, before: str = "") -> tuple[Near, ...]:
    """The cards that share words with a question, the nearest first; those far behind it are left out.

    Args:
        question: the user's words.
        language: what they are in, a folder of ``prompts/sayings``.
        before: what was talked of before, where the question leans on it; its words say less.
    """
    import numpy as np

    index, own, known = _index(language), dict.fromkeys(_words(question, language), 1.0), cards()
    spans: list[slice] = []
    weights, of_words = [], []
    whole = words_in_all = 0.0
    for one, much_said in _asked(dict.fromkeys(_words(before, language), _BEFORE) | own).items():
        rarity, span = index.held.get(one) or (_weight(one) * index.rarest / 2, slice(0, 0))
        weight = much_said * rarity
        whole += weight
        of_word = weight if much_said == 1 and not one.startswith("~") else 0.0
        words_in_all += of_word
        spans.append(span)
        weights.append(weight)
        of_words.append(of_word)
    if not spans:
        return ()
    on = np.concatenate([index.on[span] for span in spans])
    often, many = [span.stop - span.start for span in spans], len(known)
    weight_on, adds = np.repeat(weights, often), np.concatenate([index.adds[span] for span in spans])
    shared = np.bincount(on, weight_on, many)
    near = np.bincount(on, weight_on * adds, many) * np.sqrt(shared / whole)
    if (at := index.of_phrase.get(_bare(question), -1)) >= 0 and shared[at]:
        near[at] = _IN_SO_MANY_WORDS * near.max()
    share = np.bincount(on, np.repeat(of_words, often), many) / (words_in_all or 1)
    # What only repeats what was talked of answers nothing.
    enough = (share >= _HALF) if before and words_in_all else (near > 0)
    found = np.flatnonzero(enough & (near >= _FAR * near[enough].max(initial=0.0)))
    found = found[np.argsort(-near[found], kind="stable")]
    of_each = zip(found.tolist(), near[found].tolist(), share[found].tolist(), strict=True)
    return tuple(Near(known[at], score, part) for at, score, part in of_each)


def clearly(near: Sequence[Near]) -> Near | None:
    """The nearest card, where it is near and the next is not as near; None where none is."""
    if not near:
        return None
    first, second = near[0], near[1].nearness if len(near) > 1 else 0.0
    if first.share >= _ALL and first.nearness >= max(_NEAR_IF_ALL, _FAR_IF_ALL * second):
        return first
    enough = NEAR if first.share >= _HALF else _NEAR_ALL_THE_SAME
    return first if first.nearness >= max(enough, _BY_FAR * second) else None


def beginnings(text: str, language: str) -> frozenset[str]:
    """The beginnings of the words of a text that say what it is about."""
    return frozenset(word[:_STEM] for word in _words(text, language))


def _weight(said: str) -> float:
    return _OF_A_RUN if said.startswith("~") else 1.0


def _asked(words: Mapping[str, float]) -> Mapping[str, float]:
    """What words ask for, each thing once, with the weight of the word that says it most."""
    asked: dict[str, float] = {}
    for word, weight in words.items():
        for one in _said_by(word):
            asked[one] = max(weight, asked.get(one, 0.0))
    return asked


@lru_cache(maxsize=_WORDS_AT_HAND)
def _said_by(word: str) -> tuple[str, ...]:
    """What a word says: itself by its beginning, and its runs of letters, marked with ``~``."""
    whole = f"^{word}$"
    runs = range(len(whole) - _RUN + 1) if len(word) > _RUN else ()
    return (word[:_STEM], *[f"~{whole[at : at + _RUN]}" for at in runs])


def _words(text: str, language: str) -> list[str]:
    """The words of a text that say what it is about, without accents, in small letters."""
    written = _WORD.findall(_DOTTED.sub(r"\1", unicodedata.normalize("NFC", text.casefold())))
    idle = _idle(language)
    # “uñas” are no “unas”.
    return [word for one in written if (word := _without_accents(one)) not in idle or "ñ" in one]


def _without_accents(word: str) -> str:
    return word if word.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", word))


class _Idle(Words):
    en: str
    de: str
    es: str


@cache
def _idle(language: str) -> frozenset[str]:
    return frozenset(getattr(read(_Idle, "idle"), language, "").split())


@cache
def _index(language: str) -> _Index:
    import numpy as np

    known = cards()
    in_cards = [_worded(card, language) for card in known]
    number: dict[str, int] = {}
    every_word = dict.fromkeys(chain(*in_cards))
    says = {word: [number.setdefault(one, len(number)) for one in _said_by(word)] for word in every_word}
    # One row for each thing that a word of a card says: what, on which card, how much.
    of_words = [says[word] for words in in_cards for word in words]
    often = [len(said) for said in of_words]
    on = np.repeat(np.repeat(np.arange(len(known)), [len(words) for words in in_cards]), often)
    row = np.fromiter(chain(*of_words), np.int64) * len(known) + on
    much = np.repeat([weight for words in in_cards for weight in words.values()], often)
    # What several words of a card say is one row.
    order = np.argsort(row, kind="stable")
    row = row[order]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    count, (thing, on) = np.add.reduceat(much[order], first), np.divmod(row[first], len(known))
    length = np.bincount(on, count, len(known))
    adds = count * (_K + 1) / (count + _K * (1 - _B + _B * length / length.mean())[on])
    cards_with = np.bincount(thing)
    rarity = np.log(1 + (len(known) - cards_with + 0.5) / (cards_with + 0.5)).tolist()
    ends = [0, *np.cumsum(cards_with).tolist()]
    held = {one: (_weight(one) * rarity[n], slice(ends[n], ends[n + 1])) for one, n in number.items()}
    phrases = {_bare(one): at for at, card in enumerate(known) for one in asked_in(card, language)}
    return _Index(held, on.astype(np.int32), adds, max(rarity), phrases)


def _bare(phrase: str) -> str:
    return phrase.strip(" ?.!¿¡").casefold()


def _worded(card: Card, language: str) -> Mapping[str, float]:
    """How much a card says in which words."""
    told = told_in(card, language) if language != FIRST else None
    parts = [
        (_TITLE, (told or card).title, language),
        (_ASKED, " ".join(asked_in(card, language)), language),
        (1.0, f"{(told or card).text} {(told or card).limits}", language),
        (_OWN_WORDS, _NO_WORDS.sub(" ", card.words.pattern if card.words else ""), FIRST),
        *([(_ENGLISH, f"{card.title} {card.text}", FIRST)] if told else []),
    ]
    words: defaultdict[str, float] = defaultdict(float)
    for weight, text, spoken in parts:
        for word in _words(text, spoken):
            words[word] += weight
    return words
