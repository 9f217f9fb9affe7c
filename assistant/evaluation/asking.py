"""Put one question to a reader alone and to the agent, and keep what they said, not yet what it comes to.

Both get the same words and the same pictures. The agent is asked in a fresh chat that is deleted afterwards;
it chooses its tools as in any chat. An error is a result: it is told and counted, and the next question is
asked.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.evaluation.questions import Question
from assistant.evaluation.strict import kept
from store.errors import CasebookError

if TYPE_CHECKING:
    from assistant.answers.answer import Answer, Evidence
    from assistant.chat import Assistant
    from store.pictures.image import Image

Reply = dict[str, Any]
"""What came of asking one of the two, as it is kept: plain types, stable keys."""
Replies = dict[str, Reply | None]
"""The replies of ``reader`` and ``agent``; None for one that is not asked this."""


@dataclass(frozen=True)
class Examinee:
    """Who is asked.

    Attributes:
        assistant: the installation.
        reader: name of the reader that both must ask; None lets each picture's kind decide.
        alone: whether the reader is asked by itself.
        agent: whether the agent is asked.
        revision: of the agent's language model, where it is known.
    """

    assistant: Assistant
    reader: str | None
    alone: bool
    agent: bool
    revision: str | None = None
    _images: dict[tuple[str, ...], list[Image]] = field(default_factory=dict)

    def ask_each(self, questions: Sequence[Question]) -> Generator[Replies, None, None]:
        """What both reply to each question, when it is asked for."""
        for question in questions:
            yield self.ask(question)

    def ask(self, question: Question) -> Replies:
        """What both reply to a question."""
        try:
            images = self._read(question)
        except CasebookError as error:
            return self.failed(error)
        return {
            "reader": self._ask_reader(question, images) if self.alone and images else None,
            "agent": self._ask_agent(question, images) if self.agent else None,
        }

    def failed(self, error: CasebookError) -> Replies:
        """The replies where neither could be asked."""
        reply = _failed(error, 0.0)
        return {"reader": reply if self.alone else None, "agent": reply if self.agent else None}

    def _read(self, question: Question) -> list[Image]:
        """The question's pictures; those of the question before are remembered."""
        names = tuple(map(str, question.images))
        if names not in self._images:
            self._images.clear()
            services = self.assistant.services
            read = [one for path in question.images for one in services.decoder.read(path)]
            # What the chat of the agent would see: without text and faces, by the settings.
            self._images[names] = services.private_pixels.look(read, 1).images
        return self._images[names]

    def _ask_reader(self, question: Question, images: Sequence[Image]) -> Reply | None:
        """What the reader says of the first picture, greedily, as a tool would ask it."""
        from tools.models.systems.reading import Request

        readers = self.assistant.services.readers
        name = self.reader or self._reader_of(images[0])
        if name is None:
            return None
        pixels = images[0].pixels
        request = Request(
            pixels=pixels,
            # A key of its own: what the agent's reader remembers of the picture is not used here.
            image_key=f"evaluation-{hashlib.sha256(pixels.tobytes()).hexdigest()}",
            question=question.words,
            sampling=readers.require(name).sampling,
            timeout_s=readers.settings.timeout_s,
        )
        began = time.monotonic()
        try:
            said = readers.read(name, request)
        except CasebookError as error:
            return _failed(error, time.monotonic() - began) | {"who": name}
        seconds = time.monotonic() - began
        if said is None:
            return _reply(who=name, seconds=seconds)
        return _reply(
            who=name,
            revision=said.revision,
            text=said.reading.text,
            seconds=seconds,
            tokens=said.reading.tokens,
            stand_in=said.stand_in,
        )

    def _reader_of(self, image: Image) -> str | None:
        """The reader that a chat would ask about such a picture; the first there is where that is unclear."""
        from tools.gate.modality import identify

        readers = self.assistant.services.readers
        return next(iter(readers.set_up(identify(image).domain) or readers.set_up()), None)

    def _ask_agent(self, question: Question, images: Sequence[Image]) -> Reply:
        began = time.monotonic()
        try:
            answer = self._answer(question, images)
        except CasebookError as error:
            return _failed(error, time.monotonic() - began)
        seconds = time.monotonic() - began
        called = [one.tool for one in answer.evidence] + [one.tool for one in answer.refused]
        why = "; ".join(answer.notices) or f"The turn was {answer.state}."
        return _reply(
            who="agent",
            revision=None if answer.by_planner or answer.by_rules else self.revision,
            text=answer.text,
            seconds=seconds,
            tools=list(dict.fromkeys(called)),
            stand_in=any(_from_stand_in(one) for one in answer.evidence),
            by_planner=answer.by_planner,
            notices=list(answer.notices),
            evidence=[kept(one) for one in answer.evidence],
            error=None if answer.state == "answered" else why,
        )

    def _answer(self, question: Question, images: Sequence[Image]) -> Answer:
        chat = self.assistant.chat()
        try:
            running = chat.start(question.words, images, reader=self.reader)
            try:
                return running.answer()
            except BaseException:
                running.stop()
                running.answer()
                raise
        finally:
            self.assistant.delete(chat.id)


def _from_stand_in(one: Evidence) -> bool:
    return any(
        record["kind"] == "fact" and str(record["name"]).endswith(": weights") for record in one.records
    )


_EMPTY: Mapping[str, Any] = {
    "who": "agent",
    "revision": None,
    "text": "",
    "tokens": None,
    "tools": [],
    "stand_in": False,
    "by_planner": False,
    "notices": [],
    "evidence": [],
    "error": None,
}


def _reply(*, seconds: float, **more: Any) -> Reply:
    return {**_EMPTY, **more, "seconds": round(seconds, 3)}


def _failed(error: CasebookError, seconds: float) -> Reply:
    """The reply of one that could not answer."""
    return _reply(seconds=seconds, error=str(error))
