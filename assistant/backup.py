"""A copy of all that Casebook keeps in one file, made while it runs, and a new folder from such a copy.

Databases are copied by SQLite itself. Images and pictures never change once they are there: they are linked
beside the databases under the lock that keeps both in step, and written into the file after it. Models, the
log and Chroma's index are left out: the first are pulled again, the last is made again from the ledger. So
are images and pictures that lie in an object store, of which the copy says so.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from assistant.elsewhere import refuse as refuse_elsewhere
from store.cases.index import open_index
from store.errors import CaseError, SetupError
from store.held_folder import held, let_go, unheld
from store.pictures.places import KEPT_AT
from store.whole_file import writable

if TYPE_CHECKING:
    from sqlalchemy import URL

    from assistant.build import Services

_FORMAT = 1
_LIST = "casebook-backup.json"
_CHATS, _LEDGER = "conversations.db", "library/cases.sqlite3"
_VECTORS = "library/vectors"  # copied and never linked: they grow in place
# What is copied besides the databases: files, and folders with all that is finished in them.
_KEPT = ("settings.toml", "privacy.key", "models/licences.json", KEPT_AT)
_LIBRARY = ("library/heads", "library/persons.key")
_CHAT_PICTURES, _CASE_PICTURES = ("images", "pictures", "teaching/images"), ("library/pictures",)
BESIDE = ".backup-"
"""How the folder begins in which a copy is put together."""
_RESTORED = ".casebook-restored-"
_BLOCK = 2**20


class Contents(NamedTuple):
    """What a copy holds: how many chats and library cases, how many files, and their bytes.

    `pictures_at` is where the images and pictures lie that are not in it; None where they are.
    """

    chats: int
    cases: int
    files: int
    size: int
    pictures_at: str | None = None


def back_up(services: Services, out: Path) -> Contents:
    """Write a copy of the Casebook folder.

    Args:
        services: the open installation; it may be in use.
        out: the file to write; it appears whole or not at all.

    Raises:
        CaseError: `out` is there already or its folder is not, or pictures lie elsewhere than is set.
        SetupError: the conversations are on a server, or something cannot be read or written.
    """
    home, elsewhere = services.settings.home, services.pictures.object_store
    chats = _chats_of(services.settings.conversations_url, home)
    if out.exists() or not out.parent.is_dir():
        raise CaseError(f"{str(out)!r} cannot be written: name a file that is not there in a folder that is.")
    refuse_elsewhere(services)
    clear_left_over(home)
    with writable(), _alone(home), tempfile.TemporaryDirectory(dir=home, prefix=BESIDE) as name:
        beside = Path(name)
        with services.keeping.locked():
            services.conversations.chats(None, 1)  # makes the database where there was none
            _copy_database(chats, beside / _CHATS)
            _link(home, beside, _KEPT if elsewhere else (*_KEPT, *_CHAT_PICTURES))
        if (home / _LEDGER).exists():
            with services.library.index.still():
                _copy_database(home / _LEDGER, beside / _LEDGER)
                if (home / _VECTORS).is_dir():
                    shutil.copytree(home / _VECTORS, beside / _VECTORS)
                _link(home, beside, _LIBRARY if elsewhere else (*_LIBRARY, *_CASE_PICTURES))
        return _pack(beside, out, elsewhere.url if elsewhere else None)


def restore(archive: Path, home: Path) -> Contents:
    """Make a Casebook folder from a copy, after every file of it was found whole.

    Args:
        archive: what `back_up` wrote.
        home: the folder to make; an empty one may be there.

    Raises:
        CaseError: the file is no whole copy, or `home` holds something.
        SetupError: the folder cannot be written.
    """
    if home.exists() and any(home.iterdir()):
        raise CaseError(
            f"The folder {str(home)!r} is not empty, and nothing is written over. Set CASEBOOK_HOME to a "
            "new one."
        )
    with writable():
        home.parent.mkdir(parents=True, exist_ok=True)
        _clear(_half_restored(home))
        beside = Path(tempfile.mkdtemp(dir=home.parent, prefix=_RESTORED))
        try:
            with held(beside):
                contents = _unpack(archive, beside)
                if home.exists():
                    home.rmdir()
                let_go(beside)
                beside.rename(home)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    if (home / _LEDGER).exists():
        open_index(home / "library").rebuild()
    return contents


def left_over(home: Path) -> list[Path]:
    """What copies and restores that were killed left in the Casebook folder and beside it, if none runs."""
    try:
        with _alone(home):
            return sorted([*home.glob(f"{BESIDE}*"), *_half_restored(home)])
    except CaseError:
        return []


def clear_left_over(home: Path) -> None:
    """Remove it: it may hold what was deleted since."""
    _clear(left_over(home))


def _clear(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _half_restored(home: Path) -> list[Path]:
    """Folders beside `home` that were being restored by a process that was killed."""
    return list(unheld(home.parent.glob(f"{_RESTORED}*")))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """The only copy that is being made."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / "backup.lock", timeout=0):
            yield
    except Timeout as error:
        raise CaseError("Another copy is being made right now. Wait until it is done.") from error


def _chats_of(url: str | URL, home: Path) -> Path:
    from sqlalchemy import make_url

    at = make_url(url)
    if at.get_backend_name() != "sqlite" or Path(at.database or "") != home / _CHATS:
        raise SetupError(
            "CASEBOOK_DATABASE_URL keeps the chats outside the Casebook folder: copy them with the tools of "
            "that database, such as pg_dump, and the folder beside them."
        )
    return home / _CHATS


def _copy_database(path: Path, to: Path) -> None:
    """Copy a database that others may be writing; what is committed now is in the copy."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with _copying(path.name), closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(to)) as new:
        old.backup(new)


@contextmanager
def _copying(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SetupError(
            f"The database {name} cannot be copied: it is damaged or its disk is full. Look with "
            "`casebook doctor`."
        ) from error


def _link(home: Path, beside: Path, names: tuple[str, ...]) -> None:
    for file in (one for name in names for one in _finished(home / name)):
        to = beside / file.relative_to(home)
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, to)
        except OSError:  # a disk that knows no links
            shutil.copyfile(file, to)


def _finished(path: Path) -> Iterator[Path]:
    """The files below a path; what begins with a dot is still being written."""
    if path.is_file():
        yield path
    elif path.is_dir():
        for one in sorted(path.iterdir()):
            if not one.name.startswith("."):
                yield from _finished(one)


def _pack(folder: Path, out: Path, pictures_at: str | None) -> Contents:
    files = {one.relative_to(folder).as_posix(): one for one in sorted(folder.rglob("*")) if one.is_file()}
    chats, cases = _count(folder / _CHATS, "chats"), _count(folder / _LEDGER, "entries")
    about = {
        "format": _FORMAT,
        "casebook": version("casebook"),
        "chats": chats,
        "cases": cases,
        "pictures_at": pictures_at,
        "files": {name: _digest(path) for name, path in files.items()},
    }
    with _appearing(out) as part:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_LIST, json.dumps(about, indent=1))
            for name, path in files.items():
                archive.write(path, name)
        part.flush()
        os.fsync(part.fileno())
    return Contents(chats, cases, len(files), out.stat().st_size, pictures_at)


@contextmanager
def _appearing(out: Path) -> Iterator[tempfile._TemporaryFileWrapper[bytes]]:
    """A file beside `out` that only its owner may read, and that becomes `out` when it is whole."""
    for one in out.parent.glob(f".{glob.escape(out.name)}-*"):  # of a copy that was killed: there is no other
        one.unlink(missing_ok=True)
    part = tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}-", delete=False)  # noqa: SIM115
    try:
        with part:
            yield part
        Path(part.name).replace(out)
    finally:
        Path(part.name).unlink(missing_ok=True)


def _unpack(archive: Path, folder: Path) -> Contents:
    try:
        with zipfile.ZipFile(archive) as held:
            about = json.loads(held.read(_LIST))
            wanted = about["files"]
            if about["format"] != _FORMAT:
                raise CaseError(
                    "This copy was made by another version of Casebook. Restore it with that one."
                )
            if set(held.namelist()) != {_LIST, *wanted} or not all(map(_is_inside, wanted)):
                raise CaseError(_not_whole(archive))
            _refuse_without_room(folder, sum(one.file_size for one in held.infolist()))
            for name in wanted:
                held.extract(name, folder)
        if any(_digest(folder / name) != digest for name, digest in wanted.items()):
            raise CaseError(_not_whole(archive))
        counted = about["chats"], about["cases"], len(wanted), archive.stat().st_size
        return Contents(*counted, about.get("pictures_at"))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        raise CaseError(_not_whole(archive)) from error


def _not_whole(archive: Path) -> str:
    return f"{archive.name!r} is no whole copy of Casebook. Give a file that `casebook backup` wrote."


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _refuse_without_room(folder: Path, size: int) -> None:
    if size > shutil.disk_usage(folder).free:
        raise SetupError(f"The disk has no room for the copy: it takes {size / 2**20:.0f} MB.")


def _count(database: Path, table: str) -> int:
    if not database.exists():
        return 0
    with _copying(database.name), closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _digest(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()
