"""`Answer`: what a turn gives back. It cannot be built without its disclaimers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from assistant.answers.disclaimers import required
from assistant.answers.statements import statements
from tools.language.retold import retell
from tools.language.sayings import FIRST, say

AnswerState = Literal["answered", "stopped", "failed"]

_HALF = re.compile("[\ud800-\udfff]")
UngroundedKind = Literal["number", "laterality", "label", "modality", "count", "image", "source"]


@dataclass(frozen=True)
class ImageRef:
    """One image that an answer is about, and how it is known what it is."""

    id: str
    domain: str
    modality: str | None
    body_part: str | None
    known_from: str
    score: float | None


@dataclass(frozen=True)
class Evidence:
    """What one tool said about one image.

    `records` are dumped records (see ``store.records``); `seconds` is wall time; `args` are the
    arguments of the tool call, `call_id` its name in the loop. `key` is a digest of all that the result
    depends on, empty where it may be another next time; `computed_in` is the number of the earlier turn that
    computed it, None if this one did.
    """

    tool: str
    image_id: str
    model: str
    revision: str
    seconds: float
    content: str
    records: tuple[Mapping[str, Any], ...] = ()
    args: Mapping[str, Any] = field(default_factory=dict)
    call_id: str = ""
    key: str = ""
    computed_in: int | None = None


@dataclass(frozen=True)
class Refused:
    """A tool that did not run, and why."""

    tool: str
    image_id: str
    reason: str
    args: Mapping[str, Any] = field(default_factory=dict)
    call_id: str = ""


@dataclass(frozen=True)
class Ungrounded:
    """Words of an answer that are not found in the evidence of its chat: ``text[start:end]``, and why."""

    text: str
    start: int
    end: int
    kind: UngroundedKind
    reason: str


@dataclass(frozen=True)
class Answer:
    """One answer. `disclaimers` is filled by the constructor and always holds the required texts.

    `state` is ``answered``, ``stopped`` (by the user; `text` is what there was) or ``failed``. Half a
    character (an unpaired surrogate), as a model may write it, becomes U+FFFD: no database or page takes it.
    `ungrounded` marks what the evidence of the chat does not hold, in answers of a language model that were
    kept before such sentences were left out. `steps` are
    the ids of the tool calls, those that were made together in one. `by_planner` says that the built-in
    planner answered because the language model failed, `by_rules` that it answered and the language model was
    not asked: of danger, harm, somebody's health, care or identity, thanks, or what Casebook does. Without a
    language model both are False. `language` is that of the text and the disclaimers, a folder of
    ``prompts/sayings``.
    """

    chat_id: str
    turn_id: str
    text: str
    images: tuple[ImageRef, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    refused: tuple[Refused, ...] = ()
    notices: tuple[str, ...] = ()
    state: AnswerState = "answered"
    disclaimers: tuple[str, ...] = ()
    ungrounded: tuple[Ungrounded, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()
    by_planner: bool = False
    by_rules: bool = False
    language: str = FIRST

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(self, one.name, _storable(getattr(self, one.name)))
        records = [record for one in self.evidence for record in one.records]
        must = required(
            (image.domain for image in self.images),
            (one.tool for one in self.evidence),
            scored=any(holder.score is not None for holder in self.images)
            or any(record.get("score") is not None for record in records),
            models=_speakers(self.evidence),
            language=self.language,
        )
        object.__setattr__(self, "disclaimers", tuple(dict.fromkeys((*must, *self.disclaimers))))

    def __str__(self) -> str:
        """The answer as a reader sees it: text, evidence, notices, disclaimers."""
        parts = [self.text, self._evidence_lines()]
        parts += [self._said("note", notice=notice) for notice in self.notices]
        if self.ungrounded:
            marks = [self._said("mark", text=one.text, reason=one.reason) for one in self.ungrounded]
            parts.append(_list(self._said("not_found"), marks))
        parts.append("\n".join(f"⚠ {text}" for text in self.disclaimers))
        return "\n\n".join(part for part in parts if part)

    def _evidence_lines(self) -> str:
        lines = [
            self._said(
                "line",
                where=self._where(e),
                model=e.model,
                revision=e.revision,
                when=self._said("seconds", seconds=e.seconds)
                if e.computed_in is None
                else self._said("earlier", turn=e.computed_in),
                said=retell(e.content, self.language),
            )
            for e in self.evidence
        ]
        lines += [
            self._said("refused", where=self._where(r), reason=retell(r.reason, self.language))
            for r in self.refused
        ]
        return _list(self._said("evidence"), lines) if lines else ""

    def _where(self, one: Evidence | Refused) -> str:
        """The tool, and the image if it was asked about one."""
        return self._said("on", tool=one.tool, image=one.image_id) if one.image_id else one.tool

    def _said(self, name: str, **fields: object) -> str:
        return say(f"answer.{name}", self.language, **fields)

    def to_dict(self) -> dict[str, Any]:
        """The public JSON form: plain types, stable keys; `statements` say what each sentence rests on."""
        found = [one.to_dict() for one in statements(self.text, self.evidence, self.language)]
        return self._plain() | {"statements": found}

    def _plain(self) -> dict[str, Any]:
        return {
            "chat_id": self.chat_id,
            "turn_id": self.turn_id,
            "text": self.text,
            "disclaimers": list(self.disclaimers),
            "notices": list(self.notices),
            "images": [vars(image) for image in self.images],
            "evidence": [_without(one, "args", "call_id", "key") for one in self.evidence],
            "refused": [_without(one, "args", "call_id") for one in self.refused],
            "ungrounded": [vars(one) for one in self.ungrounded],
            "by_rules": self.by_rules,
        }

    def to_json(self) -> str:
        """The stored form: what a later turn needs too, without what follows from the rest."""
        stored = self._plain() | {
            "state": self.state,
            "steps": self.steps,
            "by_planner": self.by_planner,
            "language": self.language,
        }
        stored["evidence"] = [_without(one) for one in self.evidence]
        stored["refused"] = [_without(one) for one in self.refused]
        return json.dumps(stored, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Answer:
        """Rebuild a stored answer; its disclaimers are completed if the stored ones fall short."""
        data = json.loads(text)
        return cls(
            chat_id=data["chat_id"],
            turn_id=data["turn_id"],
            text=data["text"],
            images=tuple(ImageRef(**image) for image in data["images"]),
            evidence=tuple(Evidence(**one | {"records": tuple(one["records"])}) for one in data["evidence"]),
            refused=tuple(Refused(**one) for one in data["refused"]),
            notices=tuple(data["notices"]),
            state=data["state"],
            disclaimers=tuple(data["disclaimers"]),
            ungrounded=tuple(Ungrounded(**one) for one in data.get("ungrounded", ())),
            steps=tuple(tuple(step) for step in data.get("steps", ())),
            by_planner=bool(data.get("by_planner")),
            by_rules=bool(data.get("by_rules")),
            language=data.get("language", FIRST),
        )


def _speakers(evidence: Iterable[Evidence]) -> Iterator[str]:
    """Who each finding is from: its record says, or the evidence, where somebody else's tool left it out."""
    for one in evidence:
        found = (record for record in one.records if record.get("kind") == "finding")
        yield from (str(record.get("model", one.model)) for record in found)


def _list(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)])


def _storable(value: Any) -> Any:
    """The same value, every text in it fit for UTF-8."""
    if isinstance(value, str):
        if _HALF.search(value) is None:  # nearly always
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, Mapping):
        return {_storable(key): _storable(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_storable(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _storable(getattr(value, one.name)) for one in fields(value)})
    return value


def _without(one: Evidence | Refused, *names: str) -> dict[str, Any]:
    data = vars(one) | {"args": dict(one.args)}
    if isinstance(one, Evidence):
        data["records"] = [dict(record) for record in one.records]
    return {name: value for name, value in data.items() if name not in names}
