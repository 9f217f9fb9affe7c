"""Cases of the library, described by a learned encoder that is loaded on a cluster."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.cluster.crew import Crew, Lost, Sent
from assistant.cluster.joining import Cluster
from assistant.cluster.likeness import MODELS, computed_with, require_alike
from assistant.cluster.worker import Refusal
from assistant.settings import load_settings
from assistant.settings_for_models import encoder_settings
from store.cases.encoding import Batches, Stored
from store.errors import SetupError
from store.pictures.image import Pixels
from tools.models.installed_encoders import Encoders, EncoderSettings
from tools.models.learned_encoder import ENCODERS, LearnedEncoder
from tools.models.memory.residency import Residency

_LOST = (
    "The worker of the cluster ended three times over the same pictures; its memory may have run out. What "
    "was encoded is kept; the same command goes on from there."
)


@dataclass(frozen=True)
class EncodeJob:
    """Encoding pictures.

    Attributes:
        name: of the encoder.
        settings: of this machine; another one that has not its folder takes its own for the places of files.
    """

    name: str
    settings: EncoderSettings
    loads_a_model: bool = True

    def open(self) -> _Encoding:
        """Load the encoder."""
        settings = self.settings
        if not settings.home.is_dir():
            own = encoder_settings(load_settings())
            settings = replace(settings, home=own.home, folders=own.folders, python=own.python)
        encoders = Encoders(settings, Residency())
        held = _run(encoders, self.name, _Described)
        return _Encoding(self.name, encoders, held)


class _Described(dict[str, Any]):
    """What a loaded encoder is."""

    def __init__(self, encoder: LearnedEncoder) -> None:
        told = ("name", "version", "space", "dimension", "domain", "near_floor", "stand_in")
        super().__init__({name: getattr(encoder, name) for name in told})
        self.nbytes = encoder.nbytes


@dataclass(frozen=True)
class _Encoding:
    name: str
    encoders: Encoders
    described: _Described

    @property
    def nbytes(self) -> int:
        return self.described.nbytes

    def about(self) -> Mapping[str, Any]:
        return {**computed_with(MODELS), **self.described}

    def do(self, item: list[Pixels]) -> NDArray[np.float32]:
        return np.asarray(_run(self.encoders, self.name, lambda encoder: encoder.encode_images(item)))


def _run(encoders: Encoders, name: str, work: Any) -> Any:
    done = encoders.run(name, lambda encoder: (work(encoder),))
    assert done is not None  # noqa: S101  nobody else is in line, and there is no time limit
    return done[0]


@contextmanager
def encoding_over(
    cluster: Cluster, name: str, settings: EncoderSettings
) -> Iterator[tuple[Stored, Batches, bool]]:
    """An encoder on a cluster: what it is, what encodes batches, and whether its weights are random.

    Raises:
        SetupError: it is not set up there, or the machines have not the same.
    """
    with cluster.crew(EncodeJob(name, settings)) as crew:
        there = crew.open().about
        require_alike(there, computed_with())
        about = Stored(
            name, there["version"], there["space"], there["dimension"], ENCODERS[name], there["near_floor"]
        )

        def encode(batches: Iterable[list[Pixels]]) -> Generator[NDArray[np.float32], None, None]:
            yield from _encoded(crew, batches)

        yield about, encode, bool(there["stand_in"])


def _encoded(crew: Crew, batches: Iterable[list[Pixels]]) -> Generator[NDArray[np.float32], None, None]:
    sent = (Sent(batch, sum(picture.nbytes for picture in batch)) for batch in batches)
    with closing(crew.map(sent)) as answers:
        for answer in answers:
            if isinstance(answer, Lost):
                raise SetupError(_LOST)
            if isinstance(answer, Refusal):
                raise SetupError(f"On a machine of the cluster: {answer.text}")
            yield np.asarray(answer)
