"""Tasks and tool results → the answer's text: direct answer first, then what it rests on, then limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.planning import (
    say_back,
    say_cases,
    say_compare,
    say_harked,
    say_header,
    say_image,
    say_lesion,
    say_library,
    say_rank,
    say_read,
    say_recall,
    say_region,
    say_small_talk,
    say_talk,
    say_why,
    say_windows,
)
from assistant.planning.alike import told_once
from assistant.planning.calls import sorts_images
from assistant.planning.card_quiz import still_open
from assistant.planning.conversation import Conversation, Result
from assistant.planning.harked import ASKED_OF_IT, MEANT, TRACED
from assistant.planning.leaning import NOT_OF_BOTH
from assistant.planning.limits import limit
from assistant.planning.looked_back import INCLUDES, OUTLINE_AGAIN
from assistant.planning.named_facts import facts_named
from assistant.planning.of_a_card import OF_CARD, say_line
from assistant.planning.seen import VIEW
from assistant.planning.slices import window_wished
from assistant.planning.task import NEEDS_IMAGE, Task
from assistant.planning.teaching import few_cards, near, teach, titled
from assistant.planning.words import Intent
from store.records import Gate
from tools.language.retold import retell

_ON_IMAGE: dict[Intent, Callable[[Task, Conversation, str], str]] = {
    "what_is": say_image.what_is,
    "quality": say_image.quality,
    "tissue": say_image.tissue,
    "facts": say_image.facts,
    "header": say_header.header,
    "measure": say_lesion.measure,
    "similar": say_cases.similar,
    "classify": say_rank.classify,
    "rank": say_rank.rank,
    "read": say_read.read,
    "describe": say_read.describe,
}
_TALK: dict[Intent, Callable[[Task, Conversation], str]] = {
    "danger": say_talk.danger,
    "over": say_talk.over,
    "advice": say_talk.advice,
    "greeting": say_talk.greeting,
    "capabilities": say_talk.capabilities,
    "why": say_why.why,
    "display": say_windows.display,
    "claim": say_talk.claim,
    "disagree": say_talk.disagree,
    "which_is": say_talk.which_is,
    "skin_tone": say_talk.skin_tone,
    "glossary": say_talk.glossary,
    "limit": limit,
    "sent": say_recall.sent,
    "reader_quality": say_recall.reader_quality,
    "recall": lambda task, talk: (
        talk.say("back.not_as_meant", question=task.clause)
        if task.detail == MEANT
        else say_harked.harked_back(task, talk)
        if task.detail in ASKED_OF_IT
        else say_back.back(task, talk)
        if task.detail
        else say_recall.recall(task, talk)
    ),
    "library": say_library.library,
    "region": say_region.region,
    "matches": say_recall.matches,
    "teach": lambda task, talk: (
        say_line(task, talk)
        if OF_CARD in task.detail
        else say_recall.as_short_as_wished(
            near(task.detail.split(), talk)
            if task.detail
            else teach(task.clause, talk, *(talk.image(one) for one in task.images)),
            talk,
        )
    ),
    "textbook": lambda task, talk: (
        talk.say("teaching.not_of_both", topic=task.detail.removeprefix(NOT_OF_BOTH), asked=task.clause)
        if task.detail.startswith(NOT_OF_BOTH)
        else titled(task.detail.split(), talk)
        if task.detail
        else talk.say("chat.textbook")
    ),
    "unclear": say_talk.unclear,
    "talk": say_small_talk.small_talk,
}
_OVERRIDING: tuple[Intent, ...] = ("harm", "personal")


def compose(tasks: Sequence[Task], talk: Conversation) -> str:
    """The answer to all tasks, in the order they were asked."""
    overriding = () if any(task.intent == "danger" for task in tasks) else _OVERRIDING
    urgent = [task for intent in overriding for task in tasks if task.intent == intent]
    paragraphs = [
        (task, part) for task in (urgent[:1] or tasks) for part in _answer(task, talk).split("\n\n")
    ]
    said = dict.fromkeys(part for part in _once(paragraphs, talk) if part)
    lessons = sum(task.intent == "teach" for task in tasks)
    told = "\n\n".join(few_cards(said, max(lessons, 1), talk))
    return "\n\n".join(filter(None, (told, still_open(tasks, talk))))


def _once(paragraphs: Sequence[tuple[Task, str]], talk: Conversation) -> Iterator[str]:
    """The paragraphs, those on what an image is without what an earlier one told of it."""
    told: set[str] = set()
    for task, paragraph in paragraphs:
        left = paragraph
        if task.intent in ("what_is", "describe"):
            here = {text for i in task.images if (text := say_image.about(talk, i)) in paragraph}
            for text in here & told:
                left = left.replace(text, "").strip()
            told |= here
        yield left


def _answer(task: Task, talk: Conversation) -> str:
    if task.intent in say_talk.ALWAYS:
        return talk.say(say_talk.ALWAYS[task.intent])
    if task.intent in _TALK:
        return _TALK[task.intent](task, talk)
    if task.intent in NEEDS_IMAGE and not task.images:
        return task.note or say_talk.no_image(task, talk)
    parts = [task.note] if task.note else []
    if task.intent == "compare" or sorts_images(task):
        said = [say_read.readers_words(task, talk, image_id) for image_id in task.images]
        return "\n\n".join([" ".join([*parts, say_compare.compare(task, talk)]), *filter(None, said)])
    if task.intent in ("treat_as", "slice"):
        return _changed(task, talk)
    parts += told_once([(image_id, _of_one(task, talk, image_id)) for image_id in task.images], talk.language)
    return "\n\n".join(filter(None, parts))


def _of_one(task: Task, talk: Conversation, image_id: str) -> str:
    if task.detail == VIEW:
        result = say_image.result_of(talk, "describe_view", image_id)
        return retell(result.content, talk.language) if result else ""
    told = say_header.header if facts_named(task) else _ON_IMAGE[task.intent]
    told = say_back.of_image if task.detail in (INCLUDES, OUTLINE_AGAIN, TRACED) else told
    said = [_unknown(talk, image_id) or told(task, talk, image_id)]
    if task.intent in ("what_is", "facts", "quality"):
        said.append(say_read.readers_words(task, talk, image_id))
    return "\n\n".join(filter(None, said))


def _unknown(talk: Conversation, image_id: str) -> str:
    """The reason why a tool could not run because there is no such image."""
    if image_id in talk.ids:
        return ""
    have = ", ".join(talk.ids) or talk.say("chat.none_yet")
    return talk.say("chat.no_such_image", image=image_id, images=have)


def _ordered(task: Task, tool: str, image_id: str, talk: Conversation) -> Result | None:
    """What an order came to; of several windows of one picture the one that the task orders."""
    window = window_wished(task.clause) or ""
    of_it = [one for one in talk.results if (one.tool, one.image_id, one.window) == (tool, image_id, window)]
    return of_it[-1] if of_it else say_image.result_of(talk, tool, image_id)


def _changed(task: Task, talk: Conversation) -> str:
    tool = "treat_image_as" if task.intent == "treat_as" else "show_slice"
    results = [r for i in task.images if (r := _ordered(task, tool, i, talk)) is not None]
    if task.intent == "treat_as" and not task.detail:
        return say_talk.denied(task, talk)
    said = " ".join(result.content for result in results)
    if any(gate.known_from == "user" for one in results for gate in say_image.records(one, Gate)):
        return talk.say("kinds.evidence_shows", said=said)
    return said
