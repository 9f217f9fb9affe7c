"""What is wished with which picture: nobody asks for a slice of a photo, or for air and bone of a mole.

How often strangers wished for what, with which kind of picture, is in ``prompts/language/wished.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from assistant.planning.doubt import nearest
from assistant.planning.words import Intent
from tools.language.lists import Words, read

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation, ImageRow

# Ours: how much the counts of a kind of picture weigh, and how many messages of any kind are added to them.
# Left out one round at a time, half of it and all of it do the same; strangers who bring two pictures compare
# them more often than a chat that holds two, so it is the half of that half.
_WEIGHT, _ADDED = 0.35, 30

Named = Sequence[tuple[str, Intent, float]]


class _Wished(Words):
    """Kinds of pictures, each with intents and how many messages wished for it."""

    seen_with: dict[str, dict[str, float]]


def weighed(named: Named, talk: Conversation | None) -> Named:
    """What the ear hears, with scores, weighed by what the chat shows; the scores add up to what they did.

    Args:
        named: the ear's word for it, the planner's, and the score.
        talk: the conversation; without one nothing is weighed.
    """
    if talk is None:
        return named
    here = _ratios().get(scene_of(talk.images), {})
    loud = [(name, said, score * here.get(nearest(said), 1.0)) for name, said, score in named]
    whole = sum(score for *_, score in named) / (sum(score for *_, score in loud) or 1.0)
    return sorted(((name, said, score * whole) for name, said, score in loud), key=lambda one: -one[2])


def scene_of(images: Sequence[ImageRow]) -> str:
    """The kind of picture that a chat shows, as ``wished.toml`` calls it."""
    if len(images) != 1:
        return "several" if images else "none"
    (row,) = images
    return "skin" if row.domain == "dermatology" else row.modality or "DX"


@cache
def _ratios() -> Mapping[str, Mapping[str, float]]:
    """By kind of picture: how many times as often as with any picture each intent is wished."""
    held = read(_Wished, "wished").seen_with
    total = {name: sum(one.get(name, 0.0) for one in held.values()) for one in held.values() for name in one}
    of_all = {name: count / sum(total.values()) for name, count in total.items()}
    return {scene: _ratios_of(found, of_all) for scene, found in held.items()}


def _ratios_of(found: Mapping[str, float], of_all: Mapping[str, float]) -> dict[str, float]:
    messages = sum(found.values()) + _ADDED
    return {
        name: ((found.get(name, 0.0) + _ADDED * share) / messages / share) ** _WEIGHT
        for name, share in of_all.items()
    }
