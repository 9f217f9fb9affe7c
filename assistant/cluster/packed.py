"""Files as they travel to another machine: their bytes, in their order, without their names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Packed:
    """A file, or a folder of files.

    Attributes:
        files: the bytes; of a folder in the order in which its files are read.
        folder: whether it is a folder. Names are read nowhere and may be those of people, so none travels.
    """

    files: tuple[bytes, ...]
    folder: bool

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files))

    def lay_out(self, place: Path) -> Path:
        """Write it at `place`, which is not there yet; returns `place`."""
        if not self.folder:
            place.write_bytes(self.files[0])
            return place
        place.mkdir()
        for number, data in enumerate(self.files):
            (place / f"{number:06d}").write_bytes(data)
        return place


def pack(path: Path, most_bytes: int) -> Packed | None:
    """A file or folder, ready to travel; links in a folder are left out, as when it is read.

    Returns:
        None where there is nothing to send: more bytes than are read, no file, or one that cannot be opened.
        Whoever reads it here is told why.
    """
    try:
        files = _below(path) if path.is_dir() else [path] if path.is_file() else []
        if not files or sum(file.stat().st_size for file in files) > most_bytes:
            return None
        return Packed(tuple(file.read_bytes() for file in files), path.is_dir())
    except OSError:
        return None


def _below(folder: Path) -> list[Path]:
    """The files of a folder in the order of ``tools.files.series``."""
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        paths = (Path(root, name) for name in sorted(names))
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found
