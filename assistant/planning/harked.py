"""What a message asks of what was said before, heard by an ear: in short, again, all of it, where it is from.

“Nur Stichworte”, “whole chat in four points”, “was that right?”, “where did you get the kappa advice from?”
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.hearing.ear import hear
from assistant.hearing.harks import harks
from assistant.planning.aside import is_aside
from assistant.planning.card_choice import Asked, choice
from assistant.planning.card_search import beginnings, clearly, nearest
from assistant.planning.chosen import answer
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.earlier import as_written, card_of
from assistant.planning.follow_up import readings
from assistant.planning.looked_back import BY_SOURCE, FIRST_QUESTION
from assistant.planning.points import part_meant
from assistant.planning.polite import is_polite
from assistant.planning.reference import names_image
from assistant.planning.set_right import set_right
from assistant.planning.small_talk import TOLD
from assistant.planning.task import Task
from assistant.planning.teaching import told_of
from assistant.planning.told_scale import SIZE, told_scale
from tools.language import glossary
from tools.language.rules import heard
from tools.language.sayings import was_said

SHORTER, AGAIN, SIMPLER, SUMMARY = "shorter", "again", "simpler", "summary"
RIGHT, WORD, SOURCE, MEANT = "right", "word", "source", "meant"
LISTED, PART, WHERE, TRACED, REDO, REFUSAL = "listed", "part", "where", "traced", "redo", "refusal"
"""Kinds of the ear, which are the files of ``prompts/harks`` and details of tasks."""
ASKED_OF_IT = (SHORTER, AGAIN, SIMPLER, SUMMARY, RIGHT, WORD, LISTED, PART)
_LOOKS_BACK = {"first": FIRST_QUESTION, BY_SOURCE.replace(" ", "_"): BY_SOURCE, WHERE: WHERE}
_OF_FORM = (SHORTER, AGAIN, SIMPLER, SUMMARY, LISTED)
# Ours, by messages of chats: below this too much is heard as one of them; “why those?” is like “why not?”.
_ENOUGH, _OF_REFUSAL = 0.55, 0.8
# Ours: what is longer names a subject of its own.
_FEW = 5
# Ours: from here on the ear may hear a window or a slice, or what asks of an answer.
_OF_VIEW = 0.2
_OF_ANSWERS = ("why", "recall", "claim", "disagree", "sent", "declined")
_IN_POINTS = heard("back", "in_so_many_points")
_IDLE, _QUESTIONS = heard("back", "of_the_form"), heard("back", "my_questions")
OF_ANSWERS, SO_MANY_WORDS = heard("back", "of_answers"), heard("back", "so_many_words")
# What tells nothing that could be told again.
_IDLE_ANSWERS = (
    "asking.either", "chat.outside", "chat.thanks", "chat.hello", "chat.hello_again", "chat.not_understood",
    "chat.left_undone", "chat.no_image", "reading.nothing_before", "care.over", "care.harm",
    *(f"talk.{one}" for one in TOLD),
)  # fmt: skip
_DEFINED = ("terms_told.defined", "terms_told.defined_in_english")


def hark(talk: Conversation) -> str:
    """Which kind of the ear a message is; empty for one that asks nothing of what was said before."""
    said = talk.said or talk.question
    if talk.attached or not talk.past or readings(talk):
        return ""  # what a reader said is told by its own words
    scores = harks(said, talk.language)
    kind = max((one for one in scores if one != "none"), key=lambda one: scores[one])
    # Which form is wished may be open while it is sure that one is: “that last bit as bullets”.
    score = sum(scores[one] for one in _OF_FORM) if kind in _OF_FORM else scores[kind]
    if _IN_POINTS.search(said) and len(said.split()) <= _FEW:
        return kind if kind in _OF_FORM else SHORTER
    enough = score >= (_OF_REFUSAL if kind == REFUSAL else _ENOUGH)
    return kind if enough and not (kind in (PART, AGAIN) and _is_of_something_else(talk)) else ""


def _is_of_something_else(talk: Conversation) -> bool:
    """Whether a message is of a picture among several, or of a word that nobody said: “what's TE again”."""
    if len(talk.ids) > 1 and names_image(talk.question, talk):
        return True
    return bool(glossary.meant(talk.question)) and not meant_turns(talk, [*talk.past])


def harked(talk: Conversation) -> list[Task]:
    """The task of a message that asks something of what was said before; none for any other."""
    kind, said = hark(talk), talk.said or talk.question
    if kind in _OTHERWISE:
        return _OTHERWISE[kind](said, talk)
    if kind in _LOOKS_BACK:
        return [Task("recall", said, detail=_LOOKS_BACK[kind])]
    if kind not in ASKED_OF_IT or (kind in _OF_FORM and _is_of_another(talk)):
        return []
    if (kind == SUMMARY and _QUESTIONS.search(said)) or (kind in _OF_FORM and _is_of_view(said)):
        return []
    return [Task("recall", said, detail=kind)] if kind != PART or _has_parts(said, talk) else []


def _of_source(said: str, _: Conversation) -> list[Task]:
    return [Task("why", said)] if _heard(said, _OF_ANSWERS) >= _OF_VIEW else []


def _of_refusal(said: str, talk: Conversation) -> list[Task]:
    """Why something was not done, where the last answer rests on nothing."""
    last = talk.past[-1]
    return [] if last.results or card_of(last) else [Task("why", said, detail=REFUSAL)]


def _of_meant(said: str, talk: Conversation) -> list[Task]:
    """What answers a question that was meant in general, or that something else was meant and not what."""
    found = set_right(said, talk.language)
    asked = (turn for turn in reversed(talk.past) if not is_aside(turn))
    questions = (as_written(turn, talk) for turn in asked)
    before = next((one for one in questions if set_right(one, talk.language) is None), "")
    if found is None or not before:
        return []
    if found.general:
        whole = f"{before.rstrip(' ?.!')} {found.wish}".strip()
        chosen = choice(Asked(whole, (), (), talk.language))
        return [answer(chosen, whole, (), is_open=True) or Task("textbook", whole)]
    return [] if found.meant else [Task("recall", before, detail=MEANT)]


def _of_the_outline(said: str, talk: Conversation) -> list[Task]:
    """The outline that was drawn last, to be looked at."""
    ran = _outlined(talk)
    return [Task("measure", said, (ran[-1].image_id,), detail=TRACED)] if ran else []


def _done_anew(said: str, talk: Conversation) -> list[Task]:
    """What was measured last, measured anew; else what was told, once more."""
    ran, last = _outlined(talk), talk.past[-1].results
    if not last:
        return []
    if not ran or ran[-1] not in last:
        return [Task("recall", said, detail=AGAIN)]
    image = talk.image(ran[-1].image_id)
    return [Task("measure", SIZE if told_scale(talk, image) else "measure again", (image.id,))]


def _outlined(talk: Conversation) -> list[Result]:
    ran = (one for turn in talk.past for one in turn.results)
    return [one for one in ran if one.tool == "measure_lesion" and not one.refused]


def _has_parts(said: str, talk: Conversation) -> bool:
    """Whether the last answer has the part that a message is about, or an answer by its place is meant."""
    turns = told_something(talk)
    named = bool(turns) and part_meant(said, turns[-1], talk) is not None
    return bool(turns) and (named or OF_ANSWERS.search(said) is not None)


def _is_of_view(said: str) -> bool:
    """Whether what was shown is to be shown again, and not what was said."""
    return _heard(said, ("display", "slice")) >= _OF_VIEW and not SO_MANY_WORDS.search(said)


def _heard(said: str, names: tuple[str, ...]) -> float:
    return sum(share for name, share in hear(said).intents if name in names)


def _is_of_another(talk: Conversation) -> bool:
    """Whether a wish for a form is one of a new question: “BOLD in one sentence”."""
    about = _IDLE.sub(" ", SO_MANY_WORDS.sub(" ", talk.said or talk.question))
    return not meant_turns(talk, [*talk.past]) and clearly(nearest(about, talk.language)) is not None


def told_something(talk: Conversation) -> list[PastTurn]:
    """The turns whose answers may be told again, oldest first: no thanks, no question back, no repetition."""
    return [turn for turn in talk.past if turn.text and not _is_idle(turn, talk)]


def found_something(talk: Conversation) -> list[PastTurn]:
    """Those of them that found something: by a tool, on a card or in the vocabulary."""
    return [turn for turn in told_something(talk) if _has_ground(turn)]


def _has_ground(turn: PastTurn) -> bool:
    by_tool = any(one.records and not one.refused for one in turn.results)
    return by_tool or card_of(turn) is not None or any(was_said(name, turn.text) for name in _DEFINED)


def meant_turns(talk: Conversation, turns: list[PastTurn]) -> list[PastTurn]:
    """Those of the turns that a message names a thing of; none where it names nothing of any."""
    named = beginnings(_IDLE.sub(" ", talk.said or talk.question), talk.language)
    asked = [(turn, named & beginnings(_matter(turn, talk), talk.language)) for turn in turns]
    most = max((len(shared) for _, shared in asked), default=0)
    return [turn for turn, shared in asked if shared and len(shared) == most]


def _matter(turn: PastTurn, talk: Conversation) -> str:
    """What a turn is about: its question, and the title of its card."""
    card = card_of(turn)
    return f"{as_written(turn, talk)} {told_of(card, talk).title if card else ''}"


def _is_idle(turn: PastTurn, talk: Conversation) -> bool:
    """Whether an answer told nothing, or told again what another had told."""
    first = turn.text.partition("\n\n")[0]
    written = as_written(turn, talk)
    scores = harks(written, talk.language)
    harks_back = max(scores, key=lambda one: scores[one]) in (*ASKED_OF_IT, "first")
    return is_polite(written) or harks_back or any(was_said(name, first) for name in _IDLE_ANSWERS)


_OTHERWISE: dict[str, Callable[[str, Conversation], list[Task]]] = {
    MEANT: _of_meant,
    SOURCE: _of_source,
    REFUSAL: _of_refusal,
    TRACED: _of_the_outline,
    REDO: _done_anew,
}
