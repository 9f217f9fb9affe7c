"""How much a file may ask of the machine, and where decoded arrays go.

The readers (``tools.files.pictures``, ``tools.files.dicom.reader``, ``tools.files.nifti``,
``tools.files.series``) check these limits from a file's header, before anything is allocated.
``tools.files.decoding`` adds time and memory.
"""

from __future__ import annotations

import struct
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError

PART = "Send a part of it, or every second slice."
"""The way out of a series that is too long."""

Allocate = Callable[[tuple[int, ...], "type[np.generic]"], NDArray[Any]]
"""Makes an array of a shape and type: ``numpy.empty``, or a memory map on disk."""

DAMAGE = (
    *(ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError, OSError),
    *(RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error, zipfile.BadZipFile),
)
"""What decoding libraries raise on data that breaks their format, besides dying outright."""

# What a program raises when it is wrong itself. From a library it may still be the file's fault.
_FAULTS = (AssertionError, AttributeError, BufferError, NotImplementedError, RuntimeError, TypeError)
_OURS = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class ReadLimits:
    """Limits on one file, folder or zip. Volumes lie in files that are mapped, not in memory.

    Attributes:
        max_bytes: size of the file, and of everything that a zip or folder holds, in bytes.
        max_pixels: rows × columns of one frame.
        max_frames: frames or slices of one picture.
        max_total_voxels: frames × rows × columns of everything read at once; colour counts three times. The
            default is 2,048 slices of 512 × 512.
        max_nesting: zip inside zip, and DICOM sequence inside sequence.
        memory_mb: memory of the decoding process in MiB, besides what it maps from files.
        timeout_s: seconds that decoding one file may compute; a large one is given longer.
        patience_s: seconds by the clock after which nobody waits any longer, however busy the machine is.
    """

    max_bytes: int = 512 * 1024**2
    max_pixels: int = 64_000_000
    max_frames: int = 2048
    max_total_voxels: int = 512 * 1024**2
    max_nesting: int = 8
    memory_mb: int = 768
    timeout_s: float = 8.0
    patience_s: float = 120.0

    def check(self, *, frames: int, rows: int, columns: int, samples: int = 1) -> None:
        """Refuse a picture that is too large, by its header alone.

        Raises:
            CaseError: a dimension is zero or over its limit.
        """
        if min(frames, rows, columns) < 1:
            raise CaseError(
                f"This file declares a picture of {columns} × {rows} pixels: there is nothing to show."
            )
        if rows * columns > self.max_pixels:
            raise CaseError(
                f"This picture is {columns} × {rows} pixels; up to {self.max_pixels / 1e6:.4g} million "
                "pixels are read. Send a smaller version or a crop."
            )
        if frames > self.max_frames:
            raise CaseError(
                f"This file or series holds {frames} frames; up to {self.max_frames} are read. {PART}"
            )
        if frames * rows * columns * samples > self.max_total_voxels:
            raise CaseError(
                f"This file or series holds {frames} frames of {columns} × {rows} pixels; up to "
                f"{self.max_total_voxels // (rows * columns * samples)} of that size are read. {PART}"
            )


def damaged(kind: str) -> CaseError:
    """The refusal of a file whose data breaks its own format. `kind` names it: ``"DICOM file"``."""
    return CaseError(
        f"This {kind} cannot be read: its data is damaged or incomplete. Export it again from its source."
    )


def cut_off(kind: str) -> CaseError:
    """The refusal of a file that ends before its picture does."""
    return CaseError(f"This {kind} is cut off: it ends before the picture does. Copy or export it again.")


def broken_off(kind: str) -> CaseError:
    """The refusal of a file on which a library failed, in a way that says nothing of the file."""
    return CaseError(
        f"This {kind} cannot be read: decoding it broke off, which can lie at the file or at the decoder. "
        "Export it again, uncompressed or as another type if you can."
    )


@contextmanager
def refusing_damage(kind: str) -> Iterator[None]:
    """Turn what a decoding library raises on broken data into one sentence.

    A fault in code of our own is none of the file's and passes through, as a crash of the child.

    Raises:
        CaseError: the library gave up; nothing of its own text is passed on.
    """
    try:
        yield
    except EOFError as error:
        raise cut_off(kind) from error
    except DAMAGE as error:
        if "truncated" in str(error):
            raise cut_off(kind) from error
        if not isinstance(error, _FAULTS):
            raise damaged(kind) from error
        if _raised_by_us(error):
            raise
        raise broken_off(kind) from error


def _raised_by_us(error: BaseException) -> bool:
    *_, (last, _line) = traceback.walk_tb(error.__traceback__)
    return last.f_code.co_filename.startswith(_OURS)
