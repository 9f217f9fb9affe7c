"""Cases as a browser sends them (pictures, a table beside them, or one zip), laid out in a folder."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from store.errors import CaseError
from tools.files.workplace import workplace

# Ours: far more than one teaching file holds, far fewer than fill the table of files of a disk.
_MOST_FILES = 20_000
_CHUNK = 1 << 20
_TABLE = "table.csv"


@dataclass(frozen=True)
class Sent:
    """A file as it was sent. Of its name only the table has need, and it is kept nowhere."""

    name: str
    data: bytes


@contextmanager
def unpacked(sent: Sequence[Sent], label: str, most_mb: int) -> Iterator[Path]:
    """A folder with the table and the pictures, cleared at its end or, if killed, by the next reading.

    Args:
        sent: one zip (a table, or one folder for each label); or a table with its pictures; or pictures.
        label: of pictures that come without a table.
        most_mb: most MiB that a zip may hold.

    Raises:
        CaseError: there is no zip, table or label, or a zip that is damaged, locked or too large.
        SetupError: the temporary folder of the machine cannot be written.
    """
    with workplace() as folder:
        cases = folder / "cases"
        cases.mkdir()
        if len(sent) == 1 and sent[0].data[:4] == b"PK\x03\x04":
            _unpack(sent[0].data, cases, most_mb)
        elif any(_is_table(one) for one in sent):
            _lay_out(sent, cases)
        elif label.strip():
            _label_all(sent, label, cases)
        else:
            raise CaseError("These pictures have no label. Type one, or send a table or a zip with them.")
        yield cases


def _is_table(one: Sent) -> bool:
    return one.name.lower().endswith(".csv")


def _lay_out(sent: Sequence[Sent], folder: Path) -> None:
    for one in sent:
        target = _target(folder, PurePosixPath(one.name).name)
        if target.exists():
            raise CaseError("Two of the files have the same name. Send them in one zip, or name them apart.")
        target.write_bytes(one.data)


def _label_all(sent: Sequence[Sent], label: str, folder: Path) -> None:
    rows = [("image", "label")]
    for n, one in enumerate(sent, 1):
        (folder / f"{n:05d}").write_bytes(one.data)
        rows.append((f"{n:05d}", label.strip()))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / _TABLE).write_text(text.getvalue(), encoding="utf-8")


def _unpack(data: bytes, folder: Path, most_mb: int) -> None:
    left = most_mb * 2**20
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and _is_wanted(one.filename)]
            if len(inside) > _MOST_FILES:
                raise CaseError(
                    f"This zip holds {len(inside):,} files; up to {_MOST_FILES:,} are read. Split it."
                )
            for info in inside:
                if info.flag_bits & 1:
                    raise CaseError("This zip is protected by a password. Pack it without one.")
                left = _write(archive, info, _target(folder, info.filename), left, most_mb)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise CaseError("This zip is damaged or packed in an unusual way. Pack it again.") from error


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, left: int, most_mb: int) -> int:
    """Write one file; returns how many bytes may still come."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise CaseError(f"This zip holds more than {most_mb:,} MiB. Split it.")
            file.write(chunk)
    return left


def _is_wanted(name: str) -> bool:
    """Not what some systems put into every zip."""
    return not any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)


def _target(folder: Path, name: str) -> Path:
    """Where a file goes.

    Raises:
        CaseError: that is not inside the folder.
    """
    target = (folder / name).resolve()
    if not name or "\\" in name or not target.is_relative_to(folder.resolve()) or target == folder.resolve():
        raise CaseError("A file in this zip lies outside of it. Pack the folder of the cases itself.")
    return target
