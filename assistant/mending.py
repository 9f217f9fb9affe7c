"""What a killed process, a full disk or a damaged file left behind: found, told, and mended when asked.

Nothing that somebody asked to keep is removed here: only what nobody refers to, and references to what is
gone.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import backup, elsewhere
from assistant.teaching import removing
from store.cases.case import Case
from store.closed import is_closed
from store.errors import CasebookError
from tools.files.workplace import abandoned, clear_abandoned

if TYPE_CHECKING:
    from assistant.build import Services

# Ours: no import, question or write is under way for so long.
_OLD_S = 3600.0
_NAMED = 5


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be.

    Attributes:
        says: what, in a sentence.
        mend: puts it right; None where only a person can.
        fix: what that person can do, "" where `mend` is enough or `says` tells it.
    """

    says: str
    mend: Callable[[], None] | None
    fix: str = ""


def find_faults(services: Services) -> list[Fault]:
    """Look at everything that is kept; nothing is changed. What cannot be looked at is a fault too."""
    not_here = _looked(_pictures_elsewhere, services)
    # Before they are looked for where they are, all would seem to be lost.
    of_pictures = [] if not_here else [_chats_left_over, _chats_lacking, _teaching_left_over, _case_pictures]
    looks = [_folder, *of_pictures, _empty_chats, _temporary, _parts, _copies, _index]
    return [*not_here, *(fault for look in looks for fault in _looked(look, services))]


def _looked(look: Callable[[Services], Iterator[Fault]], services: Services) -> list[Fault]:
    try:
        return list(look(services))
    except CasebookError as error:
        return [Fault(str(error), None)]


def _folder(services: Services) -> Iterator[Fault]:
    home = services.settings.home
    if not is_closed(home):
        yield Fault(
            "Other users of this machine can look into the Casebook folder.", lambda: home.chmod(0o700)
        )


def _chats_left_over(services: Services) -> Iterator[Fault]:
    count = sum(map(len, services.keeping.left_over()))
    if count:
        yield Fault(f"{count} images and pictures belong to no chat.", services.keeping.clear)


def _chats_lacking(services: Services) -> Iterator[Fault]:
    held = services.conversations.holding
    images, there = held.images(), services.images.keys()
    chats = {chat for key, of in images.items() if key not in there for chat in of}
    if chats:
        fix = f"Add the images again, or delete these chats: {_some(chats)}."
        yield Fault(f"{len(chats)} chats have images that are no longer there.", None, fix)
    gone = set(held.pictures()) - services.blobs.keys()
    if gone:
        yield Fault(f"{len(gone)} drawn pictures of chats are no longer there.", lambda: held.let_go(gone))


def _empty_chats(services: Services) -> Iterator[Fault]:
    empty = services.keeping.empty()
    if empty:
        yield Fault(
            f"{len(empty)} chats are empty: nothing was ever asked in them.",
            lambda: _delete_empty(services),
        )


def _delete_empty(services: Services) -> None:
    services.keeping.delete_empty()


def _teaching_left_over(services: Services) -> Iterator[Fault]:
    images, chats = removing.left_over(services)
    for count, says in (
        (len(images), "images belong to no teaching case."),
        (len(chats), "chats were of learners whose part in a session was deleted."),
    ):
        if count:
            yield Fault(f"{count} {says}", partial(removing.clear, services))


def _temporary(_services: Services) -> Iterator[Fault]:
    count = abandoned()
    if count:
        yield Fault(f"{count} readings of files were killed and left the file as it came.", clear_abandoned)


def _parts(services: Services) -> Iterator[Fault]:
    """Files and folders that were being written: their names begin with a dot, or lie in such a folder."""
    home, until = services.settings.home, time.time() - _OLD_S
    pictures = ("pictures/*", "images/.part", "library/pictures/*", "teaching/images/.part")
    places = (*pictures, *(f"cache/{one}" for one in pictures), "library", "library/heads", "models")
    folders = [home, *(folder for place in places for folder in home.glob(place) if folder.is_dir())]
    inside = [one for folder in folders for one in folder.iterdir()]
    parts = [
        one
        for one in inside
        if (one.name.startswith(".") or one.parent.name == ".part")
        and one.name != ".part"
        and not one.name.startswith(backup.BESIDE)
        and one.stat().st_mtime < until
    ]

    def mend() -> None:
        for one in parts:
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)

    if parts:
        yield Fault(f"{len(parts)} files were never written to their end.", mend)


def _copies(services: Services) -> Iterator[Fault]:
    home = services.settings.home
    if left := backup.left_over(home):
        yield Fault(
            f"{len(left)} copies were killed while they were made.", lambda: backup.clear_left_over(home)
        )


def _index(services: Services) -> Iterator[Fault]:
    if _library(services) is None:
        return
    library = services.library

    def mend() -> None:
        library.rebuild()

    for name, (ledger, index) in library.index.differing().items():
        yield Fault(
            f"The library's table of cases and its search index differ in {name}: {len(ledger)} cases are "
            f"only in the table, {len(index)} only in the index.",
            mend,
        )


def _case_pictures(services: Services) -> Iterator[Fault]:
    if _library(services) is None:
        return
    blobs, cases = services.case_pictures, _shown(services)
    left = [key for key in blobs.older(_OLD_S) if key not in cases]

    def mend() -> None:
        held = _shown(services)
        for key in left:
            if key not in held:
                blobs.remove(key)

    if left:
        yield Fault(f"{len(left)} pictures of the library belong to no case.", mend)
    there = blobs.keys()
    lacking = [case.id for key, case in cases.items() if key not in there]
    if lacking:
        fix = f"casebook library remove {' '.join(lacking[:_NAMED])}, and import them again."
        yield Fault(f"The pictures of {len(lacking)} cases are no longer there.", None, fix)


def _pictures_elsewhere(services: Services) -> Iterator[Fault]:
    if (store := services.pictures.object_store) is not None:
        store.open()
    if says := elsewhere.left_here(services):
        yield Fault(says, services.pictures.move_there)
    if says := elsewhere.put_elsewhere(services):
        yield Fault(says, None, elsewhere.way_back(services))


def _shown(services: Services) -> dict[str, Case]:
    """The cases of the library by the key of their picture."""
    return {case.key: case for _, case in services.library.newest() if case.key}


def _library(services: Services) -> Path | None:
    root = services.settings.home / "library"
    return root if (root / "index").exists() or (root / "cases.sqlite3").exists() else None


def _some(names: set[str]) -> str:
    listed = sorted(names)[:_NAMED]
    return ", ".join(listed) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
