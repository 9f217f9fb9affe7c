"""The pages without a browser: what they show of an answer, of an error and of nothing at all."""

from __future__ import annotations

import ast
import hashlib
import io
import logging
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused
from assistant.answers.disclaimers import general
from assistant.answers.events import Failed, Finished, Started, Text, ToolFinished, ToolRefused, ToolStarted
from assistant.chat import Assistant
from assistant.examples import examples
from assistant.pages import bug, case_cards, desk, main, works
from assistant.pages.answer_view import PARTS, AnswerView, Shown
from assistant.pages.current import CurrentTurns
from assistant.settings import Settings
from store.cases.case import Case
from store.pictures.image import Image
from store.records import (
    Fact,
    Finding,
    Gate,
    Holdings,
    LibraryCase,
    Match,
    Measurement,
    Neighbours,
    Picture,
    Quality,
    Quiz,
    View,
)
from tests.inputs.case_library import mole
from tools.language.sayings import say

pytestmark = pytest.mark.usefixtures("packages_searched_once")

SCRIPT = str(Path(main.__file__))
SKIN = ImageRef("img-1", "dermatology", "XC", "skin", "pixels", 0.9)


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Nothing is left in the process of what an earlier test opened."""
    desk._HELD.clear()
    yield
    desk._HELD.clear()


def texts(app: AppTest) -> str:
    """Everything the page shows, as one text."""
    kinds = ("title", "header", "markdown", "caption", "error", "info", "warning", "html", "text")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def open_page(**query: str) -> AppTest:
    app = AppTest.from_file(SCRIPT, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def ask(app: AppTest, question: str) -> AppTest:
    """Type a question and wait for its answer."""
    return app.chat_input[0].set_value(question).run()


# The opening


def test_the_opening_says_what_casebook_is_and_is_not_and_offers_drawings() -> None:
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "Casebook"
    assert general() in texts(app)
    tries = [button for button in app.button if button.label == "Try it"]
    assert len(tries) == len(examples())


def test_a_browser_that_refuses_cookies_is_told_so() -> None:
    assert "refuses cookies" in texts(open_page())


def test_a_setting_that_is_not_acceptable_is_a_sentence_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FRAMS", "3")
    app = open_page()
    assert not app.exception
    assert "MAX" in app.error[0].value
    assert app.title[0].value == "Casebook cannot start"


def test_a_chat_of_somebody_else_is_a_sentence(home: Path) -> None:
    with Assistant(owner="somebody else") as other:
        secret = other.chat()
        secret.ask("thanks for zebras")
    app = open_page(chat=secret.id)
    assert not app.exception
    assert "not one of this browser's" in app.error[0].value
    assert app.title[0].value == "Casebook"
    assert "zebras" not in texts(app)
    ask(app, "what can you do?")
    assert app.query_params["chat"] != [secret.id]
    assert not app.error
    assert "zebras" not in texts(app)


# Asking


def test_a_question_is_answered_under_its_disclaimer_and_the_chat_is_listed() -> None:
    app = ask(open_page(), "what can you do?")
    assert not app.exception
    assert [message.name for message in app.chat_message] == ["user", "assistant"]
    assert general() in texts(app)
    assert app.query_params["chat"]
    assert "Your chats" in texts(app)


@pytest.mark.process
def test_a_question_that_is_refused_goes_back_into_the_box_and_leaves_no_chat() -> None:
    app = open_page()
    app.session_state["wish"] = main.chat.Wish("what is it?", (b"no picture at all",))
    app.run()
    assert not app.exception
    assert "Your question is back in the box" in app.error[0].value
    assert "Your chats" not in texts(app)


def test_a_question_that_is_too_long_is_refused_in_words() -> None:
    app = ask(open_page(), "why? " * 2000)
    assert "has 9999 characters; at most 8000 are accepted" in app.error[0].value
    assert "Your chats" not in texts(app)


def test_the_opening_says_how_large_a_file_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FILE_MB", "100")
    assert "Up to 100 MiB per file." in open_page().file_uploader[0].label


def large_png(mib: int) -> bytes:
    """A sound PNG with so much behind its end."""
    file = io.BytesIO()
    PillowImage.new("RGB", (64, 64), (90, 60, 50)).save(file, "PNG")
    return file.getvalue() + bytes(mib * 2**20)


def test_a_dropped_file_over_the_limit_is_told_beside_the_box_and_the_question_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FILE_MB", "2")
    app = open_page()
    app.file_uploader[0].set_value(
        [("a.png", large_png(0), "image/png"), ("b.png", large_png(3), "image/png")]
    )
    ask(app.run(), "which of them is larger?")
    assert not app.exception
    said = app.error[0].value.replace("\\", "")
    assert "File 2 of 2 takes 3 MB. Up to 2 MB are read." in said
    assert "or ask without it. Your question is back in the box." in said
    assert "Your chats" not in texts(app)


@pytest.mark.process
def test_a_dropped_file_just_within_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FILE_MB", "2")
    app = open_page()
    app.file_uploader[0].set_value([("a.png", large_png(1), "image/png")])
    ask(app.run(), "what is this?")
    assert not app.exception
    assert not app.error
    assert app.query_params["chat"]


def test_an_interrupted_question_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ask(open_page(), "what can you do?")
    desk = app.session_state["owner_token"]
    with Assistant(owner=hashlib.sha256(desk.encode()).hexdigest()) as mine:
        chat_id = mine.chats()[0].id
        mine.services.conversations.begin_turn(chat_id, "and then?", [])
    app.run()
    assert "interrupted before it was answered" in app.info[0].value
    assert [button.label for button in app.button if button.label == "Ask again"]


# Disclaimers


def notes(app: AppTest) -> list[str]:
    """The safety texts on the page, block by block."""
    return [str(one.value) for one in app.get("html") if 'role="note"' in str(one.value)]


def test_disclaimers_are_whole_under_the_first_answer_and_folded_to_a_line_under_later_ones() -> None:
    app = ask(open_page(), "what can you do?")
    app = ask(app, "what is asymmetry?")
    app = ask(app, "thanks")
    first, second, third = notes(app)
    assert "<details>" not in first and f"<p>{general()}</p>" in first
    for later in (second, third):
        visible, _, folded = later.partition("</summary>")
        assert visible.endswith(say("disclaimers.short")) and general() not in visible
        assert f"<p>{general()}</p></details>" in folded


def test_a_disclaimer_that_no_answer_above_has_shown_stays_open() -> None:
    app = AppTest.from_function(_told_and_new).run()
    (note,) = notes(app)
    assert note.index("told before") < note.index("</details>") < note.index("new here")


def _told_and_new() -> None:
    from assistant.pages.answer_view import draw_disclaimers

    draw_disclaimers(("It was told before.", "It is new here."), {"It was told before."})


# An answer, live and from history


def turn_events() -> tuple[list[object], Answer]:
    evidence = Evidence("measure_lesion", "img-1", "lesion meter", "1", 0.8, "The halves differ.")
    refused = Refused("find_similar_cases", "img-1", "The library is empty.")
    answer = Answer("c", "t", "Two words.", (SKIN,), (evidence,), (refused,), ("It ended early.",), "failed")
    events = [
        Started("t", ("img-1",), (general(),)),
        ToolStarted("measure_lesion", "img-1"),
        ToolFinished(evidence),
        ToolStarted("find_similar_cases", "img-1"),
        ToolRefused(refused),
        Text("Two "),
        Text("words."),
        Failed("It ended early."),
        Finished(answer),
    ]
    return events, answer


def test_events_add_up_to_what_the_history_shows() -> None:
    events, answer = turn_events()
    shown = Shown()
    for event in events[:-1]:
        shown.take(event)
    live = (shown.text, shown.evidence, shown.refused, shown.notices)
    assert set(shown.take(events[-1])) == set(PARTS)
    assert shown == Shown.of(answer)
    assert live == (shown.text, shown.evidence, shown.refused, shown.notices)


def test_disclaimers_are_there_from_the_first_event_to_the_last() -> None:
    events, _ = turn_events()
    shown = Shown()
    for event in events:
        shown.take(event)
        assert general() in shown.disclaimers


def test_a_running_tool_is_named_in_words() -> None:
    events, _ = turn_events()
    shown = Shown()
    shown.take(events[0])
    shown.take(events[1])
    assert shown.status == r"Measuring the lesion on img\-1"


def test_a_finished_answer_shows_no_more_activity() -> None:
    events, _ = turn_events()
    shown = Shown()
    for event in events:
        shown.take(event)
    assert shown.status == ""


def test_a_chat_whose_pictures_lie_where_nobody_answers_says_so_in_their_places(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / "far"
    monkeypatch.setenv("CASEBOOK_PICTURES_URL", f"file://{far}")
    monkeypatch.setenv("CASEBOOK_BURNED_IN", "off")
    app = open_page()
    who = hashlib.sha256(app.session_state["owner_token"].encode()).hexdigest()
    with Assistant(owner=who) as mine:
        chat = mine.chat()
        chat.ask("Treat img-1 as dermoscopy and measure it", [Image(mole(1)[None], "PNG")])
    shutil.rmtree(home / "cache")
    shutil.rmtree(far)
    far.write_text("no folder")
    app.query_params["chat"] = chat.id
    app.run()
    assert not app.exception
    assert "cannot be reached, or broke off" in texts(app)  # where the outline was
    assert "dermoscopy" in texts(app)


def test_every_kind_of_record_is_shown_in_the_evidence(home: Path) -> None:
    app = open_page()
    who = hashlib.sha256(app.session_state["owner_token"].encode()).hexdigest()
    with Assistant(owner=who) as mine:
        chat = mine.chat()
        key = mine.services.blobs.put(np.zeros((8, 8, 3), np.uint8))
        evidence = Evidence("measure_lesion", "img-1", "meter", "rev-7", 0.8, "Said.", tuple(records(key)))
        refused = Refused("find_similar_cases", "img-1", "Nothing to compare with.")
        turn = mine.services.conversations.begin_turn(chat.id, "measure", [])
        answer = Answer(chat.id, turn.id, "Text.", (SKIN,), (evidence,), (refused,), ("Noted.",))
        mine.services.conversations.finish_turn(chat.id, turn, "answered", answer.to_json())
    app.query_params["chat"] = chat.id
    app.run()
    assert not app.exception
    shown = texts(app).replace("\\", "")
    for word in ("rev-7", "asymmetry", "12 %", "Stolz 1994", "blurred", "0.71", "slice thickness"):
        assert word in shown, word
    assert "2 of 2" in shown
    assert "seborrhoeic keratosis" in shown
    assert "similarity 0.62" in shown
    assert "some atlas · CC0" in shown
    assert "From the case library" in shown
    assert "pyogenic granuloma" in shown
    assert "a drawer · CC BY" in shown
    assert "39 %" in shown
    assert "no longer kept" in shown
    assert "`find_similar_cases` did not run on img-1. Nothing to compare with." in shown
    assert "Noted." in shown
    for disclaimer in answer.disclaimers:
        assert disclaimer in shown


def records(key: str) -> list[dict[str, object]]:
    """One record of every kind."""
    of = {"image_id": "img-1"}
    label, gone = "seborrhoeic keratosis", "0" * 64
    near = {"near": True, "collection": "c", "encoder": "e", "size": 9}
    found = [
        Gate(**of, domain="dermatology", modality="XC", known_from="pixels", score=0.71),
        Fact(**of, name="slice thickness", value="2 mm"),
        Quality(**of, name="sharpness", value=3.0, problem="The picture is blurred.", source="ours"),
        Measurement(**of, name="asymmetry", value=12, unit="%", text="t", source="Stolz 1994"),
        Finding(**of, label="round", text="It is round.", score=0.5, model="m"),
        Picture(**of, key=key, caption="The outline", alt="outline"),
        Neighbours(**of, **near, counts={label: 2}, precision=0.39, chance=0.14),
        Match(**of, case_id="a", label=label, similarity=0.62, key=key, source="some atlas", licence="CC0"),
        Match(**of, case_id="b", label=label, similarity=0.5, key=gone),
        View(**of, index=1, frame_count=3),
        Holdings(size=2, among=9, labels={label: 2}, collections={"c": 2}),
        LibraryCase(case_id="c", label="pyogenic granuloma", key=key, source="a drawer", licence="CC BY"),
        Quiz(collection="c", seed=1, cases=("c",), options=(label,)),
    ]
    return [record.model_dump(mode="json") for record in found]


# The rest of the page


def test_a_bug_becomes_a_sentence_with_a_reference_and_a_traceback_in_the_log(
    logged: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(bug.st, "error", lambda text, **_: said.append(text))
    with pytest.raises(KeyError) as raised:
        {}["Jane Doe"]
    assert bug.show_bug(raised.value) is True
    assert "Jane" not in said[0]
    reference = said[0].split("under reference ")[1][:8]
    told = logging.Formatter().format(logged[-1])
    assert reference in told
    assert "Traceback" in told


@pytest.mark.process
def test_what_works_here_shows_visitors_nothing_of_the_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(works.st, "markdown", shown.append)
    desk_of_visitor = mock.Mock()
    with Assistant() as assistant:
        desk_of_visitor.assistant = assistant
        works.show(desk_of_visitor)
        home.chmod(0o755)
        works.show(desk_of_visitor)
    home.chmod(0o700)
    everything = "\n".join(shown).replace("\\", "")
    assert "Decoder process" in everything
    for private in (str(home), home.name + " can be", "CASEBOOK_HOME", "GiB are free", "chmod"):
        assert private not in everything
    assert everything.count("**Folder**") == 1  # only once something was wrong with it
    assert "casebook doctor" in everything


def test_an_error_about_a_file_of_the_machine_does_not_say_where_it_lies(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_LLM_PATH", str(home / "models" / "chat.gguf"))
    app = ask(open_page(), "what can you do?")
    told = app.error[0].value.replace("\\", "")
    assert "chat.gguf" in told
    assert "is not there" in told
    assert str(home) not in texts(app).replace("\\", "")


def test_visitors_change_cases_only_where_the_operator_lets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []
    monkeypatch.setattr(case_cards.st, "menu_button", lambda label, *_, **__: offered.append(label))
    monkeypatch.setattr(case_cards, "draw_case", mock.Mock())
    case = Case("1", "nevus", "", modality="XC")
    for setting, count in ((False, 0), (True, 1)):
        desk_of_visitor = mock.Mock()
        desk_of_visitor.assistant.services.settings = Settings(change_cases=setting)
        case_cards._draw_card(desk_of_visitor, case)
        assert len(offered) == count


def test_the_pages_know_nothing_of_the_graph() -> None:
    for path in Path(main.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in ("langchain", "langgraph", "langchain_core"), path.name
                assert name not in (
                    "assistant.turn.agent",
                    "assistant.turn.run",
                    "assistant.planning.planner",
                ), path.name


@pytest.mark.process
def test_opening_the_page_imports_nothing_heavy() -> None:
    heavy = "('torch', 'chromadb', 'skimage', 'scipy', 'langchain', 'langgraph', 'pydicom', 'nibabel')"
    code = f"import sys, assistant.pages.main; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_server_listens_on_this_machine_only_and_reports_to_nobody() -> None:
    config = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["browser"][
        "serverAddress"
    ]  # without one, Streamlit asks a server elsewhere for its address
    assert config["client"]["showErrorDetails"] == "none"
    assert config["runner"]["postScriptGC"] is False  # it cost four times what a turn does
    assert config["server"]["maxUploadSize"] == 4 * Settings.model_fields["max_file_mb"].default
    assert not {"enableCORS", "enableXsrfProtection", "corsAllowedOrigins"} & set(config["server"])


def test_an_answer_that_came_while_the_page_was_drawn_leaves_no_stop_button(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = ask(open_page(), "What is a CT?")
    get, draw, drawn = CurrentTurns.get, AnswerView.draw, []

    def running_until_drawn(turns: CurrentTurns, chat_id: str) -> object:
        return get(turns, chat_id) if drawn else mock.Mock()

    def note_and_draw(view: AnswerView, shown: Shown) -> None:
        drawn.append(view)
        draw(view, shown)

    monkeypatch.setattr(CurrentTurns, "get", running_until_drawn)
    monkeypatch.setattr(AnswerView, "draw", note_and_draw)
    app.run()
    assert drawn
    assert not [button for button in app.button if button.label == "Stop"]
    assert not app.chat_input[0].disabled


# Danger, slices, what stays


def test_an_alarm_stands_out_before_all_else_and_nothing_is_offered_under_it() -> None:
    app = ask(open_page(), "my father has crushing chest pain and cannot breathe")
    assert not app.exception
    (alarm,) = app.chat_message[1].error
    assert "emergency" in alarm.value
    assert not offered(app)
    assert offered(ask(open_page(), "hello"))


def offered(app: AppTest) -> list[str]:
    """The questions that the page offers next."""
    return [button.label for button in app.button if (button.key or "").startswith("offer-")]


@pytest.mark.process
def test_the_page_says_beside_the_slider_which_slice_questions_are_about() -> None:
    app = open_page()
    volume = next(one for one in examples() if one.name == "volume").draw()
    app.session_state["wish"] = main.chat.Wish("what is this?", (volume,))
    app.run()
    first = app.slider[0].value
    assert f"Questions are about slice {first}." in texts(app)
    ask(app, "show slice 4")
    assert app.slider[0].value == first, "the picture of an old turn has changed"
    assert f"You look at slice {first}; questions are about slice 4." in texts(app)
    app.slider[0].set_value(4).run()
    assert "Questions are about slice 4." in texts(app)


def test_a_refusal_stays_until_it_is_closed() -> None:
    app = ask(open_page(), "why? " * 2000)
    assert app.error
    app.run()
    assert app.error, "the reason is gone before it was read"
    next(button for button in app.button if button.label == "Close").click().run()
    assert not app.error
