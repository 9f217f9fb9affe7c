"""What is kept of turns that a chat model no longer sees: images, findings, measurements, open questions.

Made from records by rule, each line with who said it and in which turn. The model is not asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.answers.answer import Answer, Evidence, ImageRef
from store.chats.conversations import TurnRow
from store.records import MODALITY_WORDS

# Ours: a line is a sentence, an image has about a dozen measurements, and a user remembers the last few
# questions that stayed open.
_LINE, _PER_IMAGE, _OPEN = 200, 14, 6
# Ours: how many of an image's latest lines are shown when room is short, least recent images first.
_LEVELS = (_PER_IMAGE, 4, 1, 0)


@dataclass(frozen=True)
class Summary:
    """The oldest turns of a chat.

    Attributes:
        upto: number of the last turn that is in it.
        images: what each image is, by id, the least recently spoken of first.
        said: lines by image id and by what they are about; a later line takes the place of an earlier one.
        open: questions that were not answered, or whose tool refused, with the reason.
    """

    upto: int = 0
    images: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    open: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The stored form."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Summary:
        """Rebuild a stored summary."""
        data = json.loads(text)
        return cls(data["upto"], data["images"], data["said"], tuple(data["open"]))

    def with_turn(self, turn: TurnRow) -> Summary:
        """The summary with one more turn."""
        answer = Answer.from_json(turn.answer) if turn.answer else None
        images, said = dict(self.images), {key: dict(lines) for key, lines in self.said.items()}
        for ref in answer.images if answer else ():
            images.pop(ref.id, None)
            images[ref.id] = kind_of(ref)
        for one in answer.evidence if answer else ():
            lines = said.setdefault(one.image_id, {})
            for about, line in _lines(one, turn.n):
                lines.pop(about, None)
                lines[about] = _short(line)
            said[one.image_id] = dict(list(lines.items())[-_PER_IMAGE:])
        left_open = (*self.open, *(_short(line) for line in _left_open(turn, answer)))
        return Summary(turn.n, images, said, left_open[-_OPEN:])

    def text(self, most: int) -> str:
        """The summary in words, at most about `most` characters: old images are told in fewer lines first."""
        ids = list(dict.fromkeys([*self.images, *self.said]))
        shown = dict.fromkeys(ids, 0)
        tail = ["Still open:", *(f"- {line}" for line in self.open)] if self.open else []
        for level in range(1, len(_LEVELS)):
            for image_id in ids:
                if len(self._told(shown, tail)) <= most:
                    return self._told(shown, tail)
                shown[image_id] = level
        told = self._told(shown, tail)
        return (
            told
            if len(told) <= most
            else f"Images {ids[0]} to {ids[-1]}, {len(ids)} in all.\n" + "\n".join(tail)
        )

    def _told(self, shown: Mapping[str, int], tail: list[str]) -> str:
        parts = []
        for image_id, level in shown.items():
            parts.append(
                f"{image_id}: {self.images.get(image_id, 'an image')}" if image_id else "Of no image:"
            )
            lines = list(self.said.get(image_id, {}).values())
            parts += [f"- {line}" for line in lines[max(0, len(lines) - _LEVELS[level]) :]]
        return "\n".join([*parts, *tail])


def kind_of(ref: ImageRef) -> str:
    """An image in a few words: "CT, chest (file header)"."""
    kind = MODALITY_WORDS.get(ref.modality or "", ref.modality) or ref.domain
    part = f", {ref.body_part}" if ref.body_part else ""
    return f"{kind}{part} ({ref.known_from})"


def _lines(one: Evidence, turn: int) -> Iterator[tuple[str, str]]:
    """What one piece of evidence holds: what each line is about, and the line."""
    told = [line for record in one.records if (line := _line(one, record)) is not None]
    yield from (
        (about, f"{line} (turn {turn})") for about, line in told or [(one.tool, f"{one.tool}: {one.content}")]
    )


def _line(one: Evidence, record: Mapping[str, Any]) -> tuple[str, str] | None:
    kind = record.get("kind")
    if kind == "measurement":
        return (
            f"{one.tool} {record['name']}",
            f"{record['name']} {record['value']:.4g} {record['unit']} by {one.tool}",
        )
    if kind == "finding":
        asked = str(one.args.get("question", ""))
        said = f"{record['model']} said “{record['text']}”"
        return f"{record['model']} {record['label']} {asked[:60]}", said
    if kind == "neighbours":
        counts = ", ".join(f"{count} {label}" for label, count in record["counts"].items())
        return one.tool, f"nearest library cases: {counts}, by {one.tool}"
    return None


def _left_open(turn: TurnRow, answer: Answer | None) -> Iterator[str]:
    question = " ".join(turn.question.split())[:100]
    if answer is None or answer.state != "answered":
        yield f"“{question}” (the user, turn {turn.n}) was not answered"
        return
    for one in answer.refused:
        yield f"“{question}” (the user, turn {turn.n}): {one.tool} refused: {one.reason}"


def _short(line: str) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= _LINE else flat[: _LINE - 1] + "…"
