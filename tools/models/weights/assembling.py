"""Put a published fine-tune together: whole weights, or a base with its checked adapter.

Order: look at the folders → device and number format → the base's weights, all of them → the adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import SetupError
from tools.models.weights.adapters import AdapterReport, Probe, apply_adapter
from tools.models.weights.checkpoints import Checkpoint, inspect_checkpoint, read_json
from tools.models.weights.device import resolve_device, resolve_dtype
from tools.models.weights.quantising import quantisation
from tools.models.weights.tensors import load_strictly, read_tensors


@dataclass(frozen=True)
class Parts:
    """Where a fine-tune's files are, looked at but not loaded.

    Attributes:
        whole: the checkpoint with the base's, or all, weights.
        adapter: the adapter on it, or None for merged weights.
    """

    whole: Checkpoint
    adapter: Checkpoint | None

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where to look for processor and settings, the adapter's own first."""
        return (self.adapter.folder, self.whole.folder) if self.adapter else (self.whole.folder,)

    @property
    def stand_in(self) -> bool:
        """Whether any of the weights are random."""
        return self.whole.stand_in or (self.adapter is not None and self.adapter.stand_in)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was unusual."""
        return self.whole.notes + (self.adapter.notes if self.adapter else ())


@dataclass(frozen=True)
class Assembled:
    """A model in memory, ready to answer, and how it came about."""

    model: Any
    parts: Parts
    device: str
    adapter: AdapterReport | None

    @property
    def nbytes(self) -> int:
        """Bytes of all weights in memory."""
        return sum(tensor.nbytes for tensor in self.model.parameters())


def find_parts(path: Path, base: Path | None, *, system: str, architecture: str, base_name: str) -> Parts:
    """Look at what `path` and `base` hold.

    Args:
        path: an adapter or whole weights.
        base: whole weights under an adapter; an adapter's own word for its base is not followed.
        system: named in errors.
        architecture: ``model_type`` that whole weights must say.
        base_name: the repository to name when the base is missing.

    Raises:
        SetupError: the adapter has no base, there is a base but no adapter, or one is another model's.
    """
    given = inspect_checkpoint(path, system=system)
    if given.layout == "adapter" and base is None:
        raise SetupError(
            f"What was given for {system} is an adapter and needs its base, {base_name}. "
            "Fetch that too, or give its folder with --base."
        )
    if given.layout == "whole" and base is not None:
        if (base / "adapter_config.json").is_file():
            raise SetupError(
                f"For {system}, --path holds whole weights and --base an adapter. Were --path and --base "
                "swapped? --path takes the adapter."
            )
        raise SetupError(
            f"What was given for {system} holds whole weights; leave the base out, or give an adapter."
        )
    whole = given if base is None else inspect_checkpoint(base, system=f"{system}'s base")
    kind = whole.settings.get("model_type")
    if whole.layout == "adapter" or kind != architecture:
        found = "an adapter" if whole.layout == "adapter" else kind or "of no named architecture"
        raise SetupError(
            f"The weights given for {system} are {found}, not {architecture}. "
            f"Give {base_name} or a fine-tune of it."
        )
    if whole.quantised:
        raise SetupError(
            f"The weights given for {system} are stored in 4 or 8 bits. Give the 16-bit ones, {base_name}; "
            "they can be made smaller while loading."
        )
    return Parts(whole, given if given.layout == "adapter" else None)


def assemble(
    parts: Parts,
    kind: Any,
    config_kind: Any,
    probes: Sequence[Probe],
    *,
    system: str,
    device: str = "auto",
    dtype: str | None = None,
    quantise: str | None = None,
    merge: bool | None = None,
) -> Assembled:
    """Load `parts` completely.

    Args:
        parts: from `find_parts`.
        kind: the transformers model class.
        config_kind: its configuration class.
        probes: run the model on fixed inputs, for the check that the adapter does something.
        system: named in errors.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        dtype: None is float32 on the CPU and bfloat16 on a GPU.
        quantise: ``4bit`` or ``8bit``, None for neither.
        merge: add the adapter into the base; None does so on a GPU, where small extra steps cost most,
            unless quantised.

    Raises:
        SetupError: anything is missing, left over, of another shape or unsupported here.
    """
    where = resolve_device(device)
    number = resolve_dtype(dtype, where)
    settings = {name: value for name, value in parts.whole.settings.items() if name != "quantization_config"}
    model = load_strictly(
        kind,
        config_kind.from_dict(settings),
        read_tensors(parts.whole.folder, system=system),
        device=where,
        dtype=number,
        system=system,
        quantisation=quantisation(quantise, where, number, system=system),
    )
    report = None
    if parts.adapter:
        merged = (where != "cpu" and quantise is None) if merge is None else merge
        model, report = apply_adapter(model, parts.adapter.folder, probes, system=system, merge=merged)
    return Assembled(model.eval(), parts, where, report)


def load_processor(parts: Parts, kind: Any, *, system: str) -> Any:
    """The processor of class `kind`, from the adapter's folder where it is complete, else from the base's.

    Pictures are resized by PIL: another library's last bits differ, and its presence must not change answers.

    Raises:
        SetupError: neither folder has all its files.
    """
    lacking: list[list[str]] = []
    for folder in parts.folders:
        if missing := _missing_processor_files(folder):
            lacking.append(missing)
            continue
        try:
            return kind.from_pretrained(folder, backend="pil", local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SetupError(f"The processor files of {system} are broken. Fetch them again.") from error
    fewest = sorted(lacking, key=len)[0]
    raise SetupError(
        f"{' and '.join(fewest)} of {system} cannot be found. preprocessor_config.json and tokenizer.json "
        "must lie together, with its weights or its base's. Fetch what is missing again."
    )


def _missing_processor_files(folder: Path) -> list[str]:
    names = {file.name for file in folder.iterdir()}
    missing = ["preprocessor_config.json"] if "preprocessor_config.json" not in names else []
    return missing + (["tokenizer.json"] if not names & {"tokenizer.json", "tokenizer.model"} else [])


def control_words(tokenizer: Any) -> tuple[str, ...]:
    """What the tokenizer reads as a command wherever it stands in a text."""
    return tuple(token.content for token in tokenizer.added_tokens_decoder.values() if token.special)


def decoder(tokenizer: Any) -> Callable[[Sequence[int]], str]:
    """Token ids to text as they are: no control words, no tidying of spaces."""

    def decode(ids: Sequence[int]) -> str:
        text = tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return str(text)

    return decode


def end_ids(parts: Parts, tokenizer: Any, *, system: str) -> frozenset[int]:
    """Every token that ends an answer, wherever the files say so."""
    file = parts.whole.folder / "generation_config.json"
    settings: Sequence[Mapping[str, Any]] = (
        parts.whole.settings,
        parts.whole.settings.get("text_config", {}),
        read_json(file, system=system) if file.is_file() else {},
    )
    told = [tokenizer.eos_token_id, *(one.get("eos_token_id") for one in settings)]
    ends = [end for one in told for end in (one if isinstance(one, list) else [one])]
    return frozenset(end for end in ends if isinstance(end, int))
