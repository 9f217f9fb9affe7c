"""The teaching card that answers a message, where one surely does, whatever it is heard as besides.

People ask in the middle of a chat, in few words, and lean on what was talked of: “and lying down?”. What is
asked for somebody's sake, and what a quiz waits for, stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.hearing.general import in_general
from assistant.planning.alarms import hear
from assistant.planning.aside import is_aside
from assistant.planning.card_choice import BEFORE, Asked, Choice, choice
from assistant.planning.card_search import NEAR, beginnings, clearly, nearest
from assistant.planning.cards_held import card_held
from assistant.planning.chosen import LIKELY, SURELY, answer
from assistant.planning.conversation import Conversation
from assistant.planning.earlier import as_written
from assistant.planning.follow_on import joins
from assistant.planning.judge import ANSWERED
from assistant.planning.library import is_in_quiz
from assistant.planning.of_a_card import line_meant
from assistant.planning.task import NEEDS_IMAGE, Task
from assistant.planning.teaching import NAMED, found, told_of
from assistant.planning.words import Intent
from tools.language import glossary
from tools.language.kind_questions import kind_question
from tools.language.pictures import names_picture
from tools.language.rules import heard
from tools.language.teaching_cards import Card

_HOW_SOON, _GO_ON = heard("soon", "how_soon"), heard("going_on", "go_on")
_POINTS_OUT, _STATE = heard("judging", "points_out"), heard("judging", "of_a_state")
_NORM = heard("follow_on", "norm")
# What no card stands in the place of.
_KEPT: tuple[Intent, ...] = ("danger", "personal", "identity", "declined", "limit")
# What a card may stand in the place of, where it surely answers; anything else only where that is asked at
# length and in general.
_LIGHT: tuple[Intent, ...] = (
    "unclear", "textbook", "glossary", "teach", "read", "why", "compare", "describe", "skin_tone",
    "reader_quality", "total_score", "which_is", "harm", "advice",
)  # fmt: skip
_OF_PEOPLE: tuple[Intent, ...] = ("harm", "advice")
_PEOPLE = {"harm", "advice", "personal", "identity"}
# What is made of words that nobody understood, or that no card was found for.
_OPEN: tuple[Intent, ...] = ("unclear", "textbook")
# What Casebook is not for gets no titles of cards.
_OUTSIDE = "none"
# What is asked of a picture in view, unless it sounds general.
_OF_WHAT_IS_SEEN: tuple[Intent, ...] = ("read", "describe")
# What is said of pictures, or of answers, that are not there.
_OF_WHAT_IS_THERE: tuple[Intent, ...] = ("why", "compare", "skin_tone")
# Ours: so near in words a card has to be for those alone, where others are as near, and beside a picture.
_VERY_NEAR, _NEAR_BY_A_PICTURE = 22.0, 24.0
# Ours: how general a message has to sound that is heard as something else, and one that is heard as asked of
# the picture; how surely a card has to be the answer where a reading model may be asked; who asks in so many
# words does not name a fact of the file; and what is shorter says little.
_GENERAL, _RATHER_GENERAL, _BESIDE_A_READER, _AT_LENGTH, _FEW = 0.7, 0.5, 0.7, 6, 3


def by_card(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks, or what the card comes to that answers the message.

    Args:
        tasks: what the message is heard as.
        talk: the conversation.
    """
    is_open = _is_open(tasks, talk)
    has_matter = not is_open and any(_has_its_matter(one, talk) for one in tasks)
    if has_matter or not _may_be_taught(tasks, talk):
        return [*tasks]
    said, chosen = talk.said or talk.question, chosen_for(talk)
    if chosen.sure < SURELY and is_open and (line := line_meant(said, talk)):
        return [line]
    if _stays(tasks, chosen, talk, is_open=is_open):
        return [*tasks]
    told = answer(chosen, said, tasks[0].images[-1:], is_open=is_open)
    if is_open and (told is None or told.intent == "textbook"):
        told = _by_words(talk) or told
    if told is None or (told.intent == "textbook" and hear(said).best[0] == _OUTSIDE):
        return [*tasks]
    return [told]


def chosen_for(talk: Conversation) -> Choice:
    """The cards that may answer a message, after what was asked before."""
    turns = [one for one in reversed(talk.past) if not is_aside(one)]
    before = tuple(as_written(one, talk) for one in turns[:BEFORE])
    shown = tuple(card.id for one in turns if (card := card_held(one.text)))
    return choice(Asked(talk.said or talk.question, before, shown, talk.language))


def _may_be_taught(tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether a card may stand in the place of what a message is heard as."""
    said, heard_as = talk.said or talk.question, {one.intent for one in tasks}
    if talk.spoken not in ANSWERED or heard_as & {*_KEPT} or is_in_quiz(said, talk):
        return False
    if _GO_ON.search(said) or any(map(is_a_word, tasks)):
        return False
    of_people = hear(said).alarms & _PEOPLE or _HOW_SOON.search(said)
    return not of_people or _asks_for_norm(talk) or not heard_as & {*_OF_PEOPLE, "read", "measure"}


def _by_words(talk: Conversation) -> Task | None:
    """What the cards come to that hold the words of a message which nothing else answers."""
    said = talk.said or talk.question
    asked = f"{as_written(talk.past[-1], talk)} {said}" if _asks_for_norm(talk) else said
    near = nearest(asked, talk.language)
    if not near or near[0].nearness < (_NEAR_BY_A_PICTURE if talk.ids else NEAR):
        return None
    if found := clearly(near):
        return Task("teach", found.card.title, detail=found.card.id)
    ids = " ".join(one.card.id for one in near[:NAMED])
    return Task("teach", near[0].card.title, detail=ids) if near[0].nearness >= _VERY_NEAR else None


def _stays(tasks: Sequence[Task], chosen: Choice, talk: Conversation, *, is_open: bool) -> bool:
    """Whether a message stays what it is heard as, however sure a card is."""
    if talk.readers and talk.ids and chosen.sure < _BESIDE_A_READER:
        return True
    if _is_taught(tasks) and (chosen.sure < SURELY or _shows(tasks, chosen.cards)):
        return True
    says_nothing = not beginnings(talk.said or talk.question, talk.language) and not _asks_for_norm(talk)
    if says_nothing and not (is_open and chosen.sure >= LIKELY):
        return True
    return _says_nothing_of_it(chosen.cards[0], talk)


def _is_open(tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether nothing answers a message as it is heard: no card, no picture, or nobody understood it."""
    heard_as = {one.intent for one in tasks}
    if talk.ids:
        known = all(one.intent in _OPEN or _is_known_word(one) for one in tasks)
        return known or _asks_for_norm(talk)
    return heard_as <= {*_OPEN, "glossary", *NEEDS_IMAGE, *_OF_WHAT_IS_THERE} and not any(
        one.note for one in tasks
    )


def _says_nothing_of_it(card: Card, talk: Conversation) -> bool:
    """Whether a card was shown last, and holds nothing of what a message names."""
    turn = next((one for one in reversed(talk.past) if not is_aside(one)), None)
    if turn is None or card_held(turn.text) != card:
        return False
    told = told_of(card, talk)
    held = beginnings(f"{told.title} {told.text}", talk.language)
    return not held & beginnings(talk.said or talk.question, talk.language)


def _asks_for_norm(talk: Conversation) -> bool:
    """Whether a short message asks how what was talked of should be: “what should it be then?”."""
    said = talk.said or talk.question
    few = len(beginnings(said, talk.language)) < _FEW
    return few and bool(talk.past) and not talk.attached and _NORM.search(said) is not None


def _has_its_matter(task: Task, talk: Conversation) -> bool:
    """Whether there is what a task is about, and not only a word that names it."""
    said = talk.said or talk.question
    if task.intent not in _LIGHT:
        at_length = len(said.split()) >= _AT_LENGTH and in_general(said, talk.language) >= _GENERAL
        return bool(task.detail) or not at_length
    if task.intent == "compare":
        return len(talk.ids) > 1
    points_out = talk.attached or _POINTS_OUT.search(said)
    if task.intent in _OF_WHAT_IS_SEEN and talk.ids:
        asks_of_it = _STATE.match(task.clause) or kind_question(task.clause) or names_picture(said)
        if asks_of_it or points_out or _goes_on_of_picture(talk):
            return True
        return in_general(said, talk.language) < _RATHER_GENERAL
    return bool(talk.ids and points_out and task.intent not in _OPEN)


def _goes_on_of_picture(talk: Conversation) -> bool:
    """Whether a few words go on from what was looked at in a picture: “and the bones?”."""
    turn = next((one for one in reversed(talk.past) if not is_aside(one)), None)
    said = talk.said or talk.question
    few = len(said.split()) <= _AT_LENGTH and joins(said)
    return few and turn is not None and bool(turn.results) and card_held(turn.text) is None


def _is_known_word(task: Task) -> bool:
    """Whether a word is asked for that the vocabulary knows, and does not explain."""
    return task.intent == "glossary" and bool(glossary.meant(task.clause)) and not is_a_word(task)


def is_a_word(task: Task) -> bool:
    """Whether a word is asked for that the vocabulary explains."""
    if task.intent != "glossary":
        return False
    return any(one.means for one in glossary.meant(task.clause)) or bool(glossary.explain(task.clause))


def _is_taught(tasks: Sequence[Task]) -> bool:
    """Whether a form of question has found a card."""
    return any(one.intent == "teach" and not one.detail for one in tasks)


def _shows(tasks: Sequence[Task], likely: Sequence[Card]) -> bool:
    """Whether a form of question found a card that is likely too, or none of the short ones is likelier."""
    taught = (found(one.clause) for one in tasks if one.intent == "teach" and not one.detail)
    near = {one.id for one in likely[:NAMED]}
    return likely[0].kind != "fact" or any(each.card.id in near for fit in taught for each in fit[:NAMED])
