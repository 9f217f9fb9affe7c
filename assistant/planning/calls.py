"""Tasks → the tool calls they still need, those that change an image before all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.declined import wanted
from assistant.planning.for_readers import is_for_reader_too
from assistant.planning.free_words import labels_of
from assistant.planning.library import library_calls
from assistant.planning.looks import looks_in
from assistant.planning.outlines import outline_of
from assistant.planning.reading_wish import of_another_kind
from assistant.planning.regions import COMPARES, MEASURES, region_calls
from assistant.planning.seen import VIEW, drew_outline
from assistant.planning.slices import window_wished
from assistant.planning.task import FIRST, NEEDS_IMAGE, Task
from assistant.planning.words import Intent
from tools.language.subjects import DERMATOLOGY_ONLY

_BY_LIBRARY: dict[Intent, str] = {"similar": "find_similar_cases", "classify": "classify_with_my_labels"}
_DECLINED = {"measure": "measure_lesion", "rank": "rank_labels", **_BY_LIBRARY}


ON_ORDER = frozenset({"show_slice", "treat_image_as", "quiz", "save_case"})
"""Tools that change what later turns see, and run only when the user orders it."""


@dataclass(frozen=True)
class Call:
    """One tool call."""

    tool: str
    args: dict[str, Any]


def sorts_images(task: Task) -> bool:
    """Whether images are to be ordered: “largest first”, without labels to rank."""
    return task.intent == "rank" and len(task.images) > 1 and len(labels_of(task.clause)) < 2


def calls_for(tasks: Sequence[Task], talk: Conversation) -> list[Call]:
    """The tool calls still to be made, those that change an image before all others."""
    answered = {_key(talk, one.tool, one.image_id, one.question, one.window) for one in talk.results}
    unwanted = _unwanted(tasks, talk)
    for chosen in (
        [task for task in tasks if task.intent in FIRST],
        [task for task in tasks if task.intent not in FIRST],
    ):
        wanted: dict[tuple[str, str, str], Call] = {}
        for call in (one for task in chosen for one in _calls(task, talk) if one.tool not in unwanted):
            args = (str(call.args.get(one) or "") for one in ("image_id", "question", "window"))
            key = _key(talk, call.tool, *args)
            wanted.setdefault(key, call)  # a tool is asked the first of two questions
        open_calls = [call for key, call in wanted.items() if key not in answered]
        if open_calls:
            return open_calls
    return []


def _unwanted(tasks: Sequence[Task], talk: Conversation) -> set[str]:
    """The tools that the user does not want called, unless another part of the question asks for them."""
    left_out = wanted(talk.question).declined - {task.intent for task in tasks}
    readers = set(talk.readers.values()) if left_out & {"reader", "read"} else set()
    return readers | {tool for name, tool in _DECLINED.items() if name in left_out}


def _key(talk: Conversation, tool: str, image_id: str, question: str, window: str) -> tuple[str, str, str]:
    """A turn asks each tool about each image once, those that read or rank once per question."""
    if tool == "show_slice":
        return tool, image_id, window
    if tool == COMPARES:
        return tool, "", ""
    by_question = tool in ("rank_labels", "browse_library", MEASURES) or tool in talk.readers.values()
    return tool, image_id, question if by_question else ""


def _calls(task: Task, talk: Conversation) -> list[Call]:
    if task.intent == "library":
        return [Call(*one) for one in library_calls(task.detail, task.clause, task.images, talk.typed)]
    if task.intent == "region":
        return [Call(tool, args) for tool, args in region_calls(task)]
    if task.intent == "compare" and len(task.images) < 2:
        return []  # there is no second image to look at
    return [call for image_id in task.images for call in _calls_on(task, talk.image(image_id), talk)]


def _calls_on(task: Task, row: ImageRow, talk: Conversation) -> list[Call]:
    if task.intent == "slice":
        window = window_wished(task.clause) if row.modality == "CT" else None
        shown: dict[str, Any] = {"image_id": row.id, "slice_number": int(task.detail)}
        shown |= {"window": window} if window else {}
        shown |= {"looks": list(looks)} if (looks := looks_in(task.clause)) else {}
        return [Call("show_slice", shown)]
    if task.intent == "treat_as":
        said = {"image_id": row.id, "kind": task.detail}
        return [Call("treat_image_as", said)] if task.detail else []
    if task.detail == VIEW:
        return [Call("describe_view", {"image_id": row.id})]
    asked = {"image_id": row.id, "question": task.clause}
    if task.intent == "rank":
        labels = list(labels_of(task.clause))
        if len(labels) > 1:
            return [Call("rank_labels", asked | {"labels": labels})]
        if not sorts_images(task):
            return []
    return [Call(tool, asked | _more(tool, task, row, talk)) for tool in _tools(task, row, talk)]


def _more(tool: str, task: Task, row: ImageRow, talk: Conversation) -> dict[str, Any]:
    """What a tool is given besides the image and the question."""
    if tool == "measure_lesion":
        if drew_outline(talk, row):
            return {"drawn": True}
        outline = outline_of(talk, row.id)
        return {"outline": outline} if outline else {}
    return task.wish.args if task.wish and tool == talk.readers.get(talk.read_as(row.id)) else {}


def _tools(task: Task, row: ImageRow, talk: Conversation) -> list[str]:
    intent = task.intent
    skin = row.domain == "dermatology"
    read_as = talk.read_as(row.id)
    fits = read_as in talk.readers and not of_another_kind(task.clause, read_as)
    if row.domain == "unknown" and not talk.reader and DERMATOLOGY_ONLY.search(task.clause):
        fits = False  # it leans to radiology, and its asker takes it for skin
    reader = [talk.readers[read_as]] if fits else []
    if intent == "measure":
        checked = skin and any(one.tool == "inspect_image" for one in talk.of_image(row.id))
        return ["measure_lesion"] if checked else ["inspect_image", "measure_lesion"]
    if intent in _BY_LIBRARY:
        return [_BY_LIBRARY[intent]]
    if intent in ("compare", "rank"):
        return ["inspect_image", *(["measure_lesion"] if skin else []), *reader]
    if intent == "read":
        return reader or (["measure_lesion"] if skin else ["inspect_image"])
    if intent == "describe":
        return ["inspect_image", *(["measure_lesion"] if skin else []), *reader]
    too = reader if is_for_reader_too(intent, task.clause, row) else []
    return ["inspect_image", *too] if intent in NEEDS_IMAGE else []
