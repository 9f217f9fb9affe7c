"""What the chat makes of a message that says little: “go on”, “here is another one”, or nothing known."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.planning.alarms import hear
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.lexicon import kind_stated
from assistant.planning.looked_back import WRONG_PICTURE
from assistant.planning.only_said import only_supposes
from assistant.planning.possible import COMPLAINTS
from assistant.planning.reference import focus, is_elliptical, resolve
from assistant.planning.task import Task
from assistant.planning.words import Intent, intent_of
from tools.language.rules import heard
from tools.language.sayings import was_said

_GO_ON, _ANNOUNCES, _ORDERS, _WHOSE = (
    heard("going_on", name) for name in ("go_on", "announces", "orders", "whose")
)
_NEXT, _WRONG = heard("reference", "next_picture"), heard("going_on", "wrong_picture")
# Ours: what is longer tells more.
_LONGEST = 16
# Ours: how much a message has to sound like one that takes something out of the chat.
_SURELY_REMOVED = 0.9
_OF_SOMEBODY: tuple[Intent, ...] = ("danger", "harm", "personal", "advice", "for_care")
# By which sentences an answer is known to have told something; what a picture is, by any look at it.
_TOLD_BY: dict[Intent, tuple[str, ...]] = {
    "measure": ("measures.measured", "measures.measured_inside", "measures.cannot"),
    "tissue": ("tissue.shares", "tissue.needs_units", "tissue.not_on_scale"),
    "quality": ("quality.sound", "quality.limits"),
    "facts": ("file.everything",),
    "teach": ("teaching.mark",),
}
# What is hardly meant by words that nobody understood where a picture is there.
_UNLIKELY: tuple[Intent, ...] = (
    "privacy", "manage", "capabilities", "library", "rank", "classify", "recall", "display", "treat_as",
)  # fmt: skip


def more_wished(clause: str, talk: Conversation) -> Task | None:
    """What “tell me more” asks for: the first of what was not told yet of the picture that is talked of."""
    if not (talk.past and talk.ids) or talk.attached or not _GO_ON.search(clause):
        return None
    left, image = untold(talk), shown(talk)
    return Task(left[0] if left else "unclear", clause, (image,), detail="" if left else "all told")


def of_what_is_told(talk: Conversation) -> Task | None:
    """The task of a message that only supposes something of a picture, or only brings one."""
    said = talk.said or talk.question
    if only_supposes(said, talk):
        return Task("disagree", talk.question, resolve(talk.question, talk).ids[-1:])
    if announced(talk):
        return Task("describe", talk.question, talk.attached)
    return Task("recall", said, _before(talk), detail=WRONG_PICTURE) if _says_wrong(said, talk) else None


def _says_wrong(said: str, talk: Conversation) -> bool:
    """Whether a message says that the picture before was the wrong one, and asks nothing."""
    here = bool(_before(talk)) and not talk.attached and len(said.split()) <= _LONGEST
    return here and _WRONG.search(said) is not None and "?" not in said and not _removes(said)


def _removes(said: str) -> bool:
    """Whether a message wants something taken out of the chat."""
    return dict(hear(said).intents).get("manage", 0.0) >= _SURELY_REMOVED


def _before(talk: Conversation) -> tuple[str, ...]:
    return (focus(talk) or talk.ids)[-1:]


def announced(talk: Conversation) -> bool:
    """Whether a message only says that a picture comes with it: “here's another one, same patient”.

    What only names the picture (“now this one”) goes on with what was asked of the one before.
    """
    said = (talk.said or talk.question).strip()
    if talk.attached and _WRONG.search(said) and "?" not in said and not _removes(said):
        return True
    if not (talk.attached and _ANNOUNCES.search(said)) or _ORDERS.search(said) or kind_stated(talk.question):
        return False
    of_somebody = intent_of(talk.question)[0] in _OF_SOMEBODY or hear(said).alarms & COMPLAINTS
    whose = _WHOSE.search(said)
    goes_on = _NEXT.search(talk.question) or any(is_elliptical(one, talk) for one in clauses(talk.question))
    return not of_somebody and bool(whose or not goes_on)


def untold(talk: Conversation) -> tuple[Intent, ...]:
    """What can be told of the picture that is talked of and was not told yet, the likeliest first."""
    row = talk.image(shown(talk))
    texts = [turn.text for turn in talk.past if any(one.image_id == row.id for one in turn.results)]
    cards = [turn.text for turn in talk.past]
    return tuple(one for one in _tellable(row) if not _was_told(one, cards if one == "teach" else texts))


def readings(either: Iterable[Intent], talk: Conversation) -> tuple[Intent, ...]:
    """The readings of words that nobody understood that can be, without what was asked back just before.

    Of a picture that came now, what is not told yet may be meant as well.
    """
    asked = talk.past[-1].text if talk.past else ""
    heard_so = [one for one in either if _can_be(one, talk)]
    every = dict.fromkeys((*heard_so, *(untold(talk) if talk.attached else ())))
    return tuple(one for one in every if talk.say(f"asking.{one}") not in asked)[:2]


def shown(talk: Conversation) -> str:
    """The picture that is talked of."""
    return (talk.attached or focus(talk) or talk.ids)[-1]


def _tellable(row: ImageRow) -> tuple[Intent, ...]:
    if row.domain == "dermatology":
        return ("what_is", "measure", "quality", "facts")
    on_scale = row.modality == "CT" and row.known_from != "pixels"
    return ("what_is", "quality", *(("tissue",) if on_scale else ()), "facts")


def _was_told(intent: Intent, texts: list[str]) -> bool:
    if intent == "what_is":
        return bool(texts)
    return any(was_said(name, text) for name in _TOLD_BY[intent] for text in texts)


def _can_be(intent: Intent, talk: Conversation) -> bool:
    """Whether there is what a reading is about, and it is no odd one beside a picture."""
    several = len(talk.ids) > 1
    lacks: dict[Intent, bool] = {
        "compare": not several,
        "slice": not any(row.frames > 1 for row in talk.images),
        "measure": not any(row.domain == "dermatology" for row in talk.images),
        "tissue": not any(row.modality == "CT" for row in talk.images),
        "why": not any(turn.results for turn in talk.past),
    }
    return intent not in _UNLIKELY and not lacks.get(intent, False)
