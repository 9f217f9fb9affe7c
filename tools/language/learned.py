"""Numbers that were learned from examples and are shipped beside the code that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from store.errors import SetupError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_learned(path: Path, version: int) -> Mapping[str, NDArray[Any]]:
    """The arrays of a shipped file.

    Args:
        path: an ``.npz`` file.
        version: of the pieces of text that the code counts; the file holds the one that it was learned with.

    Raises:
        SetupError: it is missing, damaged, or of another version.
    """
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            learned = {name: file[name] for name in file.files}
    except (OSError, EOFError, ValueError, BadZipFile, KeyError) as error:
        raise SetupError(f"{path.name} is missing or damaged. Install Casebook again.") from error
    if int(learned["version"]) != version:
        raise SetupError(f"{path.name} belongs to another version. Install Casebook again.")
    return learned
