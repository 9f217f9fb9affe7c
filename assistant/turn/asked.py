"""A question as it is taken: as text, not too long, and without what tells who somebody is."""

from __future__ import annotations

from store.errors import CaseError
from tools.language.identifiers import Hidden, hidden


def accepted(text: str, most: int) -> Hidden:
    """The question in the words in which it is kept and passed on.

    Args:
        text: as it was typed.
        most: the most characters that it may have.

    Raises:
        CaseError: it is empty or too long.
    """
    question = text.replace("\x00", "").strip()
    if not question:
        raise CaseError("The question is empty. Write what you want to know, for example: what is this?")
    if len(question) > most:
        raise CaseError(f"The question has {len(question)} characters; at most {most} are accepted.")
    return hidden(question)
