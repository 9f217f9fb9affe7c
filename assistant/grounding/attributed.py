"""Whom a sentence names for what it says: reading models, tools, a file; and what is left without that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.grounding.clauses import BY_TOOL, RELATIONS, Clause, pieces
from assistant.grounding.facts import Facts, Said
from tools.language.lists import whole

_LABELS = whole(RELATIONS.labels)


@dataclass(frozen=True)
class Speakers:
    """Whom a sentence names for what it says.

    Attributes:
        text: the sentence with blanks for whom it names.
        named: where it names somebody, in lower case.
        names: of those who said something in the chat.
    """

    text: str
    named: tuple[tuple[int, str], ...]
    names: tuple[str, ...]

    def may_state(self, clause: Clause, start: int, end: int) -> bool:
        """Whether a clause may state what stands between two places of the sentence: it is of whom is named.

        Names with nothing beside them between two marks are of all of the sentence.
        """
        told = [who for at, who in self.named if start <= at < end] or self._of_all
        return not told or any(self._is_of(clause, who) for who in told)

    @cached_property
    def _of_all(self) -> list[str]:
        alone = [(a, b) for a, b in pieces(self.text) if not re.search(r"\w", self.text[a:b])]
        return [who for at, who in self.named if any(a <= at < b for a, b in alone)]

    def _is_of(self, clause: Clause, who: str) -> bool:
        named = [name for name in self.names if name.lower() in who]
        if named:
            return clause.name in named
        return clause.who == ("library" if _LABELS.search(who) else "reader")


def speakers(text: str, facts: Facts) -> Speakers:
    """Whom a sentence names for what it says.

    Args:
        text: a sentence.
        facts: the evidence of the chat.
    """
    speaks, names = _speaks(facts.said)
    named = tuple((found.start(), found[0].lower()) for found in speaks.finditer(text))
    return Speakers(BY_TOOL.sub(_blank, speaks.sub(_blank, text)), named, names)


@lru_cache(maxsize=32)
def _speaks(said: tuple[Said, ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Where somebody is named for what is said, and the names of those who said something."""
    names = tuple(sorted({one.name for one in said if one.name and one.who != "user"}, key=len, reverse=True))
    one = f"(?:{'|'.join((*map(re.escape, names), *RELATIONS.reader, *RELATIONS.labels))})"
    who = f"{one}(?: {one})?"
    says = f"(?:{'|'.join(RELATIONS.says)})\\b"
    forms = (form.replace("{who}", who).replace("{says}", says) for form in RELATIONS.said_by)
    return re.compile("|".join(rf"(?<!\w){form}(?!\w)" for form in forms), re.I), names


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
