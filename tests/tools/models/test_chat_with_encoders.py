"""Similar cases and the user's own labels in a chat, by a learned encoder: chosen, named, refused, said."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.answers.answer import Answer
from assistant.chat import Assistant
from store.records import Neighbours, parse_record
from tests.inputs.case_library import moles, save, scan, write_csv
from tests.inputs.make_dicom import make_dicom, ramp
from tests.packages import needs
from tools.models.stand_ins import build_stand_in, clip

pytestmark = needs("torch")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stand_in("pubmedclip", tmp_path_factory.mktemp("clip")).path


@pytest.fixture(autouse=True)
def scans(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of 8 scans, and PubMedCLIP set up."""
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(weights))
    monkeypatch.setenv("CASEBOOK_DEVICE", "cpu")
    bring(tmp_path / "scans", 8)
    return tmp_path / "scans"


def bring(folder: Path, count: int) -> None:
    """Import so many scans of half as many patients."""
    rows = []
    for i in range(count):
        name = save(folder, f"{i}.png", scan(i, wide=i % 2 == 0))
        rows.append((name, "wide" if i % 2 == 0 else "tall", "CT", f"p{i // 4}{i % 2}"))
    with Assistant() as casebook:
        casebook.import_cases(write_csv(folder, rows))


def encode() -> None:
    assert main(["library", "encode", "pubmedclip"]) == 0


def ask(folder: Path, question: str) -> tuple[Answer, Neighbours]:
    slice_ = make_dicom(folder / "slice.dcm", ramp(), modality="CT")
    with Assistant() as casebook:
        answer = casebook.chat().ask(question, images=[slice_])
    records = [parse_record(dict(record)) for one in answer.evidence for record in one.records]
    return answer, next(record for record in records if isinstance(record, Neighbours))


@pytest.mark.process
def test_what_was_encoded_is_searched_by_its_encoder_and_that_is_said(scans: Path) -> None:
    _, before = ask(scans, "Find similar cases")
    assert (before.collection, before.note) == ("casebook-grey-1", "")
    encode()
    answer, near = ask(scans, "Find similar cases")
    assert near.collection == "pubmedclip"
    assert "Compared by pubmedclip, version local" in answer.text
    assert "stand-in with random weights: what it finds means nothing" in answer.text
    evidence = next(one for one in answer.evidence if one.tool == "find_similar_cases")
    assert evidence.revision == near.encoder
    assert [record["kind"] for record in evidence.records] == ["neighbours"] + ["match"] * 6


@pytest.mark.process
def test_the_question_may_name_the_encoder(scans: Path) -> None:
    encode()
    answer, near = ask(scans, "Find similar cases with the built-in encoder")
    assert near.collection == "casebook-grey-1"
    assert "pubmedclip" not in near.note
    answer, near = ask(scans, "Find similar cases with derm-foundation")
    assert near.collection == "pubmedclip"
    assert "derm-foundation is for dermatology images, so it was not used" in answer.text


@pytest.mark.process
def test_an_encoder_that_has_described_nothing_is_told_with_the_command(scans: Path) -> None:
    answer, near = ask(scans, "Find similar cases with pubmedclip")
    assert near.collection == "casebook-grey-1"
    assert "casebook library encode pubmedclip" in answer.text


@pytest.mark.process
def test_another_version_is_not_compared_and_the_way_out_is_told(
    scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode()
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(clip.build(tmp_path / "other", seed=5)))
    answer, near = ask(scans, "Find similar cases")
    assert near.collection == "casebook-grey-1"
    assert "casebook library encode pubmedclip --again" in answer.text
    assert "Compared by the built-in encoder" in answer.text
    monkeypatch.delenv("CASEBOOK_PUBMEDCLIP_PATH")
    answer, near = ask(scans, "Find similar cases")
    assert near.collection == "casebook-grey-1"
    assert "casebook models pull pubmedclip" in answer.text


@pytest.mark.process
def test_cases_that_are_not_encoded_yet_send_the_search_to_the_built_in_encoder(scans: Path) -> None:
    encode()
    more = [(save(scans / "more", "a.png", scan(99)), "tall", "CT", "p99")]
    with Assistant() as casebook:
        casebook.import_cases(write_csv(scans / "more", more))
    answer, near = ask(scans, "Find similar cases")
    assert near.collection == "casebook-grey-1"
    assert "lacks 1 of your cases; go on with: casebook library encode pubmedclip" in answer.text


@pytest.mark.process
def test_an_encoder_that_does_not_fit_is_told_and_the_built_in_one_used(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode()
    monkeypatch.setenv("CASEBOOK_MODEL_MEMORY_GB", "0.000001")
    answer, near = ask(scans, "Find similar cases")
    assert near.collection == "casebook-grey-1"
    assert "pubmedclip needs about" in answer.text


@pytest.mark.process
def test_without_enough_groups_nobody_says_whether_the_cases_are_near(scans: Path) -> None:
    encode()
    answer, near = ask(scans, "Find similar cases")
    assert near.near is None
    assert "Whether any of these is near cannot be said yet." in answer.text
    assert "Nothing in your library" not in answer.text


@pytest.mark.process
def test_a_classifier_on_learned_vectors_is_asked_through_its_encoder(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(scans, 40)
    encode()
    for name, collection in (("plain", "casebook-grey-1"), ("learned", "pubmedclip")):
        assert main(["library", "train", name, "--collection", collection]) == 0
    with Assistant() as casebook:
        chat = casebook.chat()
        picture = scans / "0.png"
        chat.ask("Treat it as CT", images=[picture])
        answer = chat.ask("Which of my labels fits img-1?")
    assert "The classifier “learned”, trained on the user's collection pubmedclip" in answer.text
    assert "stand-in with random weights" in answer.text
    assert "Also trained: plain; name one to ask it." in answer.text
    evidence = next(one for one in answer.evidence if one.tool == "classify_with_my_labels")
    assert evidence.revision.startswith("learned; pubmedclip, version local")
    monkeypatch.delenv("CASEBOOK_PUBMEDCLIP_PATH")
    with Assistant() as casebook:
        chat = casebook.chat(chat.id)
        assert "The classifier “plain”" in chat.ask("Which of my labels fits img-1?").text
        refused = chat.ask("Which of my labels fits img-1 according to learned?").text
    assert "The classifier learned cannot be asked" in refused
    assert "casebook models pull pubmedclip" in refused


@pytest.mark.process
def test_skin_cases_are_still_searched_by_the_built_in_encoder(tmp_path: Path) -> None:
    encode()
    with Assistant() as casebook:
        casebook.import_cases(moles(tmp_path / "skin", 4))
        infos = {info.name: info for info in casebook.library.collections()}
    assert set(infos) == {"casebook-skin-1", "casebook-grey-1", "pubmedclip"}
