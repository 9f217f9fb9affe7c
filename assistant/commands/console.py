"""Standard output, standard error and exit codes of the `casebook` command."""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import json
import logging
import os
import re
import signal
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

from store.errors import CasebookError, SetupError

DONE = 0
BUG = 1
USER = 2
OPERATOR = 3
STOPPED = 128 + signal.SIGINT
READER_GONE = 128 + signal.SIGPIPE
_MADE_BETWEEN_SEARCHES = 50_000  # ours; Python's own is 700, for programs that make and drop much
_MADE_FOR_AN_ANSWER = 1_000_000  # ours; a first answer makes 400,000

# Control characters (C0 but line break and tab, DEL, C1), and those that turn the direction of what follows.
# Source: ECMA-48, section 5; Unicode Standard Annex #9, section 2.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def prepare(*, as_program: bool) -> None:
    """Make the streams speak UTF-8 whatever the locale says.

    Args:
        as_program: this process is the command: keep third-party warnings and logs off the terminal,
            turn a bug into a sentence, and search for garbage seldom.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if not as_program:
        return
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.excepthook = _tell_bug
    # Nearly all that a command makes, libraries above all, stays to its end. To look through it for what
    # nobody needs, time and again and once more as Python ends, took a third of what a first answer costs.
    gc.set_threshold(_MADE_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)


def search_seldom() -> None:
    """Search for garbage more seldom still, where this process is the command and ends with one answer.

    To look through half of what a first answer makes once took a fourteenth of its time.
    """
    if gc.get_threshold()[0] == _MADE_BETWEEN_SEARCHES:
        gc.set_threshold(_MADE_FOR_AN_ANSWER)


def words(typed: str) -> str:
    """An argument as text. Python decodes it by the locale; whoever types it means UTF-8."""
    return os.fsencode(typed).decode("utf-8", "replace")


def visible(text: str) -> str:
    """`text` with whatever a terminal would obey instead of show written out, by its number in Unicode.

    Line breaks and tabs stay. What it writes out is right within a JSON string too.
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write(text: str, end: str = "\n") -> None:
    """Write to standard output, at once, what others said included: nothing in it steers the terminal."""
    sys.stdout.write(visible(text) + end)
    sys.stdout.flush()


def write_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object to standard output."""
    write(json.dumps(value, ensure_ascii=False, indent=2))


def note(text: str, end: str = "\n") -> None:
    """Write a line to standard error; nothing in it steers the terminal."""
    sys.stderr.write(visible(text) + end)
    sys.stderr.flush()


def note_deleted(text: str, *, whole: bool) -> None:
    """Note that something is deleted, and where it is not taken out of the database's log yet, that too."""
    note(text)
    if not whole:
        from tools.language.sayings import say

        note(say("page.left_in_log"))


def progress(text: str, end: str = "\n") -> None:
    """Say on standard error what is being done, if somebody is watching."""
    if sys.stderr.isatty():
        note(text, end)


@contextlib.contextmanager
def progress_bar(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error.

    Args:
        unit: what is counted, in the plural.
    """
    from tqdm import tqdm

    with tqdm(unit=f" {unit}", file=sys.stderr, leave=False, delay=0.5) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


def tell_error(error: CasebookError, *, as_json: bool) -> int:
    """Say what is wrong, in one sentence; returns the exit code that says who can act."""
    operator = isinstance(error, SetupError)
    if as_json:
        write_json({"error": {"who_can_act": "operator" if operator else "user", "message": str(error)}})
    else:
        note(str(error))
    return OPERATOR if operator else USER


def reader_is_gone() -> int:
    """Leave quietly when nobody reads the output any more."""
    # Python flushes standard output once more at the end; let it go nowhere.
    with contextlib.suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    reference = uuid.uuid4().hex[:8]
    log = logging.getLogger("casebook")
    log.error("command failed (reference %s)", reference, exc_info=(kind, error, trace))
    message = (
        f"Something went wrong inside Casebook. casebook.log has the details under reference {reference}."
    )
    if "--json" in sys.argv:
        write_json({"error": {"who_can_act": "operator", "message": message}})
    else:
        note(message)
