"""What a short message asks on from a lesson: “and the diaphragm?”, “y cuánto dura”, “und bei Kindern?”.

The cards are asked for what is asked newly, and for that with what was talked of: an answer has to be near to
both, else it is said that no card is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.hearing.general import in_general
from assistant.planning.alarms import hear
from assistant.planning.aside import is_aside
from assistant.planning.card_search import Near, beginnings, clearly, nearest
from assistant.planning.cards_held import card_held
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.follow_on import is_as_well, joins, matter_of
from assistant.planning.harked import as_written, card_of, told_something
from assistant.planning.lessons import told_by
from assistant.planning.of_a_card import line_meant
from assistant.planning.task import Task
from assistant.planning.teaching import NAMED, told_of
from assistant.planning.words import Intent
from tools.language.pictures import names_picture
from tools.language.rules import heard
from tools.language.sayings import was_said

_TITLES = "teaching.near"
_BY_NO_CARD = (_TITLES, "teaching.not_of_both", "chat.textbook")
NOT_OF_BOTH = "besides:"
"""How the detail of a task begins that is of no card; what was talked of follows."""
_LEANS, _NORM, _GO_ON = (
    heard("follow_on", "of_what_was_named"), heard("follow_on", "norm"), heard("going_on", "go_on")
)  # fmt: skip
_POINTS_OUT, _JUDGES = heard("judging", "points_out"), heard("follow_on", "judges")
_HOW_SOON = heard("soon", "how_soon")
_PEOPLE = {"danger_body", "danger_self", "harm", "personal", "identity"}
# Ours: a lesson longer ago is no more what is talked of.
_REMEMBERED = 2
# Ours: what is longer, or says more, stands by itself.
_LONGEST, _SHORT, _FEW = 12, 8, 3
# Ours: by what a message sounds like general from here on, and where rules hear something of the picture.
_GENERAL, _SURELY, _JOINED = 0.5, 0.7, 0.25
# Ours: how near a card has to be to both together, from where on it surely answers, and what stands out.
_NEAR, _SURE, _BY_FAR = 22.0, 36.0, 1.15
# Ours: as near to a message alone a card needs nothing of what was talked of.
_VERY_NEAR = 17.5
# Ours: how much of a message has to stand in a card, and how near that has to be to what was talked of.
_OF_MESSAGE, _OF_TOPIC = 0.57, 3.0
# What is heard in a few words that may as well go on from a lesson, and of the picture beside it.
_OPEN: tuple[Intent, ...] = ("unclear", "textbook")
_MAY: tuple[Intent, ...] = (
    *_OPEN, "read", "glossary", "describe", "limit", "advice", "compare", "which_is",
    "total_score", "skin_tone", "rank",
)  # fmt: skip
_OF_LITTLE = frozenset({*_OPEN, "read", "limit", "advice", "glossary", "describe", "treat_as", "what_is"})
_OF_A_PICTURE: tuple[Intent, ...] = (
    "what_is",
    "facts",
    "header",
    "treat_as",
    "measure",
    "quality",
    "tissue",
    "display",
)


def on_from_a_lesson(tasks: Sequence[Task], talk: Conversation) -> Task | None:
    """What answers a message that goes on from a lesson; None for one that does not.

    Args:
        tasks: what it is heard as by itself.
        talk: the conversation.
    """
    said = _said(talk)
    if hear(said).alarms & _PEOPLE or _HOW_SOON.search(said):
        return None
    if _NORM.search(said) and not talk.attached and len(beginnings(said, talk.language)) < _FEW:
        return _norm(said, talk)
    topics = [*_topics(talk, tasks)]
    if not topics or not _goes_on(said, tasks, talk):
        return None
    if _LEANS.search(said) and len(beginnings(said, talk.language)) < _FEW:
        whole = f"{topics[0]} {said}"
        if found := told_by(nearest(whole, talk.language), whole, ()):
            return found
    said = _JUDGES.sub(" ", said)
    alone = nearest(said, talk.language)
    clear = clearly(alone)
    if clear and clear.nearness >= _VERY_NEAR and clear.share == 1 and not joins(said):
        return None
    return _found(next(filter(None, (_of_both(alone, said, one, talk) for one in topics)), []), said, talk)


def _found(near: Sequence[Near], said: str, talk: Conversation) -> Task | None:
    """What the cards near to both come to: a line of the one that was shown, that one again, or another."""
    line, shown = line_meant(said, talk), card_held(talk.past[-1].text)
    if line and (not near or near[0].card == shown):
        return line
    if near and near[0].card == shown and (len(near) == 1 or _stands_out(near)):
        return Task("teach", near[0].card.title)
    near = [one for one in near if one.card != shown]
    return _told(near) if near else None


def of_no_card(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks; what goes on from a lesson and was found on no card is said so, with what was talked of."""
    said = _said(talk)
    joined = joins(said) or is_as_well(said) or _LEANS.search(said) is not None
    unanswered = all(one.intent in _OPEN and not one.detail for one in tasks)
    of_little = unanswered or {one.intent for one in tasks} <= _OF_LITTLE
    if not (joined and of_little and _goes_on(said, tasks, talk) and any(_topics(talk, tasks))):
        return [*tasks]
    return [Task("textbook", said, detail=f"{NOT_OF_BOTH}{_name(talk)}")]


def _told(near: Sequence[Near]) -> Task:
    """The nearest card as the answer, or as what may not be it; beside it those that are about as near."""
    first = near[0]
    if len(near) > 1 and not _stands_out(near):
        return Task("teach", first.card.title, detail=" ".join(one.card.id for one in near[:NAMED]))
    return Task("teach", first.card.title, detail="" if first.nearness >= _SURE else first.card.id)


def _stands_out(near: Sequence[Near]) -> bool:
    return near[0].nearness >= _BY_FAR * near[1].nearness


def _of_both(alone: Sequence[Near], said: str, topic: str, talk: Conversation) -> list[Near]:
    """The cards by how near they are to a message, and to it with what was talked of; none far from one."""
    by_itself = {one.card.id: one.nearness for one in alone if one.share >= _OF_MESSAGE}
    of_topic = {one.card.id for one in nearest(topic, talk.language) if one.nearness >= _OF_TOPIC}
    with_it = [one for one in nearest(said, talk.language, topic) if one.card.id in of_topic]
    near = [one._replace(nearness=one.nearness + by_itself.get(one.card.id, 0.0)) for one in with_it]
    return sorted((one for one in near if one.nearness >= _NEAR), key=lambda one: -one.nearness)


def _goes_on(said: str, tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether a message may leave to a lesson what it is about, and asks of no picture."""
    heard_as = {one.intent for one in tasks}
    if talk.attached or len(said.split()) > _LONGEST or _GO_ON.search(said) or names_picture(talk.question):
        return False
    few = 0 < len(beginnings(said, talk.language)) <= _FEW and not (talk.ids and heard_as - {*_OPEN})
    joined = joins(said) or is_as_well(said)
    if not (joined or _LEANS.search(said) or few) or not heard_as <= {*_MAY, *_OF_A_PICTURE}:
        return False
    if talk.ids and (_POINTS_OUT.search(said) or talk.readers):
        return False
    short = joined and len(said.split()) <= _SHORT
    least = _SURELY if talk.ids and heard_as & {*_OF_A_PICTURE} else _JOINED if short else _GENERAL
    return in_general(said, talk.language) >= least


def _topics(talk: Conversation, tasks: Sequence[Task]) -> Iterator[str]:
    """What the last lessons were about: the question, and the title of the card that answered it.

    Of a question about a picture it is the finding or the view that it names, where nobody understood the
    message and it names none itself.
    """
    unknown = {one.intent for one in tasks} <= {*_OPEN} and not matter_of(_said(talk), talk.language)

    told = told_something(talk)
    for turn in [one for one in reversed(talk.past) if not is_aside(one)][:_REMEMBERED]:
        card = card_of(turn)
        if card is None and not _was_general(turn, talk):
            matter = matter_of(as_written(turn, talk), talk.language)
            if matter and unknown:
                yield matter
            elif turn in told:
                return
            continue
        yield f"{as_written(turn, talk)} {told_of(card, talk).title if card else ''}"


def _was_general(turn: PastTurn, talk: Conversation) -> bool:
    """Whether a question was answered by no card, yet asked in general."""
    if turn.results or not any(was_said(name, turn.text) for name in _BY_NO_CARD):
        return False
    titles = was_said(_TITLES, turn.text)
    return titles or in_general(as_written(turn, talk), talk.language) >= _GENERAL


def _norm(said: str, talk: Conversation) -> Task | None:
    """“What should it be then?”: the card on what was asked last, of a picture too."""
    turn = next((one for one in reversed(talk.past) if not is_aside(one)), None)
    if turn is None:
        return None
    whole = f"{as_written(turn, talk)} {said}"
    near = nearest(whole, talk.language)
    if found := told_by(near, whole, ()):
        return found
    titles = " ".join(one.card.id for one in near[:NAMED] if one.share >= _OF_MESSAGE)
    return Task("textbook", said, detail=titles or f"{NOT_OF_BOTH}{_name(talk)}")


def _said(talk: Conversation) -> str:
    return talk.said or talk.question


def _name(talk: Conversation) -> str:
    """What was talked of last, by its title, else in the words of the question."""
    turn = next(one for one in reversed(talk.past) if not is_aside(one))
    card = card_of(turn)
    return told_of(card, talk).title if card else as_written(turn, talk).rstrip(" ?.!")
