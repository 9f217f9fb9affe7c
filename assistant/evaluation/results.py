"""The folder of one evaluation: a line per question as it is answered, what made it, what it comes to.

Each line is on disk before the next question is asked, so a kill loses at most the running one. A
half-written last line is cut off when the folder is opened again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.errors import CaseError

RESULTS, VERSIONS, MARKS, SUMMARY, REPORT, FIGURE = (
    "results.jsonl",
    "versions.json",
    "marks.jsonl",
    "summary.json",
    "report.md",
    "figure.png",
)
Row = dict[str, Any]


class Results:
    """The folder, held by one process. Made by `open_results` and `reopen_results`.

    Args:
        folder: where it lies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, Row] = {row["id"]: row for row in _read_rows(folder / RESULTS)}

    def add(self, row: Row) -> None:
        """Keep a question's row: on disk when this returns."""
        with (self.folder / RESULTS).open("ab") as file:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.rows[row["id"]] = row

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file of the folder, whole or not at all."""
        part = self.folder / f".{name}.part"
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(self.folder / name)


@contextmanager
def open_results(folder: Path, made_with: Mapping[str, Any], *, again: bool) -> Iterator[Results]:
    """Open or make the folder of an evaluation and hold it.

    Args:
        folder: where results are, or shall be.
        made_with: what the answers depend on, by name; it must be the same as before.
        again: throw away what is there.

    Raises:
        CaseError: the folder cannot be used, another run has it, or it was made with something else.
    """
    with _held(folder):
        yield _opened(folder, made_with, again=again)


@contextmanager
def reopen_results(folder: Path) -> Iterator[Results]:
    """Open the folder of an evaluation whose answers are there, whatever they were made with, and hold it.

    Args:
        folder: where results are.

    Raises:
        CaseError: there are none, they lack what is scored, or another run has the folder.
    """
    if not (folder / RESULTS).is_file():
        raise CaseError(f"There are no results in {folder}. Name their folder with --out, or ask first.")
    with _held(folder):
        results = Results(folder)
        if any("asked" not in row for row in results.rows.values()):
            raise CaseError(
                f"The results in {folder} are of an earlier release and do not hold what the tools said. "
                "Ask again with --again."
            )
        yield results


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise CaseError(
            f"Another run is writing into {folder}. Wait for it, or give --out another."
        ) from None
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise CaseError(f"{folder} is no folder that can be written. Give another with --out.") from error
    try:
        yield
    finally:
        lock.release()


def _opened(folder: Path, made_with: Mapping[str, Any], *, again: bool) -> Results:
    if again:
        for name in (RESULTS, VERSIONS, MARKS, SUMMARY, REPORT, FIGURE):
            with contextlib.suppress(FileNotFoundError):
                (folder / name).unlink()
    elif (folder / VERSIONS).is_file():
        _check_same(folder, made_with)
    elif (folder / RESULTS).exists() or any(one.name != ".lock" for one in folder.iterdir()):
        raise CaseError(f"{folder} holds other files. Give a new or empty folder with --out.")
    results = Results(folder)
    results.write(VERSIONS, json.dumps(made_with, ensure_ascii=False, indent=2))
    return results


def _check_same(folder: Path, made_with: Mapping[str, Any]) -> None:
    try:
        before = json.loads((folder / VERSIONS).read_text(encoding="utf-8"))
    except ValueError:
        before = {}
    now = json.loads(json.dumps(made_with))
    changed = [name for name in now if before.get(name) != now[name]]
    if changed:
        raise CaseError(
            f"The results in {folder} were made with other {', '.join(changed)}, so they cannot be gone on "
            "with. Give another folder with --out, or --again to throw them away and start over."
        )


def _read_rows(path: Path) -> list[Row]:
    """All whole lines; a half-written last one is cut off."""
    if not path.is_file():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    try:
        return [json.loads(line) for line in whole.splitlines() if line.strip()]
    except ValueError as error:
        raise CaseError(
            f"{path} holds a line that is not one of Casebook's. Remove it, or give --again to start over."
        ) from error
