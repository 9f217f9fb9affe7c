"""Messages → `Conversation`: what was asked, which images there are, what tools have said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.memory.messages import KEY
from assistant.planning.tongue import language_of
from store.records import Gate, Measurement, Quality, Record, View, parse_record
from tools.language.retold import retell
from tools.language.sayings import FIRST, say, word
from tools.models.systems.cards import SYSTEMS

# Ours: the earlier turns of some chats at once.
_READ = 256

ONCE = ("reading.none_here",)
"""Sayings that a chat holds once."""


@dataclass(frozen=True)
class ImageRow:
    """One image as the chat's table describes it.

    `index` is the 0-based slice in view, `marks` how many the user drew; None while the viewer is closed.
    """

    id: str
    domain: str = "unknown"
    modality: str | None = None
    body_part: str | None = None
    known_from: str = "pixels"
    score: float | None = None
    reason: str = ""
    overruled: str | None = None
    leans: str | None = None
    index: int = 0
    frames: int = 1
    width: int = 0
    height: int = 0
    file_type: str = ""
    scale: bool = False
    volumes: int = 1
    marks: int | None = None


@dataclass(frozen=True)
class Result:
    """What one tool call gave: sentences and records, or the reason why it refused.

    `question` and `window` are what it was called with.
    """

    tool: str
    image_id: str
    content: str
    records: tuple[Record, ...] = ()
    model: str = ""
    refused: bool = False
    question: str = ""
    window: str = ""


@dataclass(frozen=True)
class PastTurn:
    """An earlier question with what came of it."""

    question: str
    attached: tuple[str, ...]
    results: tuple[Result, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Conversation:
    """Everything the planner knows: past turns, the question, its images, this turn's results.

    `readers` are the tools that read, by domain; `reader` is the model that the user named for this turn.
    `before` are the latest questions, where the chat keeps more of them than `past` has turns; `first` is its
    first, where it is none of them. `language` is
    that of the answer, a folder of ``prompts/sayings``. `told` are the sayings of `ONCE` that are in answers
    before `past`. `spoken` is the
    language of the question (ISO 639-1), which may be one that nothing is answered in. `said` is the question
    as it is meant, `question` what the rules hear of it; `written` has its clauses by those of `question`;
    `typed` is the question letter by letter.
    """

    question: str
    attached: tuple[str, ...] = ()
    images: tuple[ImageRow, ...] = ()
    past: tuple[PastTurn, ...] = ()
    results: tuple[Result, ...] = ()
    readers: dict[str, str] = field(default_factory=dict)
    reader: str | None = None
    before: tuple[str, ...] | None = None
    first: str = ""
    language: str = FIRST
    spoken: str = FIRST
    told: frozenset[str] = frozenset()
    said: str = ""
    typed: str = ""
    written: Mapping[str, str] = field(default_factory=dict)

    def say(self, name: str, /, **fields: object) -> str:
        """A sentence of ``prompts/sayings`` in the language of the answer."""
        return say(name, self.language, **fields)

    def word(self, group: str, key: str) -> str:
        """What a thing is called in the language of the answer."""
        return word(group, key, self.language)

    def image(self, image_id: str) -> ImageRow:
        """The image's row; an empty one for an id that is not there."""
        return next((row for row in self.images if row.id == image_id), ImageRow(image_id))

    def read_as(self, image_id: str) -> str:
        """Whose readers an image belongs to; where nobody can tell, a named reader's, or what it leans to."""
        row = self.image(image_id)
        if row.domain != "unknown":
            return row.domain
        return SYSTEMS[self.reader].domain if self.reader else row.leans or row.domain

    @property
    def lately(self) -> tuple[str, ...]:
        """The questions before this one, oldest first."""
        return self.before if self.before is not None else tuple(turn.question for turn in self.past)

    def of_image(self, image_id: str) -> list[Result]:
        """What tools gave of an image in earlier turns, oldest first."""
        return [one for turn in self.past for one in turn.results if one.image_id == image_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all images, in order."""
        return tuple(row.id for row in self.images)


def read_conversation(messages: Sequence[BaseMessage], readers: dict[str, str]) -> Conversation:
    """Read the messages of the loop.

    Args:
        messages: past turns, the last question, and what tools have answered to it so far.
        readers: names of reading tools by domain.
    """
    asked = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
    if not asked:
        return Conversation("", readers=readers)
    now = messages[asked[-1] :]
    data = _data(now[0])
    language = str(data.get("language", FIRST))
    past = [_past(_Same(tuple(messages[a:b])), language) for a, b in pairwise(asked)]
    results = _results(now, language)
    question = str(data.get("question", now[0].text))
    return Conversation(
        question=question,
        spoken=language_of(question),
        attached=tuple(data.get("attached", ())),
        images=tuple(_updated(_row(row), results) for row in data.get("images", ())),
        past=tuple(past),
        results=results,
        readers=readers,
        reader=data.get("reader"),
        first=str(data.get("first", "")),
        before=tuple(data["before"]) if "before" in data else None,
        language=language,
        told=frozenset(data.get("told", ())),
    )


def _data(message: BaseMessage) -> dict[str, Any]:
    data = message.additional_kwargs.get(KEY)
    return data if isinstance(data, dict) else {}


def _row(row: dict[str, Any]) -> ImageRow:
    known = ImageRow.__dataclass_fields__
    return ImageRow(**{name: value for name, value in row.items() if name in known})


def _updated(row: ImageRow, results: tuple[Result, ...]) -> ImageRow:
    """The row after what this turn's tools changed: another slice, another kind."""
    for result in results:
        for record in result.records if result.image_id == row.id else ():
            if isinstance(record, View):
                row = replace(row, index=record.index)
            elif isinstance(record, Gate) and result.tool == "treat_image_as":
                by = record.known_from
                row = replace(row, domain=record.domain, modality=record.modality, known_from=by)
    return row


class _Same:
    """Messages that are equal to the very same ones: an earlier turn's are, in every later turn."""

    def __init__(self, messages: tuple[BaseMessage, ...]) -> None:
        self.messages = messages

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.messages)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and [*map(id, self.messages)] == [*map(id, other.messages)]


@lru_cache(maxsize=_READ)
def _past(same: _Same, language: str) -> PastTurn:
    messages = same.messages
    data = _data(messages[0])
    said = [m.text for m in messages if isinstance(m, AIMessage) and m.text]
    return PastTurn(
        question=str(data.get("question", messages[0].text)),
        attached=tuple(data.get("attached", ())),
        results=_results(messages, language),
        text=said[-1] if said else "",
    )


def _results(messages: Iterable[BaseMessage], language: str) -> tuple[Result, ...]:
    args: dict[str, dict[str, Any]] = {}
    results = []
    for message in messages:
        if isinstance(message, AIMessage):
            args |= {str(call["id"]): call["args"] for call in message.tool_calls}
        elif isinstance(message, ToolMessage):
            results.append(_result(message, args.get(message.tool_call_id, {}), language))
    return tuple(results)


def _result(message: ToolMessage, args: dict[str, Any], language: str) -> Result:
    """What a tool gave, its own sentences in the language of the answer."""
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    return Result(
        tool=message.name or "",
        image_id=str(artifact.get("image_id", args.get("image_id", ""))),
        content=retell(message.text, language),
        records=tuple(_retold(parse_record(record), language) for record in artifact.get("records", ())),
        model=str(artifact.get("model", "")),
        refused=message.status == "error",
        question=str(args.get("question", "")),
        window=str(args.get("window") or ""),
    )


def _retold(record: Record, language: str) -> Record:
    """A record with a tool's own sentences in another language; a model's words stay as they are."""
    if language == FIRST or not isinstance(record, Measurement | Quality):
        return record
    told = ("text", "caution", "problem", "definition", "source")
    return record.model_copy(
        update={name: retell(text, language) for name, text in record if name in told and text}
    )
