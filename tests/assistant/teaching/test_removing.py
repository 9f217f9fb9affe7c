"""What is deleted of teaching is found nowhere in the Casebook folder any more, and nothing else is lost."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.chat import Assistant
from assistant.mending import find_faults
from assistant.retention import tidy
from assistant.teaching.answer import answered
from assistant.teaching.export import export_session
from assistant.teaching.learner import Learner, join
from assistant.teaching.removing import take_back, took_part
from assistant.teaching.teacher import Teacher
from assistant.teaching.tutor import Tutor
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from store.teaching.rows import SessionRow
from tools.privacy.searching import Needle, find_in_folder

IN_PIXELS = "Pixelsecret"


def shows(text: str) -> Image:
    """A picture whose bytes say a text, over and over."""
    grey = np.resize(np.frombuffer(text.encode(), np.uint8), (64, 66))
    return Image(np.repeat(grey[None, :, :, None], 3, axis=3), "PNG", values=grey[None].astype(np.uint8))


def kept(teacher: Teacher, diagnosis: str, image: Image) -> CaseVersion:
    return teacher.make.keep(checked(diagnosis=diagnosis, images=[{"key": "0" * 64}]), [image])


def found(home: Path, text: str) -> bool:
    return any(find_in_folder(home, Needle(text)))


def wrote(casebook: Assistant, session: SessionRow, owner: str, word: str) -> Learner:
    """A learner who was helped, drafted and committed, each with a word of their own, and saw the reveal."""
    learner = join(casebook.services, owner, session.join_code, f"Nick{word}")
    learner.here()
    learner.draft(answered(f"Draft{word}", []))
    tutor = Tutor(casebook.services)
    tutor.ask(learner, f"Is an Asked{word} to be seen?", "en")
    tutor.close()
    learner.commit(answered(f"Wrote{word}", [(f"Guess{word}", 60)]))
    learner.change_later(answered(f"Later{word}", []))
    return learner


WORDS = ("Nick", "Draft", "Asked", "Wrote", "Guess", "Later")


@pytest.fixture
def secret_case(teacher: Teacher) -> CaseVersion:
    return kept(teacher, "Zorbulosis", shows(IN_PIXELS))


@pytest.fixture
def session(teacher: Teacher, secret_case: CaseVersion) -> SessionRow:
    return teacher.new_session("Tuesday", [secret_case])


def test_nothing_that_a_deleted_learner_wrote_is_found_and_no_row_of_an_export_is_theirs(
    casebook: Assistant, teacher: Teacher, session: SessionRow, home: Path, tmp_path: Path
) -> None:
    wrote(casebook, session, "bob", "aaaax")
    wrote(casebook, session, "eve", "eeeex")
    assert all(found(home, f"{word}aaaax") for word in WORDS)
    teacher.overrule(session.id, "L01", 1, 1, "Noteaaaax")
    teacher.remove.learner(session.id, " l01")
    assert [word for word in (*WORDS, "Note") if found(home, f"{word}aaaax")] == []
    assert [word for word in WORDS if not found(home, f"{word}eeeex")] == []
    export_session(casebook.services, teacher, session.id, tmp_path / "out")
    told = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert [row["learner"] for row in csv.DictReader(told["answers.csv"].splitlines())] == ["L02"]
    assert {json.loads(line)["learner"] for line in told["steps.jsonl"].splitlines()} == {"L02"}
    held = json.loads(told["session.json"])
    assert (held["learners"], held["withdrawn"]) == (["L02"], 1)


def test_a_learner_takes_back_what_they_did_also_after_leaving_and_closing(
    casebook: Assistant, teacher: Teacher, session: SessionRow, home: Path
) -> None:
    learner = wrote(casebook, session, "bob", "aaaax")
    learner.leave()
    teacher.close(session.id)
    ((row, who),) = took_part(casebook.services, "bob")
    assert row.id == session.id
    take_back(casebook.services, who)
    assert [word for word in WORDS if found(home, f"{word}aaaax")] == []
    assert took_part(casebook.services, "bob") == []
    assert (teacher.withdrawn(session.id), teacher.learners(session.id)) == (1, [])


def test_a_session_and_its_case_leave_no_word_and_no_pixel(
    casebook: Assistant, teacher: Teacher, session: SessionRow, secret_case: CaseVersion, home: Path
) -> None:
    wrote(casebook, session, "bob", "aaaax")
    assert found(home, IN_PIXELS)
    with pytest.raises(CaseError, match="Sessions hold this case: “Tuesday”"):
        teacher.remove.case(secret_case.id)
    with pytest.raises(CaseError, match="Close it first"):
        teacher.remove.session(session.id)
    teacher.close(session.id)
    teacher.remove.session(session.id)
    assert [word for word in ("aaaax", "Tuesday") if found(home, word)] == []
    assert found(home, "Zorbulosis")
    assert found(home, IN_PIXELS)
    teacher.remove.case(secret_case.id)
    assert not found(home, "Zorbulosis")
    assert not found(home, IN_PIXELS)
    assert casebook.services.conversations.chats(None) == []
    assert find_faults(casebook.services) == []


def test_pictures_that_another_case_shows_stay_with_it(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion
) -> None:
    other = kept(Teacher(casebook.services, "colleague"), "naevus", shows(IN_PIXELS))
    assert other.case.images[0].key == secret_case.case.images[0].key
    teacher.remove.case(secret_case.id)
    assert casebook.services.teaching.images.get(other.case.images[0].key).size == (66, 64)


def test_pictures_of_an_old_version_go_too(casebook: Assistant, teacher: Teacher) -> None:
    images = casebook.services.teaching.images
    one, two = (kept(teacher, name, shows(name * 5)) for name in ("naevus", "melanoma"))
    changed = teacher.make.change(one.id, images=[two.case.images[0].model_dump()])
    teacher.remove.case(two.id)
    assert {changed.case.images[0].key} <= images.keys()
    teacher.remove.case(one.id)
    assert images.keys() == set()


def test_a_picture_that_goes_while_another_case_is_made_of_it_is_kept_again(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = casebook.services.teaching.images
    put = images.put

    def put_and_then_the_other_goes(image: Image) -> str:
        key = put(image)
        monkeypatch.undo()
        teacher.remove.case(secret_case.id)
        return key

    monkeypatch.setattr(images, "put", put_and_then_the_other_goes)
    made = kept(teacher, "naevus", shows(IN_PIXELS))
    assert images.get(made.case.images[0].key).size == (66, 64)


def test_another_teacher_deletes_nothing(
    casebook: Assistant, teacher: Teacher, session: SessionRow, secret_case: CaseVersion
) -> None:
    wrote(casebook, session, "bob", "aaaax")
    eve = Teacher(casebook.services, "eve")
    with pytest.raises(CaseError, match="no session"):
        eve.remove.learner(session.id, "L01")
    teacher.close(session.id)
    with pytest.raises(CaseError, match="no session"):
        eve.remove.session(session.id)
    with pytest.raises(CaseError, match="no session"):
        eve.withdrawn(session.id)
    unheld = kept(teacher, "naevus", shows("other"))
    with pytest.raises(CaseError, match="no teaching case"):
        eve.remove.case(unheld.id)
    assert len(teacher.cases()) == 2
    assert len(teacher.marked(session.id)) == 1


def test_nobody_is_deleted_for_a_pseudonym_that_nobody_has(
    casebook: Assistant, teacher: Teacher, session: SessionRow
) -> None:
    with pytest.raises(CaseError, match="no learner 'L01' in this session; in it are: nobody"):
        teacher.remove.learner(session.id, "L01")
    join(casebook.services, "bob", session.join_code, "Bob")
    with pytest.raises(CaseError, match="in it are: L01"):
        teacher.remove.learner(session.id, "Bob")
    assert len(teacher.learners(session.id)) == 1


@pytest.mark.parametrize(
    "go_on",
    [
        lambda one: one.here(),
        lambda one: one.draft(answered("More.", [])),
        lambda one: one.commit(answered("More.", [("naevus", 60)])),
        lambda one: one.hint(),
        lambda one: one.note_question("What is this?"),
    ],
)
def test_in_a_page_that_is_still_open_a_deleted_learner_is_told_so(
    casebook: Assistant, teacher: Teacher, session: SessionRow, go_on: Callable[[Learner], object]
) -> None:
    learner = join(casebook.services, "bob", session.join_code, "Bob")
    learner.here()
    teacher.remove.learner(session.id, "L01")
    with pytest.raises(CaseError, match="was deleted"):
        go_on(learner)


def test_in_a_page_that_is_still_open_a_deleted_session_is_told(
    casebook: Assistant, teacher: Teacher, session: SessionRow
) -> None:
    learner = wrote(casebook, session, "bob", "aaaax")
    teacher.close(session.id)
    teacher.remove.session(session.id)
    for go_on in (learner.here, lambda: learner.image(0), learner.go_on, lambda: learner.image_count):
        with pytest.raises(CaseError):
            go_on()


def test_who_took_back_may_join_again_as_somebody_new(
    casebook: Assistant, teacher: Teacher, session: SessionRow
) -> None:
    wrote(casebook, session, "bob", "aaaax").take_back()
    again = join(casebook.services, "bob", session.join_code, "Bob")
    assert again.who.pseudonym == "L02"
    assert not again.done
    assert teacher.withdrawn(session.id) == 1


@pytest.mark.parametrize("way", ["tidied", "mended"])
def test_what_a_killed_process_left_goes_once_it_is_an_hour_old(
    casebook: Assistant, teacher: Teacher, session: SessionRow, home: Path, way: str
) -> None:
    services = casebook.services
    learner = wrote(casebook, session, "bob", "aaaax")
    other = wrote(casebook, session, "eve", "eeeex")
    services.teaching.forgetting.learner(learner.who)  # killed before the chat with the tutor went
    fresh, old = (services.teaching.images.put(shows(text)) for text in ("fresh", "old"))
    past = time.time() - 7200
    for key in (old, *(image.key for image in teacher.cases()[0].case.images)):
        os.utime(home / "teaching" / "images" / key[:2] / key, (past, past))
    told = [fault.says for fault in find_faults(services)]
    assert told == [
        "1 images belong to no teaching case.",
        "1 chats were of learners whose part in a session was deleted.",
    ]
    if way == "tidied":
        tidy(services)
    else:
        for fault in find_faults(services):
            assert fault.mend is not None
            fault.mend()
    assert find_faults(services) == []
    assert not found(home, "Askedaaaax")
    assert found(home, "Askedeeeex")
    assert other.who.id in {one.id for one in teacher.learners(session.id)}
    there = {image.key for image in teacher.cases()[0].case.images}
    assert services.teaching.images.keys() == {fresh, *there}
