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
import os
import queue
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from store.pictures.image import Image
from tools.files.arrays.limits import ReadLimits
from tools.files.child import Child, OutOfTimeError
from tools.files.described import Answer, broken, failed, load
from tools.files.file_type import ACCEPTED
from tools.files.workplace import clear_abandoned, workplace

__all__ = ["Decoder", "ReadLimits"]

_LOG = logging.getLogger(__name__)

# Ours: what a slow machine reads and shows in a second; larger sources are given that much longer.
_BYTES_PER_S = 20 * 1024**2


class Decoder:
    """Reads files of any accepted type. Safe to share between threads; one file is read at a time.

    Attributes:
        limits: on each file.
    """

    def __init__(self, limits: ReadLimits = ReadLimits()) -> None:  # noqa: B008  frozen
        self.limits = limits
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
        with self._lock, workplace() as folder:
            answer = self._ask([self._checked(source, folder / "source")], folder, together=False)
            if not answer.images:
                raise broken()
            return [load(described, folder, number) for number, described in enumerate(answer.images)]

    def read_each(self, sources: Sequence[Path | bytes]) -> list[list[Image] | CaseError]:
        """Read several sources, DICOM files of one series among them as one image.

        Args:
            sources: as `read` takes them.

        Returns:
            For every source its images or its refusal. The image of a series stands with the first of its
            files, and the others have an empty list.

        Raises:
            SetupError: the child cannot be started.
        """
        told: dict[int, list[Image] | CaseError] = {}
        if len(sources) > 1:
            try:
                told = self._together(sources)
            except CaseError:
                told = {}  # one of them broke the child: then each is read for itself
        return [
            told[position] if position in told else self._alone(source)
            for position, source in enumerate(sources)
        ]

    def _alone(self, source: Path | bytes) -> list[Image] | CaseError:
        try:
            return self.read(source)
        except CaseError as refusal:
            return refusal

    def _together(self, sources: Sequence[Path | bytes]) -> dict[int, list[Image] | CaseError]:
        """What became of the DICOM files among the sources, by position."""
        told: dict[int, list[Image] | CaseError] = {}
        with self._lock, workplace() as folder:
            paths: dict[int, Path] = {}
            for position, source in enumerate(sources):
                try:
                    paths[position] = self._checked(source, folder / f"source-{position}")
                except CaseError as refusal:
                    told[position] = refusal
            answer = self._ask(list(paths.values()), folder, together=True)
            given = list(paths)
            for number, described in enumerate(answer.images):
                where = [given[place] for place in described.sources]
                told |= {position: [] for position in where}
                told[where[0]] = [load(described, folder, number)]
            told |= {given[place]: CaseError(reason) for place, reason in answer.refusals.items()}
        return told

    def close(self) -> None:
        """End the child. A later `read` starts another."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _checked(self, source: Path | bytes, target: Path) -> Path:
        """The path to read; bytes are written to `target`."""
        if isinstance(source, bytes):
            path = target
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
        if size > self.limits.max_bytes:
            raise CaseError(
                f"This file takes {size / 1024**2:.4g} MB; up to {self.limits.max_bytes / 1024**2:.4g} MB "
                "are read. Send a smaller version or a part of it."
            )
        if isinstance(source, bytes):
            path.write_bytes(source)
        return path

    def _ask(self, paths: list[Path], folder: Path, *, together: bool) -> Answer:
        seconds = self.limits.timeout_s + sum(map(_size, paths)) / _BYTES_PER_S
        deadline = time.monotonic() + self.limits.patience_s
        sources = [str(path) for path in paths]
        request = {"sources": sources, "folder": str(folder), "together": together, "seconds": seconds}
        try:
            try:
                line = self._running(deadline).ask(request, deadline)
            except OSError:
                # It may have been killed for a reason of its own: only a second death is the file's.
                self._drop()
                shutil.rmtree(folder / "unpacked", ignore_errors=True)
                line = self._running(deadline).ask(request, deadline)
            answer = Answer.model_validate_json(line)
        except queue.Empty:
            self._drop()
            raise CaseError(
                f"This file was not read within {self.limits.patience_s:g} seconds: this machine is very "
                "busy, or the file lies where reading is slow. Try again later, or copy the file to this "
                "machine."
            ) from None
        except OutOfTimeError:
            self._drop()
            raise CaseError(
                f"Decoding this file took more than the {seconds:.3g} seconds of computing that "
                "one file may take, so reading was stopped. Send a smaller version, or export it again from "
                "its source."
            ) from None
        except (OSError, ValidationError) as error:
            self._drop()
            _LOG.warning("the decoding child died or answered nonsense: %s", type(error).__name__)
            raise broken() from error
        if answer.crash is not None:
            self._drop()
            _LOG.warning("decoding ended in the child: %s", answer.crash)
            raise failed()
        if answer.refused is not None:
            raise CaseError(answer.refused)
        return answer

    def _running(self, deadline: float) -> Child:
        if self._child is None or self._child.process.poll() is not None:
            self._drop()
            clear_abandoned()
            self._child = Child(self.limits, deadline)
        return self._child


def _size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(Path(root, name).lstat().st_size for root, _, names in os.walk(path) for name in names)
