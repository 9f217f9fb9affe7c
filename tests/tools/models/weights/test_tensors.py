from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.stand_ins import llava_v1
from tools.models.weights.tensors import read_tensors

pytestmark = needs("torch")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return llava_v1.build(tmp_path)


def test_shards_are_read_whole_with_an_index_and_without(folder: Path) -> None:
    import torch

    indexed = read_tensors(folder, system="babydoctor")
    (folder / "pytorch_model.bin.index.json").unlink()
    plain = read_tensors(folder, system="babydoctor")
    assert indexed.keys() == plain.keys()
    assert len(indexed) > 50
    assert all(torch.equal(indexed[name], plain[name]) for name in plain)


def test_tensors_are_mapped_from_disk_not_copied_into_memory(folder: Path) -> None:
    import torch

    name = "model.norm.weight"
    before = read_tensors(folder, system="babydoctor")
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("this system does not list its memory maps")
    assert "pytorch_model-00001-of-00002.bin" in maps.read_text()
    assert before[name].dtype == torch.float16


def test_a_shard_cut_short_is_named(folder: Path) -> None:
    shard = folder / "pytorch_model-00002-of-00002.bin"
    shard.write_bytes(shard.read_bytes()[:-2000])
    with pytest.raises(SetupError, match=shard.name):
        read_tensors(folder, system="babydoctor")


def test_a_missing_shard_is_named(folder: Path) -> None:
    (folder / "pytorch_model-00002-of-00002.bin").unlink()
    with pytest.raises(SetupError, match="lacks pytorch_model-00002"):
        read_tensors(folder, system="babydoctor")


def test_safetensors_cut_short_are_named(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"a": torch.ones(1000)}, tmp_path / "model.safetensors")
    whole = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(whole[:-100])
    with pytest.raises(SetupError, match=r"model\.safetensors"):
        read_tensors(tmp_path, system="x")


class Harmful:
    """Pickles as a call that makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_code_in_a_pickled_file_is_not_run(tmp_path: Path) -> None:
    import torch

    made = tmp_path / "made"
    torch.save({"a": torch.ones(1), "b": Harmful(made)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(SetupError, match="more than weights"):
        read_tensors(tmp_path, system="x")
    assert not made.exists()


def test_a_file_of_other_things_than_tensors_is_refused(tmp_path: Path) -> None:
    import torch

    torch.save({"a": 3}, tmp_path / "pytorch_model.bin")
    with pytest.raises(SetupError, match="more than weights"):
        read_tensors(tmp_path, system="x")


def test_no_weights_say_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"model\*\.safetensors"):
        read_tensors(tmp_path, system="x")
