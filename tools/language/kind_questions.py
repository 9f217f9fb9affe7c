"""Yes/no questions: what they ask for of a picture, by their words alone.

“Is this a CT of the chest?” asks for nothing but what a file or the gate knows, “is this a normal CT?” asks
for more. Whatever word is neither a kind of picture, nor a part of the body, nor empty by itself asks for
something else: an unknown word too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tools.language import modalities
from tools.language.kinds import Kinds, kinds
from tools.language.lists import Heard
from tools.language.rules import heard

Answered = Literal["what_is", "facts", "read"]

# What a word after it goes on with, so that it is no tag: “this CT is right?”.
_UNFINISHED = heard("questions", "unfinished")
_GOES_ON = heard("questions", "goes_on")
# Where an aside may begin or end.
_ASIDES = re.compile(
    r"[,;:?!.]+\s+|\s+[-–—]+\s+|\s+(?=(?:but|because|since|cos)\s|or (?:what|something)\W*$)|[.?!]+$"
)
_SKIN_IMAGE, _VERB = heard("questions", "skin_image"), heard("questions", "verb")
_SEVERAL_PARTS, _ASKS_OF_IT = heard("questions", "several_parts"), heard("questions", "asks_of_it")


@dataclass(frozen=True)
class KindQuestion:
    """What a yes/no question asks for.

    Attributes:
        modalities: DICOM codes that it names.
        domains: radiology, dermatology or medical.
        parts: parts of the body, as ``kinds.toml`` calls them.
        finer: what it asks for more closely than the gate tells: a view, a weighting, a drawing.
        rest: words that ask for something else.
        choice: whether it offers its names as options.
        denied: whether it holds a denial, so that yes and no could each mean either.
        points: whether it may point at a spot or a finding ("is it the lung?") and not at the picture.
    """

    modalities: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    finer: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    choice: bool = False
    denied: bool = False
    points: bool = False

    @property
    def names(self) -> bool:
        """Whether it names what a file or the gate may know."""
        return bool(self.modalities or self.domains or self.parts)

    @property
    def answered_by(self) -> Answered:
        """Who can answer all of it: the gate, the file's header, or only somebody who reads the image."""
        if self.rest:
            return "read"
        return "facts" if "view" in self.finer else "what_is"


@lru_cache(maxsize=256)  # of a clause it is asked for each thing that it may ask for
def kind_question(clause: str) -> KindQuestion | None:
    """What a yes/no question asks for; None for what is no such question.

    Args:
        clause: a part of the user's question.
    """
    words = kinds()
    text = _bare(_without_asides(clause, words), words)
    if text is None:
        return None
    found, left = _taken(text, words)
    rest = _asking(left, words)
    parts = found["parts"]
    several = _SEVERAL_PARTS.findall(text) if parts else []
    return KindQuestion(
        modalities=found["modalities"],
        domains=found["domains"],
        parts=parts,
        finer=found["finer"],
        rest=(*rest, *several),
        choice=re.search(r"\bor\b", text, re.I) is not None,
        denied=words.empty.denying.search(left) is not None,
        points=not (found["modalities"] or found["domains"]) and _ASKS_OF_IT.match(text) is not None,
    )


def is_beside(clause: str) -> bool:
    """Whether a clause only tells of doubt, or of somebody's opinion on the kind: “my colleague says CT”."""
    return _is_aside(clause, kinds())


def parts_named(text: str) -> tuple[str, ...]:
    """The parts of the body that a text names, as ``kinds.toml`` calls them."""
    return _parts(text, kinds())[0]


def _without_asides(clause: str, words: Kinds) -> str:
    """A clause without what is said beside the question: “is it a CT, my colleague says MRI”.

    An aside that names anything but a kind of picture stays: it may be what is asked.
    """
    parts = _ASIDES.split(clause)
    kept = [part for part in parts if part.strip() and not _is_aside(part, words)]
    if len(kept) == len([part for part in parts if part.strip()]) or not kept:
        return clause
    return ", ".join(part.strip() for part in kept).rstrip(".") + ("?" if "?" in clause else "")


def _is_aside(part: str, words: Kinds) -> bool:
    said = words.empty.beside.match(part.strip())
    if said is None:
        return re.fullmatch(rf"\W*(?:(?:{words.empty.lead.pattern})\W*)+", part, re.I) is not None
    return not _asking(_taken(part.strip()[said.end() :], words)[1], words)


def _asking(left: str, words: Kinds) -> list[str]:
    """Words of a text without names that ask for something."""
    empty = words.empty.words.sub(" ", words.empty.denying.sub(" ", left))
    return re.findall(r"\w[\w'-]*", empty)


def _bare(clause: str, words: Kinds) -> str | None:
    """The clause without its lead, its tag and what points at an image; None if it is no yes/no question."""
    text = clause.strip(" \"'()")
    while lead := re.match(rf"\W*(?:{words.empty.lead.pattern})[\s,]+", text, re.I):
        text = text[lead.end() :]
    tag = re.search(rf"(?P<comma>,)?\s*(?:{words.empty.tags.pattern})\W*$", text, re.I)
    if words.empty.open.search(text[: tag.start()] if tag else text) or _goes_on(clause, words):
        return None
    begins = words.empty.verbs.match(text) is not None
    if tag and (tag["comma"] or not (begins or _UNFINISHED.search(text[: tag.start()]))):
        return words.empty.pointing.sub(" this ", text[: tag.start()])
    asks = begins or text.endswith("?") or re.search(r"\b(?:if|whether)\b", text, re.I)
    # “Tell me is this a clean CT”.
    asks = asks or re.search(f"{words.empty.verbs.pattern} {words.empty.things.pattern}", text, re.I)
    return words.empty.pointing.sub(" this ", text) if asks else None


def _goes_on(clause: str, words: Kinds) -> bool:
    """Whether it has no verb and repeats another question: “and of the MRI?”."""
    verb = words.empty.verbs.search(clause) or _VERB.search(clause)
    return verb is None and _GOES_ON.match(clause) is not None


def _taken(text: str, words: Kinds) -> tuple[dict[str, tuple[str, ...]], str]:
    """The names in a text, by table, and the text without them."""
    # “A skin image” is a photograph or dermoscopy, so the domain is looked for first.
    domains, left = _named(text, words.domains) if _SKIN_IMAGE.search(text) else ((), text)
    codes, left = _named(left, modalities.asked())
    more, left = _named(left, words.domains)
    finer, left = _named(left, words.finer)
    parts, left = _parts(left, words)
    return {"modalities": codes, "domains": (*domains, *more), "finer": finer, "parts": parts}, left


def _named(text: str, patterns: Mapping[str, Heard]) -> tuple[tuple[str, ...], str]:
    found = []
    for name, pattern in patterns.items():
        text, times = pattern.subn(" ", text)
        found += [name] if times else []
    return tuple(found), text


def _parts(text: str, words: Kinds) -> tuple[tuple[str, ...], str]:
    """Parts of the body, those of several words first: the thoracic spine is not the thorax."""
    longest_first = sorted(words.parts, key=lambda name: -len(name.split()))
    return _named(text, {name: words.parts[name].words for name in longest_first})
