"""A wish for a picture drawn otherwise, in three languages: contrast, brightness, negative, size, a part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.planning.conversation import Conversation, Result
from assistant.planning.reference import focus, resolve
from assistant.planning.slices import in_window
from assistant.planning.task import Task
from assistant.planning.windows_shown import window_ordered
from store.records import View
from tools.language.rules import heard
from tools.looks import BRIGHTER, DARKER, INVERTED, LARGER, LESS, LOOKS, MIDDLE, MORE, PARTS

TURNED, MARKED, PLANE, EXPORT, WHERE, RETOUCHED = (
    "turned", "marked", "other plane", "export", "where", "retouched",
)  # fmt: skip
"""Details of tasks that wish for what no drawing does."""
_EARS = {
    name: heard("looks", rule)
    for name, rule in (
        (MORE, "more_contrast"),
        (LESS, "less_contrast"),
        (BRIGHTER, "brighter"),
        (DARKER, "darker"),
        (INVERTED, "inverted"),
    )
}
_LARGER, _ENLARGES, _SMALLER = (heard("looks", one) for one in ("larger", "enlarges", "smaller"))
_SIDES = {name: heard("looks", name) for name in ("upper", "lower", "left", "right", "middle")}
_OTHERS = {
    RETOUCHED: heard("looks", "retouched"),
    TURNED: heard("looks", "turned"),
    MARKED: heard("looks", "marked"),
    EXPORT: heard("looks", "taken_along"),
    PLANE: heard("looks", "other_plane"),
}
_RESET, _IDLE, _IN_NUMBERS = heard("looks", "reset"), heard("looks", "idle"), heard("windows", "in_numbers")
_NAMED = re.compile(r" drawn as: (.+)$")
_TOOL = "show_slice"
_POLITE = heard("looks", "polite")
_SIZES = (LARGER, *PARTS)
_OPPOSITES = ((MORE, LESS), (BRIGHTER, DARKER), (INVERTED, INVERTED))


def looks_in(order: str) -> tuple[str, ...]:
    """The looks that an order of `drawn_otherwise` names."""
    found = _NAMED.search(order)
    return tuple(found[1].split(", ")) if found else ()


def only_looks(said: str, talk: Conversation) -> list[Task]:
    """The order in words that wish for looks and say nothing else; none for any other.

    Args:
        said: a message, or a clause of it, as written.
        talk: the conversation.
    """
    asks = said.rstrip().endswith("?") and not _POLITE.search(said)
    if not talk.ids or asks or _IN_NUMBERS.search(talk.question):
        return []
    changed = any(view.looks for turn in talk.past for one in turn.results for view in _views(one))
    ears = [*_EARS.values(), _LARGER, _ENLARGES, _SMALLER, *([_RESET] if changed else [])]
    rest = said
    for ear in (*ears, *(_SIDES.values() if _zooms(said) else ())):
        rest = ear.sub(" ", rest)
    if rest == said or re.search(r"\w", _IDLE.sub(" ", rest)):
        return []
    task = _wished(Task("display", said), said, talk)
    return [task] if task.intent == "slice" else []


def retouched(said: str, talk: Conversation) -> list[Task]:
    """The task of a message that wants something taken out of a picture; none for any other."""
    wants = bool(talk.ids) and _OTHERS[RETOUCHED].search(said) is not None
    return [Task("display", said, (focus(talk) or talk.ids)[-1:], detail=RETOUCHED)] if wants else []


def drawn_otherwise(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks, with the order in the place of a wish to see a picture otherwise, where it can be done."""
    plain = [one.intent == "display" and not (one.note or one.detail) and bool(talk.ids) for one in tasks]
    return [
        _wished(one, talk.written.get(one.clause, talk.said or one.clause), talk) if wish else one
        for one, wish in zip(tasks, plain, strict=True)
    ]


def _enlarges(said: str) -> bool:
    return _zooms(said) or _LARGER.search(said) is not None


def _zooms(said: str) -> bool:
    return _ENLARGES.search(said) is not None


def _wished(task: Task, said: str, talk: Conversation) -> Task:
    """The order for the looks that are wished for, or what is said of a wish that no drawing fulfils."""
    meant = resolve(task.clause, talk)
    image = (task.images or meant.ids or focus(talk) or talk.ids)[-1]
    if meant.note or image not in talk.ids:
        return replace(task, images=(image,), note=meant.note)
    window = window_ordered(said) if talk.image(image).modality == "CT" else ""
    if window:
        return _order(f"show {image} in the {window} window", image, talk)
    smaller = _SMALLER.search(said) is not None
    wished = [name for name, ear in _EARS.items() if ear.search(said)]
    wished += [] if smaller else _enlarged(said)
    if wished or smaller:
        return _order(_drawn(image, wished, talk, smaller=smaller), image, talk)
    other = next(
        (name for name, ear in _OTHERS.items() if ear.search(said)), WHERE if _enlarges(said) else ""
    )
    if _RESET.search(said) and not other:
        return _order(f"show {image}", image, talk)
    return replace(task, images=(image,), detail=other)


def _order(clause: str, image: str, talk: Conversation) -> Task:
    return Task("slice", clause, (image,), detail=str(talk.image(image).index + 1))


def _drawn(image: str, wished: Sequence[str], talk: Conversation, *, smaller: bool) -> str:
    """The words of an order for looks, on top of those and of the window that the image is shown in."""
    before = _shown_last(image, talk)
    kept = [one for one in before.looks if not (smaller and one in _SIZES)] if before else []
    looks = settled((*kept, *wished))
    order = f"show {image}"
    if before and before.width:
        order = in_window(image, before.width, before.level or 0.0)
    return f"{order} drawn as: {', '.join(looks)}" if looks else order


def settled(looks: Sequence[str]) -> tuple[str, ...]:
    """Looks without those that undo each other, and of parts and sizes only the last."""
    left = [one for one in looks if one not in _SIZES]
    for one, other in _OPPOSITES:
        while (left.count(one) > 1) if one == other else (one in left and other in left):
            left.remove(one)
            left.remove(other)
    sizes = [one for one in looks if one in _SIZES]
    return tuple([*sorted(left, key=LOOKS.index), *sizes[-1:]])


def _enlarged(said: str) -> list[str]:
    """The part that is to be larger, or all of it; nothing where a part is named by what it shows."""
    if not _enlarges(said):
        return []
    sides = [name for name, ear in _SIDES.items() if ear.search(said)] if _zooms(said) else []
    up = next((one for one in sides if one in ("upper", "lower")), "")
    side = next((one for one in sides if one in ("left", "right")), "")
    if up and side:
        return [f"only the {up} {side}"]
    if up or side:
        return [f"only the {up or side} half"]
    if "middle" in sides:
        return [MIDDLE]
    rest = said
    for ear in (*_EARS.values(), _LARGER, _ENLARGES, _IDLE):
        rest = ear.sub(" ", rest)
    return [] if re.search(r"\w", rest) else [LARGER]


def _shown_last(image: str, talk: Conversation) -> View | None:
    """The view of an image that was shown last, if one was ordered."""
    shown = [one for turn in talk.past for one in turn.results if one.image_id == image and _views(one)]
    return _views(shown[-1])[-1] if shown else None


def _views(result: Result) -> list[View]:
    return [one for one in result.records if isinstance(one, View)] if result.tool == _TOOL else []
