"""Load a tokenizer and make sure it is the checkpoint's.

Where its files are missing the library makes up an empty vocabulary without a word, and every question turns
into nonsense; so the files are looked at first and the size is compared with the weights.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from store.errors import SetupError

SMALLEST_SHARE = 0.9
"""Share of the weights' rows that the tokenizer must know. Ours: published vocabularies are padded by less
than one per cent, an empty one knows next to nothing."""


def load_tokenizer(
    kind: Any, folder: Path, *, system: str, files: tuple[tuple[str, ...], ...], rows: int
) -> Any:
    """The tokenizer of class `kind` in `folder`.

    Args:
        kind: a transformers tokenizer class.
        folder: of the checkpoint.
        system: named in errors.
        files: sets of files; one set must be there completely.
        rows: of the embedding that its ids index.

    Raises:
        SetupError: files are missing or broken, or the vocabulary is not that of the weights.
    """
    there = next((names for names in files if all((folder / name).is_file() for name in names)), None)
    if there is None:
        known = " or ".join(" and ".join(names) for names in files)
        raise SetupError(f"The tokenizer of {system} is missing: Casebook looks for {known}. Fetch it again.")
    try:
        for name in there:
            _require_readable(folder / name)
        tokenizer = kind.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError) as error:
        raise SetupError(
            f"The tokenizer of {system} is damaged ({', '.join(there)}). Fetch it again."
        ) from error
    if not SMALLEST_SHARE * rows <= len(tokenizer) <= rows:
        raise SetupError(
            f"The tokenizer of {system} knows {len(tokenizer)} tokens and its weights {rows}: they do not "
            "belong together. Fetch the checkpoint again."
        )
    return tokenizer


def _require_readable(file: Path) -> None:
    """Find damage in text files here, as the library raises errors of no particular kind for it.

    Raises:
        ValueError: no JSON, or a line of merges that is not a pair.
    """
    if file.suffix == ".json":
        json.loads(file.read_text(encoding="utf-8"))
    elif file.name == "merges.txt":
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            if line and not (number == 0 and line.startswith("#version")) and len(line.split(" ")) != 2:
                raise ValueError(f"line {number + 1} is no pair")
