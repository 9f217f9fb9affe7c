"""Decoding untrusted files in a child process with limits on time and memory.

The parent looks at a file's size and nothing more. The child (``tools.files.decode_worker``) writes arrays
into a temporary folder and describes them in JSON; the parent checks both. There is no pickle anywhere.

One child serves many files: it is started on first use and again after it died. On Linux its address
space is limited; macOS and Windows have no such limit, and there only time and the limits on dimensions
hold. What counts is the time that the child computes, so that a busy machine refuses nothing that an idle
one reads; the clock is a far outer bound, and on Windows the only one.
"""

from __future__ import annotations

import logging
import queue
import shutil
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from store.pictures.image import Image
from store.records import Modality
from tools.files.arrays.limits import ReadLimits
from tools.files.child import Child, OutOfTimeError
from tools.files.file_type import ACCEPTED

__all__ = ["Decoder", "ReadLimits"]

_LOG = logging.getLogger(__name__)

_IN_MEMORY_BYTES = 16 * 1024**2

_Short = Annotated[str, Field(max_length=300)]


class _Described(BaseModel):
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
    notes: list[_Short]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    images: list[_Described] = []
    refused: Annotated[str, Field(max_length=1000)] | None = None
    crash: _Short | None = None


class Decoder:
    """Reads files of any accepted type. Safe to share between threads; one file is read at a time.

    Args:
        limits: on each file.
    """

    def __init__(self, limits: ReadLimits = ReadLimits()) -> None:  # noqa: B008  frozen
        self._limits = limits
        self._lock = threading.Lock()
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return self._child.process.pid if self._child else None

    def read(self, source: Path | bytes) -> list[Image]:
        """Read a file, a zip or a folder.

        Args:
            source: a path, or the bytes of a file.

        Returns:
            One image per picture, volume or DICOM series, at least one.

        Raises:
            CaseError: with the reason in words; the next read works.
            SetupError: the child cannot be started.
        """
        with self._lock, tempfile.TemporaryDirectory(prefix="casebook-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            path = self._checked(source, folder)
            answer = self._ask(path, folder)
            if answer.refused is not None:
                raise CaseError(answer.refused)
            if answer.crash is not None or not answer.images:
                _LOG.warning("decoding ended in the child: %s", answer.crash)
                raise _broken()
            return [_load(described, folder, number) for number, described in enumerate(answer.images)]

    def close(self) -> None:
        """End the child. A later `read` starts another."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _checked(self, source: Path | bytes, folder: Path) -> Path:
        if isinstance(source, bytes):
            path = folder / "source"
            size = len(source)
        else:
            path = source.absolute()
            refuse_no_file(path, str(source))
            if path.is_dir():
                return path
            if not path.is_file():
                raise CaseError(f"There is no file at {str(source)!r}. {ACCEPTED}")
            size = path.stat().st_size
        if size == 0:
            raise CaseError(f"This file is empty. {ACCEPTED}")
        if size > self._limits.max_bytes:
            raise CaseError(
                f"This file takes {size / 1024**2:.4g} MB; up to {self._limits.max_bytes / 1024**2:.4g} MB "
                "are read. Send a smaller version or a part of it."
            )
        if isinstance(source, bytes):
            path.write_bytes(source)
        return path

    def _ask(self, path: Path, folder: Path) -> _Answer:
        deadline = time.monotonic() + self._limits.patience_s
        request = {"source": str(path), "folder": str(folder)}
        try:
            try:
                line = self._running(deadline).ask(request, deadline)
            except OSError:
                # It may have been killed for a reason of its own: only a second death is the file's.
                self._drop()
                shutil.rmtree(folder / "unpacked", ignore_errors=True)
                line = self._running(deadline).ask(request, deadline)
            answer = _Answer.model_validate_json(line)
        except queue.Empty:
            self._drop()
            raise CaseError(
                f"This file was not read within {self._limits.patience_s:g} seconds: this machine is very "
                "busy, or the file lies where reading is slow. Try again later, or copy the file to this "
                "machine."
            ) from None
        except OutOfTimeError:
            self._drop()
            raise CaseError(
                f"Decoding this file took more than the {self._limits.timeout_s:g} seconds of computing that "
                "one file may take, so reading was stopped. Send a smaller version, or export it again from "
                "its source."
            ) from None
        except (OSError, ValidationError) as error:
            self._drop()
            _LOG.warning("the decoding child died or answered nonsense: %s", type(error).__name__)
            raise _broken() from error
        if answer.crash is not None:
            self._drop()
        return answer

    def _running(self, deadline: float) -> Child:
        if self._child is None or self._child.process.poll() is not None:
            self._drop()
            self._child = Child(self._limits, deadline)
        return self._child


def _broken() -> CaseError:
    return CaseError("This file could not be decoded: its data is damaged. Export it again from its source.")


def _load(described: _Described, folder: Path, number: int) -> Image:
    try:
        frames = _load_array(folder / f"{number}.frames.npy")
        values = _load_array(folder / f"{number}.values.npy") if described.has_values else None
        told = described.model_dump(exclude={"has_values", "notes"})
        return Image(frames=frames, values=values, notes=tuple(described.notes), **told)
    except (OSError, ValueError, EOFError) as error:
        raise _broken() from error


def _load_array(path: Path) -> NDArray[Any]:
    """An array from the child: in memory if small, a read-only memory map if large.

    The map outlives its file on Linux and macOS. On Windows the file stays until the temporary folder
    is next cleaned.
    """
    if path.is_symlink():
        raise OSError
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.array(mapped) if mapped.nbytes < _IN_MEMORY_BYTES else mapped
