"""Check a system: will it fit, does it load completely, does it answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import SetupError
from tools.models.loading import load
from tools.models.places import Place
from tools.models.readers.known_answer import drawn_picture
from tools.models.systems.packages import require_packages
from tools.models.systems.reading import Reader, Request, Sampling

if TYPE_CHECKING:
    from tools.models.weights.adapters import AdapterReport

RANDOM = "It is a stand-in: its weights are random and its answers mean nothing."
"""Said of every stand-in."""


@dataclass(frozen=True)
class Verified:
    """A system that loads and runs.

    Attributes:
        system: its name.
        revision: commit of its checkpoint, or ``local``.
        device: where it ran.
        nbytes: bytes of its weights there.
        load_s: how long loading took.
        stand_in: whether its weights are random.
        notes: sentences on what was found.
    """

    system: str
    revision: str
    device: str
    nbytes: int
    load_s: float
    stand_in: bool
    notes: tuple[str, ...]


def verify(
    place: Place,
    *,
    device: str = "auto",
    precision: str = "auto",
    python: Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> Verified:
    """Load the system at `place` and put one small question to it.

    Args:
        place: its folders.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        precision: a name of `loading.PRECISIONS`.
        python: interpreter with TensorFlow, for Derm Foundation; None is the one that runs Casebook.
        options: what the system's own loader takes besides; see `loading.load`.

    Raises:
        SetupError: it does not fit, is not complete, or does not run. The text says what to do.
    """
    from tools.models.memory.out_of_memory import within_memory

    require_packages(place.system)
    _require_fit(place, device, precision)
    start = time.perf_counter()
    loaded = within_memory(
        lambda: load(
            place.system,
            place.path,
            place.base,
            device=device,
            precision=precision,
            revision=place.revision,
            python=python,
            options=options,
        )
    )
    load_s = time.perf_counter() - start
    said = within_memory(lambda: try_out(loaded[0])) if loaded else None
    if not (loaded and said):
        raise SetupError(
            f"Memory ran out while {place.system} was tried. Use a lower CASEBOOK_PRECISION, another "
            "CASEBOOK_DEVICE, or close what else uses the device."
        )
    model = loaded[0]
    report = getattr(model, "adapter", None)
    notes = (
        *_folders(place),
        *getattr(model, "notes", ()),
        *((_told(report),) if report else ()),
        said[0],
        *((RANDOM,) if model.stand_in else ()),
    )
    return Verified(place.system, model.revision, model.device, model.nbytes, load_s, model.stand_in, notes)


def try_out(model: Any) -> str:
    """Put one small question to a loaded system; returns a sentence on what came.

    Raises:
        SetupError: what it gives back cannot be used.
    """
    import numpy as np

    drawn = drawn_picture()
    if hasattr(model, "read"):
        return _answer(model, drawn)
    vectors = model.encode_images([drawn])
    if vectors.shape[0] != 1 or not np.isfinite(vectors).all():
        raise SetupError(f"{model.name} gave no usable vector for a drawn picture. Fetch its weights again.")
    return f"It turned a drawn picture into {vectors.shape[1]} numbers."


def _answer(reader: Reader, pixels: Any) -> str:
    sampling = Sampling(max_new_tokens=8)
    reading = reader.read(Request(pixels=pixels, image_key="drawn", question="", sampling=sampling))
    return f"Asked about a drawn picture it generated {reading.tokens} tokens."


def _folders(place: Place) -> tuple[str, ...]:
    """What was put together, as one of the two may be given and the other pulled."""
    if place.base is None:
        return ()
    return (
        f"Adapter: {place.path}, revision {place.revision}.",
        f"Base: {place.base}, revision {place.base_revision}.",
    )


def _told(adapter: AdapterReport) -> str:
    return (
        f"Its adapter is in place: all {adapter.tensors} tensors of the file on {adapter.modules} matrices "
        f"of the base (rank {adapter.rank}), and it changes what the base answers."
    )


def _require_fit(place: Place, device: str, precision: str) -> None:
    """Raise if the weights are larger than the memory they are to go to."""
    from tools.models.loading import QUANTISABLE
    from tools.models.systems.cards import SYSTEMS
    from tools.models.weights.device import resolve_device
    from tools.models.weights.fit import need_of, too_large, usable_bytes

    if SYSTEMS[place.system].extra != "models":
        return  # runs in a process of its own
    where = resolve_device(device)
    smaller = place.system in QUANTISABLE
    kind = "auto" if precision in ("4bit", "8bit") and not smaller else precision
    need = need_of(place.system, place.path, place.base, device=where, precision=kind)
    served = SYSTEMS[place.system].kind == "reader"
    usable = usable_bytes(where, 0)
    if need.nbytes > usable:
        raise too_large(place.system, need, device=where, usable=usable, smaller=smaller, served=served)
