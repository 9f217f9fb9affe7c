"""What a model needs, told from headers, against what there is."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from store.errors import SetupError
from tools.models.weights import fit
from tools.models.weights.fit import Need, need_of, ran_out, size, too_large, usable_bytes

GB = 10**9


def checkpoint(folder: Path, values: int, kind: str = "BF16", **settings: object) -> Path:
    """Weights of `values` numbers that take no room: a header and a hole."""
    folder.mkdir()
    width = {"BF16": 2, "F32": 4, "U8": 1}[kind]
    name = "adapter" if "peft_type" in settings else "model"
    header = json.dumps(
        {"w": {"dtype": kind, "shape": [values], "data_offsets": [0, values * width]}}
    ).encode()
    file = folder / ("adapter_model.safetensors" if name == "adapter" else "model.safetensors")
    with file.open("wb") as opened:
        opened.write(struct.pack("<Q", len(header)) + header)
        opened.truncate(8 + len(header) + values * width)
    config = "adapter_config.json" if name == "adapter" else "config.json"
    (folder / config).write_text(json.dumps(settings))
    return folder


@pytest.mark.parametrize(
    ("device", "precision", "weights"),
    [
        ("cuda:0", "auto", 20 * GB),
        ("cpu", "auto", 40 * GB),
        ("cpu", "bfloat16", 20 * GB),
        ("cuda:0", "4bit", 7 * GB),
        ("cuda:0", "8bit", 12 * GB),
    ],
)
def test_the_need_follows_the_number_format_not_the_file(
    tmp_path: Path, device: str, precision: str, weights: int
) -> None:
    whole = checkpoint(tmp_path / "w", 10 * GB)
    need = need_of("radiographer", whole, None, device=device, precision=precision)
    assert need.weights == weights
    assert need.nbytes > need.weights


def test_an_adapter_is_counted_with_its_base(tmp_path: Path) -> None:
    base = checkpoint(tmp_path / "base", 1000)
    adapter = checkpoint(tmp_path / "adapter", 100, "F32", peft_type="LORA")
    need = need_of("radiographer", adapter, base, device="cpu", precision="auto")
    assert need.values == 1100
    assert need.weights == 4400


def test_weights_that_are_quantised_already_take_what_they_take(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "w", 1000, "U8", quantization_config={})
    assert need_of("radiographer", folder, None, device="cuda:0", precision="auto").weights < 2000


def test_a_set_budget_holds_only_while_there_is_that_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "free_bytes", lambda _: 100 * GB)
    assert usable_bytes("cpu", held=0, most=10 * GB) == 10 * GB
    assert usable_bytes("cpu", held=10 * GB) == 90 * GB
    assert usable_bytes("cpu", held=0, most=500 * GB) == 80 * GB


def test_free_memory_respects_the_limit_of_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psutil", reason="needs the extra packages of models")
    monkeypatch.setattr(fit, "CGROUP", tmp_path)
    unlimited = fit.free_bytes("cpu")
    for name, text in (
        ("memory.max", "3000000"),
        ("memory.current", "2500000"),
        ("memory.stat", "anon 1\ninactive_file 400000\nactive_file 100000\n"),
    ):
        (tmp_path / name).write_text(text)
    assert fit.free_bytes("cpu") == 1_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert fit.free_bytes("cpu") > unlimited // 2


def test_the_refusal_says_what_is_needed_what_there_is_and_what_to_do() -> None:
    need = Need(20 * GB, 10 * GB)
    text = str(too_large("derm-captioner", need, device="cuda:0", usable=16 * GB, smaller=True))
    assert "needs about 23 GB of memory on cuda:0, and models may take 16 GB there" in text
    assert "CASEBOOK_PRECISION=4bit needs about 8.05 GB and fits" in text
    assert "CASEBOOK_DEVICE=cpu" in text
    assert "CASEBOOK_DERM_CAPTIONER_SERVER=URL" in text
    tight = str(too_large("radiographer", need, device="cuda:0", usable=4 * GB, smaller=True))
    assert "does not fit either" in tight
    assert "4bit" not in str(too_large("babydoctor", need, device="cuda:0", usable=GB, smaller=False))
    assert "4bit" not in str(too_large("radiographer", need, device="cpu", usable=GB, smaller=True))


@pytest.mark.parametrize("gpus", [0, 2])
def test_another_device_is_advised_only_where_there_is_one(
    gpus: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "cuda_devices", lambda: gpus)
    monkeypatch.setattr(fit, "find_spec", lambda _: True)
    need = Need(20 * GB, 10 * GB)
    refused = str(too_large("pubmedclip", need, device="cpu", usable=GB, smaller=False, served=False))
    for said in (refused, str(ran_out("babydoctor", device="cpu", served=True))):
        assert ("CASEBOOK_DEVICE=cuda" in said) == bool(gpus)
        assert "Ways out: ." not in said
    assert "CASEBOOK_DEVICE=cpu" in str(ran_out("babydoctor", device="cuda:0", served=True))


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="radiographer"):
        need_of("radiographer", tmp_path, None, device="cpu", precision="auto")


def test_sizes_are_readable() -> None:
    assert [size(value) for value in (21.34e9, 5.12e8, 900)] == ["21.3 GB", "512 MB", "0.9 kB"]
