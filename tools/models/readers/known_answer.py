"""Whether a server answers as it did: a drawn picture, a fixed question, and what came of them before.

Only a digest of the reply is kept. It is compared word for word, so that other weights, another quantisation
and another version of the server's software are all noticed, and none of them is told from the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from store.errors import SetupError
from store.pictures.image import Pixels
from store.whole_file import write_json
from tools.models.systems.reading import Sampling

QUESTION = "What shapes does this picture show?"
SAMPLING = Sampling(max_new_tokens=16, seed=0)
"""Greedy and short. Ours: models differ in their first words, and nobody waits long for sixteen tokens."""

FOLDER = "known-answers"


@dataclass(frozen=True)
class Kept:
    """What a server answered when it was first asked.

    Attributes:
        model: its name there.
        reply: SHA-256 in hex; None where the same question was answered in two ways.
        since: the day, as ``2026-01-31``.
    """

    model: str
    reply: str | None
    since: str

    @property
    def sentence(self) -> str:
        """What is known of the server by it."""
        if self.reply is None:
            return (
                f"Its server, {self.model}, answers the same question about the same picture in different "
                "words each time: whether its model was changed cannot be told from them."
            )
        return f"Its server, {self.model}, answers a fixed question about a drawn picture as on {self.since}."


class KnownAnswer:
    """The known answer of one server.

    Args:
        home: the Casebook folder.
        reader: whose server it is.
        url: of the API.
        served_as: the model's name there as it was set; None where the only one is taken.
    """

    def __init__(self, home: Path, reader: str, url: str, served_as: str | None) -> None:
        parts = urlsplit(url)
        place = f"{reader}\n{parts.hostname}\n{parts.port}\n{parts.path}\n{served_as}"
        self._path = home / FOLDER / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.json"
        self._reader = reader

    def check(self, model: str, ask: Callable[[], str | None], *, anew: bool = False) -> Kept | None:
        """Hold a server against its known answer; the first time, ask twice and keep what comes.

        Args:
            model: the name of the model that it has now.
            ask: puts the question; returns a digest of the reply, None when there was no time for it.
            anew: take what comes now for the known answer; the one there was stays until that is known.

        Returns:
            What is kept; None when there was no time.

        Raises:
            SetupError: it is another model, or answers in other words twice.
        """
        kept = None if anew else self._read()
        if kept is not None and kept.model != model:
            raise SetupError(
                f"The server of {self._reader} has the model {model} now, and had {kept.model} on "
                f"{kept.since}. {self._what_to_do()}"
            )
        if kept is not None and kept.reply is None:
            return kept
        first = ask()
        if kept is not None and kept.reply == first:
            return kept
        second = ask()
        if first is None or second is None:
            return None
        if kept is not None and kept.reply not in (first, second):
            raise SetupError(
                f"The server of {self._reader} answers a fixed question about a drawn picture in other words "
                f"than on {kept.since}: its model, its number format or its software was changed. "
                f"{self._what_to_do()}"
            )
        return self._keep(Kept(model, first if first == second else None, _today()))

    def _what_to_do(self) -> str:
        return (
            f"If that is meant: casebook models verify {self._reader}. If not, start the model that it had."
        )

    def _keep(self, kept: Kept) -> Kept:
        write_json(self._path, asdict(kept))
        return kept

    def _read(self) -> Kept | None:
        try:
            told: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
            return Kept(**told)
        except (OSError, ValueError, TypeError):
            return None


def drawn_picture() -> Pixels:
    """A disc on a gradient, ``(96, 128, 3)`` uint8: the same on every machine, and of nobody."""
    y, x = np.mgrid[:96, :128]
    pixels = np.stack([x * 2, y * 2, np.where(np.hypot(x - 64, y - 48) < 30, 220, 40)], axis=-1)
    return np.ascontiguousarray(pixels.astype(np.uint8))


def _today() -> str:
    return datetime.now(tz=UTC).date().isoformat()
