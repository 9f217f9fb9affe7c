"""Folders of weights, told from settings and headers alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.stand_ins import clip, llava_v1, mllama
from tools.models.weights.checkpoints import inspect_checkpoint

pytestmark = needs("torch")


@pytest.fixture
def base(radiographer_files, tmp_path) -> Path:
    return Path(shutil.copytree(radiographer_files.base, tmp_path / "base"))


def refused(folder: Path) -> str:
    with pytest.raises(SetupError) as error:
        inspect_checkpoint(folder, system="radiographer")
    assert str(folder) not in str(error.value)
    return str(error.value)


def test_whole_weights_in_shards(radiographer_files):
    found = inspect_checkpoint(radiographer_files.base, system="radiographer")
    assert (found.layout, found.indexed, found.quantised) == ("whole", True, False)
    assert found.formats == ("BF16",)
    assert len(found.files) == 2
    headers = found.nbytes - 2 * found.values
    assert 0 < headers < 60_000
    assert found.stand_in
    assert found.notes == ()


def test_an_adapter_is_told_by_its_two_files(radiographer_files, tmp_path):
    found = inspect_checkpoint(radiographer_files.path, system="radiographer")
    assert (found.layout, found.formats, found.files) == ("adapter", ("F32",), ("adapter_model.safetensors",))
    # Merged weights keep adapter_config.json at times; without an adapter's weights it says nothing.
    folder = mllama.build_merged(tmp_path / "merged")
    shutil.copy(radiographer_files.path / "adapter_config.json", folder)
    assert inspect_checkpoint(folder, system="radiographer").layout == "whole"


def test_missing_index_and_wrong_settings_are_noted(tmp_path):
    found = inspect_checkpoint(mllama.build_merged(tmp_path / "m"), system="radiographer")
    assert not found.indexed
    assert not found.quantised
    assert len(found.notes) == 2
    assert "the settings are wrong" in found.notes[0]
    assert "without an index" in found.notes[1]
    found = inspect_checkpoint(mllama.build_merged(tmp_path / "i", index=True, stale=False), system="r")
    assert (found.indexed, found.notes) == (True, ())


def test_old_bin_files_are_counted_by_size(tmp_path):
    found = inspect_checkpoint(llava_v1.build(tmp_path / "llava"), system="babydoctor")
    assert (found.formats, len(found.files), found.indexed) == (("F16",), 2, True)
    assert found.values == pytest.approx(found.nbytes / 2, rel=0.01)
    found = inspect_checkpoint(clip.build(tmp_path / "clip"), system="pubmedclip")
    assert (found.formats, found.files) == (("F32",), ("pytorch_model.bin",))


def test_weights_that_really_are_in_four_bits_are_told_from_their_header(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": {"load_in_4bit": True}}))
    save_file({"w.weight": torch.zeros(8, 1, dtype=torch.uint8)}, tmp_path / "model.safetensors")
    found = inspect_checkpoint(tmp_path, system="radiographer")
    assert found.quantised
    assert found.notes == ()


def test_a_shard_that_is_missing_or_cut_short_is_named(base):
    shard = base / "model-00002-of-00002.safetensors"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-7])
    assert "model-00002-of-00002.safetensors of radiographer is cut short" in refused(base)
    for broken in (b"", b"short", b"\xff" * 40, whole[:200]):
        shard.write_bytes(broken)
        assert "is no safetensors file" in refused(base)
    shard.unlink()
    assert "lacks model-00002-of-00002.safetensors" in refused(base)


def test_missing_folders_settings_and_weights_are_named(base, tmp_path):
    assert "is not there" in refused(tmp_path / "nowhere")
    (base / "config.json").write_text("{")
    assert "config.json of radiographer cannot be read" in refused(base)
    (base / "config.json").write_text("[]")
    assert "holds no settings" in refused(base)
    (base / "config.json").unlink()
    assert "has no config.json" in refused(base)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "config.json").write_text("{}")
    assert "There are no weights of radiographer" in refused(empty)


def test_an_index_cannot_point_outside_its_folder(base, tmp_path):
    shutil.move(base / "model-00002-of-00002.safetensors", tmp_path / "outside.safetensors")
    index = base / "model.safetensors.index.json"
    index.write_text(index.read_text().replace("model-00002-of-00002.safetensors", "../outside.safetensors"))
    assert "lacks outside.safetensors" in refused(base)
