"""From a request to the events of a turn: in its chat, after what has to be asked before it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from assistant.answers.events import Event, Finished
from assistant.openai_server.requests import Said
from assistant.openai_server.threads import Place, place_after, place_of

if TYPE_CHECKING:
    from assistant.doorway.asking import Asking

MODEL = "casebook"
"""The model's name; with a slash and a reader's name behind it, that reader must answer."""


@dataclass(frozen=True)
class Wanted:
    """What a program wants answered.

    Attributes:
        said: the conversation; its last message is the question.
        model: the name that was asked for.
        previous: id of the response that the question follows; None where the conversation is whole.
    """

    said: tuple[Said, ...]
    model: str
    previous: str | None = None

    @property
    def reader(self) -> str | None:
        """The reading model that must answer."""
        return self.model.partition("/")[2] or None


async def begun(asking: Asking, wanted: Wanted) -> AsyncGenerator[Event, None]:
    """The events of the turn, which has begun when this returns; closing them early stops it.

    Raises: as `Asking.events`.
    """
    place = await run_sync(_place, asking, wanted)
    chat = place.chat
    for one in place.before:
        chat = await _asked_before(asking, chat, one)
    question = wanted.said[-1]
    events = asking.events(chat, question.text, question.images, wanted.reader)
    return _from(await anext(events), events)


async def _from(first: Event, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
    async with aclosing(events):
        yield first
        async for event in events:
            yield event


def _place(asking: Asking, wanted: Wanted) -> Place:
    if wanted.previous is None:
        return place_of(asking.assistant, wanted.said)
    return place_after(asking.assistant, wanted.previous, wanted.said)


async def _asked_before(asking: Asking, chat: str | None, one: Said) -> str:
    """Ask what was said earlier; returns the chat."""
    async with aclosing(asking.events(chat, one.text, one.images)) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event.answer.chat_id
    raise AssertionError("a turn ends with its answer")
