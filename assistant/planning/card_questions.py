"""What a quiz on teaching cards asks: the cards of a topic, a line of one, and the titles beside its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.planning.card_search import beginnings, nearest
from assistant.planning.cards_held import card_held
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.teaching import told_of
from tools.language.anatomy import BODY
from tools.language.glosses import heard_as
from tools.language.kind_questions import parts_named
from tools.language.label_names import names_a_finding
from tools.language.library import FILMS, RADIOLOGY, SKIN
from tools.language.modalities import MODALITY
from tools.language.rules import heard
from tools.language.sayings import FIRST, languages
from tools.language.teaching_cards import Card, cards, told_in

_ON_THIS, _IDLE, _OF_CASES = (heard("card_quiz", one) for one in ("on_this", "idle", "of_cases"))
# Ours: options of a question, and cards that a topic may draw from.
_OPTIONS, _POOL = 4, 15
# Ours: so near, by what the nearest is, a card is of a topic too, and may say a line too.
_OF_TOPIC, _SAYS_IT_TOO = 0.6, 0.5
# Ours: less near than this, a word is the subject of no card.
_KNOWN = 5
# Ours: a line has to say something, and to be read at once.
_SHORTEST, _LONGEST = 45, 260
_STEP = re.compile(r"^(?:\d+\.|-) ")
_SENTENCE = re.compile(r"(?<=[.;]) (?=[A-ZÄÖÜÁÉÍÓÚÑ])")
_OF_SKIN = frozenset({"XC", "DMS"})


def is_on_cards(said: str, language: str) -> bool:
    """Whether a quiz is wished on what no case shows: what was talked of, or a topic of another kind."""
    if _OF_CASES.search(said):
        return False
    return _ON_THIS.search(said) is not None or bool(topic_of(said) and not _is_of_cases(said, language))


def pool(said: str, talk: Conversation, before: Sequence[PastTurn]) -> list[Card]:
    """The cards of a topic: of a part of the body or a kind of picture that is named, else the nearest.

    Args:
        said: the words that began the quiz.
        talk: the conversation.
        before: the turns before them that were of no quiz.
    """
    topic, on_this = topic_of(said), _ON_THIS.search(said)
    if on_this and before:
        shown = card_held(before[-1].text)
        topic = told_of(shown, talk).title if shown else before[-1].question
    if not topic:
        return [one for one in cards() if one.kind in ("fact", "finding") and one.modalities]
    of_kind = _of_kind(heard_as(topic, talk.language))
    if of_kind and not on_this and _is_of_cases(said, talk.language):
        return of_kind
    near = nearest(topic, talk.language)[:_POOL]
    return [one.card for one in near if one.nearness >= _OF_TOPIC * near[0].nearness]


def lines(card: Card, talk: Conversation) -> Iterator[str]:
    """The sentences of a card that may be asked for: none that holds words of its title, or fits another."""
    own = beginnings(told_of(card, talk).title, talk.language)
    for line in told_of(card, talk).text.splitlines():
        whole = _STEP.sub("", line).strip()
        for part in (whole, *_SENTENCE.split(whole)):
            if _SHORTEST <= len(part) <= _LONGEST and not own & beginnings(part, talk.language):
                yield part
                break


def is_its_own(line: str, card: Card, language: str) -> bool:
    """Whether a line is nearest to its own card, so that no other is the answer."""
    near = nearest(line, language)
    return bool(near) and near[0].card == card


def options(card: Card, line: str, talk: Conversation) -> list[str]:
    """The title of a card among those of others that are near to it and do not say its line."""
    title = told_of(card, talk).title
    by_line = nearest(line, talk.language)
    says_it = {one.card.id for one in by_line if one.nearness >= _SAYS_IT_TOO * by_line[0].nearness}
    near = [one.card for one in nearest(title, talk.language) if one.card.id not in {card.id, *says_it}]
    alike = [one for one in near if not one.modalities or {*one.modalities} & {*card.modalities}]
    titles = dict.fromkeys(told_of(one, talk).title for one in (*alike, *near))
    return sorted([title, *[one for one in titles if one != title][: _OPTIONS - 1]], key=str.casefold)


def card_of(line: str) -> Card | None:
    """The card that a line is of, in any language."""
    others = [one for one in languages() if one != FIRST]
    for card in cards():
        told = (card.text, *(found.text for one in others if (found := told_in(card, one))))
        if any(line in text for text in told):
            return card
    return None


def subject_of(said: str, language: str) -> str:
    """The topic of a message where cards are known to be on it; empty for none, or other words."""
    topic = topic_of(said)
    near = nearest(topic, language) if topic else []
    known = near and near[0].nearness >= _KNOWN
    return topic if known or (topic and _is_of_cases(said, language)) else ""


def topic_of(said: str) -> str:
    """What a quiz is to be about, in words; empty where nothing is said of it."""
    return re.sub(r"\W+", " ", _IDLE.sub(" ", said)).strip()


def _is_of_cases(said: str, language: str) -> bool:
    """Whether a topic is a part of the body, a kind of picture or a finding, of which cases may be held."""
    left = heard_as(topic_of(said), language)
    if names_a_finding(left):
        return True  # a label, as it may be
    for words in (BODY, MODALITY, SKIN, RADIOLOGY, FILMS):
        left = words.sub(" ", left)
    return not re.search(r"\w{3}", left)


def _of_kind(topic: str) -> list[Card]:
    """The cards on a part of the body, or else on a kind of picture."""
    parts = {*parts_named(topic)}
    codes = {found.lastgroup for found in MODALITY.finditer(topic)} | (
        _OF_SKIN if SKIN.search(topic) else set()
    )
    if of_part := [one for one in cards() if {*one.parts} & parts]:
        return of_part
    return [one for one in cards() if {*one.modalities} & codes]
