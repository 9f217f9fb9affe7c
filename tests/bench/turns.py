"""What our loop costs over the bare `create_agent` loop, and whether a long chat stays quick.

Both loops stream the text of the same scripted model (it answers at once) and run the same trivial
tool, in one process, taking turns. Ours also asks the planner first, shows its answer, holds what the model
wrote against the evidence, keeps every question and answer in SQLite, reads the
chat's history from there, reports events from a thread, and adds disclaimers.

    python -m tests.bench.turns
"""

from __future__ import annotations

import functools
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, quick_quarter, show

if TYPE_CHECKING:
    from assistant import Chat
    from tests.scripted.chat_model import ScriptedModel

COMMAND = "python -m tests.bench.turns"
QUESTION = "What does this show?"
Turn = Callable[[], object]


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print."""
    del argv
    show(measure())
    return 0


def measure() -> list[Figure]:
    """Run a chat of 300 turns beside bare loops of as many, then go on with it beside a young chat."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        new, ask_in = _ours(home)
        new_chat = lambda: functools.partial(ask_in, new())  # noqa: E731
        _take_turns(new_chat(), times=20)  # the first turns of a process load and build things
        seen = [_until_shown(chat) for chat in [new()] for _ in range(40)]
        old, sizes, spent = new_chat(), [_bytes(home)], []
        for _ in range(2):
            spent += _take_turns(old, _bare(stream=True), _bare(stream=False), times=150)
            sizes.append(_bytes(home))
        late_to_early = _late_to_early(old, new_chat)
    shown, over = (quick_quarter(times) for times in zip(*seen, strict=True))
    ours, streamed, invoked = (quick_quarter(times) for times in zip(*spent, strict=True))
    return [
        Figure("turn of our loop", ours, "ms", None, COMMAND),
        Figure("turn of the bare loop, streamed", streamed, "ms", None, COMMAND),
        Figure("turn of the bare loop, not streamed", invoked, "ms", None, COMMAND),
        Figure("our turn ÷ bare turn, both streamed", ours / streamed, "×", 1.3, COMMAND),
        Figure("the planner's answer is on the screen", shown, "ms", None, COMMAND),
        Figure("that ÷ the whole turn of an instant model", shown / over, "×", 1.0, COMMAND),
        Figure("our turns from 300 on ÷ our turns 10–19", late_to_early, "×", 1.2, COMMAND),
        Figure("database bytes per turn", (sizes[2] - sizes[0]) / 300, "B", None, COMMAND),
        Figure(
            "bytes of turns 151–300 ÷ of 1–150",
            (sizes[2] - sizes[1]) / (sizes[1] - sizes[0]),
            "×",
            1.2,
            COMMAND,
        ),
    ]


def _late_to_early(old: Turn, new_chat: Callable[[], Turn]) -> float:
    """Ask in the old chat and in young ones by turns, now this one first and now that one."""
    late, early = [], []
    for n in range(6):
        young = new_chat()
        _take_turns(young, times=9)
        both = (old, young) if n % 2 else (young, old)
        for times in _take_turns(*both, times=10):
            late.append(times[both.index(old)])
            early.append(times[both.index(young)])
    return quick_quarter(late) / quick_quarter(early)


def _take_turns(*turns: Turn, times: int) -> list[list[float]]:
    """Run each turn so many times, one after the other; milliseconds."""
    return [[_milliseconds(turn) for turn in turns] for _ in range(times)]


def _ours(home: Path) -> tuple[Callable[[], Chat], Callable[[Chat], object]]:
    """Makes a chat with a picture in it, and asks in one."""
    import numpy as np

    from assistant import Assistant, load_settings
    from store.pictures.image import Image
    from tests.scripted.chat_model import build_look

    model = _model()
    assistant = Assistant(load_settings(home=home), model=model, tools=[build_look()])

    def ask_in(chat: Chat) -> None:
        model.seen.clear()
        chat.ask(QUESTION)
        if len(model.seen) != 2:
            raise AssertionError("The language model was not asked, so this measures nothing.")

    def new_chat() -> Chat:
        chat = assistant.chat()
        chat.ask(QUESTION, [Image(np.full((1, 128, 128, 3), 90, np.uint8), "PNG")])
        return chat

    return new_chat, ask_in


def _until_shown(chat: Chat) -> tuple[float, float]:
    """How long until the planner's answer is on the screen, and until the turn is over; milliseconds."""
    from assistant.answers.events import Text

    start, shown = time.perf_counter(), 0.0
    for event in chat.stream(QUESTION):
        if isinstance(event, Text) and not shown:
            shown = time.perf_counter() - start
    return 1e3 * shown, 1e3 * (time.perf_counter() - start)


def _bare(*, stream: bool) -> Turn:
    """What one would write without Casebook: the loop, the tool, the last messages kept in a list."""
    from langchain.agents import create_agent
    from langchain_core.messages import AnyMessage, HumanMessage
    from langchain_core.tools import tool

    @tool
    def look(image_id: str, question: str) -> str:
        """Look at an image."""
        return f"Looked at {image_id}: {question}"

    model = _model()
    agent = create_agent(model, [look], system_prompt="You look at images.")
    # As many messages as our chat model sees: the last 12 turns of 4 messages.
    kept: list[AnyMessage] = []

    def ask() -> None:
        model.seen.clear()
        kept.append(HumanMessage(QUESTION))
        if not stream:
            kept[:] = agent.invoke({"messages": kept})["messages"][-48:]
            return
        for mode, payload in agent.stream({"messages": kept}, stream_mode=["messages", "values"]):
            if mode == "values":
                last = payload["messages"]
        kept[:] = last[-48:]

    return ask


def _model() -> ScriptedModel:
    """Calls the tool once, then answers in forty words. What it keeps of its input is cleared each turn."""
    from langchain_core.messages import AIMessage

    from tests.scripted.chat_model import ScriptedModel, call

    answer = AIMessage(" ".join(f"word-{n}" for n in range(40)))
    return ScriptedModel(replies=[call("look", image_id="img-1", question=QUESTION), answer])


def _milliseconds(turn: Turn) -> float:
    start = time.perf_counter()
    turn()
    return 1e3 * (time.perf_counter() - start)


def _bytes(home: Path) -> int:
    """Size of the database with its log written back."""
    import sqlite3

    path = home / "conversations.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
