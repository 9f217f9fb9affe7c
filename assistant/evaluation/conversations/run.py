"""Run scripted conversations through a whole installation of its own, and say which expectations fail."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.chat import Assistant, Chat
from assistant.evaluation.conversations.checks import Miss, check
from assistant.evaluation.conversations.drawings import drawn, write_cases
from assistant.evaluation.conversations.script import Conversation, Turn
from assistant.evaluation.conversations.scripted import ScriptedServices
from assistant.evaluation.conversations.standing import Heard
from assistant.llm.chat_models import chat_model
from assistant.settings import Settings, load_settings
from store.errors import CasebookError
from tools.models.systems.cards import SYSTEMS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


@dataclass(frozen=True)
class TurnResult:
    """One turn as it went. `misses` are the expectations that the answer does not meet."""

    number: int
    turn: Turn
    text: str
    misses: tuple[Miss, ...]


@dataclass(frozen=True)
class Result:
    """One conversation as it went."""

    conversation: Conversation
    turns: tuple[TurnResult, ...]


Told = Callable[[Result], None]


def run_conversations(
    conversations: Sequence[Conversation],
    *,
    settings: Settings | None = None,
    model: BaseChatModel | None = None,
    on_done: Told = lambda _: None,
) -> tuple[Result, ...]:
    """Run conversations, each in a chat of its own, in an installation that is thrown away afterwards.

    Args:
        conversations: what to run.
        settings: of the chat model and limits; from the environment by default. Nothing is kept in its home,
            and no reader of it is asked: readers are scripted.
        model: the chat model; the one that is set, or the built-in planner, by default.
        on_done: told each result when it is there.

    Returns:
        The results, in the order of `conversations`.
    """
    settings = settings or load_settings()
    # Asked for here, as a model that was pulled is recorded in the home that is left aside below.
    model = model or chat_model(settings)[0]
    done: dict[int, Result] = {}
    for library in (False, True):
        chosen = [(at, one) for at, one in enumerate(conversations) if one.library is library]
        if not chosen:
            continue
        with _installation(settings, model, library) as services:
            for at, one in chosen:
                done[at] = _converse(services, one)
                on_done(done[at])
    return tuple(done[at] for at in sorted(done))


@contextmanager
def _installation(
    settings: Settings, model: BaseChatModel | None, library: bool
) -> Iterator[ScriptedServices]:
    """An installation in an empty folder, with drawn cases in its library if wanted."""
    with tempfile.TemporaryDirectory(prefix="casebook-converse-") as folder:
        own = apart(settings, Path(folder))
        assistant = Assistant(own, model=model)
        assistant.services = services = ScriptedServices(own, model)
        try:
            if library:
                cases = Path(folder, "drawn cases")
                cases.mkdir()
                assistant.import_cases(write_cases(cases))
            yield services
        finally:
            assistant.close()


def apart(settings: Settings, home: Path) -> Settings:
    """The same settings for another home, without readers and encoders.

    Args:
        settings: of an installation.
        home: where another one keeps things.
    """
    names = [f"{name.replace('-', '_')}_{what}" for name in SYSTEMS for what in ("path", "base", "server")]
    none = dict.fromkeys(name for name in names if name in Settings.model_fields)
    return settings.model_copy(update={**none, "home": home, "database_url": None, "samples": 0})


def _converse(services: ScriptedServices, conversation: Conversation) -> Result:
    services.readers.answers = conversation.readers
    chat = Chat(services, services.conversations.new_chat("scripted conversations"))
    answers: list[Answer] = []
    turns = []
    for number, turn in enumerate(conversation.turns, 1):
        user = tuple(one.user for one in conversation.turns[:number])
        turns.append(_turn(chat, number, turn, user, answers))
    return Result(conversation, tuple(turns))


def _turn(chat: Chat, number: int, turn: Turn, user: tuple[str, ...], answers: list[Answer]) -> TurnResult:
    try:
        answer = chat.ask(turn.user, [drawn(name) for name in turn.add], reader=turn.reader)
    except CasebookError as error:
        return TurnResult(number, turn, str(error), _not_accepted(turn, str(error)))
    scaled = frozenset(image.id for image in chat.images() if image.facts.get("scale"))
    misses = check(turn, answer, Heard(user, tuple(answers), scaled))
    answers.append(answer)
    if turn.error is not None:
        misses = (Miss(f"is not accepted: “{turn.error}”", "it was answered"),)
    return TurnResult(number, turn, answer.text, misses)


def _not_accepted(turn: Turn, sentence: str) -> tuple[Miss, ...]:
    if turn.error is None:
        return (Miss("is accepted", sentence),)
    if not re.search(turn.error, sentence, re.I):
        return (Miss(f"is not accepted: “{turn.error}”", sentence),)
    return ()
