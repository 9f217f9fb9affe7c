"""How a model's reply ended: by itself, at a limit, or in the middle because something broke off."""

from __future__ import annotations

from dataclasses import dataclass

from store.errors import CaseError

STOP, LENGTH = "stop", "length"
"""What LangChain's ``response_metadata["finish_reason"]`` says: whole, or cut off at a limit."""

LEAST_ROOM = 256
"""Tokens that must be left for a reply. Ours: a call with its question, or a short answer."""


@dataclass(frozen=True)
class Ended:
    """The end of a reply; `reason` is `STOP`, `LENGTH`, or a server's own word."""

    reason: str


class PromptTooLongError(CaseError):
    """The conversation does not fit into the context; a context budget prevents it."""


class BrokeOffError(CaseError):
    """A reply ended in the middle. `kind` says in a word or two by what; never a foreign message."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The language model broke off ({kind}). Ask again.")
        self.kind = kind
