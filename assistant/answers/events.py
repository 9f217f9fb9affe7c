"""What happens during a turn, in the order a reader sees it. One draw function shows them all."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.answer import Answer, Evidence, Refused


@dataclass(frozen=True)
class Started:
    """The question and its images are kept. `disclaimers` hold for whatever follows."""

    turn_id: str
    attached: tuple[str, ...]
    disclaimers: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """The next piece of the answer's text."""

    delta: str


@dataclass(frozen=True)
class Retracted:
    """The text so far is taken back; another begins. `notice` says why where the reader has to know."""

    notice: str = ""


@dataclass(frozen=True)
class ToolStarted:
    """A tool begins to look at an image."""

    tool: str
    image_id: str


@dataclass(frozen=True)
class Waiting:
    """What a tool waits for, in words: a model that is being loaded, other chats in line."""

    text: str


@dataclass(frozen=True)
class ReaderText:
    """The next piece of what a reading model says; the answer will quote it whole.

    `first` begins a new text, also when the model has to begin again.
    """

    reader: str
    image_id: str
    delta: str
    first: bool = False


@dataclass(frozen=True)
class ToolFinished:
    """A tool said something."""

    evidence: Evidence


@dataclass(frozen=True)
class ToolRefused:
    """A tool did not run, and why."""

    refused: Refused


@dataclass(frozen=True)
class Failed:
    """The turn ended early. `reference` finds the log entry when the cause is a bug."""

    reason: str
    reference: str | None = None


@dataclass(frozen=True)
class Finished:
    """The answer is complete and kept. Always the last event, also after `Failed`."""

    answer: Answer


Event = (
    Started
    | Text
    | Retracted
    | ToolStarted
    | Waiting
    | ReaderText
    | ToolFinished
    | ToolRefused
    | Failed
    | Finished
)
