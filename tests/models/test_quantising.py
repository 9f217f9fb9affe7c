"""4 and 8 bits: only where they run, and the refusal says what does."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from store.errors import SetupError  # noqa: E402
from tools.models import quantising  # noqa: E402
from tools.models.quantising import quantisation  # noqa: E402


def test_nothing_asked_is_nothing_done():
    assert quantisation(None, "cpu", torch.float32, system="radiographer") is None


def test_an_unknown_kind_is_named():
    with pytest.raises(SetupError, match=r"'2bit' is not known. Casebook accepts 4bit and 8bit"):
        quantisation("2bit", "cuda:0", torch.bfloat16, system="radiographer")


@pytest.mark.parametrize("kind", ["4bit", "8bit"])
def test_where_it_does_not_run_the_options_are_named(kind, monkeypatch):
    with pytest.raises(SetupError, match=f"in {kind[0]} bits here: no CUDA device is used"):
        quantisation(kind, "cpu", torch.float32, system="radiographer")
    monkeypatch.setattr(quantising, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match=r"bitsandbytes is not installed.*without that setting.*a server"):
        quantisation(kind, "cuda:0", torch.bfloat16, system="radiographer")


def test_where_it_runs_the_loader_gets_the_recipe_of_the_training(monkeypatch):
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
