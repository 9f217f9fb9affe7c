"""A classifier on the labels of the library, trained, told, asked and removed from the page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.pages import desk
from tests.inputs.case_library import RED, mole, moles, save
from tests.inputs.few_shot_heads import Clouds, head
from tools.few_shot.head import HeadShelf

ME = hashlib.sha256(b"me").hexdigest()

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    desk._HELD.clear()
    monkeypatch.setattr(desk, "owner", lambda: (ME, True))
    monkeypatch.setenv("CASEBOOK_CHANGE_CASES", "true")
    yield
    desk._HELD.clear()


def _library() -> None:
    from assistant.chat import Assistant
    from assistant.pages import library
    from assistant.pages.desk import open_desk

    library.show(open_desk(Assistant), lambda: None, lambda _case: None)


def opened() -> AppTest:
    return AppTest.from_function(_library, default_timeout=120).run()


def kept(folder: Path, count: int) -> None:
    """So many moles in the library, half of them naevi."""
    with Assistant() as assistant:
        assistant.import_cases(moles(folder / "set", count))


def train(app: AppTest, name: str, *labels: str) -> AppTest:
    next(one for one in app.text_input if one.label == "Name of the classifier").set_value(name)
    next(one for one in app.multiselect if one.label == "Only these labels").set_value(list(labels))
    return press(app, "Train")


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    """What the page shows, without the marks that keep it from being Markdown."""
    kinds = ("markdown", "caption", "info", "success", "warning", "error")
    shown = "\n".join(str(one.value) for kind in kinds for one in app.get(kind))
    return shown.replace("\\", "").replace("\u2060", "")


def test_a_classifier_is_trained_told_with_its_interval_and_card_asked_in_a_chat_and_removed(
    home: Path, tmp_path: Path
) -> None:
    kept(tmp_path, 40)
    app = train(opened(), "spots")
    (done,) = app.success
    assert "“spots” is trained" in done.value
    told = texts(app)
    assert re.search(r"balanced accuracy was \d+ % \(95 % interval \d+ to \d+ %; guessing gives 50 %\)", told)
    assert re.search(r"\*\*spots\*\* · trained \d{4}-\d\d-\d\d .* on casebook-skin-1 · angioma, nevus", told)
    assert "| nevus | 20 | 20 | 100 % |" in told
    assert "Measured on fewer than 75 groups, so roughly: angioma, nevus." in told
    assert {picture.alt for one in app.image for picture in one.proto.imgs} >= {
        "Confusion table of the classifier spots",
        "Calibration curve of the classifier spots",
    }

    photo = tmp_path / save(tmp_path, "new.png", mole(1_000, RED))
    with Assistant() as assistant:
        answer = assistant.chat().ask("treat img-1 as dermoscopy. Which of my labels fits?", [photo])
    assert "nearest to “angioma”" in answer.text

    press(app, "Remove it for good")
    assert "“spots” is removed" in app.success[0].value
    assert "No classifier has been trained yet." in texts(app)
    assert not (home / "library" / "heads" / "spots").exists()


def test_what_cannot_be_trained_is_said_in_the_sentences_of_the_command_and_nothing_typed_is_lost(
    home: Path, tmp_path: Path
) -> None:
    kept(tmp_path, 12)
    app = train(opened(), "spots")
    assert "Too few groups (patients or lesions) to train and to measure: “angioma” has 6" in texts(app)
    assert next(one for one in app.text_input if one.label == "Name of the classifier").value == "spots"
    assert "takes cases with at least two" in texts(train(app, "spots", "nevus"))
    assert "cannot be the name of a classifier" in texts(train(app, "My spots"))
    assert "No classifier has been trained yet." in texts(app)


def test_visitors_train_and_remove_only_where_the_operator_lets_them_but_see_what_there_is(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HeadShelf(home / "library" / "heads").keep(head("clouds", Clouds(apart=0.0)), {})
    monkeypatch.delenv("CASEBOOK_CHANGE_CASES")
    kept(tmp_path, 12)
    app = opened()
    assert not app.exception
    assert "CASEBOOK_CHANGE_CASES=true" in texts(app)
    assert "**clouds**" in texts(app)
    assert "nothing follows from its answers" in texts(app)
    labels = {one.label for one in (*app.text_input, *app.button)}
    assert not labels & {"Name of the classifier", "Train", "Remove it for good"}


def test_a_damaged_classifier_is_a_sentence_and_can_be_removed(home: Path) -> None:
    shelf = HeadShelf(home / "library" / "heads")
    (shelf.keep(head("clouds"), {}) / "head.npz").write_bytes(b"x")
    app = opened()
    assert "The files of the classifier 'clouds' are damaged." in texts(app)
    press(app, "Remove it for good")
    assert not shelf.names()


def test_an_empty_library_offers_no_training(home: Path) -> None:
    app = opened()
    assert not any("classifier" in one.label for one in app.expander)
