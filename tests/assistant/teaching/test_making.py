"""Teaching cases made of library cases, of chats and of files."""

from pathlib import Path

import numpy as np
import pytest

from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.options import SessionOptions
from tests.inputs.case_library import mole, save
from tests.inputs.teaching_library import write_teaching_cases


def filled(casebook: Assistant, tmp_path: Path) -> None:
    for table in write_teaching_cases(tmp_path / "sets"):
        casebook.import_cases(table)


@pytest.mark.process
def test_a_library_case_becomes_a_teaching_case_with_its_picture(
    casebook: Assistant, teacher: Teacher, tmp_path: Path
) -> None:
    filled(casebook, tmp_path)
    for one in casebook.library.cases():
        made = teacher.make.from_library(one).case
        assert made.diagnosis == one.label
        assert made.kind == ("normal" if one.label == "normal" else "disease")
        assert made.certainty == "unknown"
        assert (made.discussion, made.licence) == (one.caption, one.licence)
        kept = casebook.services.teaching.images.get(made.images[0].key)
        assert kept.size == (96, 96)
        assert kept.modality == (one.modality or None)


@pytest.mark.process
def test_a_session_by_lot_from_the_library_says_where_there_are_too_few(
    casebook: Assistant, teacher: Teacher, tmp_path: Path
) -> None:
    filled(casebook, tmp_path)
    made = teacher.from_library("Tuesday", 5, SessionOptions(seed=4, share=0.2))
    kinds = [one.kind for one in teacher.held(made.id)]
    assert kinds.count("normal") == 1
    assert made.options.share == 0.2
    with pytest.raises(CaseError, match="take 4 of the kind “normal or mimic”; there are 2"):
        teacher.from_library("Tuesday", 10, SessionOptions())


def test_a_chats_images_become_a_case_and_outlive_the_chat(casebook: Assistant) -> None:
    mine = Teacher(casebook.services, casebook.owner)
    chat = casebook.chat()
    chat.ask("what is this?", [Image(mole(7)[None], "PNG"), Image(mole(8)[None], "PNG")])
    made = mine.make.from_chat(chat.id, ["img-2"], diagnosis="naevus").case
    casebook.delete(chat.id)
    kept = casebook.services.teaching.images.get(made.images[0].key)
    assert np.array_equal(kept.frames, mole(8)[None])
    with pytest.raises(CaseError, match="no chat"):
        mine.make.from_chat(chat.id, diagnosis="naevus")


@pytest.mark.parametrize(
    ("diagnosis", "said", "kind"),
    [
        ("No fracture, nothing abnormal", {}, "normal"),
        ("Keine Fraktur, nichts Auffälliges", {"language": "de"}, "normal"),
        ("Sin fractura, nada anormal", {"language": "es"}, "normal"),
        ("No fracture, but an effusion", {}, "disease"),
        ("No fracture", {"kind": "mimic"}, "mimic"),
    ],
)
def test_what_a_case_counts_as_its_diagnosis_says_where_nobody_does(
    casebook: Assistant, diagnosis: str, said: dict[str, str], kind: str
) -> None:
    mine = Teacher(casebook.services, casebook.owner)
    chat = casebook.chat()
    chat.ask("what is this?", [Image(mole(7)[None], "PNG")])
    assert mine.make.from_chat(chat.id, diagnosis=diagnosis, **said).case.kind == kind


def test_a_chat_of_somebody_else_gives_nothing(casebook: Assistant, teacher: Teacher) -> None:
    chat = casebook.chat()
    chat.ask("what is this?", [Image(mole(7)[None], "PNG")])
    with pytest.raises(CaseError, match="no chat"):
        teacher.make.from_chat(chat.id, diagnosis="naevus")
    own = Teacher(casebook.services, casebook.owner)
    with pytest.raises(CaseError, match="no image 'img-9'"):
        own.make.from_chat(chat.id, ["img-9"], diagnosis="naevus")


@pytest.mark.process
def test_files_become_a_case_without_names_of_files_or_persons(
    casebook: Assistant, teacher: Teacher, tmp_path: Path
) -> None:
    path = tmp_path / save(tmp_path, "melanoma_of_erika.png", mole(9))
    made = teacher.make.from_files(
        [path], diagnosis="naevus", history="Patient name: Erika Mustermann.", author="Dr. Anna Schmidt"
    ).case
    assert "melanoma" not in made.to_json()
    assert "Mustermann" not in made.history
    assert made.author == "Dr. Anna Schmidt"


@pytest.mark.process
def test_a_field_that_cannot_be_used_keeps_nothing(
    casebook: Assistant, teacher: Teacher, tmp_path: Path
) -> None:
    path = tmp_path / save(tmp_path, "a.png", mole(9))
    with pytest.raises(CaseError, match="difficulty"):
        teacher.make.from_files([path], diagnosis="naevus", difficulty="rather")
    assert teacher.cases() == []
    assert casebook.services.teaching.images.older(-1.0) == []


def test_a_change_is_a_new_version_and_sessions_keep_the_old_one(teacher: Teacher) -> None:
    made = teacher.make.keep(
        checked(diagnosis="naevus", images=[{"key": "0" * 64}]), [Image(mole(1)[None], "PNG")]
    )
    session = teacher.new_session("Tuesday", [made])
    changed = teacher.make.change(made.id, diagnosis="melanoma", certainty="certain", proven_by="histology")
    assert (changed.version, changed.case.diagnosis) == (2, "melanoma")
    assert teacher.held(session.id)[0].diagnosis == "naevus"
