"""How people say what they do not want done: ``declined.toml``."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Anywhere, Whole, Words, read


class Declined(Words):
    """What the file holds.

    Attributes:
        before: what takes a deed back where an order may begin.
        after: what such an order may begin after, besides a mark or nothing.
        anywhere: what takes a deed back anywhere.
        before_noun: what takes a thing back.
        between: what may stand between either and the deed.
        until: where such a wish ends.
        apart: where a message may be taken apart into what is wanted and what is not.
        idle: what is left of a wish that asked for nothing else.
        lead: what an order that changes the chat may begin with.
        polite: the same as a question.
        denying: what makes it no order.
        past: what makes it a question about what was done.
        verbs: deeds by the names of their intents, or a reader, or a second opinion.
        nouns: the same as things.
    """

    before: Whole
    after: Whole
    anywhere: Whole
    before_noun: Whole
    between: Whole
    until: Anywhere
    apart: Anywhere
    idle: Whole
    lead: Whole
    polite: Whole
    denying: Whole
    past: Whole
    verbs: dict[str, Whole]
    nouns: dict[str, Whole]


@cache
def declined() -> Declined:
    """The words of ``declined.toml``.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return read(Declined, "declined")
