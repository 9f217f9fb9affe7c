"""What the decoding child says of the images it read, checked, and the arrays it wrote, mapped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from store.errors import CaseError
from store.pictures.image import Image, Slice
from store.pictures.window import Function, Window
from store.records import Modality

_IN_MEMORY_BYTES = 16 * 1024**2

_Short = Annotated[str, Field(max_length=300)]
_Sentences = Annotated[str, Field(max_length=1000)]


class DescribedWindow(BaseModel):
    """What the child says of a window."""

    model_config = ConfigDict(extra="forbid")

    level: FiniteFloat
    width: Annotated[FiniteFloat, Field(gt=0)]
    function: Function

    def window(self) -> Window:
        """The same as `Window`."""
        return Window(self.level, self.width, self.function)


class DescribedSlice(BaseModel):
    """What the child says of one slice."""

    model_config = ConfigDict(extra="forbid")

    facts: dict[_Short, _Short]
    notes: list[_Sentences]
    spacing_mm: tuple[FiniteFloat, FiniteFloat] | None
    window: DescribedWindow | None


class Described(BaseModel):
    """What the child says of one image."""

    model_config = ConfigDict(extra="forbid")

    file_type: Literal["PNG", "JPEG", "HEIC", "AVIF", "WebP", "BMP", "GIF", "TIFF", "DICOM", "NIfTI"]
    index: int
    has_values: bool
    unit: Literal["HU"] | None
    spacing_mm: tuple[FiniteFloat, FiniteFloat] | None
    modality: Modality | None
    body_part: _Short | None
    facts: dict[_Short, _Short]
    notes: list[_Sentences]
    slices: list[DescribedSlice]
    scale_caution: _Sentences
    volumes: int
    window: DescribedWindow | None
    inverted: bool
    sources: list[int] = []


class Answer(BaseModel):
    """What the child says of one request."""

    model_config = ConfigDict(extra="forbid")

    images: list[Described] = []
    refusals: dict[int, _Sentences] = {}
    refused: Annotated[str, Field(max_length=1000)] | None = None
    crash: _Short | None = None


def broken() -> CaseError:
    """The refusal of a file that breaks the decoder."""
    return CaseError("This file could not be decoded: its data is damaged. Export it again from its source.")


def failed() -> CaseError:
    """The refusal of a file on which the child's own code failed, which tells nothing of the file."""
    return CaseError(
        "This file could not be decoded: Casebook failed on it, which need not lie at the file. The log says "
        "where. Export it again as another type if you can."
    )


def load(described: Described, folder: Path, number: int) -> Image:
    """The image that the child described and whose arrays it wrote.

    Args:
        described: what it said.
        folder: where it wrote.
        number: which image of the answer.

    Raises:
        CaseError: the arrays are not what was described.
    """
    try:
        frames = _load_array(folder / f"{number}.frames.npy")
        values = _load_array(folder / f"{number}.values.npy") if described.has_values else None
        told = described.model_dump(exclude={"has_values", "notes", "slices", "sources", "window"})
        slices = tuple(
            Slice(one.facts, tuple(one.notes), one.spacing_mm, _window(one.window))
            for one in described.slices
        )
        return Image(
            frames=frames,
            values=values,
            notes=tuple(described.notes),
            slices=slices,
            window=_window(described.window),
            **told,
        )
    except (OSError, ValueError, EOFError) as error:
        raise broken() from error


def _window(described: DescribedWindow | None) -> Window | None:
    return described.window() if described else None


def _load_array(path: Path) -> NDArray[Any]:
    """An array from the child: in memory if small, a read-only memory map if large.

    The map outlives its file on Linux and macOS. On Windows the file stays until the temporary folder
    is next cleaned.
    """
    if path.is_symlink():
        raise OSError
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.array(mapped) if mapped.nbytes < _IN_MEMORY_BYTES else mapped
