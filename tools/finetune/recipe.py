"""The recipes: how each fine-tune was trained, as far as its card says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from store.errors import CaseError
from tools.models.readers import mllama, paligemma


@dataclass(frozen=True)
class Recipe:
    """How an adapter is trained.

    Attributes:
        system: the reader it is for.
        base: repository of the base it belongs on.
        rank: of the adapter (r).
        alpha: lora_alpha; the adapter's product is multiplied by alpha / rank.
        targets: last parts of the names of the modules that get an adapter.
        epochs: passes over the training rows.
        batch: rows per forward pass.
        accumulate: forward passes per step; a step sees batch × accumulate rows.
        learning_rate: at the first step; it falls to zero in a straight line.
        weight_decay: of AdamW.
        longest: tokens of question and text together; longer rows are refused.
        question: asked in rows that bring none.
        seed: of the adapter's first values and of the order of rows.
    """

    system: str
    base: str
    rank: int
    alpha: int
    targets: tuple[str, ...]
    epochs: int
    batch: int
    accumulate: int
    learning_rate: float
    weight_decay: float
    longest: int
    question: str
    # Source: unslothai/notebooks, Llama3.2_(11B)-Vision.
    seed: int = 3407


_TEXT = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        # Source: the card of Bala9669/unsloth_finetune; the modules are those its notebook's library trains,
        # attention and MLP of the language model and of the picture encoders.
        "radiographer": Recipe(
            system="radiographer",
            base=mllama.BASE,
            rank=32,
            alpha=32,
            targets=(*_TEXT, "fc1", "fc2"),
            epochs=3,
            batch=2,
            accumulate=16,
            learning_rate=5e-5,
            weight_decay=0.02,
            longest=mllama.LONGEST,
            question=mllama.DEFAULT_QUESTION,
        ),
        # Source: the card of brucewayne0459/paligemma_derm for epochs, batch and learning rate. It names no
        # rank and no modules: these are of other published fine-tunes of the same base. The longest row is
        # ours, room for a paragraph.
        "derm-captioner": Recipe(
            system="derm-captioner",
            base=paligemma.BASE,
            rank=8,
            alpha=8,
            targets=_TEXT,
            epochs=10,
            batch=6,
            accumulate=4,
            learning_rate=2e-5,
            weight_decay=0.0,
            longest=512,
            question=paligemma.WHICH_DISEASE,
        ),
    }
)


def recipe_of(system: str) -> Recipe:
    """The recipe for `system`.

    Raises:
        CaseError: there is none.
    """
    if system not in RECIPES:
        raise CaseError(f"There is no recipe for {system!r}. There are recipes for {' and '.join(RECIPES)}.")
    return RECIPES[system]
