"""Facts of a file asked for by their names alone, of the picture in view or of one that is named.

“Slice thickness?”, “kVp, mAs und Matrix”, “¿y de la segunda?” after such a question: these and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.planning.conversation import Conversation
from assistant.planning.polite import is_polite
from assistant.planning.reference import resolve
from assistant.planning.say_image import FACTS
from assistant.planning.task import Task
from tools.language.header_names import (
    SHAPE,
    SIZES,
    is_simple,
    is_unit,
    left_over,
    names_in,
    names_surely,
    names_within,
    topic_called,
)
from tools.language.kind_questions import kind_question
from tools.language.rules import heard

MARK = "facts: "
"""How the detail of a task begins that names the facts asked for."""
# Ours: what was asked longer ago is no more what a unit, or “and of the second?”, goes on from.
_REMEMBERED = 4
_ALONE = frozenset({"window"})
"""What asks for more than the file where it is asked alone."""
_ONLY_IMAGE = heard("reference", "only_image")


def named_facts(talk: Conversation) -> list[Task]:
    """The tasks of a message that names facts of a file and nothing else; none for any other message."""
    said, kind = talk.said or talk.question, kind_question(talk.question)
    if kind is not None and kind.names:
        return []  # “is it from a CT scanner?”
    if not talk.ids or not (names := _asked(said, talk.lately, talk)):
        return []
    meant = resolve(talk.question, talk)
    if _is_for_a_reader(names, meant.ids, talk):
        return []
    skin = any(talk.image(one).domain == "dermatology" for one in meant.ids)
    if skin and {*names} & {SHAPE, *SIZES[1:]}:
        return []  # how large the lesion is
    return [
        Task("facts" if is_simple(one) else "header", talk.question, meant.ids, meant.note, f"{MARK}{one}")
        for one in names
    ]


def with_facts(tasks: Sequence[Task], talk: Conversation) -> Iterator[Task]:
    """The tasks, those of a file with the facts alone that the message names, all of them."""
    names = names_within(talk.said or talk.question)
    of_file = bool(tasks) and all(one.intent in ("facts", "header") and not one.detail for one in tasks)
    if of_file and len(names) > 1 and len(names) >= len(tasks):
        yield replace(tasks[0], intent="facts", detail=f"{MARK}{'; '.join(names)}")
        return
    for task in tasks:
        whole = task.intent == "facts" and not task.detail
        told = names if whole and not any(re.search(one, task.clause, re.I) for one, _ in FACTS) else ()
        yield replace(task, detail=f"{MARK}{'; '.join(told)}") if told else task


def of_the_file(clause: str, talk: Conversation) -> Task | None:
    """The task of a clause that asks for what is only asked of a file, whatever else it says."""
    if not talk.ids or not (names := names_surely(clause)):
        return None
    meant = resolve(clause, talk)
    return Task("header", clause, meant.ids, meant.note, f"{MARK}{'; '.join(names)}")


def facts_named(task: Task) -> tuple[str, ...]:
    """The facts that a task of `named_facts` asks for, by name; none for any other task."""
    return tuple(task.detail.removeprefix(MARK).split("; ")) if task.detail.startswith(MARK) else ()


def _asked(said: str, before: tuple[str, ...], talk: Conversation) -> tuple[str, ...]:
    """The facts that a message asks for, by its own names or those of the question that it goes on from."""
    names = names_in(said)
    if names and _ALONE.issuperset(names):
        return ()
    goes_on = bool(is_unit(said)) or (not names and _names_only_an_image(said, talk))
    if not goes_on:
        return names
    before = tuple(one for one in before if not is_polite(one))[-_REMEMBERED:]
    last = _asked(before[-1], before[:-1], talk) if before else ()
    if names:
        return names if {*last} & {*SIZES, "pixel size"} else ()
    return last


def _names_only_an_image(said: str, talk: Conversation) -> bool:
    """Whether a message says only which image is meant: “and of the second one?”."""
    return _ONLY_IMAGE.search(said) is not None and not left_over(said) and not talk.attached


def _is_for_a_reader(names: tuple[str, ...], ids: tuple[str, ...], talk: Conversation) -> bool:
    """Whether a reader is asked instead: it may see in the picture what no file states."""
    readable = any((topic := topic_called(one)) and topic.readable for one in names)
    return readable and any(talk.image(one).domain in talk.readers for one in ids)
