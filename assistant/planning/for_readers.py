"""Which questions belong to a reading model, alone or beside what Casebook's own tools can say.

A reader that is set up gets every question about what a picture shows, whatever words it is asked in. What
only a file can tell (spacing, slices, header) stays with the file; what the gate, the header or the technical
checks can tell is told by them first, and the reader is asked too.
"""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.follow_on import joins
from assistant.planning.follow_up import asks_of_the_picture, is_of_colour
from assistant.planning.possible import surely
from assistant.planning.words import Intent
from tools.language.header_topics import topics_in
from tools.language.questions import form_of
from tools.language.rules import heard
from tools.language.sayings import FIRST
from tools.language.subjects import MEDICAL

_OF_THE_FILE = heard("readers", "of_the_file")
_WITH_A_RULER = heard("readers", "with_a_ruler")
_OF_ANOTHER = heard("readers", "of_another_picture")
# Which the gate answers alone, at once.
_BARE = heard("readers", "bare")
# The first two of a list of options, each on a line of its own.
_OPTION_A = re.compile(r"^[ \t]*\(?A[).:]\s", re.M)
_OPTION_B = re.compile(r"^[ \t]*\(?B[).:]\s", re.M)

_REASONS = heard("asides", "why")
# Ours: from here on the ear hears a lesson where a rule hears “why”.
_TAUGHT = 0.7

# Ours: what is longer says what it asks for.
_FEW = 4

# What the technical checks do not judge.
_OF_THE_EXPOSURE = heard("readers", "of_the_exposure")


def before_options(question: str) -> str | None:
    """The question above a list of lettered options, or None where there is no such list."""
    first = _OPTION_A.search(question)
    listed = first is not None and _OPTION_B.search(question, first.end())
    return question[: first.start()].strip() if first and listed else None


def reader_of(talk: Conversation) -> str | None:
    """The tool that reads the images that came with this question, if one reads them all."""
    tools = {talk.readers.get(talk.read_as(image_id)) for image_id in talk.attached}
    return tools.pop() if len(tools) == 1 else None


def is_for_reader(intent: Intent, clause: str, talk: Conversation) -> bool:
    """Whether a reader answers in place of what the words alone would call for."""
    if intent == "header":
        seen = (talk.attached or talk.ids or [""])[-1]
        return talk.read_as(seen) in talk.readers and any(topic.readable for topic in topics_in(clause))
    if reader_of(talk) is None:
        return False
    if intent == "measure":
        asks = not form_of(clause).is_open or not _WITH_A_RULER.search(clause)
        return asks and talk.read_as(talk.attached[0]) == "radiology"
    # Of a first question about a single image nothing that was said before can be meant.
    first = len(talk.ids) == 1 and not talk.past
    if intent == "textbook":
        return first and not form_of(clause).is_open
    if intent == "compare":  # “were both sides affected?”
        within = first and talk.spoken == FIRST and not _OF_ANOTHER.search(clause)
        return within and not form_of(clause).is_open
    return first and intent == "why" and MEDICAL.search(clause) is not None


def _goes_on_from_reading(talk: Conversation) -> bool:
    """Whether a few words ask on from what a reader was asked: “and the bones?”."""
    said = talk.said or talk.question
    last = talk.past[-1].results if talk.past else ()
    read = any(one.tool in talk.readers.values() for one in last)
    return read and joins(said) and len(said.split()) <= _FEW


def is_for_reader_too(intent: Intent, clause: str, row: ImageRow) -> bool:
    """Whether a reader is asked beside the tool that tells what a file is or how good it is."""
    if intent not in ("what_is", "facts", "quality") or _OF_THE_FILE.search(clause):
        return False
    if intent == "quality":
        return _OF_THE_EXPOSURE.search(clause) is not None
    if intent == "facts" or not form_of(clause).is_open:
        return True
    return row.known_from == "pixels" and not _BARE.match(clause)


def of_reasons(intent: Intent, clause: str, talk: Conversation) -> Intent:
    """“Why is the kidney large?” asks a reader, “why is it larger on AP?” for a lesson.

    Args:
        intent: what the clause was heard to ask for.
        clause: a part of the question.
        talk: the conversation.
    """
    if intent in ("textbook", "teach") and _goes_on_from_reading(talk):
        return "read"
    if intent == "measure" and "dermatology" in talk.readers and is_of_colour(clause):
        return "read"
    of_it = is_for_reader(intent, clause, talk) or (intent == "why" and asks_of_the_picture(clause, talk))
    if of_it and surely(clause) != "why" and not _REASONS.search(clause):
        return "read"
    taught_so = intent == "why" and surely(talk.written.get(clause, clause), _TAUGHT) == "teach"
    return "teach" if taught_so else intent
