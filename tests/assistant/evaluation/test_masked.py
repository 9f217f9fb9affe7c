"""What the reader alone is shown in an evaluation: what the agent's chat would keep of a picture."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from assistant import evaluate
from assistant.turn.private_pixels import Looked, PrivatePixels
from store.pictures.image import Image
from tests.scripted.evaluation import KnowingReaders, reading
from tools.models.systems.reading import Request


class ByBrightness(KnowingReaders):
    """Notes the mean of every picture that it is asked about."""

    means: set[float]

    def key(self, request: Request) -> Hashable:
        self.means.add(float(request.pixels.mean()))
        return super().key(request)


@pytest.mark.process
def test_reader_and_agent_are_shown_the_same_pixels_without_what_is_private(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def masked(_: PrivatePixels, images: Sequence[Image], *__: object) -> Looked:
        return Looked([replace(one, frames=np.full_like(one.frames, 7)) for one in images])

    monkeypatch.setattr(PrivatePixels, "look", masked)
    path = tmp_path / "bright.png"
    PillowImage.fromarray(np.full((300, 300), 200, np.uint8)).save(path)
    row = {"image": str(path), "question": "Is there a fracture?", "answer": "no"}
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(row), encoding="utf-8")
    readers = ByBrightness({"Is there a fracture?": "no"})
    readers.means = set()
    with reading(readers):
        evaluate(questions, out=tmp_path / "out", reader="radiographer")
    assert readers.means == {7.0}
