"""`casebook library`: import, search, list, remove, relabel."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.__main__ import main
from assistant.answers.disclaimers import general
from tests.child import casebook

Capsys = pytest.CaptureFixture[str]


def draw(path: Path, colour: tuple[int, int, int], seed: int) -> None:
    """A drawn spot of a colour on skin."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:96, :96]
    spot = np.hypot(x - rng.integers(40, 56), y - 48)[..., None] < rng.integers(15, 25)
    pixels = np.where(spot, colour, (205, 160, 135)) + rng.normal(0, 4, (96, 96, 1))
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of six drawn cases, and two rows that cannot be used."""
    rows = ["image,label,modality,licence"]
    for n in range(6):
        brown = n % 2 == 0
        draw(tmp_path / f"{n}.png", (95, 60, 45) if brown else (190, 60, 60), n)
        rows.append(f"{n}.png,{'brown' if brown else 'red'},clinical photo,{'CC0' if n < 4 else 'CC BY'}")
    rows += ["missing.png,brown,clinical photo,CC0", "table.csv,brown,clinical photo,CC0"]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def imported(table: Path, capsys: Capsys) -> Path:
    assert main(["library", "import", str(table)]) == 0
    capsys.readouterr()
    return table


def cases(capsys: Capsys, *words: str) -> list[dict[str, str]]:
    assert main(["library", "list", "--json", *words]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["cases"]
    return found


@pytest.mark.process
def test_an_import_reports_what_it_did_and_which_lines_it_skipped(table: Path, capsys: Capsys) -> None:
    assert main(["library", "import", str(table)]) == 0
    out = capsys.readouterr().out
    assert "Added 6 cases" in out
    assert "line 8" in out
    assert "line 9" in out
    assert main(["library", "import", str(table)]) == 0
    assert "6 cases already there" in capsys.readouterr().out


def test_an_import_of_which_nothing_can_be_used_is_for_the_user(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "t.csv").write_text("image,label\nmissing.png,brown\n")
    assert main(["library", "import", str(tmp_path / "t.csv")]) == 2
    assert "line 2" in capsys.readouterr().out


def test_a_table_that_is_not_there_is_told(capsys: Capsys) -> None:
    assert main(["library", "import", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


@pytest.mark.process
def test_the_cases_are_listed_and_filtered(imported: Path, capsys: Capsys) -> None:
    assert len(cases(capsys)) == 6
    assert {case["label"] for case in cases(capsys, "--label", "BROWN")} == {"brown"}
    assert len(cases(capsys, "--label", "brown", "--licence", "cc0")) == 2
    assert len(cases(capsys, "--licence", "cc0", "--licence", "cc by")) == 6
    assert main(["library", "list", "--limit", "2"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "4 more" in err
    assert "casebook-skin" in err


@pytest.mark.process
def test_an_empty_library_is_told_with_the_way_to_fill_it(table: Path, capsys: Capsys) -> None:
    assert main(["library", "list"]) == 0
    assert "casebook library import" in capsys.readouterr().err
    draw(table.parent / "query.png", (95, 60, 45), 99)
    assert main(["library", "search", "--image", str(table.parent / "query.png")]) == 2
    assert "casebook library import" in capsys.readouterr().err


@pytest.mark.process
def test_a_search_names_look_alikes_with_the_safety_text(imported: Path, capsys: Capsys) -> None:
    words = ["library", "search", "--image", str(imported.parent / "0.png"), "-k", "3"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"image", "neighbours", "matches", "disclaimers"}
    assert len(found["matches"]) == 3
    assert general() in found["disclaimers"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert general() in out
    assert "too small" in out


@pytest.mark.process
def test_a_search_can_be_narrowed(imported: Path, capsys: Capsys) -> None:
    query = str(imported.parent / "0.png")
    assert main(["library", "search", "--image", query, "--label", "red", "--json"]) == 0
    assert {match["label"] for match in json.loads(capsys.readouterr().out)["matches"]} == {"red"}
    assert main(["library", "search", "--image", query, "--label", "green"]) == 0
    assert "No case fits" in capsys.readouterr().out


@pytest.mark.process
def test_a_picture_that_is_neither_skin_nor_radiology_is_refused(imported: Path, capsys: Capsys) -> None:
    Image.new("RGB", (64, 64), "white").save(imported.parent / "white.png")
    assert main(["library", "search", "--image", str(imported.parent / "white.png")]) == 2
    assert "Only radiology and skin" in capsys.readouterr().err


@pytest.mark.process
def test_cases_are_removed_by_id_or_by_filter(imported: Path, capsys: Capsys) -> None:
    first = cases(capsys)[0]["id"]
    assert main(["library", "remove", first]) == 0
    assert first not in [case["id"] for case in cases(capsys)]
    assert main(["library", "remove", "--label", "red"]) == 0
    assert "Removed 3" in capsys.readouterr().err
    assert len(cases(capsys)) == 2


@pytest.mark.process
def test_nothing_is_removed_when_nothing_is_named_or_known(imported: Path, capsys: Capsys) -> None:
    assert main(["library", "remove"]) == 2
    assert main(["library", "remove", "0" * 32]) == 2
    assert len(cases(capsys)) == 6


@pytest.mark.process
def test_a_case_gets_another_label(imported: Path, capsys: Capsys) -> None:
    first = cases(capsys)[0]["id"]
    assert main(["library", "relabel", first, "nevus – Übung"]) == 0
    assert {case["id"] for case in cases(capsys, "--label", "nevus – Übung")} == {first}
    assert main(["library", "relabel", "0" * 32, "x"]) == 2


@pytest.mark.process
def test_the_report_is_on_standard_output_and_progress_is_not(table: Path) -> None:
    done = casebook("library", "import", str(table))
    assert done.returncode == 0
    assert done.stdout.startswith("Added 6 cases")
    assert "Added" not in done.stderr
