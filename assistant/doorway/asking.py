"""A question of another program, followed from an event loop: it ends when whoever asked is gone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from assistant.pages.current import CurrentTurns

if TYPE_CHECKING:
    from assistant.answers.events import Event
    from assistant.chat import Assistant
    from assistant.turn.intake import Source
    from assistant.turn.running import RunningTurn

# Ours: how soon a turn is stopped after whoever asked has gone.
_LOOK_S = 0.2


class Asking:
    """The questions of one kind of program, with the limits of one visitor of the page.

    Args:
        assistant: whose chats they are.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._turns = CurrentTurns()

    async def events(
        self, chat_id: str | None, text: str, images: Sequence[Source] = (), reader: str | None = None
    ) -> AsyncGenerator[Event, None]:
        """Ask in a chat, or for None in a new one, and follow the events; closing this early stops the turn.

        Raises:
            BusyError: too much is asked at once.
            CaseError: the question or every file cannot be used, or there is no such chat or reader.
            SetupError: the reader or the chat model cannot be used.
        """
        begun: list[RunningTurn] = []

        def begin() -> None:
            begun.append(self._turns.begin(self.assistant, chat_id, text, images, reader=reader)[1])

        try:
            await run_sync(begin)
            events = begun[0].events(poll_s=_LOOK_S)
            while (event := await run_sync(partial(next, events, _OVER))) is not _OVER:
                if event is not None:
                    yield event
        finally:
            for one in begun:
                one.stop()


_OVER = object()
