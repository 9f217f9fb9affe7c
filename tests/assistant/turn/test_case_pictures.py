"""Text in the pixels of pictures that are imported into the case library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from assistant import Assistant
from assistant.turn import private_pixels
from store.errors import SetupError
from tests.assistant.turn.test_private_pixels import ScriptedFinder
from tests.inputs.case_library import moles


def shown(casebook: Assistant) -> list[np.ndarray]:
    """The pictures of the library's cases."""
    paths = [casebook.picture(case.key) for case in casebook.library.cases()]
    return [np.asarray(PillowImage.open(path)) for path in paths]


def black(picture: np.ndarray) -> bool:
    return bool((picture[12:18, 15:55] == 0).all())


@pytest.fixture
def finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_pixels.finder, "available", lambda: True)
    monkeypatch.setattr(private_pixels.faces, "available", lambda: False)
    monkeypatch.setattr(private_pixels.PrivatePixels, "seekers", {"text": ScriptedFinder("text")})


@pytest.mark.process
def test_text_of_cases_is_masked_before_anything_is_kept_if_that_is_asked_for(
    tmp_path: Path, finding: None
) -> None:
    with Assistant() as casebook:
        report = casebook.import_cases(moles(tmp_path, 2), clean_pixels=True)
        assert report.added == 2
        assert "in the pixels of 2 of these pictures and masked" in str(report)
        assert all(map(black, shown(casebook)))


@pytest.mark.process
def test_an_import_that_looks_for_no_text_says_so(tmp_path: Path, finding: None) -> None:
    with Assistant() as casebook:
        report = casebook.import_cases(moles(tmp_path, 2))
        assert "were not looked for: casebook library import --clean-pixels does" in str(report)
        assert not any(map(black, shown(casebook)))
        assert "not looked for" not in str(casebook.import_cases(moles(tmp_path, 2)))  # nothing was added


@pytest.mark.process
def test_masking_without_the_package_for_it_imports_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_pixels.finder, "available", lambda: False)
    with Assistant() as casebook, pytest.raises(SetupError, match="pip install"):
        casebook.import_cases(moles(tmp_path, 2), clean_pixels=True)
    with Assistant() as casebook:
        assert casebook.library.count() == 0
