"""The reading tools inside the real loop, with the planner and scripted readers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant.answers.answer import Answer
from assistant.answers.events import Event, ReaderText, Text, ToolFinished, Waiting
from assistant.memory.messages import past_messages, question_message
from assistant.planning.planner import Planner
from assistant.turn.agent import build_agent
from assistant.turn.run import run_turn
from store.chats.conversations import TurnRow
from store.errors import CaseError, SetupError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate
from tests.scripted.chat_model import ScriptedModel, call
from tests.scripted.readers import Answer as Said
from tests.scripted.readers import ScriptedReaders
from tools.catalogue import build_tools, cards
from tools.context import CaseContext, ChatImage, ImageTable
from tools.models.systems.cards import SYSTEMS
from tools.models.systems.reading import Request

PIXELS = np.random.default_rng(1).integers(0, 256, (64, 80, 3), dtype=np.uint8)


def images(*domains: str) -> ImageTable:
    """The chat's images, of these domains."""
    codes = {"radiology": "DX", "dermatology": "XC"}
    found = [
        ChatImage(
            id=f"img-{n}",
            key=f"{n}" * 64,
            gate=Gate(domain=domain, modality=codes.get(domain), known_from="user"),  # type: ignore[arg-type]
            load=lambda: Image(frames=PIXELS[None], file_type="PNG"),
            facts={"width": 80, "height": 64, "frames": 1},
        )
        for n, domain in enumerate(domains, start=1)
    ]
    return ImageTable(found)


class Talk:
    """A chat of several turns in memory."""

    def __init__(self, readers: ScriptedReaders, tmp_path: object, *domains: str, **more: object) -> None:
        self.readers, self.table, self.more = readers, images(*domains), more
        self.blobs = BlobStore(tmp_path)  # type: ignore[arg-type]
        self.past: list[TurnRow] = []
        self.events: list[Event] = []
        self.agent = build_agent(Planner(), build_tools(readers))

    def context(self, question: str, reader: str | None = None) -> CaseContext:
        return CaseContext(
            "chat", "turn", question, self.table, self.blobs, lambda: None, reader=reader, **self.more
        )  # type: ignore[arg-type,return-value]

    def stream(self, question: str, reader: str | None = None) -> Iterator[Event]:
        attached = () if self.past else tuple(image.id for image in self.table)
        self.now = self.context(question, reader)
        messages = [
            *past_messages(self.past),
            question_message(question, attached, self.table, reader, language=self.now.language),
        ]
        return run_turn(self.agent, self.now, lambda: messages, attached=attached, timeout_s=30)

    def ask(self, question: str, reader: str | None = None) -> Answer:
        self.events = list(self.stream(question, reader))
        answer: Answer = self.events[-1].answer  # type: ignore[union-attr]
        n = len(self.past) + 1
        self.past.append(TurnRow(f"t{n}", n, question, ("img-1",), "answered", answer.to_json(), 0.0))
        return answer

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(name, request.question) for name, request in self.readers.asked]


def both(first: Said = "Yes.", second: Said = "No.") -> ScriptedReaders:
    return ScriptedReaders({"radiographer": [first], "babydoctor": [second], "derm-captioner": ["A nevus."]})


def test_a_question_about_a_radiograph_goes_to_the_first_reader_with_picture_and_words(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "radiology")
    answer = talk.ask("Is there a fracture?")
    assert talk.asked == [("radiographer", "Is there a fracture?")]
    assert np.array_equal(talk.readers.asked[0][1].pixels, PIXELS)
    assert answer.text == "radiographer says of img-1: “Yes.”"
    assert answer.evidence[0].tool == "read_radiograph"
    assert answer.evidence[0].revision == "abc123"


def test_a_skin_image_goes_to_the_reader_of_skin(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "dermatology")
    assert "derm-captioner says of img-1: “A nevus.”" in talk.ask("Is it melanoma?").text


def test_an_answer_carries_the_disclaimers_of_the_reader_that_spoke(tmp_path) -> None:
    answer = Talk(both(), tmp_path, "radiology").ask("Is there a fracture?")
    assert SYSTEMS["radiographer"].disclaimers[0] in answer.disclaimers
    assert SYSTEMS["babydoctor"].disclaimers[0] not in answer.disclaimers
    assert cards()["read_radiograph"].disclaimers[0] in answer.disclaimers
    assert Answer.from_json(answer.to_json()) == answer


def test_a_stand_ins_answer_says_so(tmp_path) -> None:
    readers = ScriptedReaders({"radiographer": ["xq zz"]}, stand_in=True)
    assert "random weights" in Talk(readers, tmp_path, "radiology").ask("Is there a fracture?").text


def test_every_clause_is_put_to_the_reader(tmp_path) -> None:
    talk = Talk(ScriptedReaders({"radiographer": ["No.", "Yes, a tube."]}), tmp_path, "radiology")
    answer = talk.ask("Is there a fracture? Is there a tube in the stomach?")
    assert sorted(talk.asked) == [
        ("radiographer", "Is there a fracture?"),
        ("radiographer", "Is there a tube in the stomach?"),
    ]
    assert "“No.”" in answer.text
    assert "“Yes, a tube.”" in answer.text


def test_a_second_opinion_asks_both_the_last_question_and_says_that_they_differ(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "radiology")
    talk.ask("Is there a fracture?")
    answer = talk.ask("Can I get a second opinion?")
    assert talk.asked[1:] == [
        ("radiographer", "Is there a fracture?"),
        ("babydoctor", "Is there a fracture?"),
    ]
    assert "The readers differ: radiographer “yes” and babydoctor “no”." in answer.text


def test_both_readers_can_be_asked_at_once(tmp_path) -> None:
    talk = Talk(both("Yes.", "Yes."), tmp_path, "radiology")
    answer = talk.ask("Ask both readers whether there is a pneumothorax")
    assert talk.asked == [(n, "Say whether there is a pneumothorax") for n in ("radiographer", "babydoctor")]
    assert "Both come to the same" in answer.text


def test_a_second_opinion_where_there_is_one_reader_says_how_to_get_another(tmp_path) -> None:
    talk = Talk(ScriptedReaders({"radiographer": ["Yes."]}), tmp_path, "radiology")
    answer = talk.ask("Is there a fracture? Ask both readers.")
    assert "radiographer is the only reader" in answer.text
    assert "casebook models pull babydoctor" in answer.text


def test_how_sure_the_reader_is_asks_it_again(tmp_path) -> None:
    readers = ScriptedReaders({"radiographer": ["Yes.", "Yes.", "Yes.", "yes", "No.", "Yes.", "Yes."]})
    talk = Talk(readers, tmp_path, "radiology")
    talk.ask("Is there a fracture?")
    answer = talk.ask("How sure is the reader?")
    assert talk.asked[1:] == [("radiographer", "Is there a fracture?")] * 6
    assert "4 of 5 further answers" in answer.text


def test_a_setting_draws_further_answers_for_every_question(tmp_path) -> None:
    readers = ScriptedReaders({"radiographer": ["Yes.", "No.", "No."]}, samples=2, agreement=0.5)
    answer = Talk(readers, tmp_path, "radiology").ask("Is there a fracture?")
    assert "gives no answer" in answer.text
    assert "0 of 2" in answer.text


def test_a_forced_reader_answers_alone_whatever_the_question(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "radiology")
    answer = talk.ask("What is this?", reader="babydoctor")
    assert talk.asked == [("babydoctor", "What is this?")]
    assert answer.text == "babydoctor says of img-1: “No.”"


def test_a_forced_reader_of_another_kind_says_what_it_reads(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "dermatology")
    answer = talk.ask("What is this?", reader="babydoctor")
    assert talk.asked == []
    assert "babydoctor reads radiology images, and img-1 is a skin image" in answer.text


@pytest.mark.parametrize("domain", ["other", "unknown"])
def test_a_picture_of_no_known_kind_is_not_read(tmp_path, domain) -> None:
    talk = Talk(both(), tmp_path, domain)
    talk.ask("Is there a fracture?")
    assert talk.asked == []
    model = ScriptedModel(replies=[call("read_radiograph", image_id="img-1", question="any?")])
    talk.agent = build_agent(model, build_tools(talk.readers))
    answer = talk.ask("Is there a fracture?")
    assert talk.asked == []
    assert "treat img-1 as a radiograph" in answer.refused[0].reason


def test_a_reader_that_is_named_reads_a_picture_of_no_known_kind_and_says_so(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "unknown")
    answer = talk.ask("Is there a fracture?", reader="babydoctor")
    assert talk.asked == [("babydoctor", "Is there a fracture?")]
    assert "babydoctor says of img-1: “No.”" in answer.text
    assert "Nothing tells what kind of picture img-1 is." in answer.text
    assert "babydoctor was asked because you named it" in answer.text


LEANS = Gate(domain="unknown", known_from="pixels", score=0.0, leans="radiology")


def leaning(tmp_path: object, readers: ScriptedReaders, **more: object) -> Talk:
    """A chat about a picture whose kind nobody can tell, and which comes nearest to radiology."""
    talk = Talk(readers, tmp_path, "unknown", **more)
    talk.table = ImageTable([replace(image, gate=LEANS) for image in talk.table])
    return talk


def test_a_picture_that_leans_to_radiology_is_read_after_a_warning(tmp_path) -> None:
    talk = leaning(tmp_path, both())
    answer = talk.ask("Is there a fracture?")
    assert talk.asked == [("radiographer", "Is there a fracture?")]
    warning, reading = answer.text.split("\n\n")
    assert warning.startswith("Caution: it cannot be told what kind of picture img-1 is.")
    assert "Asked all the same: radiographer." in warning
    assert "unless img-1 is a radiology image, what follows means nothing" in warning
    assert reading == "radiographer says of img-1: “Yes.”"
    streamed = "".join(one.delta for one in talk.events if isinstance(one, ReaderText))
    assert streamed == f"{warning}\n\nYes. "


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Ist da eine Fraktur zu sehen?", "Vorsicht: Es lässt sich nicht sagen, was für ein Bild img-1 ist."),
        ("¿Hay una fractura?", "Atención: no se puede saber qué tipo de imagen es img-1."),
    ],
)
def test_the_warning_is_in_the_language_of_the_answer(tmp_path, question, begins) -> None:
    language = "de" if begins.startswith("V") else "es"
    answer = leaning(tmp_path, both("Yes.\n\nIt is displaced."), language=language).ask(question)
    assert answer.text.startswith(begins)
    assert answer.text.endswith("radiographer says of img-1: “Yes.\n\nIt is displaced.”")


def test_a_picture_that_leans_to_radiology_is_not_read_for_its_skin_or_where_only_its_kind_is_asked(
    tmp_path,
) -> None:
    talk = leaning(tmp_path, both())
    talk.ask("What is this?")
    talk.ask("Is this mole a melanoma?")
    talk.ask("Ask the derm-captioner what it is")
    assert talk.asked == []


def test_a_language_model_that_leaves_the_warning_out_is_not_heard(tmp_path) -> None:
    talk = leaning(tmp_path, both("No."))
    talk.agent = build_agent(
        ScriptedModel(replies=[AIMessage("No: the radiographer sees no fracture on img-1.")]),
        build_tools(talk.readers),
    )
    answer = talk.ask("Is there a fracture?")
    assert answer.text.startswith("Caution")
    assert answer.by_planner


def test_a_picture_that_is_neither_is_read_by_no_reader_however_it_is_named(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "other")
    answer = talk.ask("Is there a fracture?", reader="babydoctor")
    assert talk.asked == []
    assert "babydoctor was not asked: it reads radiology images" in answer.text


def test_without_readers_no_reading_tool_is_offered(tmp_path) -> None:
    readers = ScriptedReaders({})
    assert not [tool for tool in build_tools(readers) if tool.name.startswith("read_")]
    answer = Talk(readers, tmp_path, "radiology").ask("Is there a fracture?")
    assert "`casebook models list`" in answer.text


def test_pieces_of_text_and_waiting_are_events_before_the_answer(tmp_path) -> None:
    talk = Talk(both("No fracture is seen."), tmp_path, "radiology")
    talk.ask("Is there a fracture?")
    kinds = [type(event) for event in talk.events]
    pieces = [event for event in talk.events if isinstance(event, ReaderText)]
    assert [piece.first for piece in pieces] == [True, False, False, False, False]
    assert "".join(piece.delta for piece in pieces).strip() == "No fracture is seen."
    assert {(piece.reader, piece.image_id) for piece in pieces} == {("radiographer", "img-1")}
    assert Waiting("Loading radiographer") in talk.events
    assert kinds.index(ReaderText) < kinds.index(ToolFinished) < kinds.index(Text)


def test_stop_keeps_what_the_reader_had_said(tmp_path) -> None:
    class Waits(ScriptedReaders):
        def read(self, name: str, request: Request, **more: object):
            assert request.on_text is not None
            request.on_text("There is a fracture of")
            assert request.cancelled.wait(10)
            return super().read(name, replace(request, on_text=None), **more)  # type: ignore[arg-type]

    talk = Talk(Waits({"radiographer": ["There is a fracture of"]}), tmp_path, "radiology")
    for event in talk.stream("Is there a fracture?"):
        last = event
        if isinstance(event, ReaderText) and event.delta:
            talk.now.cancelled.set()
    answer = last.answer  # type: ignore[union-attr]
    assert answer.state == "stopped"
    assert "“There is a fracture of”" in answer.text
    assert "stopped before its answer was complete" in answer.text
    assert SYSTEMS["radiographer"].disclaimers[0] in answer.disclaimers


def test_a_question_the_reader_cannot_be_asked_is_a_refusal_the_planner_passes_on(tmp_path) -> None:
    talk = Talk(both(CaseError("radiographer understands questions in English only.")), tmp_path, "radiology")
    answer = talk.ask("Is there a fracture?")
    assert answer.state == "answered"
    assert answer.text == "radiographer understands questions in English only."


def test_a_reader_that_was_removed_while_the_chat_was_open_is_said_to_be_gone(tmp_path) -> None:
    talk = Talk(both(), tmp_path, "radiology")
    talk.readers.answers.clear()
    answer = talk.ask("Is there a fracture?")
    assert "No reader of radiology images is set up any more" in answer.text
    assert not talk.asked


def test_a_reader_that_cannot_run_ends_the_turn_with_the_reason(tmp_path) -> None:
    answer = Talk(both(SetupError("It needs 24 GB.")), tmp_path, "radiology").ask("Is there a fracture?")
    assert answer.state == "failed"
    assert answer.notices == ("It needs 24 GB.",)


def test_the_readers_time_ends_before_the_turns(tmp_path) -> None:
    class Timed(ScriptedReaders):
        def read(self, name: str, request: Request, *, until: float = 0, **more: object):
            self.until = until
            return super().read(name, request, until=until, **more)  # type: ignore[arg-type]

    readers = Timed({"radiographer": ["Yes."]})
    deadline = time.monotonic() + 20
    Talk(readers, tmp_path, "radiology", deadline=deadline).ask("Is there a fracture?")
    assert deadline - 5 < readers.until < deadline
    assert readers.asked[0][1].timeout_s == 120


def test_a_comparison_ends_with_what_the_reader_says_of_each(tmp_path) -> None:
    talk = Talk(ScriptedReaders({"radiographer": ["A hand.", "A foot."]}), tmp_path, "radiology", "radiology")
    text = talk.ask("compare them").text
    assert text.count("radiographer says of img-") == 2
    assert "none is set up" not in text


def test_the_reading_of_one_turn_runs_beside_that_of_another(tmp_path) -> None:
    readers = both()
    talks = [Talk(readers, tmp_path, "radiology") for _ in range(3)]
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda t=talk: answers.append(t.ask("Is there a fracture?")))
        for talk in talks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.text for answer in answers] == ["radiographer says of img-1: “Yes.”"] * 3
