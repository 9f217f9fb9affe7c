"""Yes/no questions: which of them ask for nothing but what a file or the gate knows of a picture.

“Is this a CT of the chest?” does, “is this a normal CT?” does not. Whatever word of a question is neither a
kind of picture, nor a part of the body, nor empty by itself asks for something else: an unknown word too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.planning.conversation import Conversation
from assistant.planning.lexicon import SAME_MODALITY
from assistant.planning.words import Intent
from store.records import Gate
from tools.language import modalities
from tools.language.findings import FINDINGS
from tools.language.kinds import Kinds, kinds
from tools.language.rules import heard

Verdict = Literal["yes", "no", "unknown"]
Answered = Literal["what_is", "facts", "read"]

# What a word after it goes on with, so that it is no tag: “this CT is right?”.
_UNFINISHED = heard("questions", "unfinished")
_GOES_ON = heard("questions", "goes_on")
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


def kind_question(clause: str) -> KindQuestion | None:
    """What a yes/no question asks for; None for what is no such question.

    Args:
        clause: a part of the user's question.
    """
    words = kinds()
    text = _bare(clause, words)
    if text is None:
        return None
    found, left = _taken(text, words)
    empty = words.empty.words.sub(" ", words.empty.denying.sub(" ", left))
    parts = found["parts"]
    several = _SEVERAL_PARTS.findall(text) if parts else []
    return KindQuestion(
        modalities=found["modalities"],
        domains=found["domains"],
        parts=parts,
        finer=found["finer"],
        rest=(*re.findall(r"\w[\w'-]*", empty), *several),
        choice=re.search(r"\bor\b", text, re.I) is not None,
        denied=words.empty.denying.search(left) is not None,
        points=not (found["modalities"] or found["domains"]) and _ASKS_OF_IT.match(text) is not None,
    )


def by_kind(intent: Intent, clause: str, talk: Conversation) -> Intent:
    """What a yes/no question asks for: the kind of picture only if nothing else is asked.

    Args:
        intent: what it asks for by its words and the chat.
        clause: a part of the question.
        talk: the conversation.
    """
    if not talk.ids or intent not in ("what_is", "facts", "read", "unclear", "describe"):
        return intent
    question = kind_question(clause)
    if question is None:
        return intent
    if intent == "facts":
        beside = "view" in question.finer and FINDINGS.search(clause) is not None
        return "read" if beside else "facts"
    of_the_kind = question.names and not question.rest and not (question.points and talk.past)
    if of_the_kind or intent == "what_is":
        return question.answered_by
    return "read" if question.names else intent


def verdict(question: KindQuestion, gate: Gate) -> Verdict:
    """Whether an image is what a question names, as far as a file or the gate knows."""
    told = {of_modality(question, gate), _of_domain(question, gate), of_parts(question, gate)}
    if "no" in told:
        return "no"
    return "yes" if told <= {"yes", None} and "yes" in told else "unknown"


def parts_named(text: str) -> tuple[str, ...]:
    """The parts of the body that a text names, as ``kinds.toml`` calls them."""
    return _parts(text, kinds())[0]


def _bare(clause: str, words: Kinds) -> str | None:
    """The clause without its lead, its tag and what points at an image; None if it is no yes/no question."""
    text = clause.strip(" \"'()")
    while lead := re.match(rf"\W*(?:{words.empty.lead.pattern})[\s,]+", text, re.I):
        text = text[lead.end() :]
    if words.empty.open.search(text) or _goes_on(clause, words):
        return None
    begins = words.empty.verbs.match(text) is not None
    tag = re.search(rf"(?P<comma>,)?\s*(?:{words.empty.tags.pattern})\W*$", text, re.I)
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


def _named(text: str, patterns: Mapping[str, re.Pattern[str]]) -> tuple[tuple[str, ...], str]:
    found = []
    for name, pattern in patterns.items():
        text, times = pattern.subn(" ", text)
        found += [name] if times else []
    return tuple(found), text


def _parts(text: str, words: Kinds) -> tuple[tuple[str, ...], str]:
    """Parts of the body, those of several words first: the thoracic spine is not the thorax."""
    longest_first = sorted(words.parts, key=lambda name: -len(name.split()))
    return _named(text, {name: words.parts[name].words for name in longest_first})


def of_modality(question: KindQuestion, gate: Gate) -> Verdict | None:
    """Whether an image is of a modality that a question names; None if it names none."""
    if not question.modalities:
        return None
    if gate.modality is None:
        return "unknown"
    known = SAME_MODALITY.get(gate.modality, gate.modality)
    same = [code == known for code in question.modalities]
    return "yes" if (any(same) if question.choice else all(same)) else "no"


def _of_domain(question: KindQuestion, gate: Gate) -> Verdict | None:
    if not question.domains:
        return None
    if gate.domain == "unknown":
        return "unknown"
    same = [
        name == gate.domain or (name == "medical" and gate.domain in ("radiology", "dermatology"))
        for name in question.domains
    ]
    return "yes" if (any(same) if question.choice else all(same)) else "no"


def of_parts(question: KindQuestion, gate: Gate) -> Verdict | None:
    """Whether an image shows the parts of the body that a question names; None if it names none."""
    if not question.parts:
        return None
    told = [_of_part(part, gate) for part in question.parts]
    if question.choice and "yes" in told:
        return "yes"
    if "unknown" in told:
        return "unknown"
    return "no" if "no" in told else "yes"


def _of_part(part: str, gate: Gate) -> Verdict:
    known, _ = _parts(gate.body_part or "", kinds())
    within = {name: one.within for name, one in kinds().parts.items()}
    if part in known or any(part in within[name] for name in known):
        return "yes"
    if not known or any(name in within[part] for name in known):
        return "unknown"
    return "no"
