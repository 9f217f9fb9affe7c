"""Load a system by its name."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from store.errors import SetupError
from tools.models.systems.cards import SYSTEMS
from tools.models.systems.packages import require_packages

PRECISIONS: Mapping[str, dict[str, str]] = {
    "auto": {},
    "float32": {"dtype": "float32"},
    "bfloat16": {"dtype": "bfloat16"},
    "float16": {"dtype": "float16"},
    "8bit": {"quantise": "8bit"},
    "4bit": {"quantise": "4bit"},
}
"""Setting → arguments of a loader. ``auto`` leaves it to the loader: half precision on a GPU."""

QUANTISABLE = ("radiographer", "derm-captioner", "babydoctor")
"""Systems whose loaders take 4 and 8 bits; the encoders are small or cannot, and take ``auto`` instead."""

_ONE_AT_A_TIME = threading.Lock()
"""transformers and PEFT change classes of PyTorch while they load; two loads at once break each other."""


def load(
    system: str,
    path: Path,
    base: Path | None = None,
    *,
    device: str = "auto",
    precision: str = "auto",
    revision: str = "local",
    python: Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Load `system` from local folders: a `Reader`, a `ClipModel` or a `DermFoundation`.

    Args:
        system: a name of `cards.SYSTEMS`.
        path: folder of the checkpoint or adapter.
        base: folder of the base under an adapter.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        precision: a name of `PRECISIONS`.
        revision: commit of the checkpoint where it is known.
        python: interpreter with TensorFlow, for Derm Foundation; None is the one that runs Casebook.
        options: what the system's own loader takes besides: ``pad`` of PubMedCLIP, ``template`` and
            ``im_start_end`` of BabyDoctor, ``mode`` of Derm Foundation.

    Raises:
        SetupError: anything is missing, does not fit or does not run here. The text says what to do.
    """
    require_packages(system)
    if system == "derm-foundation":
        from tools.models.encoders.derm_foundation import load_derm_foundation

        return load_derm_foundation(path, device=device, revision=revision, python=python, **(options or {}))
    how = {"device": device, "revision": revision, **_precision(system, precision), **(options or {})}
    with _ONE_AT_A_TIME:
        return _load(system, path, base, how)


def _load(system: str, path: Path, base: Path | None, how: dict[str, Any]) -> Any:
    if SYSTEMS[system].extra == "models":
        from transformers.utils import logging

        logging.disable_progress_bar()  # Casebook says itself what it is loading
    if system == "radiographer":
        from tools.models.readers.mllama import load_radiographer

        return load_radiographer(path, base, **how)
    if system == "derm-captioner":
        from tools.models.readers.paligemma import load_derm_captioner

        return load_derm_captioner(path, base, **how)
    if system == "babydoctor":
        from tools.models.readers.llava_v1 import load_babydoctor

        return load_babydoctor(path, **how)
    if system == "pubmedclip":
        from tools.models.encoders.clip import load_pubmedclip

        return load_pubmedclip(path, **how)
    raise SetupError(f"There is no loader for {system!r}. There are systems called {', '.join(SYSTEMS)}.")


def _precision(system: str, precision: str) -> dict[str, str]:
    if precision not in PRECISIONS:
        raise SetupError(f"The precision {precision!r} is not known. There are: {', '.join(PRECISIONS)}.")
    how = PRECISIONS[precision]
    return {} if "quantise" in how and system not in QUANTISABLE else how
