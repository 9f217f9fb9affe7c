"""A chat as JSON: what the program that reads it needs, pictures in base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from assistant.export.copies import ChatCopy, Exchange, Pictured
from assistant.export.words import head

_FORMAT = "casebook-chat-1"


def as_json(copy: ChatCopy) -> bytes:
    """One object in UTF-8: ``format``, ``title``, ``what``, ``disclaimer``, ``turns``.

    Each turn has ``question``, ``images`` and ``drawn`` (``name``, ``caption``, ``jpeg_base64``), ``answer``
    (see `Answer.to_dict`; null if it was cut off), ``good`` (what its reader thought of it; null if that was
    not said) and ``gone``, a sentence on each picture no longer kept.
    """
    what, never = head(copy)
    whole = {
        "format": _FORMAT,
        "title": copy.title,
        "what": what,
        "disclaimer": never,
        "turns": [_turn(one) for one in copy.exchanges],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _turn(one: Exchange) -> dict[str, Any]:
    return {
        "question": one.question,
        "images": _pictures(one.attached),
        "answer": one.answer.to_dict() if one.answer else None,
        "good": one.good,
        "drawn": _pictures(one.drawn),
        "gone": list(one.gone),
    }


def _pictures(pictures: Sequence[Pictured]) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "caption": one.caption,
            "jpeg_base64": base64.b64encode(one.data).decode(),
        }
        for one in pictures
    ]
