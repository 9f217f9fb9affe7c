"""`Image`: one picture, slice stack or multi-frame file, decoded, windowed and free of metadata.

The contract is checked once, in the constructor; everything downstream relies on it.
This file does not read files (see ``tools.files.pictures``) and does not store anything (see
``store.pictures.image_store``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.pictures.window import Window

Pixels = NDArray[np.uint8]

NO_VALUE = np.int16(-32768)
"""In int16 values: a pixel that the file fills up with, which no scanner measured."""


@dataclass(frozen=True)
class Slice:
    """What is said of one slice and not of every slice.

    Attributes:
        facts: every fact that differs between slices and that this slice states.
        notes: sentences on this slice alone.
        spacing_mm: as `Image.spacing_mm`, for this slice.
        window: as `Image.window`, for this slice.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    spacing_mm: tuple[float, float] | None = None
    window: Window | None = None


@dataclass(frozen=True, eq=False)
class Image:
    """What the tools see.

    Attributes:
        frames: ``(F, H, W)`` uint8 grey or ``(F, H, W, 3)`` uint8 RGB, display-ready (windowed,
            MONOCHROME1 inverted, EXIF orientation applied). May be a read-only memory map.
        index: which frame `pixels` shows, 0-based.
        values: ``(F, H, W)`` the grey values that `frames` were made of: those stored, after the modality
            LUT and before the window; None for colours and where the file holds no others. Where they are
            HU, padding is `NO_VALUE` in int16 and NaN in float32.
        unit: unit of `values` (``"HU"``), or None where the file gives them none.
        spacing_mm: (row, column) distance of pixel centres in millimetres, only ever from the file.
        scale_caution: what must be said with every millimetre, or why there is none; ``""`` for nothing.
        file_type: ``PNG JPEG HEIC AVIF WebP BMP GIF TIFF DICOM NIfTI``.
        modality: DICOM modality code from the file header, or None.
        body_part: body part from the file header in lower-case words, or None.
        facts: allow-listed header facts of the frame shown, name → printable value. Never an identifier.
        notes: sentences on how the frame shown was read ("The window 40/400 comes from the file.").
        slices: what differs from frame to frame, one entry each; empty where nothing does.
        volumes: how many times the frames run over the same places, one after the other (4-D).
        window: what `frames` were made of `values` with; None where that was a table, or there are none.
        inverted: whether low values are white.

    Raises:
        ValueError: an array breaks the contract (a bug of the caller, never bad user input).
    """

    frames: Pixels
    file_type: str
    index: int = 0
    values: NDArray[np.generic] | None = None
    unit: str | None = None
    spacing_mm: tuple[float, float] | None = None
    modality: str | None = None
    body_part: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    slices: tuple[Slice, ...] = ()
    scale_caution: str = ""
    volumes: int = 1
    window: Window | None = None
    inverted: bool = False

    def __post_init__(self) -> None:
        shape = self.frames.shape
        if self.frames.dtype != np.uint8 or len(shape) not in (3, 4) or min(shape) < 1:
            raise ValueError(f"frames must be (F, H, W[, 3]) uint8, not {shape} {self.frames.dtype}")
        if len(shape) == 4 and shape[3] != 3:
            raise ValueError(f"colour frames need 3 channels, not {shape[3]}")
        if not 0 <= self.index < shape[0]:
            raise ValueError(f"frame {self.index} of {shape[0]}")
        if self.values is not None and self.values.shape != shape[:3]:
            raise ValueError(f"values {self.values.shape} do not match frames {shape}")
        if self.spacing_mm is not None and min(self.spacing_mm) <= 0:
            raise ValueError(f"spacing_mm must be positive, not {self.spacing_mm}")
        if self.slices and len(self.slices) != shape[0]:
            raise ValueError(f"{len(self.slices)} slices described for {shape[0]} frames")
        if self.volumes < 1 or shape[0] % self.volumes:
            raise ValueError(f"{shape[0]} frames are not {self.volumes} volumes")

    @property
    def frame_count(self) -> int:
        """How many slices or frames there are; 1 for a single picture."""
        return int(self.frames.shape[0])

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return int(self.frames.shape[2]), int(self.frames.shape[1])

    @cached_property
    def pixels(self) -> Pixels:
        """The selected frame as ``(H, W, 3)`` uint8 RGB, C-contiguous."""
        frame = np.asarray(self.frames[self.index])
        if frame.ndim == 2:
            frame = np.repeat(frame[:, :, None], 3, axis=2)
        return np.ascontiguousarray(frame)

    @property
    def plain(self) -> Pixels:
        """The selected frame as it is kept: ``(H, W)`` grey or ``(H, W, 3)`` RGB, uint8."""
        return np.asarray(self.frames[self.index])

    @property
    def frame_values(self) -> NDArray[np.generic] | None:
        """The selected frame of `values`, ``(H, W)``, or None."""
        return None if self.values is None else np.asarray(self.values[self.index])

    @property
    def measured_values(self) -> NDArray[np.generic] | None:
        """The values of the selected frame that are not padding, flat, or None."""
        values = self.frame_values
        if values is None:
            return None
        measured = values != NO_VALUE if values.dtype == np.int16 else ~np.isnan(values)
        return np.asarray(values[measured])

    def at(self, index: int) -> Image:
        """The same image showing frame `index` (0-based), with the facts, notes and scale of that frame."""
        if not 0 <= index < len(self.slices):
            return replace(self, index=index)
        own = self.slices[index]
        varying = {name for one in self.slices for name in one.facts}
        shared = {name: value for name, value in self.facts.items() if name not in varying}
        said_of_some = {note for one in self.slices for note in one.notes}
        rest = tuple(note for note in self.notes if note not in said_of_some)
        return replace(
            self,
            index=index,
            facts={**shared, **own.facts},
            notes=(*own.notes, *rest),
            spacing_mm=own.spacing_mm,
            window=own.window,
        )
