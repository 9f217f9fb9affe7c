"""`Assistant` and `Chat` with the real planner, tools, decoder and stores, on drawn pictures."""

import re
import sqlite3
import threading

import numpy as np
import pytest
from langchain_core.messages import AIMessage
from PIL import Image as PillowImage

from assistant import Assistant
from assistant.answers.disclaimers import general
from assistant.answers.events import Finished, Started, Text
from assistant.planning.next_step import NextStep
from assistant.teaching.making import CaseMaker
from store.errors import CaseError
from store.pictures.image import Image
from store.pictures.seen import Seen
from tests.inputs.case_library import moles
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools.language.sayings import was_said


def ct(slices=4):
    """A drawn CT with known Hounsfield units: each slice half air, half water."""
    values = np.full((slices, 64, 64), -1000, np.int16)
    values[:, :, 32:] = 0
    frames = (
        np.where(values < -500, 0, 128).astype(np.uint8) + np.arange(slices, dtype=np.uint8)[:, None, None]
    )
    return Image(
        frames, "DICOM", values=values, unit="HU", modality="CT", body_part="abdomen", spacing_mm=(1, 1)
    )


@pytest.fixture
def casebook():
    with Assistant() as assistant:
        yield assistant


def test_an_answer_has_text_evidence_and_disclaimers(casebook):
    answer = casebook.chat().ask("What is this, and how much fat is in it?", [ct()])
    assert "CT" in answer.text and "fat 0 %" in answer.text
    assert answer.images[0].known_from == "file header"
    assert answer.evidence[0].tool == "inspect_image"
    assert general() in answer.disclaimers


def test_follow_ups_know_which_image_is_meant(casebook):
    chat = casebook.chat()
    chat.ask("what is this?", [ct()])
    assert "img-1" in chat.ask("which plane is it?").text
    chat.ask("and this one?", [ct(6)])
    assert "img-1" in chat.ask("and the first one?").text


def test_the_slice_in_view_is_remembered(casebook):
    chat = casebook.chat()
    chat.ask("what is this?", [ct()])
    assert "slice 2 of 4" in chat.ask("next slice").text
    assert "slice 3 of 4" in chat.ask("next slice").text
    assert chat.images()[0].index == 2


def test_a_window_is_for_the_ct_that_comes_with_the_order_or_is_named(casebook):
    chat = casebook.chat()
    assert "img-1, slice" in chat.ask("use a bone window", [ct()]).text
    assert "img-2, slice" in chat.ask("use a bone window", [ct(1)]).text
    assert "img-1, slice" in chat.ask("img-1 in a lung window").text
    assert "no image 'img-9'" in chat.ask("use a bone window on img-9").text


def test_a_question_is_about_the_slice_that_is_seen_and_an_impossible_one_changes_nothing(casebook):
    chat = casebook.chat()
    chat.ask("what is this?", [ct()])
    answer = chat.start("next slice", seen={"img-1": Seen(2)}).answer()
    assert "slice 4 of 4" in answer.text
    chat.start("which plane is it?", seen={"img-1": Seen(99), "img-7": Seen(1)}).answer()
    assert chat.images()[0].index == 3


def test_a_ct_is_shown_in_the_window_that_is_ordered_and_a_question_about_windows_orders_none(casebook):
    chat = casebook.chat()
    chat.ask("what is this?", [ct()])
    for asked, level in (("use a bone window", "480"), ("Could you show it in the lung window?", "-600")):
        answer = chat.ask(asked)
        assert f"slice 1 of 4, with level {level}" in answer.text
        assert answer.evidence[0].tool == "show_slice"
    seen, picture = answer.evidence[0].records
    assert (seen["level"], seen["width"]) == (-600, 1500)
    drawn = np.asarray(PillowImage.open(casebook.picture(picture["key"])).convert("L"))
    assert np.unique(drawn).tolist() == [60, 230]  # air and water
    both = chat.ask("slice 3 in the brain window")
    assert "slice 3 of 4, with level 40 and width 80" in both.text
    for asked in ("what is a bone window?", "do not use a bone window", "why a lung window?"):
        assert not [one for one in chat.ask(asked).evidence if one.tool == "show_slice"], asked


def test_an_overruled_kind_is_remembered(casebook):
    chat = casebook.chat()
    chat.ask("treat it as dermoscopy", [ct()])
    answer = chat.ask("what is this?")
    assert answer.images[0].known_from == "user"
    assert "you" in answer.text.lower()


def test_a_chat_survives_a_restart(casebook):
    chat = casebook.chat()
    chat.ask("what is this?", [ct()])
    casebook.close()
    with Assistant() as again:
        same = again.chat(chat.id)
        (turn,) = same.history()
        assert turn.question == "what is this?" and "CT" in turn.answer.text
        assert "img-1" in same.ask("how much water?").text or same.images()[0].id == "img-1"
        assert [row.id for row in again.chats()] == [chat.id]


def test_streaming_starts_with_the_safety_text_and_ends_with_the_answer(casebook):
    events = list(casebook.chat().stream("what is this?", [ct()]))
    assert isinstance(events[0], Started) and general() in events[0].disclaimers
    assert isinstance(events[-1], Finished)
    assert "".join(e.delta for e in events if isinstance(e, Text)).strip() == events[-1].answer.text


def test_a_database_locked_at_the_end_costs_no_answer(home, monkeypatch):
    monkeypatch.setattr("store.chats.database.BUSY_TIMEOUT_MS", 50)
    locked, after = threading.Event(), NextStep.after
    monkeypatch.setattr(NextStep, "after", lambda *now: locked.wait(10) and after(*now))
    with Assistant() as casebook:
        events = casebook.chat().stream("what can you do?")
        assert isinstance(next(events), Started)
        other = sqlite3.connect(home / "conversations.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        *_, last = events
        other.close()
    assert isinstance(last, Finished)
    assert last.answer.text
    assert any(was_said("turn.not_kept", notice) for notice in last.answer.notices)


def test_leaving_the_stream_early_stops_the_turn():
    model = ScriptedModel(replies=[call("look", image_id="img-1", question="q")])
    with Assistant(model=model, tools=[build_look()]) as casebook:
        chat = casebook.chat()
        for _ in chat.stream("what is this?", [ct()]):
            break
        *_, turn = _wait_for_end(chat)
    assert turn.state in ("stopped", "answered")


def test_closing_in_the_middle_of_a_reply_ends_it_first():
    model = ScriptedModel(replies=[call("look", image_id="img-1", question="q")])
    with Assistant(model=model, tools=[build_look()]) as casebook:
        chat = casebook.chat()
        running = chat.start("what is this?", [ct()])
    assert running.done
    with pytest.raises(CaseError, match="closed"):
        chat.ask("and now?")


def test_a_question_that_is_not_taken_leaves_no_image_behind(casebook, home, monkeypatch):
    chat = casebook.chat()
    casebook.delete(chat.id)
    with pytest.raises(CaseError, match="changed or deleted"):
        chat.ask("what is this?", [ct()])
    assert not list((home / "images").rglob("meta.json"))
    other = casebook.chat()
    other.ask("what is this?", [ct()])
    with pytest.raises(CaseError, match="changed or deleted"):
        chat.ask("what is this?", [ct()])  # the same picture, which another chat shows
    assert "slice" in other.ask("slice 2").text


def _wait_for_end(chat):
    import time

    until = time.monotonic() + 20
    while time.monotonic() < until:
        history = chat.history()
        if history[-1].state != "running":
            return history
        time.sleep(0.02)
    raise AssertionError("the turn never ended")


def test_images_are_kept_once_by_content(casebook, home):
    first, second = casebook.chat(), casebook.chat()
    first.ask("what is this?", [ct()])
    second.ask("what is this?", [ct()])
    assert {i.key for i in first.images()} == {i.key for i in second.images()}


def test_deleting_a_chat_keeps_what_another_still_shows(casebook):
    first, second = casebook.chat(), casebook.chat()
    first.ask("slice 2", [ct()])
    second.ask("slice 2", [ct()])
    casebook.delete(first.id)
    assert second.images()[0].image.frame_count == 4
    picture = next(r for r in second.history()[0].answer.evidence[0].records if r["kind"] == "picture")
    assert second.pictures.path(picture["key"]).is_file()
    key = second.images()[0].key
    casebook.delete(second.id)
    with pytest.raises(CaseError):
        casebook.services.images.get(key)
    with pytest.raises(CaseError):
        casebook.services.blobs.path(picture["key"])


def test_owners_never_see_each_others_chats(casebook):
    mine = casebook.chat()
    other = casebook.for_owner("somebody else")
    assert other.chats() == []
    for attempt in (
        lambda: other.chat(mine.id),
        lambda: other.rename(mine.id, "x"),
        lambda: other.delete(mine.id),
    ):
        with pytest.raises(CaseError, match="no chat"):
            attempt()
    assert casebook.chat(mine.id).id == mine.id


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 9000])
def test_a_question_that_cannot_be_used_changes_nothing(casebook, text):
    chat = casebook.chat()
    with pytest.raises(CaseError):
        chat.ask(text, [ct()])
    assert chat.history() == [] and chat.images() == []


NO_PICTURES = {
    "cut off": b"\x89PNG\r\n\x1a\n but no more",
    "text": b"Dear colleague, please find attached",
    "raw photo": b"FUJIFILMCCD-RAW 0201" + bytes(60),
    "nothing": b"",
}


@pytest.mark.process
@pytest.mark.parametrize("bad", NO_PICTURES.values(), ids=NO_PICTURES)
def test_one_bad_file_among_several_is_left_out_and_the_answer_says_which_and_why(casebook, tmp_path, bad):
    good = tmp_path / "good.png"
    PillowImage.new("RGB", (64, 64), (10, 20, 30)).save(good)
    chat = casebook.chat()
    answer = chat.ask("what is this?", [good, bad, ct()])
    assert [image.id for image in answer.images] == ["img-1", "img-2"]
    assert answer.state == "answered"
    (notice,) = (one for one in answer.notices if one.startswith("File "))
    assert re.match(r"File 2 \(\d+ KB\) of 3 was left out. This file is ", notice) or "PNG file" in notice
    assert f"Note: {notice}" in str(answer)
    assert notice in chat.history()[0].answer.notices


@pytest.mark.process
def test_where_no_file_can_be_used_every_one_is_named_and_nothing_is_kept(casebook):
    chat = casebook.chat()
    with pytest.raises(CaseError) as refused:
        chat.ask("what are these?", [b"no picture", b"none either"])
    assert "Files 1 (1 KB), 2 (1 KB) of 2 were left out." in str(refused.value)
    assert chat.history() == [] and chat.images() == []


def test_too_many_images_at_once_are_refused(casebook):
    with pytest.raises(CaseError, match="at most 20"):
        casebook.chat().ask("what are these?", [ct(1)] * 21)


def test_images_that_pass_the_limit_of_all_are_refused_and_what_is_kept_stays(home, monkeypatch):
    monkeypatch.setenv("CASEBOOK_KEPT_MB", "1")
    with Assistant() as casebook:
        chat = casebook.chat()
        chat.ask("what is this?", [ct(1)])
        before = sorted(path for path in home.rglob("*.png"))
        with pytest.raises(CaseError, match="1 MiB that this installation keeps"):
            chat.ask("and this?", [Image(np.zeros((1, 1024, 1025), np.uint8), file_type="PNG")])
        assert sorted(path for path in home.rglob("*.png")) == before
        assert len(chat.images()) == 1
        assert chat.ask("what is img-1?").state == "answered"


@pytest.mark.process
def test_cases_that_pass_the_limit_of_all_are_refused_in_library_chat_and_teaching_with_one_sentence(
    tmp_path, home, monkeypatch
):
    monkeypatch.setenv("CASEBOOK_KEPT_MB", "1")
    (home / "images").mkdir(parents=True)
    (home / "images" / "old.png").write_bytes(bytes(2**20))
    refusal = (
        "this installation keeps (CASEBOOK_KEPT_MB). Nothing is deleted by itself: delete chats, library"
    )
    with Assistant() as casebook:
        report = casebook.import_cases(moles(tmp_path, 3))
        assert (report.added, len(report.skipped)) == (0, 3)
        assert "all 3: All images and pictures in Casebook take 1 MiB" in str(report)
        assert refusal in str(report)
        assert casebook.library.count() == 0
        with pytest.raises(CaseError) as refused:
            CaseMaker(casebook.services, "me").from_files([tmp_path / "0.png"], diagnosis="naevus")
        assert refusal in str(refused.value)
        assert not casebook.services.teaching.cases.cases("me")
        assert not [path for path in home.rglob("*.png") if path.name != "old.png"]


@pytest.mark.process
def test_nothing_of_a_header_reaches_the_store(casebook, tmp_path, home):
    from tests.inputs.make_dicom import make_dicom, ramp

    path = make_dicom(tmp_path / "DOE_JANE.dcm", ramp(), PatientName="Doe^Jane", PatientID="ID-4711-QX")
    casebook.chat().ask("what is this? who is the patient?", [path])
    casebook.close()
    kept = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    for secret in (b"Doe", b"DOE_JANE", b"4711-QX"):
        # long enough to stand in no id or digest by chance
        assert secret not in kept


def test_what_a_turn_adds_to_the_database_does_not_grow(home):
    model = ScriptedModel(replies=[call("look", image_id="img-1", question="q"), AIMessage("Same answer.")])
    with Assistant(model=model, tools=[build_look()]) as casebook:
        chat = casebook.chat()
        chat.ask("How wide?", [ct(1)])
        for _ in range(20):
            chat.ask("How wide?")
    with sqlite3.connect(home / "conversations.db") as db:
        sizes = [n for (n,) in db.execute("select length(answer) from turns order by n")]
    assert max(sizes[2:]) - min(sizes[2:]) < 40
    assert max(len(seen) for seen in model.seen) <= 2 + 4 * 13


def test_the_model_sees_words_and_ids_but_no_pixels():
    model = ScriptedModel(replies=[AIMessage("hello")])
    with Assistant(model=model, tools=[build_look()]) as casebook:
        casebook.chat().ask("what is this?", [ct()])
    assert len(str(model.seen[0])) < 5000
    assert "img-1: CT, abdomen" in model.seen[0][-1].text


def test_a_model_of_ones_own_takes_the_planners_place():
    model = ScriptedModel(
        replies=[call("look", image_id="img-1", question="a cyst"), AIMessage("A cyst was seen on img-1.")]
    )
    with Assistant(model=model, tools=[build_look()]) as casebook:
        answer = casebook.chat().ask("How wide?", [ct()])
    assert answer.text == "A cyst was seen on img-1." and general() in str(answer)


def test_what_is_thought_of_an_answer_is_kept_with_its_turn() -> None:
    with Assistant() as assistant:
        chat, other = assistant.chat(), assistant.chat()
        turn = chat.ask("what can you do?").turn_id
        assert chat.history()[0].good is None
        chat.rate(turn, False)
        assert assistant.chat(chat.id).history()[0].good is False
        with pytest.raises(CaseError, match="no turn"):
            other.rate(turn, True)
        chat.rate(turn, None)
        assert chat.history()[0].good is None


def test_a_name_that_is_looked_for_is_looked_for_as_it_was_kept() -> None:
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("Mrs. Miller has a mole, what can you do?")
        assert [row.id for row in assistant.find_chats("mole")] == [chat.id]
        assert [row.id for row in assistant.find_chats("Mrs. Miller")] == [chat.id]
        assert assistant.for_owner("somebody else").find_chats("mole") == []
