"""Labels that the user names to be ranked: “which fits best: pneumonia, normal or effusion?”."""

from __future__ import annotations

import re

from tools.language.rules import heard

_WHERE, _SEPARATOR = heard("labels", "where"), heard("labels", "separator")
_LEAD, _OTHER = heard("labels", "lead"), (heard("labels", "front"), heard("labels", "inner"))
_BETWEEN, _EDGE = heard("labels", "between"), heard("labels", "edge")
_QUOTED = re.compile(r"[“\"]([^”“\"]+)[”\"]")


def labels_in(clause: str) -> tuple[str, ...]:
    """The labels that a clause names to be ranked, in its order; empty if it names none."""
    text = _WHERE.sub(" ", _list_of(" ".join(clause.split())))
    quoted = _QUOTED.findall(text)
    parts = quoted if len(quoted) > 1 else _split(text)
    return tuple(label for part in parts if (label := _EDGE.sub("", _EDGE.sub("", part)).strip()))


def image_words(clause: str) -> str:
    """What of a clause that asks for a ranking may name an image: never its labels."""
    return " ".join(_WHERE.findall(clause))


def on_one_line(question: str) -> str:
    """A question whose labels stand below each other, or between semicolons, with commas instead."""
    tidy = "\n".join(filter(None, (" ".join(line.split()) for line in question.splitlines())))
    return _LEAD.sub(lambda m: re.sub(r" ?[;\n] ?(?:[-*•] ?)?", ", ", m[0]), tidy)


def _list_of(clause: str) -> str:
    for pattern in _OTHER:
        found = pattern.search(clause)
        if found and _SEPARATOR.search(found[1]):
            return found[1]
    lead = _LEAD.search(clause)
    return lead["rest"] if lead else ""


def _split(text: str) -> list[str]:
    parts = [part for part in _BETWEEN.split(text) if re.search(r"\w", part)]
    if len(parts) == 1:
        return re.split(r"\s*/\s*|\s+and\s+", parts[0], flags=re.I)
    # “a, b and c”: the last of a list whose parts stand between commas.
    if parts and not re.search(r"\bor\b", text, re.I):
        parts[-1:] = re.split(r"\s+and\s+", parts[-1], maxsplit=1, flags=re.I)
    return parts
