"""`casebook library import-embeddings`, and what the list, the search and the chat make of such cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.chat import Assistant
from tests.inputs.case_library import RED, mole, moles, save
from tests.inputs.make_dicom import make_dicom, ramp
from tests.inputs.npz_files import array, keyed, packed, table, vectors
from tests.tools.models.small_derm import small_derm

Capsys = pytest.CaptureFixture[str]
NAME = "derm-foundation-imported"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """40 vectors of 20 patients, and their labels."""
    rows = [
        (f"dataset/images/{i}.png", "eczema" if i % 2 else "urticaria", f"p{i // 4}{i % 2}", "SCIN")
        for i in range(40)
    ]
    labels = table(tmp_path / "labels.csv", rows, "key,label,group,source")
    return [str(keyed(tmp_path / "scin.npz", vectors(40))), "--labels", str(labels)]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Derm Foundation, set up."""
    for name, value in small_derm(tmp_path, 6144).items():
        monkeypatch.setenv(f"CASEBOOK_{name.upper()}", str(value))
    monkeypatch.setenv("CASEBOOK_DEVICE", "cpu")


def bring(files: list[str], *more: str) -> int:
    return main(["library", "import-embeddings", *files, *more])


def ask(tmp_path: Path, question: str) -> str:
    with Assistant() as casebook:
        chat = casebook.chat()
        chat.ask("Treat it as dermoscopy", images=[tmp_path / save(tmp_path, "red.png", mole(1, RED))])
        return chat.ask(question).text


@pytest.mark.process
def test_imported_vectors_are_listed_and_a_classifier_is_trained_without_the_model(
    files: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    assert bring(files) == 0
    out, err = capsys.readouterr()
    assert "Added 40 cases" in out
    assert f"in the collection {NAME}, version unknown, without pictures" in err
    assert bring(files) == 0
    out, err = capsys.readouterr()
    assert "40 cases already there" in out
    assert "They are in the collection" not in err
    with Assistant() as casebook:
        casebook.import_cases(moles(tmp_path / "skin", 2))
    assert main(["library", "list"]) == 0
    out, err = capsys.readouterr()
    assert out.count("no picture was imported") == 40
    assert "casebook-skin-1, version 1 (dermatology): 2 cases." in err
    assert f"{NAME}, version unknown (dermatology): 40 cases, imported as vectors without pictures. In" in err
    assert main(["library", "train", "rash", "--collection", NAME]) == 0
    assert "rash: eczema, urticaria" in capsys.readouterr().out
    answer = ask(tmp_path, "Which of my labels fits img-1?")
    assert "The classifier rash cannot be asked" in answer
    assert "casebook models pull derm-foundation" in answer


@pytest.mark.process
def test_without_the_model_the_search_says_what_it_takes(
    files: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    bring(files)
    answer = ask(tmp_path, "Find similar cases")
    assert "I found no similar cases" in answer
    assert f"The collection {NAME} was not searched: derm-foundation is not here." in answer
    query = ["library", "search", "--image", str(make_dicom(tmp_path / "a.dcm", ramp(), modality="XC"))]
    capsys.readouterr()
    assert main([*query, "--encoder", NAME]) == 2
    assert f"{NAME} cannot be searched: derm-foundation is not here" in capsys.readouterr().err
    assert main(["library", "search", "--text", "red spot", "--encoder", NAME]) == 2
    assert "--encoder pubmedclip" in capsys.readouterr().err


@pytest.mark.process
@pytest.mark.usefixtures("model")
def test_with_the_model_they_are_searched_and_the_unknown_version_is_said(
    files: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    bring(files)
    answer = ask(tmp_path, "Find similar cases")
    assert "do not say which version made them" in answer
    assert "stand-in with random weights" in answer
    capsys.readouterr()
    query = ["library", "search", "--image", str(make_dicom(tmp_path / "a.dcm", ramp(), modality="XC"))]
    assert main([*query, "--encoder", NAME, "-k", "3", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["neighbours"]["collection"] == NAME
    assert [match["key"] for match in found["matches"]] == [""] * 3
    assert "do not say which version" in err
    assert main([*query, "--encoder", NAME, "-k", "3"]) == 0
    assert capsys.readouterr().out.count("no picture was imported") == 3


@pytest.mark.process
@pytest.mark.usefixtures("model")
def test_vectors_of_another_version_are_not_searched(
    files: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    assert bring(files, "--version", "abcdef123456, input 448") == 0
    answer = ask(tmp_path, "Find similar cases")
    assert "its vectors were made by derm-foundation-imported, version abcdef123456, input 448" in answer
    assert "Vectors of two versions cannot be compared" in answer
    capsys.readouterr()
    assert bring(files) == 2
    assert "--again" in capsys.readouterr().err
    assert bring(files, "--again") == 0


@pytest.mark.process
@pytest.mark.usefixtures("model")
def test_vectors_of_the_same_version_are_searched_without_a_caution(files: list[str], tmp_path: Path) -> None:
    with Assistant() as casebook:
        version = casebook.services.encoders.version("derm-foundation")
    assert bring(files, "--version", version) == 0
    answer = ask(tmp_path, "Find similar cases")
    assert f"Compared by {NAME}, version {version}." in answer
    assert "do not say which version" not in answer


def test_a_file_that_is_none_and_one_without_a_usable_vector_end_with_the_users_code(
    files: list[str], tmp_path: Path, capsys: Capsys
) -> None:
    labels = files[1:]
    assert bring([str(packed(tmp_path / "b.npz", {"dataset/images/0.png": array([1.0])})), *labels]) == 2
    assert "'dataset/images/0.png' has 1 numbers and not 6144" in capsys.readouterr().out
    (tmp_path / "c.npz").write_bytes(b"PK")
    assert bring([str(tmp_path / "c.npz"), *labels]) == 2
    assert "no npz file" in capsys.readouterr().err
    assert bring(["nowhere.npz", *labels]) == 2
    assert "no file or folder 'nowhere.npz'" in capsys.readouterr().err


@pytest.mark.usefixtures("packages_searched_once")
def test_the_page_says_that_there_is_no_picture(files: list[str]) -> None:
    from streamlit.testing.v1 import AppTest

    bring(files)

    def page() -> None:
        from assistant.chat import Assistant
        from assistant.pages.evidence_view import draw_case

        with Assistant() as casebook:
            [case] = casebook.library.cases(limit=1)
            draw_case(casebook.picture, case.key, alt="a case")

    app = AppTest.from_function(page, default_timeout=30).run()
    assert [caption.value for caption in app.caption] == ["No picture was imported."]
    assert not app.exception
