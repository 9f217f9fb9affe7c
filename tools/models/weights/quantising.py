"""Smaller weights while loading, by setting, where bitsandbytes runs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from store.errors import SetupError

KINDS = ("4bit", "8bit")


def quantisation(
    kind: str | None, device: str, dtype: Any, *, system: str, whole: Sequence[str] | None = None
) -> Any:
    """The transformers configuration for `kind` (``4bit`` or ``8bit``); None for None.

    Args:
        kind: of numbers.
        device: where the model goes.
        dtype: the torch type it computes in.
        system: named in errors.
        whole: modules that keep their number format, by name; None leaves it to transformers, which keeps
            the last layer.

    Raises:
        SetupError: `kind` is unknown, or 4 or 8 bits do not run here. The text names what does.
    """
    if kind is None:
        return None
    if kind not in KINDS:
        raise SetupError(f"The setting {kind!r} is not known. Casebook accepts {' and '.join(KINDS)}.")
    lacking = "no CUDA device is used" if device == "cpu" else "bitsandbytes is not installed"
    if device == "cpu" or find_spec("bitsandbytes") is None:
        raise SetupError(
            f"{system} cannot be loaded in {kind[0]} bits here: {lacking}. Load it without that setting, "
            "install bitsandbytes beside a CUDA device, or let a server run it."
        )
    from transformers import BitsAndBytesConfig

    # The name is of the 8-bit method; both kinds heed it.
    kept = None if whole is None else list(whole)
    if kind == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=kept)
    # Source: the recipe of QLoRA (Dettmers et al. 2023), which the systems were trained with.
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        llm_int8_skip_modules=kept,
    )
