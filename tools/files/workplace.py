"""A temporary folder for one reading: the file as it came, and what was decoded from it.

A process that is killed cannot clear its folder, and the file in it may name a patient. So each folder is
locked while it is used, and whoever reads next on this machine clears what nobody holds any more.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from store.errors import SetupError
from store.held_folder import held, unheld

PREFIX = "casebook-files-"


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder that is this reading's own, cleared at its end.

    Raises:
        SetupError: the temporary folder of the machine cannot be written.
    """
    with ExitStack() as stack:
        try:
            place = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
            name = stack.enter_context(place)
            stack.enter_context(held(Path(name)))
        except OSError as error:
            raise SetupError(
                "Files are read in the temporary folder of this machine, which cannot be written or is full. "
                "Make room, or set TMPDIR to another folder."
            ) from error
        yield Path(name)


def workplaces() -> list[Path]:
    """The folders of readings on this machine, those under way included."""
    return sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def clear_abandoned() -> None:
    """Clear the folders of readings whose process was killed."""
    for folder in _abandoned():
        shutil.rmtree(folder, ignore_errors=True)


def abandoned() -> int:
    """How many folders there are of readings whose process was killed."""
    return sum(1 for _ in _abandoned())


def _abandoned() -> Iterator[Path]:
    return unheld(workplaces())
