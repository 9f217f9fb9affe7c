"""What every reader of images shares: how it is asked, what it gives back, how it is stopped.

A reader gets the picture and the user's question. It holds no LangChain and stores nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from store.pictures.image import Pixels

Ending = Literal["complete", "length", "stopped", "time", "loop", "empty"]
"""Why a reading ended. Only ``complete`` is a whole answer; the page says the others in words."""


@dataclass(frozen=True)
class Sampling:
    """How text is generated. The default is greedy: the same question gives the same answer.

    Attributes:
        max_new_tokens: longest answer.
        temperature: 0 is greedy.
        top_p: nucleus sampling, 1 switches it off.
        min_p: minimum share of the best token's score, 0 switches it off.
        seed: for sampling; None takes a fresh one.
    """

    max_new_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int | None = None


@dataclass(frozen=True)
class Request:
    """One question to a reader.

    Attributes:
        pixels: ``(H, W, 3)`` uint8 RGB.
        image_key: content key of the image; a second question with the same key may reuse what was
            computed for the picture.
        question: the user's own words, or the card's default question.
        sampling: how to generate.
        template: name of the prompt template; None takes the card's first.
        timeout_s: after this long the reading ends with ``time``.
        cancelled: set to end with ``stopped`` before the next token.
        on_text: called with each new piece of text.
        asker: whose question it is, such as a chat's id; where many wait, each asker has their turn.
    """

    pixels: Pixels
    image_key: str
    question: str
    sampling: Sampling = field(default_factory=Sampling)
    template: str | None = None
    timeout_s: float = 120.0
    cancelled: threading.Event = field(default_factory=threading.Event)
    on_text: Callable[[str], None] | None = None
    asker: str = ""


@dataclass(frozen=True)
class Reading:
    """What a reader said.

    Attributes:
        text: the new text only, prompt removed.
        ending: why it ended.
        tokens: new tokens.
        prompt: the prompt as the model saw it, for the evidence.
        template: which template was used.
        reused: whether the picture's computation was reused.
    """

    text: str
    ending: Ending
    tokens: int
    prompt: str
    template: str
    reused: bool = False


class Reader(Protocol):
    """A loaded model that reads images. Cheap to hold a reference to; weights are already in memory."""

    name: str
    nbytes: int
    device: str
    stand_in: bool

    @property
    def revision(self) -> str:
        """Of its weights."""
        ...

    def read(self, request: Request) -> Reading:
        """Answer one question about one picture.

        Raises:
            CaseError: the question cannot be asked of this model (too long, not English where required).
            SetupError: the model cannot run (out of memory even after a retry).
        """
        ...
