"""Which chat a conversation belongs to, though a program sends all of it every time.

Every reply ends with a mark: the id of its turn and a digest of what the user had said and sent up to it. A
conversation that holds the mark of the last turn of a chat, and the same words and images before it, goes
on in that chat. Any other (begun elsewhere, edited, or branched off) begins a new chat, in which the user's
earlier messages are asked again, so that Casebook answers from evidence of its own and never from words that
a program says it said.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.openai_server.requests import Said

_MARK = re.compile(r"casebook:([0-9a-f]{32}):([0-9a-f]{16})")
_RESPONSE = "resp_"
# Ours: questions in a row that a process took with it when it ended.
_CUT_OFF = 8


@dataclass(frozen=True)
class Place:
    """Where a question is asked.

    Attributes:
        chat: the chat; None for a new one.
        before: the user's messages that are asked first.
    """

    chat: str | None
    before: tuple[Said, ...] = ()


def mark_of(turn_id: str, said: Sequence[Said]) -> str:
    """The mark of the reply to the last of the user's messages."""
    return f"casebook:{turn_id}:{_digest(said)}"


def response_id(turn_id: str) -> str:
    """The id of a turn's response."""
    return _RESPONSE + turn_id


def place_of(assistant: Assistant, said: Sequence[Said]) -> Place:
    """Where the last message of a conversation is asked.

    Args:
        assistant: whose chats they may be.
        said: the conversation; its last message is the question.
    """
    for at in range(len(said) - 2, -1, -1):
        marks = [] if said[at].by_user else _MARK.findall(said[at].text)
        if not marks or marks[-1][1] != _digest(said[:at]):
            continue
        chat = _with_last_turn(assistant, marks[-1][0])
        if chat is not None:
            return Place(chat, _of_user(said[at:-1]))
    return Place(None, _few(_of_user(said[:-1]), assistant.services.settings.history_turns))


def place_after(assistant: Assistant, response: str, said: Sequence[Said]) -> Place:
    """Where the last message is asked that follows a response.

    Raises:
        CaseError: there is no such response, or its conversation went on since.
    """
    chat = _with_last_turn(assistant, response.removeprefix(_RESPONSE))
    if chat is None:
        raise CaseError(
            "There is no such response, or its conversation went on since. Send the conversation as `input` "
            "without previous_response_id."
        )
    return Place(chat, _of_user(said[:-1]))


def _with_last_turn(assistant: Assistant, turn_id: str) -> str | None:
    """The owner's chat whose last turn has an id, those that were cut off left out."""
    kept = assistant.services.conversations
    found = kept.provenances.turn(turn_id)
    if found is None or kept.owner_of(found[0]) != assistant.owner:
        return None
    answered = [turn.id for turn in kept.turns(found[0], last=_CUT_OFF) if turn.answer is not None]
    return found[0] if answered[-1:] == [turn_id] else None


def _of_user(said: Sequence[Said]) -> tuple[Said, ...]:
    return tuple(one for one in said if one.by_user)


def _few(said: tuple[Said, ...], most: int) -> tuple[Said, ...]:
    """The latest messages; the images of those left out come with the first."""
    left_out, kept = said[:-most], said[-most:]
    if not left_out:
        return kept
    images = tuple(image for one in left_out for image in one.images)
    return (replace(kept[0], images=(*images, *kept[0].images)), *kept[1:])


def _digest(said: Sequence[Said]) -> str:
    """What the user said and sent: sixteen hexadecimal digits."""
    told = [
        (one.text.strip(), [hashlib.sha256(image).hexdigest() for image in one.images])
        for one in _of_user(said)
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
