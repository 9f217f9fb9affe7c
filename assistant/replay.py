"""An answer asked for again, from what is kept of it: is it the same, and what changed since?

Nothing is kept of it: no answer, picture or case. A turn that added a case to the library is not run again.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answers.answer import Answer
from assistant.answers.events import Finished
from assistant.provenance.differing import Difference, differing
from assistant.provenance.making import making
from assistant.provenance.turn import MadeFrom
from assistant.turn.kept import kept_image
from store.chats.chat_rows import ImageRow, TurnRow, number
from store.errors import CaseError
from store.pictures.blobs import BlobStore
from store.records import Gate
from tools.context import ImageTable

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.turn.play import Play

UNKNOWN = (
    "It is not kept what made this answer: it was given by an older Casebook, or the turn was cut off. So it "
    "can be shown, but not be asked for again."
)
_SAVES = "save_case"


@dataclass(frozen=True)
class Replay:
    """What came of it.

    Attributes:
        answer: the new answer.
        differs: where it is not the old one; empty if it is the same.
        changed: what it was made with that is not what it was.
        seconds: how long it took.
    """

    answer: Answer
    differs: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    seconds: float


@dataclass(frozen=True)
class Provenance:
    """What made an answer.

    Attributes:
        images: the digests of the images that the answer is about, by id.
        made_from: the turn's inputs.
        made_with: models, weights, settings, code, words and packages, by name.
    """

    images: Mapping[str, str]
    made_from: MadeFrom
    made_with: Mapping[str, Any]


def provenance_of(services: Services, chat_id: str, turn: TurnRow) -> Provenance:
    """What is kept of how a turn's answer was made.

    Raises:
        CaseError: nothing is; says why.
    """
    kept = services.conversations.provenances
    text = kept.of(chat_id, turn.n)
    if text is None or turn.answer is None:
        raise CaseError(UNKNOWN)
    made_from = MadeFrom.from_json(text)
    about = {image.id for image in Answer.from_json(turn.answer).images}
    images = {row.id: row.key for row in services.conversations.images(chat_id) if row.id in about}
    return Provenance(images, made_from, json.loads(kept.making(made_from.making) or "{}"))


def replay(services: Services, chat_id: str, turn: TurnRow) -> Replay:
    """Ask the question of a turn again, as the chat was then.

    Args:
        services: the installation.
        chat_id: the chat.
        turn: the turn; it was answered.

    Raises:
        CaseError: it cannot be asked again; says why.
        SetupError: the chat model cannot be used.
    """
    provenance = provenance_of(services, chat_id, turn)
    then = Answer.from_json(turn.answer or "")
    _refuse(then)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="casebook-replay-") as folder:
        play = _play(services, chat_id, turn, provenance.made_from, Path(folder))
        now = next(event.answer for event in play.events() if isinstance(event, Finished))
    seconds = round(time.perf_counter() - began, 3)
    given = services.model is not None
    made_with = making(services.settings, play.history.model, given=given, answer=now)
    changed = [*differing(provenance.made_with, json.loads(json.dumps(made_with)))]
    if play.messages != provenance.made_from.messages:
        was = provenance.made_from.messages
        changed.append(Difference("what the model is told of the chat", was, play.messages))
    return Replay(now, _differences(then, now), tuple(changed), seconds)


def _refuse(then: Answer) -> None:
    if then.state == "stopped":
        raise CaseError("This answer was stopped before its end, so it cannot be compared with another.")
    if any(one.tool == _SAVES for one in then.evidence):
        raise CaseError(
            "This turn added a picture to the case library. It is not run again, as it would be added twice."
        )


def _play(services: Services, chat_id: str, turn: TurnRow, made_from: MadeFrom, folder: Path) -> Play:
    from assistant.turn.history import History
    from assistant.turn.play import Play

    model, notices = services.speaker
    if made_from.reader is not None:
        services.readers.require(made_from.reader)
    history = History(
        services.conversations, services.settings, model, chat_id, turn, made_from.upto, again=True
    )
    rows = _as_they_were(services, chat_id, turn)
    return Play(
        history=history,
        table=ImageTable([kept_image(row, services.images) for row in rows]),
        loop=services.loop,
        blobs=BlobStore(folder),
        library=lambda: services.library,
        reader=made_from.reader,
        told=lambda _language: Answer.from_json(turn.answer or "").notices[: made_from.told],
        notices=notices,
    )


def _as_they_were(services: Services, chat_id: str, turn: TurnRow) -> list[ImageRow]:
    """The images that the chat had at the turn: later turns are undone, the last first."""
    kept = services.conversations
    turns = kept.turns(chat_id, before=turn.n + 1)
    count = sum(len(one.attached) for one in turns)
    rows = {row.id: row for row in kept.images(chat_id) if number(row.id) <= count}
    for text in kept.provenances.since(chat_id, turn.n):
        for image_id, before in MadeFrom.from_json(text).before.items():
            if image_id in rows:
                gate = Gate.model_validate(before["gate"])
                rows[image_id] = replace(rows[image_id], gate=gate, index=before["index"])
    return list(rows.values())


def _differences(then: Answer, now: Answer) -> tuple[Difference, ...]:
    return tuple(differing(json.loads(then.to_json()), json.loads(now.to_json())))
