"""Which teaching card answers a question, by the words and kinds of images that the cards themselves name.

A card tells how to look, never what an image shows; its paragraph says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.planning.card_search import nearest
from assistant.planning.cards_held import card_held, holds_card
from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.kind_question import of_parts
from assistant.planning.lexicon import SAME_MODALITY, modalities_named
from assistant.planning.values_on_cards import HOUNSFIELD, entries_named
from assistant.planning.words import Intent
from store.records import Gate
from tools.language.kind_questions import KindQuestion, parts_named
from tools.language.sayings import FIRST
from tools.language.teaching_cards import Card, Form, Told, cards, forms, told_in

TAUGHT: frozenset[Intent] = frozenset(
    {"textbook", "unclear", "glossary", "read", "describe", "facts", "display", "tissue", "measure",
     "compare", "quality", "limit", "total_score", "what_is", "why", "similar", "advice",
     "material"}
)  # fmt: skip
"""What a question may ask for by its own words, and be answered by a card all the same."""
NAMED = 3
"""Titles that are named where several cards fit."""
# Ours: the cards on one region name fewer, those on the limbs sixteen.
_MANY_PARTS = 10
# A line with a blank in it ends a list where Markdown is drawn, and no paragraph of an answer.
ENDS_A_LIST = " "
"""Between a list and the paragraph below it."""
# Ours: by so much nearer in its words than the next, a card is shown and not only named.
_CLEARLY = 1.15
_OF_FINDINGS = ("finding", "skin words")
# Ours: “show me the card …”; more words say something else of what a title names.
_BESIDES = 4


@dataclass(frozen=True)
class Found:
    """A card that fits, and how closely."""

    card: Card
    score: int


@dataclass(frozen=True)
class _Asked:
    """A question with the kinds of images that it names, the image in view, and whether its part is known."""

    clause: str
    row: ImageRow | None
    codes: frozenset[str]
    part: bool
    placed: bool


def found(clause: str, row: ImageRow | None = None, *, advice: bool = False) -> tuple[Found, ...]:
    """The cards that answer a question about how to look or what to know, the closest first.

    Args:
        clause: a part of the question.
        row: the image in view; None where there is none.
        advice: whether only forms count that may be asked in words of advice.
    """
    return _found(clause, row and ImageRow("", modality=row.modality, body_part=row.body_part), advice)


@lru_cache(maxsize=64)
def _found(clause: str, row: ImageRow | None, advice: bool) -> tuple[Found, ...]:
    small = clause.lower()
    by_title = [Found(card, len(title)) for title, card in _titles_of_all() if title in small]
    by_title = [one for one in by_title if _is_asked_for(one.card, clause)]
    if by_title:
        return _best_first(by_title)[:1]
    codes = frozenset(SAME_MODALITY.get(code, code) for code in modalities_named(clause))
    asked = _Asked(clause, row, codes, bool(parts_named(clause)), row is not None and _is_placed(clause, row))
    for form in forms():
        if (form.advice or not advice) and _is_form(form, clause):
            fit = [Found(card, score) for card in cards() if (score := _score(card, form, asked))]
            if fit:
                here = sorted(fit, key=lambda one: row is None or not is_of_kind(one.card, row))
                return _best_first(here)
    return ()


@cache
def _titles_of_all() -> tuple[tuple[str, Card], ...]:
    """Every card with its title in small letters: each clause of a chat is held against all."""
    return tuple((card.title.lower(), card) for card in cards())


def _is_asked_for(card: Card, clause: str) -> bool:
    """Whether a clause that holds the title of a card asks for it; of a fact, with hardly a word besides."""
    return card.kind != "fact" or len(clause.split()) <= len(card.title.split()) + _BESIDES


def card_for(clause: str, row: ImageRow) -> Card | None:
    """The card on a finding that a question names, in this kind of image."""
    fit = [
        Found(card, 100 * words + _closeness(card, row))
        for card in cards()
        if card.kind in _OF_FINDINGS and (words := _said(card, clause)) and is_of_kind(card, row)
        if _is_general(card) or _is_placed(clause, row)
    ]
    return _best_first(fit)[0].card if fit else None


def how_to_look(clause: str, row: ImageRow, talk: Conversation) -> str:
    """The card on a finding as a paragraph, or its title where it was shown before; else nothing."""
    card = card_for(clause, row)
    if card is None:
        return ""
    if any(holds_card(turn.text, card.id) for turn in talk.past):
        return talk.say("teaching.before", title=told_of(card, talk).title)
    return talk.say("teaching.here", card=_body(card, talk))


def teach(clause: str, talk: Conversation, row: ImageRow | None = None) -> str:
    """The card that answers a question, or the titles of those that fit equally well."""
    fit = found(clause, row)
    best = [one.card for one in fit if one.score == fit[0].score]
    first = best[0] if len(best) == 1 else _nearer(best, talk)
    if first is None:
        return talk.say("teaching.several", titles=_titles(best[:NAMED], talk))
    if first.id == HOUNSFIELD and (values := entries_named(talk.said or clause, talk.language)):
        return _values(first, values, talk)
    others = [one.card for one in fit if one.card is not first][: NAMED - 1]
    title = told_of(first, talk).title.rstrip("?")
    said = talk.say("teaching.shown", title=title, card=_body(first, talk))
    more = [talk.say("teaching.others", titles=_titles(others, talk))] if others else []
    return f"\n{ENDS_A_LIST}\n".join([said, *more])


def _values(card: Card, values: Sequence[str], talk: Conversation) -> str:
    """Some entries of a card, and below them who says so."""
    said = talk.say("teaching.values", title=told_of(card, talk).title, values="; ".join(values))
    return f"{said}\n{ENDS_A_LIST}\n{source_of(card, talk)}"


def _nearer(best: Sequence[Card], talk: Conversation) -> Card | None:
    """The one of cards that fit alike that is clearly nearest in its words; None where none is."""
    found = [one for one in nearest(talk.said or talk.question, talk.language) if one.card in best]
    clear = len(found) == 1 or (found and found[0].nearness >= _CLEARLY * found[1].nearness)
    return found[0].card if clear else None


def near(ids: Sequence[str], talk: Conversation) -> str:
    """The card that is nearest to what was asked, and titles of the next; it may not be what was meant."""
    held = {card.id: card for card in cards()}
    shown = f"{talk.say('teaching.nearest')}\n\n{teach(held[ids[0]].title, talk)}"
    if len(ids) == 1:
        return shown
    others = talk.say("teaching.others", titles=_titles((held[one] for one in ids[1:]), talk))
    return f"{shown}\n{ENDS_A_LIST}\n{others}"


def titled(ids: Sequence[str], talk: Conversation) -> str:
    """That no card is near enough to be shown, with the titles of those that come nearest."""
    held = {card.id: card for card in cards()}
    return talk.say("teaching.near", titles=_titles((held[one] for one in ids), talk))


def few_cards(paragraphs: Iterable[str], most: int, talk: Conversation) -> Iterator[str]:
    """The paragraphs with the first cards whole, one for each wish; further ones by title."""
    before = 0
    for paragraph in paragraphs:
        if (card := card_held(paragraph)) is None:
            yield paragraph
            continue
        yield talk.say("teaching.too", title=told_of(card, talk).title) if before >= most else paragraph
        before += 1


@dataclass(frozen=True)
class Shown:
    """A card that an answer showed: its title as it was told, and its source."""

    title: str
    source: str


def card_shown(text: str, talk: Conversation) -> Shown | None:
    """The first card that an answer holds, in the words of the chat's language."""
    card = card_held(text)
    return Shown(told_of(card, talk).title, card.source) if card else None


def told_of(card: Card, talk: Conversation) -> Told | Card:
    """What is read of a card in the language of the answer, else in English."""
    return told_in(card, talk.language) or card


def _titles(fit: Iterable[Card], talk: Conversation) -> str:
    return ", ".join(talk.say("teaching.title", title=told_of(card, talk).title) for card in fit)


def _body(card: Card, talk: Conversation) -> str:
    """A card as a list, and below it who says so, as a line of its own."""
    told = told_of(card, talk)
    source = source_of(card, talk)
    english = talk.language != FIRST and told is card
    only = [talk.say("teaching.english_only")] if english else []
    # A line that is no step begins a list item of its own, or a page would draw it as part of the last step.
    lines = [line if re.match(r"\d+\. |- ", line) else f"- {line}" for line in told.text.splitlines()]
    return "\n".join(["", *lines, ENDS_A_LIST, " ".join([*only, source])])


def source_of(card: Card, talk: Conversation) -> str:
    """Who says what a card tells, and where that ends."""
    told = told_of(card, talk)
    mark = talk.say("teaching.mark", title=told.title)
    return talk.say("teaching.source", mark=mark, source=card.source, limits=told.limits)


def _best_first(fit: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(fit, key=lambda one: -one.score))


def _said(card: Card, clause: str) -> int:
    """How much of a clause is the card's own words: letters of the longest."""
    return max((len(match[0]) for match in card.words.finditer(clause)), default=0) if card.words else 0


def _is_form(form: Form, clause: str) -> bool:
    return form.asked.search(clause) is not None and not (form.not_with and form.not_with.search(clause))


def _closeness(card: Card, row: ImageRow) -> int:
    """Of an image of a known part the narrowest card, of one of an unknown part the broadest."""
    known = _of_part(card, row.body_part) == "yes"
    return 50 - len(card.parts) if known else len(card.parts)


def _score(card: Card, form: Form, asked: _Asked) -> int:
    """How closely a card fits a question; 0 if not at all."""
    if card.kind not in form.kinds or (
        asked.codes and card.modalities and not asked.codes & {*card.modalities}
    ):
        return 0
    words = _said(card, asked.clause)
    if not words:
        return _by_image(card, asked) if form.by_image and card.kind == "reading" else 0
    if card.kind == "reading" and _of_part(card, asked.clause) == "no":
        return 0
    here = bool(card.modalities) and asked.row is not None and is_of_kind(card, asked.row)
    here = here and (asked.placed or _is_general(card))
    return 10 + 2 * words + 5 * (card.kind == form.kinds[0]) + 3 * here


def _by_image(card: Card, asked: _Asked) -> int:
    """How closely a card on reading fits the kind of image or the part named, or else the image in view."""
    if asked.codes:
        named_too = not card.parts or (asked.part and _of_part(card, asked.clause) != "no")
        return 5 if named_too else 0
    fits = not asked.part or _of_part(card, asked.clause) == "yes"
    if asked.row is None:
        return 2 if asked.part and fits else 0
    return 3 if fits and is_of_kind(card, asked.row) else 0


def is_of_kind(card: Card, row: ImageRow) -> bool:
    """Whether a card is about images of this kind; one of an unknown part may be of any."""
    code = SAME_MODALITY.get(row.modality or "", row.modality)
    return (not card.modalities or code in card.modalities) and _of_part(card, row.body_part) != "no"


def _is_general(card: Card) -> bool:
    """Whether a card is for any part of the body, or for so many that an unknown one may be among them."""
    return not card.parts or len(card.parts) >= _MANY_PARTS


def _is_placed(clause: str, row: ImageRow) -> bool:
    """Whether it is known which part of the body a question is about.

    Of an image of an unknown part it is, where all cards with the words of the finding share a part: a
    fracture may be anywhere, a subdural haematoma may not.
    """
    if row.body_part or parts_named(clause):
        return True
    said = [(_said(card, clause), {*card.parts}) for card in cards() if card.kind in _OF_FINDINGS]
    most = max(words for words, _ in said)
    parts = [where for words, where in said if words == most and where]
    return not parts or bool(set.intersection(*parts))


def _of_part(card: Card, part: str | None) -> str | None:
    asked = KindQuestion(parts=card.parts, choice=True)
    return of_parts(asked, Gate(domain="unknown", known_from="user", body_part=part))
