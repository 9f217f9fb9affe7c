"""A question → tasks, and tasks → the tool calls they still need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.danger import RULED, in_danger, is_personal_still, is_ruled
from assistant.planning.declined import is_order, wanted
from assistant.planning.follow_up import by_context, is_known_kind
from assistant.planning.for_readers import before_options, is_for_reader, is_for_reader_too, reader_of
from assistant.planning.kind_question import by_kind
from assistant.planning.lexicon import mostly_english
from assistant.planning.reading_wish import Wish, of_another_kind, reading_wish
from assistant.planning.reference import Reference, focus, is_elliptical, pair, resolve
from assistant.planning.slices import move, slice_number
from assistant.planning.teaching import TAUGHT, found
from assistant.planning.words import Intent, intent_of
from tools.language import glossary
from tools.language.labels import image_words, labels_in
from tools.language.rules import heard
from tools.language.subjects import MEDICAL

NEEDS_IMAGE: frozenset[Intent] = frozenset(
    {
        "treat_as",
        "slice",
        "rank",
        "classify",
        "similar",
        "compare",
        "quality",
        "tissue",
        "facts",
        "header",
        "what_is",
        "measure",
        "describe",
        "read",
    }
)
_PAIRED, _WHAT_TO_CHOOSE = heard("questions", "paired"), heard("questions", "to_choose")
_SHOWN, _BESIDE = heard("questions", "shown"), heard("questions", "beside")
_KIND_FILLER = heard("questions", "kind_filler")
_BY_LIBRARY: dict[Intent, str] = {"similar": "find_similar_cases", "classify": "classify_with_my_labels"}
_FIRST: tuple[Intent, ...] = ("treat_as", "slice")
_DECLINED = {"measure": "measure_lesion", "rank": "rank_labels", **_BY_LIBRARY}
_TO_INHERIT: frozenset[Intent] = NEEDS_IMAGE - {"treat_as", "slice"} | {"similar"}


@dataclass(frozen=True)
class Task:
    """One thing to answer: what, in which words, about which images.

    `detail` is what an intent needs besides: the slice number, or the kind to treat an image as. `wish` is
    what is asked of the reading models.
    """

    intent: Intent
    clause: str
    images: tuple[str, ...] = ()
    note: str = ""
    detail: str = ""
    wish: Wish | None = None


@dataclass(frozen=True)
class Call:
    """One tool call."""

    tool: str
    args: dict[str, Any]


def make_tasks(talk: Conversation) -> list[Task]:
    """What the question asks for, clause by clause; at least one task."""
    if in_danger(talk):
        return [Task("danger", talk.question)]
    left = wanted(talk.question).left
    return _tasks(replace(talk, question=left)) if left else [Task("declined", talk.question)]


def _tasks(talk: Conversation) -> list[Task]:
    """What a question asks for that holds nothing that is not wanted."""
    wish = _wish(talk)
    if (wish or talk.reader) and not is_ruled(talk):
        meant = resolve(wish.where if wish else talk.question, talk)
        return [Task("read", wish.question if wish else talk.question, meant.ids, meant.note, wish=wish)]
    if not mostly_english(talk.question):
        return [Task("unclear", talk.question)]
    stem = before_options(talk.question)
    if stem and reader_of(talk) and intent_of(stem)[0] not in RULED:
        # Options without their question, or a question without its options, would be another question.
        return [Task("read", talk.question, talk.attached)]
    tasks: list[Task] = []
    for clause in [stem] if stem else clauses(talk.question):
        before = tasks[-1].images if tasks else ()
        task = _task(clause, talk, before)
        if task.intent == "unclear" and tasks:
            continue
        tasks.append(task)
    meaningful = [t for t in tasks if t.intent not in ("thanks", "greeting", "unclear")]
    kept = meaningful or tasks[:1]
    return list({(t.intent, t.images, t.clause.lower()): t for t in kept}.values())


def calls_for(tasks: Sequence[Task], talk: Conversation) -> list[Call]:
    """The tool calls still to be made, those that change an image before all others."""
    answered = {_key(talk, one.tool, one.image_id, one.question) for one in talk.results}
    unwanted = _unwanted(tasks, talk)
    for chosen in (
        [task for task in tasks if task.intent in _FIRST],
        [task for task in tasks if task.intent not in _FIRST],
    ):
        wanted = {
            _key(talk, call.tool, call.args["image_id"], call.args.get("question", "")): call
            for task in chosen
            for call in _calls(task, talk)
            if call.tool not in unwanted
        }
        open_calls = [call for key, call in wanted.items() if key not in answered]
        if open_calls:
            return open_calls
    return []


def _unwanted(tasks: Sequence[Task], talk: Conversation) -> set[str]:
    """The tools that the user does not want called, unless another part of the question asks for them."""
    left_out = wanted(talk.question).declined - {task.intent for task in tasks}
    readers = set(talk.readers.values()) if left_out & {"reader", "read"} else set()
    return readers | {tool for name, tool in _DECLINED.items() if name in left_out}


def _key(talk: Conversation, tool: str, image_id: str, question: str) -> tuple[str, str, str]:
    """A turn asks each tool about each image once, and those that read or rank once per question."""
    by_question = tool == "rank_labels" or tool in talk.readers.values()
    return tool, image_id, question if by_question else ""


def _wish(talk: Conversation) -> Wish | None:
    """What the question asks of the reading models; how sure they are only if there are some."""
    tools = talk.readers.values()
    before = [one.question for turn in talk.past for one in turn.results if one.tool in tools]
    wish = reading_wish(talk.question, before)
    return wish if wish and (wish.both or talk.readers) else None


def _task(clause: str, talk: Conversation, before: Sequence[str]) -> Task:
    intent, match = intent_of(clause)
    if match and intent in _FIRST and not is_order(intent, clause, match):
        intent, match = intent_of(clause, without=_FIRST)
    if is_personal_still(intent, clause, talk):
        return Task("personal", clause)
    place = move(clause, talk)
    if place:
        return _slice_task(Task("slice", clause, focus(talk)), place, talk)
    if _may_be_taught(intent, clause, talk) and (taught := _taught(intent, clause, talk, before)):
        return taught
    repeats = intent in ("read", "unclear", "measure", "slice") and not _has_slice(match)
    if repeats and is_elliptical(clause, talk):
        return _inherited(clause, talk, before)
    intent = by_kind(by_context(intent, clause, talk), clause, talk)
    if is_for_reader(intent, clause, talk) or (intent == "why" and _asks_of_the_picture(clause, talk)):
        intent = "read"
    if intent not in NEEDS_IMAGE:
        return Task(intent, clause, tuple(focus(talk)) if intent == "why" else ())
    where = image_words(clause) if intent == "rank" else clause
    meant = pair(clause, talk, before) if intent == "compare" else resolve(where, talk, before)
    task = Task(intent, clause, meant.ids, meant.note)
    return _with_detail(task, match, talk) if match and intent in _FIRST else task


def _may_be_taught(intent: Intent, clause: str, talk: Conversation) -> bool:
    """Whether a card may answer: not what a file states, nor what a word of the vocabulary means."""
    if intent in ("facts", "header") and talk.ids:
        return bool(_WHAT_TO_CHOOSE.search(clause))
    return intent in (*TAUGHT, "header") and not glossary.meant(clause)


def _taught(intent: Intent, clause: str, talk: Conversation, before: Sequence[str]) -> Task | None:
    """What a teaching card answers: how to look, or what to know, for the kind of image in view."""
    images = resolve(clause, talk, before).ids[-1:]
    rows = [talk.image(one) for one in images]
    return Task("teach", clause, images) if found(clause, *rows, advice=intent == "advice") else None


def _with_detail(task: Task, match: re.Match[str], talk: Conversation) -> Task:
    """The task with its slice, or with the kind that the user says the image is."""
    if task.intent == "slice":
        return _slice_task(task, match, talk)
    kind = match["kind"] or match["kind2"] or match["kind3"] or ""
    if match["kind3"] and all(is_known_kind(kind, image_id, talk) for image_id in task.images[-1:]):
        return replace(task, intent="what_is")
    detail = _KIND_FILLER.sub("", kind).strip()
    return replace(task, images=task.images[-1:], detail=detail)


def _asks_of_the_picture(clause: str, talk: Conversation) -> bool:
    """Whether “why is the kidney enlarged?” asks a reader: no tool has said anything yet to be explained."""
    explained = any(turn.results for turn in talk.past)
    words = MEDICAL.search(clause) or _SHOWN.search(clause)
    return bool(talk.ids) and not explained and words is not None


def _has_slice(match: re.Match[str] | None) -> bool:
    return match is not None and match.groupdict().get("n") is not None


def _inherited(clause: str, talk: Conversation, before: Sequence[str]) -> Task:
    """“And the second one?” asks of that image what was last asked."""
    asked = [
        (i, c)
        for turn in talk.past
        for c in clauses(wanted(turn.question).left)
        if (i := intent_of(c)[0]) in _TO_INHERIT and not is_elliptical(c, talk)
    ]
    if not _BESIDE.search(clause) and len(resolve(clause, talk, before).ids) < 2:
        asked = [(intent, words) for intent, words in asked if intent != "compare"]
    intent, words = asked[-1] if asked else ("describe", clause)
    swapped = None if resolve(clause, talk, before).explicit else _other_side(words, clause)
    if swapped:
        return Task(intent, swapped, (resolve("", talk, before)).ids)
    meant: Reference = pair(clause, talk, before) if intent == "compare" else resolve(clause, talk, before)
    return Task(intent, words, meant.ids, meant.note)


def _other_side(asked: str, clause: str) -> str | None:
    """The last question with its side changed, when it named a side of the body ("and the left one?")."""
    side = re.search(r"\b(left|right)\b", clause, re.I)
    if side and re.search(r"\b(?:left|right)\b", asked, re.I):
        return re.sub(r"\b(?:left|right)\b", side[1].lower(), asked, flags=re.I)
    if side and _PAIRED.search(asked):
        return _PAIRED.sub(lambda organ: f"the {side[1].lower()} {organ[1]}", asked, count=1)
    return None


def _slice_task(task: Task, match: re.Match[str], talk: Conversation) -> Task:
    volumes = [i for i in (*task.images, *reversed(talk.ids)) if talk.image(i).frames > 1]
    row = talk.image((volumes or list(task.images) or [""])[0])
    return replace(task, images=(row.id,) if row.id else (), detail=str(slice_number(match, row)))


def _calls(task: Task, talk: Conversation) -> list[Call]:
    return [call for image_id in task.images for call in _calls_on(task, talk.image(image_id), talk)]


def _calls_on(task: Task, row: ImageRow, talk: Conversation) -> list[Call]:
    if task.intent == "slice":
        return [Call("show_slice", {"image_id": row.id, "slice_number": int(task.detail)})]
    if task.intent == "treat_as":
        return [Call("treat_image_as", {"image_id": row.id, "kind": task.detail})]
    asked = {"image_id": row.id, "question": task.clause}
    if task.intent == "rank":
        labels = list(labels_in(task.clause))
        return [Call("rank_labels", asked | {"labels": labels})] if len(labels) > 1 else []
    more = task.wish.args if task.wish else {}
    return [
        Call(tool, asked | more if tool == talk.readers.get(row.domain) else asked)
        for tool in _tools(task, row, talk)
    ]


def _tools(task: Task, row: ImageRow, talk: Conversation) -> list[str]:
    intent = task.intent
    skin = row.domain == "dermatology"
    fits = row.domain in talk.readers and not of_another_kind(task.clause, row.domain)
    reader = [talk.readers[row.domain]] if fits else []
    if intent == "measure":
        return ["measure_lesion"] if skin else ["inspect_image", "measure_lesion"]
    if intent in _BY_LIBRARY:
        return [_BY_LIBRARY[intent]]
    if intent == "compare":
        return ["inspect_image", *(["measure_lesion"] if skin else []), *reader]
    if intent == "read":
        return reader or (["measure_lesion"] if skin else ["inspect_image"])
    if intent == "describe":
        return ["inspect_image", *(["measure_lesion"] if skin else []), *reader]
    too = reader if is_for_reader_too(intent, task.clause, row) else []
    return ["inspect_image", *too] if intent in NEEDS_IMAGE else []
