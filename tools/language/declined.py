"""How people say what they do not want done: ``declined.toml``."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Anywhere, Whole, Words, read


class Declined(Words):
    """What the file holds.

    Attributes:
        taking_back: what a clause that leaves something undone mostly says so with.
        apart: where a message may be taken apart into what is wanted and what is not.
        idle: what is left of a wish that asked for nothing else.
        lead: what an order that changes the chat may begin with.
        polite: the same as a question.
        denying: what makes it no order.
        past: what makes it a question about what was done.
        measuring: what measures.
    """

    taking_back: Whole
    apart: Anywhere
    idle: Whole
    lead: Whole
    polite: Whole
    denying: Whole
    past: Whole
    measuring: Whole


@cache
def declined() -> Declined:
    """The words of ``declined.toml``.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return read(Declined, "declined")
