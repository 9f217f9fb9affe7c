"""The benchmark at real size: its code on stand-ins, and its sizes against the cards."""

from __future__ import annotations

import re

import pytest

from tests.bench import gpu
from tests.bench.real_size import empty_model, readers
from tests.packages import needs
from tools.models.systems.cards import SYSTEMS

pytestmark = needs("torch")


def test_the_models_at_real_size_are_as_large_as_the_cards_say() -> None:
    for one in readers(small=False):
        values = sum(parameter.numel() for parameter in empty_model(one).parameters())
        assert values / 1e9 == pytest.approx(SYSTEMS[one.system].values_b, abs=0.005)


def test_on_stand_ins_it_tells_memory_speed_and_follow_ups_of_both_readers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gpu.main(["--small", "--tokens", "3"]) == 0
    said = capsys.readouterr().out
    for words in ("random weights written", "peak memory", "tokens a second", "follow-up / first question"):
        assert said.count(words) == 2, words
    assert re.findall(r"^([\w-]+): [\d.]+ [kM]B of random", said, flags=re.M) == [
        "radiographer",
        "derm-captioner",
    ]
    ratios = [float(ratio) for ratio in re.findall(r"question: ([\d.]+) to the first", said)]
    assert len(ratios) == 2
    assert all(0 < ratio < 1.5 for ratio in ratios)


def test_without_a_gpu_nothing_is_measured_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert gpu.main([]) == 3
    assert "no CUDA device" in capsys.readouterr().out
