"""Casebook's own log: a small file in its folder. Other libraries' messages stay out of it.

Of an exception it keeps the type and where it passed, never its message and no line of source: a
message may hold what a user wrote or what stood in a file's header.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

# Ours: two files of this size hold far more references than anybody looks up.
_BYTES = 1_000_000
# Ours: the innermost frames say where it broke; endless recursion would fill the file.
_FRAMES = 40


class TypesAndPlaces(logging.Formatter):
    """Formats an exception as its chain of types, each with the frames it passed."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's own message; its exception as `places_of` tells it."""
        # Another handler may have left the traceback, message and all, on the record.
        clean = logging.makeLogRecord(vars(record) | {"exc_info": None, "exc_text": None, "stack_info": None})
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([super().format(clean), *(places_of(error) if error else ())])


def places_of(error: BaseException) -> Iterator[str]:
    """An exception and all it came from: types, files, lines and functions only."""
    seen: set[int] = set()
    left = [error]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield f"{type(one).__module__}.{type(one).__qualname__}"
        frames = traceback.StackSummary.extract(
            traceback.walk_tb(one.__traceback__), limit=-_FRAMES, lookup_lines=False
        )
        yield from (f'  File "{at.filename}", line {at.lineno}, in {at.name}' for at in frames)
        if before := one.__cause__ or (None if one.__suppress_context__ else one.__context__):
            left.append(before)
        if isinstance(one, BaseExceptionGroup):
            left += one.exceptions


class _File(logging.handlers.RotatingFileHandler):
    """The file; where it cannot be written, one line says so and nothing of what was to be kept."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - as the library calls it
        """Tell the type alone: what Python tells instead is the whole chain of exceptions with messages."""
        kind = type(sys.exc_info()[1]).__name__
        sys.stderr.write(f"casebook.log cannot be written ({kind}).\n")


def keep_log(home: Path) -> None:
    """Append what goes wrong to ``casebook.log`` in `home`, and no more to that of another folder.

    Args:
        home: the Casebook folder; it exists and is closed to other users.
    """
    log = logging.getLogger("casebook")
    path = str((home / "casebook.log").absolute())
    kept = [handler for handler in log.handlers if isinstance(handler, _File)]
    if any(handler.baseFilename == path for handler in kept):
        return
    for handler in kept:
        log.removeHandler(handler)
        handler.close()
    handler = _File(path, maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(TypesAndPlaces("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
