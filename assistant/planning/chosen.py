"""What the cards that were chosen for a message come to: one as the answer, one that may be it, or titles."""

from __future__ import annotations

from assistant.planning.card_choice import Choice
from assistant.planning.task import Task
from assistant.planning.teaching import NAMED

SURELY, LIKELY = 0.4, 0.25
"""From here on the first card is the answer, and may well be it. Ours, by writers left out (CHOICE.md)."""
# Ours: of a message that nothing else answers the first card may be the answer, or is named beside others;
# but none is that is not a little like it.
_LIKELY_IF_OPEN, _PERHAPS, _LIKE = 0.2, 0.07, 0.4


def answer(chosen: Choice, asked: str, images: tuple[str, ...], *, is_open: bool) -> Task | None:
    """The task that shows or names cards; None where none is likely enough.

    Args:
        chosen: the cards.
        asked: the message.
        images: those in view.
        is_open: whether nothing else answers the message.
    """
    first, ids = chosen.cards[0], " ".join(one.id for one in chosen.cards[:NAMED])
    if chosen.sure >= SURELY:
        return Task("teach", first.title, images)
    if chosen.sure >= (_LIKELY_IF_OPEN if is_open else LIKELY):
        return Task("teach", first.title, images, detail=ids)
    if is_open and chosen.sure >= _PERHAPS and chosen.like >= _LIKE:
        return Task("textbook", asked, images, detail=ids)
    return None
