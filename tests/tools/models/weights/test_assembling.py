"""A base and its adapter, or whole weights: what fits together, and what each refusal says."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from store.errors import SetupError
from tests.packages import needs
from tests.tools.models.adapter_files import renamed
from tools.models.readers.mllama import load_radiographer
from tools.models.readers.paligemma import load_derm_captioner
from tools.models.weights.assembling import (
    control_words,
    decoder,
    end_ids,
    find_parts,
    load_processor,
)

pytestmark = needs("torch", "transformers", "peft")


def parts_of(*arguments):
    return find_parts(*arguments, system="radiographer", architecture="mllama", base_name="unsloth/Llama")


def refused(*arguments) -> str:
    with pytest.raises(SetupError) as error:
        parts_of(*arguments)
    return str(error.value)


def test_an_adapter_stands_on_its_base_and_comes_first_when_looking_for_settings(radiographer_files):
    parts = parts_of(radiographer_files.path, radiographer_files.base)
    assert parts.folders == (radiographer_files.path, radiographer_files.base)
    assert parts.whole.folder == radiographer_files.base
    assert parts.stand_in
    assert parts_of(radiographer_files.base, None).adapter is None


def test_what_does_not_fit_together_is_said(radiographer_files, derm_captioner_files, tmp_path):
    adapter, base = radiographer_files.path, radiographer_files.base
    assert "is an adapter and needs its base, unsloth/Llama" in refused(adapter, None)
    assert "--base" in refused(adapter, None)
    assert "are an adapter, not mllama" in refused(adapter, adapter)
    assert "are paligemma, not mllama" in refused(adapter, derm_captioner_files.base)
    assert "leave the base out" in refused(base, base)
    assert "is not there" in refused(tmp_path / "nowhere", None)


def test_weights_in_four_bits_are_refused_before_they_are_read(radiographer_files, tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    base = tmp_path / "bnb-4bit"
    base.mkdir()
    shutil.copy(radiographer_files.base / "config.json", base)
    save_file({"w.weight": torch.zeros(8, 1, dtype=torch.uint8)}, base / "model.safetensors")
    assert "stored in 4 or 8 bits. Give the 16-bit ones" in refused(radiographer_files.path, base)


def test_a_real_adapter_on_a_stand_in_base_still_counts_as_stand_in(radiographer_files, tmp_path):
    adapter = Path(shutil.copytree(radiographer_files.path, tmp_path / "adapter"))
    (adapter / "casebook_stand_in.json").unlink()
    assert parts_of(adapter, radiographer_files.base).stand_in


def test_the_processor_resizes_with_pil_and_comes_from_where_it_is_complete(radiographer_files, tmp_path):
    import transformers

    adapter = Path(shutil.copytree(radiographer_files.path, tmp_path / "adapter"))
    shutil.copy(radiographer_files.base / "tokenizer.json", adapter)
    parts = parts_of(adapter, radiographer_files.base)
    processor = load_processor(parts, transformers.MllamaProcessor, system="radiographer")
    assert type(processor.image_processor).__name__ == "MllamaImageProcessorPil"
    assert processor.chat_template
    bare = Path(shutil.copytree(radiographer_files.base, tmp_path / "bare"))
    (bare / "preprocessor_config.json").unlink()
    with pytest.raises(SetupError, match=r"^preprocessor_config\.json of radiographer cannot be found"):
        load_processor(parts_of(bare, None), transformers.MllamaProcessor, system="radiographer")
    (bare / "preprocessor_config.json").write_text("{")
    with pytest.raises(SetupError, match="processor files of radiographer are broken"):
        load_processor(parts_of(bare, None), transformers.MllamaProcessor, system="radiographer")


def test_where_only_the_tokenizer_is_missing_only_that_is_named(radiographer_files, tmp_path):
    import transformers

    base = Path(shutil.copytree(radiographer_files.base, tmp_path / "base"))
    (base / "tokenizer.json").unlink()
    with pytest.raises(SetupError, match=r"^tokenizer\.json of radiographer cannot be found"):
        load_processor(
            parts_of(radiographer_files.path, base), transformers.MllamaProcessor, system="radiographer"
        )


def test_an_adapter_and_its_base_that_were_swapped_are_noticed(radiographer_files):
    said = refused(radiographer_files.base, radiographer_files.path)
    assert "Were --path and --base swapped?" in said
    assert "swapped" not in refused(radiographer_files.base, radiographer_files.base)


def test_all_tokens_that_end_an_answer_are_known(radiographer_files, tmp_path):
    import transformers

    parts = parts_of(radiographer_files.base, None)
    tokenizer = load_processor(parts, transformers.MllamaProcessor, system="radiographer").tokenizer
    words = {"<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"}
    assert end_ids(parts, tokenizer, system="r") == set(tokenizer.convert_tokens_to_ids(sorted(words)))
    folder = Path(shutil.copytree(radiographer_files.base, tmp_path / "base"))
    settings = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps(settings | {"eos_token_id": 7}))
    assert 7 in end_ids(parts_of(folder, None), tokenizer, system="r")


def test_control_words_are_known_and_left_out_of_answers(radiographer_files):
    import transformers

    parts = parts_of(radiographer_files.base, None)
    tokenizer = load_processor(parts, transformers.MllamaProcessor, system="radiographer").tokenizer
    assert {"<|image|>", "<|eot_id|>", "<|start_header_id|>"} <= set(control_words(tokenizer))
    ids = tokenizer("<|eot_id|>The lungs are clear .", add_special_tokens=False).input_ids
    assert decoder(tokenizer)(ids) == "The lungs are clear ."


def test_the_adapter_is_left_beside_the_base_on_the_cpu_and_merged_when_asked(radiographer_files):
    folders = radiographer_files.path, radiographer_files.base
    assert not load_radiographer(*folders).adapter.merged
    assert load_radiographer(*folders, merge=True).adapter.merged


@cache
def weights(load, path, base):
    """What `load` makes of files that nobody changed."""
    return load(path, base)._model.state_dict()


@pytest.mark.parametrize("layout", ["4.52", "5.x"])
@pytest.mark.parametrize("system", ["radiographer", "derm-captioner"])
def test_bases_saved_by_any_version_load_to_the_same_weights(
    system, layout, radiographer_files, derm_captioner_files, tmp_path
):
    from safetensors.torch import load_file, save_file

    files = radiographer_files if system == "radiographer" else derm_captioner_files
    load = load_radiographer if system == "radiographer" else load_derm_captioner
    folder = Path(shutil.copytree(files.base, tmp_path / "base"))
    (folder / "model.safetensors.index.json").unlink()
    start = "base_model.model."
    for shard in folder.glob("*.safetensors"):
        tensors = load_file(shard)
        new = {renamed(start + name, layout).removeprefix(start): one for name, one in tensors.items()}
        assert new.keys() != tensors.keys()
        save_file(new, shard, metadata={"format": "pt"})
    first = weights(load, files.path, files.base)
    second = load(files.path, folder)._model.state_dict()
    assert first.keys() == second.keys()
    assert all((first[name] == second[name]).all() for name in first)
