"""What is said of the windows of CT that a chat has shown, and of pictures that have none."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.looks import EXPORT, MARKED, PLANE, RETOUCHED, TURNED, WHERE
from assistant.planning.say_image import gate_of, kind_words
from assistant.planning.task import Task
from assistant.planning.window_steps import views_in
from assistant.planning.windows_shown import BEFORE, FIRST_SHOWN, KEPT, NO_CT, NONE_SHOWN, is_on, last_of
from store.records import View
from tools.windows import CT_WINDOWS

_NO_LOOK = {
    TURNED: "looks.turned",
    MARKED: "looks.marked",
    PLANE: "looks.other_plane",
    RETOUCHED: "looks.retouched",
    WHERE: "looks.where",
}


def display(task: Task, talk: Conversation) -> str:
    """A wish to see the picture otherwise, to take it along, or to know how it was shown."""
    if task.note:
        return task.note
    if task.detail == EXPORT:
        return talk.say("chat.no_export")
    if task.images and task.detail in _NO_LOOK:
        of_it = {"image": task.images[-1]} if task.detail == WHERE else {}
        return talk.say(_NO_LOOK[task.detail], **of_it)
    if task.images and task.detail in (FIRST_SHOWN, BEFORE, KEPT, NONE_SHOWN):
        return _of_those_shown(task, talk)
    if task.images and task.detail == NO_CT:
        return _no_ct(task.images[0], talk)
    return talk.say("chat.window_without_width" if task.detail else "chat.no_other_view")


def covered(level: float, width: float, talk: Conversation) -> str:
    """Which Hounsfield units a window shows as greys, and what becomes of the others."""
    low, high = level - width / 2, level + width / 2
    numbers = {"level": level, "width": width, "low": low, "high": high}
    return talk.say("windows.covers", **numbers)


def _no_ct(image_id: str, talk: Conversation) -> str:
    gate = gate_of(talk, image_id)
    kind = kind_words(gate, talk, article=True)
    said = [talk.say("chat.window_of_ct", image=gate.image_id, kind=kind)]
    if gate.domain != "dermatology":
        said.append(talk.say("chat.window_instead"))
    cts = [row.id for row in talk.images if row.modality == "CT"]
    return " ".join([*said, *([talk.say("windows.of_the_ct", image=cts[-1])] if cts else [])])


def _of_those_shown(task: Task, talk: Conversation) -> str:
    (image_id,) = task.images
    if task.detail == NONE_SHOWN:
        return talk.say("windows.none_to_change", image=image_id)
    views = [one for one in views_in(talk.past) if one.image_id == image_id]
    if task.detail == KEPT:
        return _kept(image_id, talk)
    if not views and task.detail == FIRST_SHOWN and (every := views_in(talk.past)):
        views = every
    if len(views) < (2 if task.detail == BEFORE else 1):
        return talk.say("windows.none_shown" if not views else "windows.one_shown", image=image_id)
    view = views[0] if task.detail == FIRST_SHOWN else views[-2]
    name = "windows.first" if task.detail == FIRST_SHOWN else "windows.before"
    return talk.say(name, image=view.image_id, window=_called(view, talk))


def _kept(image_id: str, talk: Conversation) -> str:
    """Whether the window shown last still holds for a picture."""
    if (now := is_on(image_id, talk.past)) is not None:
        return talk.say("windows.kept", image=image_id, window=_called(now, talk))
    every = views_in(talk.past)
    last = last_of(image_id, talk.past) or (every[-1] if every else None)
    if last is None:
        return talk.say("windows.none_shown", image=image_id)
    return talk.say("windows.not_kept", image=image_id, window=_called(last, talk))


def _called(view: View, talk: Conversation) -> str:
    """A window by its name, if it has one, and its numbers."""
    numbers = talk.say("windows.numbers", level=view.level, width=view.width)
    named = (name for name, one in CT_WINDOWS.items() if (one.level, one.width) == (view.level, view.width))
    name = next(named, None)
    return f"{talk.say(f'viewer.preset_{name}')} ({numbers})" if name else numbers
