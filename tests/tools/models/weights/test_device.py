from __future__ import annotations

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.weights.device import resolve_device, resolve_dtype

pytestmark = needs("torch")


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def test_auto_is_the_first_gpu_where_there_is_one(two_gpus: None) -> None:
    assert resolve_device("auto") == resolve_device("cuda") == "cuda:0"
    assert resolve_device("cuda:1") == "cuda:1"
    assert resolve_device("cpu") == "cpu"


def test_auto_is_the_cpu_where_there_is_no_gpu(no_gpu: None) -> None:
    assert resolve_device("auto") == "cpu"


def test_a_device_that_is_not_there_is_refused_with_what_is(no_gpu: None) -> None:
    with pytest.raises(SetupError, match="no CUDA device"):
        resolve_device("cuda")


def test_a_number_past_the_last_gpu_is_refused(two_gpus: None) -> None:
    with pytest.raises(SetupError, match="2 CUDA device"):
        resolve_device("cuda:2")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:x", "cuda:-1", "mps", ""])
def test_an_unknown_device_is_refused(two_gpus: None, name: str) -> None:
    with pytest.raises(SetupError, match="auto, cpu, cuda"):
        resolve_device(name)


def test_the_number_format_follows_the_device_unless_named() -> None:
    import torch

    assert resolve_dtype(None, "cpu") is torch.float32
    assert resolve_dtype(None, "cuda:0") is torch.bfloat16
    assert resolve_dtype("float16", "cpu") is torch.float16
    with pytest.raises(SetupError, match="float32, bfloat16, float16"):
        resolve_dtype("int8", "cpu")
