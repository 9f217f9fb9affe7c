"""What a MIRCdocument of another program tells of a case, as far as its elements or headings say.

Its abstract is never taken for the history: it may name the diagnosis, and learners read the history first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.sharing.mirc_names import LEVELS
from store.errors import CaseError
from tools.language.described import says_normal

if TYPE_CHECKING:
    from lxml.etree import _Element

# The headings of MIRC's own templates. Source: RSNA MIRC wiki, "MIRC Templates".
_HEADINGS = {
    "history": "history",
    "findings": "findings",
    "diagnosis": "diagnosis",
    "differential-diagnosis": "differential diagnosis",
    "discussion": "discussion",
}
_APART = frozenset({"patient", "image", "quiz"})
_LONGEST = 300
_SEXES = {"m": "male", "male": "male", "f": "female", "female": "female", "o": "other", "other": "other"}
_PER_YEAR = {"years": 1, "months": 12, "weeks": 52.1775, "days": 365.2425}


def foreign(root: _Element) -> tuple[dict[str, Any], list[str]]:
    """The fields of a teaching case without images, and the files of its pictures in order.

    Raises:
        CaseError: it names no diagnosis or no picture.
    """
    diagnosis = _told(root, "diagnosis")
    if not diagnosis:
        raise CaseError("This document names no diagnosis. Write one into its Diagnosis section.")
    paths = [path for one in root.iter("image") if (path := _source(one))]
    if not paths:
        raise CaseError("This document shows no picture. A teaching case needs one at least.")
    levels = {word: name for name, word in LEVELS.items()}
    fields = {
        "title": _words(root.find("title"))[:_LONGEST],
        "diagnosis": diagnosis[:_LONGEST],
        "kind": "normal" if says_normal(diagnosis) else "disease",
        "history": _told(root, "history"),
        "findings": _lines(root, "findings"),
        "differential": _lines(root, "differential-diagnosis"),
        "discussion": "\n\n".join(filter(None, (_told(root, "discussion"), _words(root.find("abstract"))))),
        "proven_by": _words(root.find(".//confirmation")),
        "references": [_words(one)[:_LONGEST] for one in root.iter("reference") if _words(one)],
        "tags": [one.strip() for one in _words(root.find("keywords")).split(",") if one.strip()],
        "author": ", ".join(filter(None, (_words(one) for one in root.iterfind("author/name")))),
        "licence": _words(root.find("rights")),
        "difficulty": levels.get(_words(root.find("level")), "unknown"),
        "sex": _SEXES.get(_words(root.find(".//patient/pt-sex")).casefold(), "unknown"),
        "age_years": _age(root),
    }
    return fields, paths


def _source(image: _Element) -> str | None:
    """The file of a picture as the machine wrote it, or as it is shown."""
    kept = image.find("alternative-image[@role='original-format']")
    source = (kept if kept is not None else image).get("src")
    return None if source is None else str(source)


def _told(root: _Element, name: str) -> str:
    """What stands in an index element, or in the section whose heading is its name."""
    return _words(_where(root, name))


def _lines(root: _Element, name: str) -> list[str]:
    """The same as lines: its paragraphs and entries, or all of it."""
    there = _where(root, name)
    if there is None:
        return []
    parts = [_words(one) for one in there.iter("p", "li")] or [_words(there)]
    return [part[:_LONGEST] for part in parts if part]


def _where(root: _Element, name: str) -> _Element | None:
    found = root.find(f".//{name}")
    if found is not None:
        return found
    heading = _HEADINGS[name]
    return next((s for s in root.iter("section") if s.get("heading", "").strip().lower() == heading), None)


def _words(element: _Element | None) -> str:
    """All words of an element but those that are somebody's, a picture's or a question's."""
    return "" if element is None else " ".join("".join(_texts(element)).split())


def _texts(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _APART:
            yield from _texts(child)
        yield child.tail or ""


def _age(root: _Element) -> float | None:
    for unit, per_year in _PER_YEAR.items():
        told = _words(root.find(f".//patient/pt-age/{unit}"))
        try:
            return round(float(told) / per_year, 2)
        except ValueError:
            continue
    return None
