"""What the readers share that are published as a fine-tune: one way to be loaded, and what is asked of files.

A reader of this kind is whole weights, or a base with an adapter, together with the processor of its
architecture. How it is asked is its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from store.errors import SetupError
from store.pictures.image import Pixels
from tools.models.readers.generation import Generated, generate, generate_together
from tools.models.readers.seen import Held, SeenImages, picture_key
from tools.models.systems.question import checked_question
from tools.models.systems.reading import Request
from tools.models.weights.adapters import AdapterReport, Probe
from tools.models.weights.assembling import (
    Assembled,
    assemble,
    control_words,
    decoder,
    end_ids,
    find_parts,
    load_processor,
)

if TYPE_CHECKING:
    from torch import Tensor

H = TypeVar("H", bound=Held)


@dataclass(frozen=True)
class Architecture:
    """The classes of transformers that a fine-tune is made of.

    Attributes:
        name: ``model_type`` of its configuration.
        model: its model class.
        config: its configuration class.
        processor: its processor class.
        probes: see `tools.models.weights.assembling.assemble`.
    """

    name: str
    model: Any
    config: Any
    processor: Any
    probes: Sequence[Probe]


class FineTune(ABC, Generic[H]):
    """A published fine-tune in memory. A `tools.models.systems.reading.Reader`, but for `read`.

    Attributes:
        name: of the system.
        templates: names of its prompt templates.
        revision: commit of the checkpoint, or ``local``.
        nbytes: of the weights.
        device: where it runs.
        stand_in: whether any weights are random.
        notes: sentences on what was unusual about the files.
        adapter: what was checked when the adapter was loaded; None for merged weights.
        seen: what it remembers of pictures.
    """

    name: str
    templates: tuple[str, ...]

    def __init__(self, assembled: Assembled, processor: Any, ends: frozenset[int], revision: str) -> None:
        self._model = assembled.model
        self._processor = processor
        self._end_ids = ends
        self.revision = revision
        self.nbytes = assembled.nbytes
        self.device = assembled.device
        self.stand_in = assembled.parts.stand_in
        self.notes = assembled.parts.notes
        self.adapter: AdapterReport | None = assembled.adapter
        self.seen: SeenImages[H] = SeenImages()

    @abstractmethod
    def _look(self, pixels: Pixels) -> H:
        """What is computed of a picture, whatever is asked."""

    def _picture(self, request: Request) -> tuple[H, bool]:
        """What is computed of the request's picture, and whether it was remembered."""
        return self.seen.look(picture_key(request), lambda: self._look(request.pixels))

    def _checked_template(self, template: str) -> str:
        if template not in self.templates:
            raise SetupError(
                f"The template {template!r} is not known. {self.name} has {' and '.join(self.templates)}."
            )
        return template

    def _checked_question(self, question: str, *, default: str) -> str:
        return checked_question(
            question,
            default=default,
            model=self.name,
            control_words=control_words(self._processor.tokenizer),
            english_only=True,
        )

    def _generate(
        self, first: Callable[[], Tensor], step: Callable[[int], Tensor], request: Request, until: float
    ) -> Generated:
        """`generate` with the words and ends of the fine-tune's own tokenizer."""
        return generate(
            first,
            step,
            request,
            decode=decoder(self._processor.tokenizer),
            end_ids=self._end_ids,
            until=until,
        )

    def _generate_together(
        self,
        first: Callable[[], Tensor],
        step: Callable[[Sequence[int]], Tensor],
        requests: Sequence[Request],
        until: float,
        goes_on: Callable[[Generated], bool],
    ) -> list[Generated]:
        """`generate_together` with the words and ends of the fine-tune's own tokenizer."""
        return generate_together(
            first,
            step,
            requests,
            decode=decoder(self._processor.tokenizer),
            end_ids=self._end_ids,
            until=until,
            goes_on=goes_on,
        )


class How(TypedDict, total=False):
    """How a fine-tune is loaded.

    Attributes:
        device: ``auto``, the default, ``cpu``, ``cuda`` or ``cuda:N``.
        dtype: None is float32 on the CPU and bfloat16 on a GPU.
        quantise: ``4bit`` or ``8bit``, None for neither.
        merge: see `tools.models.weights.assembling.assemble`.
        revision: commit of the checkpoint where it is known, else ``local``.
    """

    device: str
    dtype: str | None
    quantise: str | None
    merge: bool | None
    revision: str


R = TypeVar("R", bound=FineTune[Any])


def load_fine_tune(
    kind: Callable[[Assembled, Any, frozenset[int], str], R],
    architecture: Architecture,
    path: Path,
    base: Path | None,
    *,
    system: str,
    base_name: str,
    revision: str = "local",
    **how: Any,
) -> R:
    """Load a fine-tune completely.

    Args:
        kind: the reader's class.
        architecture: what it is made of.
        path: folder of a LoRA adapter, or of whole weights.
        base: folder of the base under an adapter; what the adapter says of its base is not followed.
        system: named in errors.
        base_name: the repository to name when the base is missing.
        revision: see `How`.
        **how: the rest of `How`.

    Raises:
        SetupError: anything is missing, does not fit, or does not run here. The text says what.
    """
    parts = find_parts(path, base, system=system, architecture=architecture.name, base_name=base_name)
    processor = load_processor(parts, architecture.processor, system=system)
    assembled = assemble(
        parts, architecture.model, architecture.config, architecture.probes, system=system, **how
    )
    return kind(assembled, processor, end_ids(parts, processor.tokenizer, system=system), revision)
