"""Settings as they may be kept: without secrets, tokens in addresses, and places on this machine."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from assistant.settings import Settings

# Where things are kept and for how long, and who may add to them, changes no answer.
_OF_NO_ANSWER = {
    "home",
    "import_folders",
    "keep_days",
    "kept_mb",
    "pictures_url",
    "pictures_remote",
    "pictures_cache_mb",
    "ray_remote",
}


def shown(settings: Settings) -> dict[str, Any]:
    """The settings that an answer may depend on."""
    secret = {name for name, about in type(settings).model_fields.items() if not about.repr}
    kept = settings.model_dump(exclude={*_OF_NO_ANSWER, *secret})
    return {name: _passable(value) for name, value in kept.items()}


def unplaced(path: Path) -> str:
    """A file's or folder's name and what tells it from others of that name, but not where it lies.

    Results are passed on; the folders of a machine, and the names of people in them, are not.
    """
    return f"{path.name} ({_mark(str(path.expanduser().absolute()))})"


def _passable(value: Any) -> Any:
    if isinstance(value, Path):
        return unplaced(value)
    return _address(value) if isinstance(value, str) and "://" in value else value


def _address(url: str) -> str:
    """A server's address and what tells it from others there: all but the host may be secret."""
    with suppress(ValueError):  # no address
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]} ({_mark(url)})"
    return f"({_mark(url)})"


def _mark(text: str) -> str:
    return f"#{hashlib.sha256(text.encode()).hexdigest()[:8]}"
