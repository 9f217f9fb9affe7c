"""Three spellings of one module."""

from __future__ import annotations

import pytest

from tools.models.weights.module_names import named, spellings

LANGUAGE = ("model.language_model.layers.3.mlp", "language_model.model.layers.3.mlp")
LLAMA_VISION = ("model.vision_model.transformer.layers.0", "vision_model.transformer.layers.0")
PROJECTOR = ("model.multi_modal_projector.linear", "multi_modal_projector.linear")
TOWER = (
    "model.vision_tower.encoder.layers.0",
    "model.vision_tower.vision_model.encoder.layers.0",
    "vision_tower.vision_model.encoder.layers.0",
)


@pytest.mark.parametrize(
    ("now", "later", "before"),
    [
        (LANGUAGE[0], *LANGUAGE),
        (LLAMA_VISION[0], *LLAMA_VISION),
        (PROJECTOR[0], *PROJECTOR),
        TOWER,
        ("lm_head", "lm_head", "language_model.lm_head"),
    ],
)
def test_a_module_is_found_under_all_names_it_had(now, later, before):
    assert spellings(now) == (now, later, before)


PATHS = ["model.language_model.layers.0.q_proj", "model.vision_tower.encoder.q_proj", "lm_head"]


@pytest.mark.parametrize(
    ("targets", "count"),
    [
        (["q_proj"], 2),
        (["proj"], 0),
        ("all-linear", 2),
        (r"language_model\..*", 2),
        (r"model\.language_model.*", 1),
        (["vision_tower.vision_model.encoder.q_proj"], 1),
        (["lm_head"], 1),
    ],
)
def test_targets_are_read_as_peft_reads_them(targets, count):
    assert len(named(targets, PATHS, set(PATHS))) == count


def test_targets_are_read_in_the_spelling_of_the_file():
    # Trained from 4.52 on, where the head is not part of language_model: it is not missing.
    known = {"model.language_model.layers.0.q_proj"}
    assert named(r".*language_model\..*", PATHS, known) == known
