"""What a tool may see during one turn, and the shape of what it gives back."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from store.cases.library import Library
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.pictures.seen import Seen
from store.records import Gate, Record
from tools.language.glosses import heard_as

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

_SAME = "gives the same"

HANDED = "runtime"
"""The parameter by which a tool is given its turn, which no language model sees or gives."""

# Ours: the models of a turn are done so long before its end, for writing down what they said.
TO_ANSWER_S = 1.0


@dataclass
class ChatImage:
    """One image of a chat under its short id.

    `load` reads the pixels on first use, so a chat with many images costs nothing until a tool looks. `seen`
    is what the user sees of it in the viewer; None while it is not open there.
    """

    id: str
    key: str
    gate: Gate
    load: Callable[[], Image]
    index: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    seen: Seen | None = None

    @cached_property
    def _image(self) -> Image:
        return self.load()

    @property
    def image(self) -> Image:
        """The image at the slice the user is looking at."""
        return self._image.at(self.index)


class ImageTable:
    """The chat's images by id: the turn's working copy. Only the end of the turn stores it."""

    def __init__(self, images: list[ChatImage] | None = None) -> None:
        self._images = {image.id: image for image in images or []}

    def __iter__(self) -> Iterator[ChatImage]:
        return iter(self._images.values())

    def __len__(self) -> int:
        return len(self._images)

    def add(self, image: ChatImage) -> None:
        """Put a new image in the table."""
        self._images[image.id] = image

    def get(self, image_id: str) -> ChatImage:
        """The image called `image_id`.

        Raises:
            ToolUseError: there is no such image; the text names those there are.
        """
        try:
            return self._images[image_id]
        except KeyError:
            known = ", ".join(self._images) or "none yet"
            raise ToolUseError(f"There is no image {image_id!r} in this chat. Images: {known}.") from None


def _nothing_kept(_key: str) -> None:
    return None


def _none_before(_kind: str, _most: int) -> Sequence[Record]:
    return ()


def _may_not() -> bool:
    return False


def _nothing_said(_whole: bool) -> Iterable[tuple[str, Any]]:
    return ()


@dataclass(frozen=True)
class CaseContext:
    """What a tool sees: the user's own words, the chat's images, the stores. Nothing of the page.

    Attributes:
        reader: the reading model that the user asked for by name, or None.
        deadline: when the turn ends, on the clock of `time.monotonic`; None for no limit.
        kept: finds what an earlier turn computed under a key: its turn's number, and its evidence as data.
        last: finds the newest record of a kind among the evidence of earlier turns.
        latest: finds so many of the newest records of a kind there, oldest first.
        said: gives earlier questions with their answers, the latest ones, or for True all of the chat.
        may_save: whether this chat may add to the case library.
        language: that of the answer, a folder of ``prompts/sayings``.
    """

    chat_id: str
    turn_id: str
    question: str
    images: ImageTable
    blobs: BlobStore
    library: Callable[[], Library]
    cancelled: threading.Event = field(default_factory=threading.Event)
    reader: str | None = None
    deadline: float | None = None
    kept: Callable[[str], tuple[int, Mapping[str, Any]] | None] = _nothing_kept
    last: Callable[[str], Record | None] = _nothing_kept
    latest: Callable[[str, int], Sequence[Record]] = _none_before
    said: Callable[[bool], Iterable[tuple[str, Any]]] = _nothing_said
    may_save: Callable[[], bool] = _may_not
    language: str = "en"

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """Handed to tools as it is: what its parts are is not worked out anew for every tool."""
        from pydantic_core.core_schema import is_instance_schema

        return is_instance_schema(cls)

    @property
    def heard(self) -> str:
        """The question in the English words that rules know; as it was written where it has none."""
        return heard_as(self.question, self.language)

    @property
    def until(self) -> float:
        """When models must be done, on the clock of `time.monotonic`; infinite without a deadline."""
        return math.inf if self.deadline is None else self.deadline - TO_ANSWER_S


@dataclass(frozen=True)
class ToolTurn:
    """The turn as a tool sees it.

    Attributes:
        context: what the tool may see.
        stream_writer: tells whoever watches the turn what happens in the tool.
    """

    context: CaseContext
    stream_writer: Callable[[Any], None]


def evidence(
    content: str, records: list[Record], *, image_id: str, model: str, revision: str
) -> tuple[str, dict[str, Any]]:
    """What every tool returns: a sentence for the model, records for Python.

    Args:
        content: what the tool found, in sentences, attributing each to its source.
        records: the same as records.
        image_id: the image looked at.
        model: what measured or read it (a built-in's name or a checkpoint).
        revision: its version or commit.
    """
    return content, {
        "kind": "evidence",
        "image_id": image_id,
        "model": model,
        "revision": revision,
        "records": [record.model_dump(mode="json") for record in records],
    }


@dataclass(frozen=True)
class CaseTool:
    """A tool for a loop whose context is a `CaseContext`.

    Attributes:
        name: what it is called by.
        run: returns `evidence`; its docstring describes the tool and each argument to a language model. Its
            parameter ``runtime`` is a `ToolTurn`, which the loop gives.
        metadata: what it reads, and under which version it gives the same results.
    """

    name: str
    run: Callable[..., tuple[str, dict[str, Any]]]
    metadata: dict[str, Any] = field(default_factory=dict)


def case_tool(run: Callable[..., tuple[str, dict[str, Any]]], name: str | None = None) -> CaseTool:
    """`run` as a tool; usable as a decorator.

    Args:
        run: as `CaseTool` says.
        name: of the tool; None is the function's.
    """
    return CaseTool(name or run.__name__, run)


def gives_the_same(tool: CaseTool, version: Callable[[], str | None]) -> CaseTool:
    """Mark a tool whose result on the same image with the same arguments is always the same.

    Args:
        tool: the tool.
        version: of the tool as it is now; None while its results may differ.
    """
    tool.metadata[_SAME] = version
    return tool


def same_results(metadata: Mapping[str, Any] | None) -> str | None:
    """The version under which a tool of this metadata gives the same results now; None where they differ."""
    version = (metadata or {}).get(_SAME)
    return version() if version else None
