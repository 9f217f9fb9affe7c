"""Questions on the windows of CT that a chat has shown, and wishes that lean on them, in three languages.

Which one is on, which was first, whether it still holds; two at once; the same on another picture; and a
wish for another where none was shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.named_facts import MARK
from assistant.planning.reference import focus, is_elliptical, names_image, resolve
from assistant.planning.slices import hounsfield, in_window, needs_a_ct
from assistant.planning.task import Task
from assistant.planning.window_steps import BACK_TO_FIRST, shown_now, step_in, views_in
from store.records import View
from tools.language.declined import declined
from tools.language.header_names import RANGE, RANGE_OF_FILE, WINDOW, WINDOW_OF_FILE
from tools.language.rules import heard
from tools.windows import CT_WINDOWS

FIRST_SHOWN, BEFORE, KEPT, NONE_SHOWN = "first window", "window before", "window kept", "no window"
"""Details of tasks that are answered from the windows shown."""
NO_CT = "no CT"
"""The same of a wish for a window of CT where there is none to set."""
_NAMES = {name: heard("windows", name) for name in CT_WINDOWS}
_IDLE, _IN_TURN, _WINDOW, _ON_IT = (heard("windows", one) for one in ("idle", "in_turn", "window", "on_it"))
_BACK, _BEFORE_ALONE, _AGAIN = (heard("windows", one) for one in ("back", "before_alone", "same_again"))
_SAME, _KEPT, _OF_FILE, _RANGE = (heard("windows", one) for one in ("same", "kept", "of_file", "range"))
_WHICH_FIRST, _WHICH_BEFORE, _WHICH_NOW = (
    heard("windows", f"which_{one}") for one in ("first", "before", "now")
)
_WHICH_USED = heard("windows", "which_used")
_CHANGED, _TWO_NUMBERS = heard("windows", "in_numbers"), heard("windows", "two_numbers")
_POLITE, _NO_WINDOW = heard("slices", "polite"), heard("slices", "no_window")
# Ours: a few words that ask for a range go on from the window before.
_FEW = 8


def of_windows(talk: Conversation) -> list[Task]:
    """The tasks of a message about windows; none for any other, or one that orders a slice too."""
    said = talk.said or talk.question
    if not talk.ids or (said != talk.question and _CHANGED.search(talk.question)):
        return []
    on_ct = _ct(talk) is not None
    alone = _single(said, goes_on=on_ct and bool(talk.past and views_in(talk.past[-1:])))
    if several := _several(said) or _back_to(said, talk) or (alone if on_ct or _WINDOW.search(said) else []):
        return _in_each(several, talk)
    if in_numbers := _two_numbers(said, talk):
        return in_numbers
    if _SAME.search(said) or _is_same_again(said, talk):
        return _the_same(said, talk)
    return _answers(said, talk) or _without_one(said, talk)


def _answers(said: str, talk: Conversation) -> list[Task]:
    """What is asked of the windows shown, or of that of the file."""
    ids = resolve(talk.question, talk).ids[-1:]
    if asked := _asked(said, talk):
        return [Task("display", said, ids, detail=asked)]
    facts = "; ".join(_facts(said, talk))
    return [Task("header", said, ids, detail=f"{MARK}{facts}")] if facts else []


def last_of(image_id: str, past: Sequence[PastTurn]) -> View | None:
    """The window that an image was shown in last; None where none was ordered for it."""
    return next((one for one in reversed(views_in(past)) if one.image_id == image_id), None)


def is_on(image_id: str, past: Sequence[PastTurn]) -> View | None:
    """The window that an image is in: of the last slice shown of it, if that was shown in one."""
    shown = [
        one for turn in past for one in turn.results if (one.tool, one.image_id) == ("show_slice", image_id)
    ]
    views = [one for one in shown[-1].records if isinstance(one, View)] if shown else []
    return views[-1] if views and views[-1].width else None


def _several(said: str) -> list[str]:
    """The windows that a message orders in turn, two or more; none where it says anything besides."""
    names = _all_named(said)
    apart = _WINDOW.search(said) or _IN_TURN.search(said)
    return names if len(names) > 1 and apart and not said.rstrip().endswith("?") else []


def _back_to(said: str, talk: Conversation) -> list[str]:
    """The window that a message leads back to, “go back to bone”, after one was shown; none without one."""
    names = _all_named(said) if _BACK.search(said) and shown_now(talk.past) else []
    return names if len(names) == 1 else []


def _single(said: str, *, goes_on: bool) -> list[str]:
    """The one window that a message orders with no other word; none where it asks, or wants none.

    A name alone, such as “lung”, orders one right after a window; “on bone” does so anywhere.
    """
    asks = said.rstrip().endswith("?") and not _POLITE.search(said)
    says_so = _WINDOW.search(said) or goes_on or (_ON_IT.search(said) and not _BACK.search(said))
    names = [] if asks or _NO_WINDOW.search(said) or not says_so else _all_named(said)
    return names if len(names) == 1 else []


def window_ordered(said: str) -> str:
    """The one window of CT that a wish to see a picture otherwise names, in words; empty where it is none."""
    asks = said.rstrip().endswith("?") and not _POLITE.search(said)
    if asks or _BACK.search(said) or _NO_WINDOW.search(said) or declined().denying.search(said):
        return ""
    names = [name for name, ear in _NAMES.items() if ear.search(said)]
    return names[0].replace("_", " ") if len(names) == 1 else ""


def _two_numbers(said: str, talk: Conversation) -> list[Task]:
    """“350 over 50” of a CT, after a window or where it is no slice of it; none for any other message."""
    image, found = _ct(talk), _TWO_NUMBERS.search(said)
    if image is None or not found or needs_a_ct("bone window", talk):
        return []
    numbers = [hounsfield(found[one]) for one in ("first", "second")]
    row = talk.image(image)
    if not _goes_on(talk) and not (row.frames < numbers[0] and "/" in said):
        return []
    clause = in_window(image, *numbers)
    return [Task("slice", clause, (image,), detail=str(row.index + 1))]


def _is_same_again(said: str, talk: Conversation) -> bool:
    """Whether “same on the other one”, or right behind a window only another picture, names none itself."""
    named = any(ear.search(said) for ear in _NAMES.values())
    if named or shown_now(talk.past) is None:
        return False
    alone = not talk.attached and bool(views_in(talk.past[-1:])) and is_elliptical(talk.question, talk)
    return alone or _AGAIN.search(said) is not None


def _all_named(said: str) -> list[str]:
    """The windows that a message names, in order; none where it says anything besides."""
    spans = sorted((*one.span(), name) for name, ear in _NAMES.items() for one in ear.finditer(said))
    rest = said
    for start, end, _ in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return [] if re.search(r"\w", _IDLE.sub(" ", rest)) else [*dict.fromkeys(name for *_, name in spans)]


def _in_each(names: Sequence[str], talk: Conversation) -> list[Task]:
    if unknown := tuple(one for one in resolve(talk.question, talk).ids if one not in talk.ids):
        return [Task("slice", talk.question, unknown, detail="1")]
    here = needs_a_ct("bone window", talk) and not names_image(talk.question, talk)
    image = None if here else _ct(talk)
    if image is None:
        return [Task("display", talk.question, (focus(talk) or talk.ids)[-1:], detail=NO_CT)]
    clauses = (f"show {image} in the {name.replace('_', ' ')} window" for name in names)
    return [Task("slice", one, (image,), detail=str(talk.image(image).index + 1)) for one in clauses]


def _ct(talk: Conversation) -> str | None:
    """The CT that an order is for: one that is meant, else the newest."""
    ids = (*talk.ids, *(resolve(talk.question, talk).ids))
    return next((one for one in reversed(ids) if talk.image(one).modality == "CT"), None)


def _the_same(said: str, talk: Conversation) -> list[Task]:
    """The window shown last, on the picture that is named, that came, or that it was not shown of."""
    views = views_in(talk.past)
    meant = resolve(talk.question, talk)
    last = views[-1] if views else None
    others = [one for one in talk.ids if last and one != last.image_id]
    ids = meant.ids[-1:] if meant.explicit or talk.attached else tuple(others[-1:]) or meant.ids[-1:]
    if meant.note:
        return [Task("display", said, meant.ids[-1:], meant.note)]
    if last is None or talk.image(ids[-1]).modality != "CT":
        return [Task("display", said, ids, detail=NONE_SHOWN if last is None else NO_CT)]
    clause = in_window(ids[-1], last.width or 0.0, last.level or 0.0)
    return [Task("slice", clause, ids, detail=str(talk.image(ids[-1]).index + 1))]


def _asked(said: str, talk: Conversation) -> str:
    """What is asked of the windows shown before: which was first, which came before, whether it holds."""
    if not any(row.modality == "CT" for row in talk.images):
        return ""
    asked = {FIRST_SHOWN: _WHICH_FIRST, BEFORE: _WHICH_BEFORE, KEPT: _KEPT}
    found = next((detail for detail, ear in asked.items() if ear.search(said)), "")
    if not found and _BEFORE_ALONE.search(said) and _goes_on(talk):
        return BEFORE
    return "" if found and _OF_FILE.search(said) else found


def _facts(said: str, talk: Conversation) -> Iterator[str]:
    """The window, of the file or that is on, and which values it covers, as they are asked for."""
    of_file = bool(_OF_FILE.search(said))
    window = bool(_WHICH_NOW.search(said) or (_WHICH_USED.search(said) and _goes_on(talk)))
    ranged = bool(_RANGE.search(said)) and (
        _WINDOW.search(said) or (_goes_on(talk) and len(said.split()) <= 2 * _FEW)
    )
    if of_file or window:
        yield WINDOW_OF_FILE if of_file else WINDOW
    if ranged:
        before = bool(talk.lately and _OF_FILE.search(talk.lately[-1]) and not window)
        yield RANGE_OF_FILE if of_file or before else RANGE


def _goes_on(talk: Conversation) -> bool:
    """Whether the turn before was about a window."""
    return bool(talk.past and views_in(talk.past[-1:])) or bool(
        talk.lately and _WINDOW.search(talk.lately[-1])
    )


def _without_one(said: str, talk: Conversation) -> list[Task]:
    """A wish for another window than the one shown, where none was shown of the picture talked about."""
    step = step_in(said, talk.past)
    if step is None or shown_now(talk.past) is not None or talk.attached:
        return []
    if step in (BACK_TO_FIRST, "before") and not _WINDOW.search(said) and (_moves(talk) or step == "before"):
        return []  # of slices, or of pictures
    ids = (focus(talk) or talk.ids)[-1:]
    return [Task("display", said, ids, detail=NONE_SHOWN)] if _has_hounsfield(ids[0], talk) else []


def _has_hounsfield(image_id: str, talk: Conversation) -> bool:
    """Whether a picture is a CT by more than its pixels: a JPEG of one holds no Hounsfield units."""
    row = talk.image(image_id)
    return row.modality == "CT" and row.known_from != "pixels"


def _moves(talk: Conversation) -> bool:
    """Whether the last tool that ran showed a slice."""
    ran = [one for turn in talk.past for one in turn.results]
    return bool(ran) and ran[-1].tool == "show_slice"
