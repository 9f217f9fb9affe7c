"""What lies around the cases of one collection, kept in a file: a new label changes nothing of it.

The file holds row numbers and similarities, and no word of a case.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.cases.held import Held
from store.cases.quality import Around, look_around
from store.whole_file import write_whole

_FIELDS = ("queries", "order", "similarity")


class Surroundings:
    """The surroundings in one collection, of all its cases and of parts of them.

    Args:
        file: where they are kept.
        held: the collection.
    """

    def __init__(self, file: Path, held: Held) -> None:
        self._file = file
        self._rows = held.standing.rows
        self._found = self._read()
        self._new = False

    def find(
        self, part: str, vectors: NDArray[np.float32], groups: Sequence[str], kinds: Sequence[str] | None
    ) -> Around:
        """What lies around the cases of a part; looked at now if it was not, or if too many came in.

        Args:
            part: which cases; the same words for the same cases.
            vectors: ``(N, D)`` float32 unit vectors.
            groups: the group of each.
            kinds: the kind of each; None means one for all.
        """
        found = self._found.get(part)
        if found is None or not found.serves(len(vectors)):
            found = self._found[part] = look_around(vectors, groups, kinds)
            self._new = True
        return found

    def keep(self) -> None:
        """Write the file if there is something new."""
        if not self._new:
            return
        parts = list(self._found)
        arrays: dict[str, Any] = {"rows": np.array(self._rows), "parts": np.array(parts)}
        for number, part in enumerate(parts):
            around = self._found[part]
            arrays[f"{number} size"] = np.array(around.size)
            arrays |= {f"{number} {name}": getattr(around, name) for name in _FIELDS}
        data = io.BytesIO()
        np.savez(data, **arrays)
        write_whole(self._file, data.getvalue())

    def _read(self) -> dict[str, Around]:
        try:
            with np.load(self._file, allow_pickle=False) as held:
                if str(held["rows"]) != self._rows:
                    return {}
                return {
                    str(part): Around(int(held[f"{n} size"]), *(held[f"{n} {name}"] for name in _FIELDS))
                    for n, part in enumerate(held["parts"])
                }
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}  # looked at anew
