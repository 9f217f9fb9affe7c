"""What a chat is called until the user names it."""

from __future__ import annotations

from collections.abc import Sequence

from store.chats.conversations import ImageRow
from store.records import MODALITY_WORDS

_CHARS = 60
_DOMAIN_WORDS = {"dermatology": "skin image", "radiology": "radiology image"}


def title_of(question: str, images: Sequence[ImageRow]) -> str:
    """A first question and what came with it: "What is this? · dermoscopy"."""
    words = " ".join(question.split())[:_CHARS]
    gates = [image.gate for image in images]
    kinds = [
        MODALITY_WORDS.get(gate.modality or "") or _DOMAIN_WORDS.get(gate.domain, "picture") for gate in gates
    ]
    return " · ".join([words, *dict.fromkeys(kinds)])
