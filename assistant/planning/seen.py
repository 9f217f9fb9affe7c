"""Questions on what the user sees or drew in the viewer: “from here to there”, “my marks”, “my outline”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.planning.reference import focus
from tools.language.rules import heard

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation, ImageRow
    from assistant.planning.words import Intent

VIEW = "view"
"""The detail of a task that is answered from the viewer."""
_MARKS, _DRAWN = heard("seen", "marks"), heard("seen", "drawn")
_HERE, _OUTLINE = heard("seen", "here"), heard("seen", "outline")


def asked_of_viewer(talk: Conversation) -> tuple[tuple[Intent, tuple[str, ...], str], ...]:
    """What a question asks of what is seen or was drawn there: intent, images and detail of each task."""
    if ids := outlined(talk):
        return (("measure", ids, ""),)
    if ids := asks_of_marks(talk):
        return (("measure", ids, VIEW),)
    if ids := asks_of_view(talk):
        return (("what_is", ids, ""), ("measure", ids, VIEW))
    return ()


def asks_of_marks(talk: Conversation) -> tuple[str, ...]:
    """The images whose marks a question is about; none where it is about no marks."""
    marked = tuple(row.id for row in talk.images if row.marks)
    if marked and (_DRAWN.search(talk.question) or _MARKS.search(talk.question)):
        return marked
    if _MARKS.search(talk.question) and talk.ids:
        return _open(talk) or focus(talk) or talk.ids[-1:]
    return ()


def asks_of_view(talk: Conversation) -> tuple[str, ...]:
    """The images open in the viewer, where a question is about what is seen there."""
    return _open(talk) if _HERE.search(talk.question) else ()


def drew_outline(talk: Conversation, row: ImageRow) -> bool:
    """Whether a lesion is to be measured inside the outline that the user drew."""
    return bool(row.marks) and _OUTLINE.search(talk.question) is not None


def outlined(talk: Conversation) -> tuple[str, ...]:
    """The skin images whose drawn outline a question is about."""
    return tuple(row.id for row in talk.images if row.domain == "dermatology" and drew_outline(talk, row))


def _open(talk: Conversation) -> tuple[str, ...]:
    return tuple(row.id for row in talk.images if row.marks is not None)
