"""4 and 8 bits: only where they run, and the refusal says what does."""

from __future__ import annotations

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.loading import load
from tools.models.readers import llava_v1
from tools.models.stand_ins import llava_v1 as stand_in
from tools.models.weights import quantising
from tools.models.weights.quantising import quantisation

pytestmark = needs("torch")


def test_nothing_asked_is_nothing_done():
    import torch

    assert quantisation(None, "cpu", torch.float32, system="radiographer") is None


def test_an_unknown_kind_is_named():
    import torch

    with pytest.raises(SetupError, match=r"'2bit' is not known. Casebook accepts 4bit and 8bit"):
        quantisation("2bit", "cuda:0", torch.bfloat16, system="radiographer")


@pytest.mark.parametrize("kind", ["4bit", "8bit"])
def test_where_it_does_not_run_the_options_are_named(kind, monkeypatch):
    import torch

    with pytest.raises(SetupError, match=f"in {kind[0]} bits here: no CUDA device is used"):
        quantisation(kind, "cpu", torch.float32, system="radiographer")
    monkeypatch.setattr(quantising, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match=r"bitsandbytes is not installed.*without that setting.*a server"):
        quantisation(kind, "cuda:0", torch.bfloat16, system="radiographer")


def test_where_it_runs_the_loader_gets_the_recipe_of_the_training(monkeypatch):
    import torch

    transformers = pytest.importorskip("transformers")
    monkeypatch.setattr(quantising, "find_spec", lambda _: "found")
    monkeypatch.setattr(transformers.BitsAndBytesConfig, "post_init", lambda _: None)
    four = quantisation("4bit", "cuda:0", torch.bfloat16, system="radiographer")
    assert (four.load_in_4bit, four.bnb_4bit_quant_type, four.bnb_4bit_use_double_quant) == (
        True,
        "nf4",
        True,
    )
    assert four.bnb_4bit_compute_dtype == torch.bfloat16
    assert quantisation("8bit", "cuda:0", torch.bfloat16, system="radiographer").load_in_8bit
    assert four.llm_int8_skip_modules is None


@pytest.mark.parametrize("kind", ["4bit", "8bit"])
def test_babydoctor_is_loaded_in_few_bits_but_for_what_sees_the_picture(kind, tmp_path, monkeypatch):
    import torch

    transformers = pytest.importorskip("transformers")
    monkeypatch.setattr(quantising, "find_spec", lambda _: "found")
    monkeypatch.setattr(transformers.BitsAndBytesConfig, "post_init", lambda _: None)
    monkeypatch.setattr(llava_v1, "resolve_device", lambda _: "cuda:0")
    monkeypatch.setattr(llava_v1, "resolve_dtype", lambda *_: torch.bfloat16)
    given = {}

    def caught(architecture, config, tensors, **how):
        given.update(how, names=[name for name, _ in architecture(config).named_modules()])
        raise SetupError("far enough")

    monkeypatch.setattr(llava_v1, "load_strictly", caught)
    folder = stand_in.build(tmp_path / "babydoctor")
    with pytest.raises(SetupError, match="far enough"):
        load("babydoctor", folder, device="cuda:0", precision=kind)
    config = given["quantisation"]
    assert (config.load_in_4bit, config.load_in_8bit) == (kind == "4bit", kind == "8bit")
    # transformers compares these with the beginning of a module's full name.
    assert set(config.llm_int8_skip_modules) <= set(given["names"])
    assert {"model.vision_tower", "lm_head"} < set(config.llm_int8_skip_modules)
    assert not any("language_model" in name for name in config.llm_int8_skip_modules)


@pytest.mark.parametrize("kind", ["4bit", "8bit"])
def test_babydoctor_in_few_bits_is_smaller_and_computes(kind, tmp_path):
    import torch

    pytest.importorskip("bitsandbytes", reason="bitsandbytes is not installed")
    import transformers

    folder = stand_in.build(tmp_path / "babydoctor", scale=2)
    whole = load("babydoctor", folder, device="cpu")
    settings = llava_v1.read_json(folder / "config.json", system="babydoctor")
    tensors = llava_v1.read_tensors(folder, system="babydoctor")
    few = llava_v1.load_strictly(
        transformers.LlavaForConditionalGeneration,
        llava_v1.converted_config(settings, tensors),
        llava_v1.converted_tensors(tensors),
        device="cpu",
        dtype=torch.float32,
        system="babydoctor",
        quantisation=transformers.BitsAndBytesConfig(
            load_in_4bit=kind == "4bit",
            load_in_8bit=kind == "8bit",
            llm_int8_skip_modules=list(llava_v1.WHOLE),
        ),
    )
    small = {
        name for name, one in few.named_modules() if type(one).__name__.startswith(("Linear4", "Linear8"))
    }
    assert small
    assert all(name.startswith("model.language_model.") for name in small)
    assert sum(tensor.nbytes for tensor in few.parameters()) < 0.7 * whole.nbytes
    scores = few(input_ids=torch.tensor([[1, 5, 6]])).logits
    assert scores.isfinite().all()
