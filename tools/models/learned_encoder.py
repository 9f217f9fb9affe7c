"""PubMedCLIP and Derm Foundation as encoders of the case library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from store.encoders import EncodedDomain
from store.errors import CaseError
from store.pictures.image import Pixels
from tools.models.places import LOCAL, Place
from tools.models.weights.checkpoints import is_stand_in

ENCODERS: dict[str, EncodedDomain] = {"pubmedclip": "radiology", "derm-foundation": "dermatology"}
"""Systems that can describe the cases of the library, and which cases."""

Mode = Literal["448", "original"]


@dataclass(frozen=True)
class LearnedEncoder:
    """A loaded system as the case library wants it.

    Attributes:
        name: of the system, and of its collection.
        version: commit or content of the weights, and how pictures are framed.
        model: a `ClipModel` or `DermFoundation`.
    """

    name: str
    version: str
    model: Any
    space: str = "cosine"
    # Learned spaces have no common scale: while a collection is too small to say, nobody can.
    near_floor: float | None = None

    @property
    def domain(self) -> EncodedDomain:
        """Which pictures it is for."""
        return ENCODERS[self.name]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.model.dimensions)

    @property
    def nbytes(self) -> int:
        """Memory it takes; of Derm Foundation, its whole process."""
        return int(self.model.nbytes)

    @property
    def stand_in(self) -> bool:
        """Whether its weights are random."""
        return bool(self.model.stand_in)

    def encode(self, pixels: Pixels) -> NDArray[np.float32]:
        """A ``(dimension,)`` float32 unit vector of a picture ``(H, W, 3)`` uint8."""
        return np.asarray(self.encode_images([pixels])[0])

    def encode_images(self, pictures: Iterable[Pixels]) -> NDArray[np.float32]:
        """Unit vectors ``(N, dimension)`` float32 of pictures."""
        return np.asarray(self.model.encode_images(pictures), np.float32)

    def encode_text(self, text: str) -> NDArray[np.float32]:
        """A ``(dimension,)`` float32 unit vector of a text, comparable with those of pictures.

        Raises:
            CaseError: this encoder knows no words, or the text is empty or too long.
        """
        if not hasattr(self.model, "encode_texts"):
            raise CaseError(f"{self.name} knows no words. Search with --text takes --encoder pubmedclip.")
        return np.asarray(self.model.encode_texts([text])[0], np.float32)

    def close(self) -> None:
        """End what runs for it."""
        if hasattr(self.model, "close"):
            self.model.close()


def version_of(place: Place, *, mode: Mode = "448", pad: bool = False) -> str:
    """The version of the encoder at `place`: which weights, and how pictures are framed for them.

    Args:
        place: its folders.
        mode: how Derm Foundation is sent pictures.
        pad: whether PubMedCLIP's pictures are made square by black bars.
    """
    revision = f"local {_content(place.path)}" if place.revision == LOCAL else place.revision[:12]
    clip = "padded" if pad else "centre crop"
    framing = f"input {mode}" if place.system == "derm-foundation" else clip
    return f"{revision}, {framing}{', stand-in' if is_stand_in(place.path) else ''}"


def open_encoder(
    place: Place,
    version: str,
    *,
    device: str,
    precision: str,
    python: Path | None = None,
    mode: Mode = "448",
    pad: bool = False,
) -> LearnedEncoder:
    """Load the encoder at `place`.

    Args:
        place: its folders.
        version: of it, from `version_of`.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        precision: a name of `loading.PRECISIONS`.
        python: interpreter with TensorFlow, for Derm Foundation.
        mode: how Derm Foundation is sent pictures.
        pad: whether PubMedCLIP's pictures are made square by black bars.

    Raises:
        SetupError: it cannot be loaded. The text says what to do.
    """
    from tools.models.loading import load

    model = load(
        place.system,
        place.path,
        device=device,
        precision=precision,
        revision=place.revision,
        python=python,
        options={"mode": mode} if place.system == "derm-foundation" else {"pad": pad},
    )
    return LearnedEncoder(place.system, version, model)


def _content(folder: Path) -> str:
    """Eight hex digits of all bytes in a folder: two local checkpoints must not pass for one."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]
