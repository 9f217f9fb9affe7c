"""Try a language model, and say which role it may have.

It phrases what the planner's tools found, in chats about drawn pictures with scripted readers, in a home that
is thrown away; a task is done if all that it wrote was shown in the planner's place: then nothing was added,
and nothing that the planner's answer rests on was lost. Only one that phrases well chooses tools too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.messages import SystemMessage

from assistant.audition.last_reply import LastReply
from assistant.audition.tasks import Call, Phrase, tasks
from assistant.chat import Chat
from assistant.evaluation.conversations.drawings import drawn
from assistant.evaluation.conversations.run import apart
from assistant.evaluation.conversations.scripted import ScriptedServices
from assistant.llm.endings import BrokeOffError
from assistant.llm.role import Casting, Role
from assistant.memory.messages import question_message
from prompts import render
from tools.catalogue import build_tools
from tools.context import ChatImage, ImageTable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings

Progress = Callable[[int, int], None]

# Ours: where half is not shown, asking costs more than it gives; a wrong call costs more than a wording.
WORDS, AGENT, CALLS = 0.5, 0.7, 0.9
"""Shares of tasks that must be done: phrased for *words*; phrased, and called, for *agent*."""

READERS = ("radiographer", "derm-captioner")


@dataclass(frozen=True)
class Found:
    """What an audition found.

    Attributes:
        phrased: tasks of phrasing that were done.
        of_phrases: and that were tried.
        called: tasks of choosing tools that were done.
        of_calls: and that were tried; none where the model phrases too badly.
    """

    phrased: int
    of_phrases: int
    called: int = 0
    of_calls: int = 0

    @property
    def role(self) -> Role:
        """What the model may do."""
        if self.phrased < WORDS * self.of_phrases:
            return "off"
        able = self.of_calls and self.called >= CALLS * self.of_calls
        return "agent" if able and self.phrased >= AGENT * self.of_phrases else "words"

    @property
    def casting(self) -> Casting:
        """The role with its reason."""
        why = (
            f"In its audition it phrased {self.phrased} of {self.of_phrases} findings with nothing added or "
            f"lost ({WORDS:.0%} are needed to phrase, {AGENT:.0%} to call tools)"
        )
        if self.of_calls:
            why += f", and chose the right tool and image in {self.called} of {self.of_calls} ({CALLS:.0%})"
        return Casting(self.role, f"{why}.", auditioned=True)


def audition(
    model: BaseChatModel, settings: Settings, *, progress: Progress = lambda _done, _of: None
) -> Found:
    """Try a model.

    Args:
        model: the language model.
        settings: how it is set up; nothing is kept in their home.
        progress: called with (tasks done, tasks in all) after each.

    Raises:
        SetupError: the model cannot be used.
    """
    to_phrase, to_call = tasks()
    count = len(to_phrase) + len(to_call)
    phrased, tried = 0, 0
    with installation(model, settings) as services:
        for tried, task in enumerate(to_phrase, 1):
            phrased += phrases(services, model, task)
            progress(tried, count)
            if phrased + len(to_phrase) - tried < WORDS * len(to_phrase):
                return Found(phrased, tried)  # it cannot be reached any more
        if phrased < AGENT * len(to_phrase):
            return Found(phrased, tried)
        called = 0
        for n, one in enumerate(to_call, 1):
            called += calls(services, model, one)
            progress(tried + n, count)
    return Found(phrased, tried, called, len(to_call))


@contextmanager
def installation(model: BaseChatModel | None, settings: Settings) -> Iterator[ScriptedServices]:
    """An installation in an empty folder, in which a model phrases; the planner alone where it is None."""
    with tempfile.TemporaryDirectory(prefix="casebook-audition-") as folder:
        # Answers to phrase offer no tools.
        services = ScriptedServices(
            apart(settings, Path(folder)).model_copy(update={"llm_role": "words"}), model
        )
        try:
            yield services
        finally:
            services.close()


def readers_of(task: Phrase) -> dict[str, dict[str, str]]:
    """What the scripted readers say to every question of a task."""
    return {name: {".": task.reader} for name in READERS} if task.reader else {}


def phrases(services: ScriptedServices, model: BaseChatModel, task: Phrase) -> bool:
    """Whether all that a model writes to a task is shown in the planner's place."""
    services.readers.answers = readers_of(task)
    chat = Chat(services, services.conversations.new_chat("audition"))
    pictures = [drawn(name) for name in task.pictures]
    for one in task.before:
        chat.ask(one, pictures)
        pictures = []
    with LastReply(model) as last:
        answer = chat.ask(task.question, pictures)
    own = not (answer.by_planner or answer.by_rules) and answer.state == "answered"
    return own and " ".join(answer.text.split()) == " ".join(last.words.split())


def calls(services: ScriptedServices, model: BaseChatModel, task: Call) -> bool:
    """Whether a model calls the tools of a task, on its image, and no other."""
    services.readers.answers = {name: {} for name in READERS}
    images = list(_images(services, task.pictures))
    asked = question_message(task.question, [one.id for one in images], ImageTable(images))
    able: Any = model.bind_tools(build_tools(services.readers))
    try:
        reply = able.invoke([SystemMessage(render("system")), asked])
    except BrokeOffError:
        return False
    called = [(call["name"], str(call["args"].get("image_id", ""))) for call in reply.tool_calls]
    if not task.tools:
        return not called
    return bool(called) and all(name in task.tools and on == task.image for name, on in called)


def _images(services: ScriptedServices, names: tuple[str, ...]) -> Iterator[ChatImage]:
    from tools.gate.modality import identify

    for n, name in enumerate(names, 1):
        image = services.decoder.read(drawn(name))[0]
        gate = identify(image).model_copy(update={"image_id": f"img-{n}"})
        yield ChatImage(f"img-{n}", name, gate, lambda image=image: image)  # type: ignore[misc]
