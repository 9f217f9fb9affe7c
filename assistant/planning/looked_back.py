"""What leans on what the chat has said already, in three languages.

A number alone, the first question and the first measurement, what was said about a thing, what a share or a
measure takes in, an outline that is to be seen again, and a Hounsfield value that was on a card.
"""

from __future__ import annotations

import re

from assistant.planning.cards_held import holds_card
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.follow_on import joins
from assistant.planning.follow_up import readings
from assistant.planning.polite import is_polite
from assistant.planning.reference import resolve
from assistant.planning.slices import in_window
from assistant.planning.task import Task
from assistant.planning.values_on_cards import HOUNSFIELD, entries_named, titled
from store.records import Measurement, View
from tools.language.rules import heard

NUMBER, FIRST_QUESTION, FIRST_MEASURE, ABOUT = "number", "first question", "first measure", "about: "
INCLUDES, OUTLINE_AGAIN, MEANS, PICTURES = "includes", "outline again", "means", "pictures"
ASKED_BEFORE, BY_SOURCE, WRONG_PICTURE = "asked before", "by source", "wrong picture"
"""Details of tasks that are answered from what was said before."""
_NUMBER, _IDLE, _ABOUT = heard("back", "number_only"), heard("back", "idle"), heard("back", "about")
_EARS = {
    FIRST_QUESTION: heard("back", "first_question"), ASKED_BEFORE: heard("back", "asked_before"),
    FIRST_MEASURE: heard("back", "first_measure"), BY_SOURCE: heard("back", "by_source"),
}  # fmt: skip
INCLUDED, _SHOW_AGAIN, _OUTLINE = (heard("back", one) for one in ("includes", "show_again", "outline"))
_AGAIN, _NUMBER_MEANS, _PICTURES = (heard("back", one) for one in ("again", "number_means", "pictures"))
# Ours: what is longer asks for more than a value once more.
_LONGEST = 9


def looked_back(talk: Conversation) -> list[Task]:
    """The tasks of a message that leans on an earlier answer; none for any other message."""
    said = talk.said or talk.question
    if talk.attached or not talk.past:
        return []
    for detail, ear in _EARS.items():
        if ear.search(said):
            return [Task("recall", said, detail=detail)]
    if talk.ids and _PICTURES.search(said):
        return [Task("claim", said, detail=PICTURES)]
    if _NUMBER.search(said) and not re.search(r"\w", _IDLE.sub(" ", _NUMBER.sub(" ", said))):
        return [Task("recall", said, detail=NUMBER)]
    if (about := _ABOUT.search(said)) and not readings(talk):
        return [Task("recall", said, detail=f"{ABOUT}{about[about.lastgroup or 0].strip()}")]
    return _meaning(said, talk) or _of_values(said, talk) or _included(said, talk) or _shown_again(said, talk)


def measured_last(talk: Conversation) -> PastTurn | None:
    """The last turn that measured something, thanks and the like left out."""
    asked = (turn for turn in reversed(talk.past) if not is_polite(turn.question))
    return next(filter(_measured, asked), None)


def _measured(turn: PastTurn) -> bool:
    return any(isinstance(record, Measurement) for one in turn.results for record in one.records)


def _meaning(said: str, talk: Conversation) -> list[Task]:
    """What the number that was measured last means, or more of it."""
    meant = _NUMBER_MEANS.search(said) and measured_last(talk)
    return [Task("why", said, detail=MEANS)] if meant else []


def _of_values(said: str, talk: Conversation) -> list[Task]:
    """A tissue's value on the Hounsfield scale, after the card was shown or where the scale is named."""
    if len(said.split()) > _LONGEST or not entries_named(said, talk.language):
        return []
    told = [turn.text for turn in talk.past if not is_polite(turn.question)]
    goes_on = joins(said) and bool(told) and holds_card(told[-1], HOUNSFIELD)
    if not goes_on and not (_AGAIN.search(said) and any(holds_card(one, HOUNSFIELD) for one in told)):
        return []
    return [Task("teach", titled(said))]


def _included(said: str, talk: Conversation) -> list[Task]:
    """What a share, or a measure of a lesion, takes in."""
    turn = measured_last(talk)
    if turn is None or not INCLUDED.search(said):
        return []
    shares = any(one.tool == "inspect_image" for one in turn.results)
    ids = tuple(dict.fromkeys(one.image_id for one in turn.results if one.records))[-1:]
    return [Task("tissue" if shares else "measure", talk.question, ids, detail=INCLUDES)]


def _shown_again(said: str, talk: Conversation) -> list[Task]:
    """The outline or the view that was shown last."""
    if not _SHOW_AGAIN.search(said):
        return []
    ran = [one for turn in talk.past for one in turn.results if one.tool in ("measure_lesion", "show_slice")]
    if not ran or ran[-1].refused or (_OUTLINE.search(said) and ran[-1].tool == "show_slice"):
        return []
    meant = resolve(talk.question, talk)
    ids = meant.ids[-1:] if meant.explicit else (ran[-1].image_id,)
    if ran[-1].tool == "measure_lesion":
        return [Task("measure", talk.question, ids, detail=OUTLINE_AGAIN)]
    views = [one for one in ran[-1].records if isinstance(one, View)]
    view = views[-1] if views and views[-1].width else None
    order = in_window(ids[0], view.width or 0.0, view.level or 0.0) if view else f"show {ids[0]}"
    return [Task("slice", order, ids, detail=str(talk.image(ids[0]).index + 1))]
