"""`casebook privacy`: what files carry of persons, copies without it, and where a text is kept."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened, readable
from store.errors import CaseError, SetupError

if TYPE_CHECKING:
    from tools.privacy.copies import Outcome

_ONE_NEEDED = "Say what to look at: casebook privacy FILE, or a folder; or what to find: --find TEXT."
_NAMED = 3
_PIXELS = (
    "Text and faces in the pixels of {count} were not looked for; --clean-pixels does. Look before you share."
)
_NOT_ALL = "Not every text and not every face is found. Look before you share."
_NO_FACES = "Faces in photographs were not looked for. {missing}"


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "privacy", help="what files carry of persons, by attribute and never by value; copies without it"
    )
    parser.add_argument("sources", metavar="FILE|FOLDER", nargs="*", help="what to look at: one of either")
    parser.add_argument(
        "--write", metavar="OUT", type=Path, help="write copies without it: a new file, or an empty folder"
    )
    parser.add_argument(
        "--move-dates",
        action="store_true",
        help="move all dates of a patient in DICOM copies by the same number of days; else they go",
    )
    parser.add_argument(
        "--clean-descriptors",
        action="store_true",
        help="keep what describes the examination in DICOM copies, such as the name of a series, as far as "
        "its words are known to name nobody; else it goes",
    )
    parser.add_argument(
        "--keep-names", action="store_true", help="copies keep the names of files and folders, as they are"
    )
    parser.add_argument(
        "--clean-pixels",
        action="store_true",
        help="look for text and faces in the pixels too and mask them in copies; takes seconds each",
    )
    parser.add_argument(
        "--find",
        metavar="TEXT",
        type=console.words,
        help="where a text stands in all that Casebook keeps; - reads it from standard input",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Look at the files, and write copies if asked to."""
    from tools.burned_in import finder
    from tools.privacy import descriptors
    from tools.privacy.cleaning import Cleaner
    from tools.privacy.copies import look_at, write_copies
    from tools.privacy.secret import Secret

    if given.find is not None:
        return _find(given)
    source = readable(_one(given.sources))
    with opened() as assistant:
        services = assistant.services
        if given.clean_pixels and not finder.available():
            raise SetupError(finder.MISSING)
        if given.clean_descriptors and not descriptors.available():
            raise SetupError(descriptors.MISSING)
        cleaner = Cleaner(
            Secret.of(services.settings.home),
            services.decoder,
            services.settings.max_file_mb * 2**20,
            move_dates=given.move_dates,
            descriptors=given.clean_descriptors,
            finder=services.private_pixels.sought_in if given.clean_pixels else None,
        )
        if given.write is None:
            found = look_at(source, cleaner)
        else:
            found = write_copies(source, given.write, cleaner, keep_names=given.keep_names)
        done = _told(found, as_json=given.json)
    if given.json:
        console.write_json({"files": [_as_json(one) for one in done]})
    else:
        _sum_up(done, wrote=given.write is not None)
    return console.USER if any(one.refused for one in done) else console.DONE


def _one(sources: Sequence[str]) -> str:
    if not sources:
        raise CaseError(_ONE_NEEDED)
    if len(sources) > 1:
        named = ", ".join(map(repr, sources[:_NAMED])) + (" …" if len(sources) > _NAMED else "")
        raise CaseError(
            f"These are {len(sources)} files or folders: {named}. One is looked at at a time: a picture, a "
            "DICOM or NIfTI file, or a folder with all that is in it. Put them into one folder and name that."
        )
    return sources[0]


def _find(given: argparse.Namespace) -> int:
    """Look through all that is kept, for a text that is never printed."""
    from assistant.settings import load_settings
    from tools.files.workplace import workplaces
    from tools.privacy.searching import Needle, find_in_database, find_in_folder

    if given.sources:
        raise CaseError("--find looks through what Casebook keeps; leave the file or folder out.")
    needle = Needle(sys.stdin.readline().rstrip("\n") if given.find == "-" else given.find)
    settings = load_settings()
    found = [place for folder in (settings.home, *workplaces()) for place in find_in_folder(folder, needle)]
    if settings.database_url is not None:
        found += find_in_database(settings.conversations_url, needle)
    if given.json:
        console.write_json({"found": [vars(place) for place in found]})
    elif found:
        console.write("\n".join(f"{one.where}: {one.what}{_times(one.times)}" for one in found))
    else:
        console.note("It is found nowhere in what Casebook keeps.")
    return console.USER if found else console.DONE


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _told(found: Iterable[Outcome], *, as_json: bool) -> list[Outcome]:
    """Tell each file as it comes; of a long run something is to be seen at once."""
    done = []
    for one in found:
        if not as_json:
            console.write(_line(one))
        done.append(one.without_bytes())
    return done


def _line(one: Outcome) -> str:
    if one.refused or one.copy is None:
        return f"{one.source}: NOT {'WRITTEN' if one.copy else 'READ'}. {one.refused}"
    carried = Counter(change.attribute for change in one.copy.changes)
    named = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in carried.items())
    if one.written:
        return f"{one.source}: {_changed(named)}. The copy is {one.written}"
    return f"{one.source}: carries {named or 'nothing that is known to be of a person'}"


def _changed(named: str) -> str:
    return f"removed, replaced or moved in the copy: {named}" if named else "nothing had to be changed"


def _sum_up(done: list[Outcome], *, wrote: bool) -> None:
    from tools.burned_in import faces

    failed = sum(1 for one in done if one.refused)
    if wrote:
        console.note(f"{len(done) - failed} of {len(done)} written, and read again; {failed} failed.")
    unseen = sum(1 for one in done if one.copy and not one.refused and not one.copy.pixels_seen)
    if unseen:
        console.note(_PIXELS.format(count=f"{unseen} of {len(done)} files" if len(done) > 1 else "this file"))
    if unseen < len(done) - failed:
        console.note(_NOT_ALL if faces.available() else _NO_FACES.format(missing=faces.MISSING))


def _as_json(one: Outcome) -> dict[str, Any]:
    copy = one.copy
    return {
        "source": str(one.source),
        "written": str(one.written) if one.written else None,
        "refused": one.refused,
        "carries": [vars(change) for change in copy.changes] if copy else None,
        "text_in_pixels_looked_for": copy.pixels_seen if copy else None,
    }
