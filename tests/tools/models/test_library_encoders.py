"""`casebook library encode` and searches with a learned encoder, on the stand-in of PubMedCLIP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from tests.inputs.case_library import save, scan, write_csv
from tests.inputs.make_dicom import make_dicom, ramp
from tests.packages import needs
from tools.models.stand_ins import build_stand_in, clip

pytestmark = needs("torch")

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stand_in("pubmedclip", tmp_path_factory.mktemp("clip")).path


@pytest.fixture
def encoded(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> Path:
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(weights))
    folder = tmp_path / "scans"
    rows = [
        (save(folder, f"{i}.png", scan(i, wide=i % 2 == 0)), "wide" if i % 2 == 0 else "tall", "CT", f"p{i}")
        for i in range(6)
    ]
    assert main(["library", "import", str(write_csv(folder, rows))]) == 0
    assert main(["library", "encode", "pubmedclip"]) == 0
    out, err = capsys.readouterr()
    assert "Encoded 6 cases; 6 in all" in out
    assert "centre crop, stand-in" in out
    assert "random" in err
    return folder


@pytest.mark.process
def test_cases_are_searched_with_the_learned_encoder(encoded: Path, capsys: Capsys) -> None:
    slice_ = make_dicom(encoded / "slice.dcm", ramp(), modality="CT")
    query = ["library", "search", "--image", str(slice_), "-k", "3", "--json"]
    assert main([*query, "--encoder", "pubmedclip"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["neighbours"]["collection"] == "pubmedclip"
    assert len(found["matches"]) == 3
    assert main([*query[:-1], "--encoder", "pubmedclip"]) == 0
    assert "near cannot be said yet" in capsys.readouterr().out
    assert main(query) == 0
    assert json.loads(capsys.readouterr().out)["neighbours"]["collection"] != "pubmedclip"


@pytest.mark.process
def test_cases_are_found_by_words(encoded: Path, capsys: Capsys) -> None:
    words = ["library", "search", "--text", "chest ct", "--encoder", "pubmedclip", "-k", "2"]
    assert main([*words, "--label", "wide", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [match["label"] for match in found["matches"]] == ["wide", "wide"]
    assert main(words) == 0
    assert "fit the words" in capsys.readouterr().out


@pytest.mark.process
def test_encoding_again_finds_nothing_to_do_and_other_weights_are_refused(
    encoded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    assert main(["library", "encode", "pubmedclip"]) == 0
    assert "Encoded 0 cases; 6 in all" in capsys.readouterr().out
    other = clip.build(tmp_path / "other", seed=5)
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(other))
    assert main(["library", "encode", "pubmedclip"]) == 3
    assert "library encode pubmedclip --again" in capsys.readouterr().err
    assert main(["library", "encode", "pubmedclip", "--again"]) == 0
    assert "Encoded 6 cases" in capsys.readouterr().out


def test_an_encoder_that_is_not_there_is_told_with_the_way_to_get_it(capsys: Capsys) -> None:
    assert main(["library", "encode", "pubmedclip"]) == 3
    assert "casebook models pull pubmedclip" in capsys.readouterr().err
