"""`classify_with_my_labels`: what it says, what it records, and when it refuses or abstains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, ToolMessage

from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image, Pixels
from store.records import Fact, Finding, Gate, Picture, parse_record
from tests.inputs.case_library import RED, library, mole, moles, read, scan, unknown
from tests.inputs.few_shot_heads import Clouds, head
from tests.tools.test_find_similar_cases import SCAN, SKIN, Scripted
from tools.classify_image import (
    CARD,
    LabelChooser,
    also_trained,
    build_classify_with_my_labels,
    findings,
    sentences,
)
from tools.context import CaseContext, ChatImage, ImageTable
from tools.few_shot.head import HeadShelf
from tools.few_shot.training import train
from tools.for_langchain import for_langchain


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> HeadShelf:
    """A head on 40 drawn moles of 20 groups, dark and red."""
    root, folder = tmp_path_factory.mktemp("library"), tmp_path_factory.mktemp("set")
    cases = library(root)
    cases.import_csv(moles(folder, 40), read, unknown)
    shelf = HeadShelf(root / "heads")
    train(cases, shelf, "spots", "casebook-skin-1")
    return shelf


def ask(shelf: HeadShelf, pixels: Pixels, gate: Gate = SKIN, question: str = "") -> tuple[str, list[Any]]:
    chooser = LabelChooser(shelf)
    chosen, _ = chooser.choose(gate, "img-1", question)
    answer, _ = chooser.ask(chosen, pixels)
    return sentences(chosen, answer, "img-1"), findings(chosen, answer, "img-1")


def test_a_red_mole_gets_the_label_of_red_moles_with_its_score_and_the_figures(shelf: HeadShelf) -> None:
    said, records = ask(shelf, mole(1_000, RED))
    assert "puts img-1 nearest to “angioma” (score 0." in said
    assert "balanced accuracy was" in said
    assert "guessing gives 50 %" in said
    assert "not a diagnosis" in said
    assert "Scores are uncalibrated" in said
    assert "probab" not in said
    assert [record.label for record in records] == ["angioma", "nevus"]
    assert records[0].score > records[1].score
    assert records[0].model == "few-shot classifier spots"


def test_a_picture_unlike_all_training_cases_gets_no_label(shelf: HeadShelf) -> None:
    gate = Gate(domain="dermatology", known_from="user", overruled="radiology")
    said, records = ask(shelf, scan(), gate)
    assert "abstains on img-1" in said
    assert "angioma" not in said
    assert [type(record) for record in records] == [Fact]


def test_a_training_case_is_called_memory(shelf: HeadShelf) -> None:
    assert "answer is memory" in ask(shelf, mole(4, RED, radius=0.38))[0]
    assert "answer is memory" not in ask(shelf, mole(1_000, RED))[0]


def test_an_image_of_another_domain_is_refused_with_the_way_to_overrule(shelf: HeadShelf) -> None:
    with pytest.raises(
        ToolUseError, match=r"\(spots\) take dermatology images, and this one is radiology"
    ) as refused:
        ask(shelf, scan(), SCAN)
    assert "treat img-1 as" in str(refused.value)


def test_another_version_of_the_encoder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    shelf.keep(replace(head("old"), collection="casebook-skin-1", encoder="casebook-skin-1, version 0"), {})
    with pytest.raises(ToolUseError, match="version 0; it is now casebook-skin-1, version 1") as refused:
        ask(shelf, mole())
    assert "casebook library train old" in str(refused.value)


def test_an_encoder_that_casebook_does_not_have_is_told(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    shelf.keep(head("learned"), {})
    with pytest.raises(ToolUseError, match="learned cannot be asked: clouds was made by clouds, version 1"):
        ask(shelf, mole())


def test_without_a_head_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolUseError, match="casebook library train NAME"):
        ask(HeadShelf(tmp_path), mole())


def test_a_head_no_better_than_guessing_is_not_asked(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    shelf.keep(head("coin", Clouds(apart=0.0)), {})
    with pytest.raises(ToolUseError, match="coin was not shown to do better than guessing"):
        LabelChooser(shelf).choose(SKIN, "img-1")
    shelf.keep(head("good"), {})
    shelf.keep(head("coin", Clouds(apart=0.0)), {})
    chosen, others = LabelChooser(shelf).choose(SKIN, "img-1")
    assert (chosen.name, others) == ("good", [])


def test_a_question_may_name_the_head(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    for name in ("first", "first-again"):
        shelf.keep(head(name), {})
    chooser = LabelChooser(shelf)
    chosen, others = chooser.choose(SKIN, "img-1", "classify it")
    assert (chosen.name, others) == ("first-again", ["first"])
    assert also_trained(others) == "Also trained: first; name one to ask it."
    chosen, others = chooser.choose(SKIN, "img-1", "classify it with first")
    assert (chosen.name, others) == ("first", [])


def test_a_head_whose_encoder_is_not_here_is_passed_over_and_named(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    shelf.keep(replace(head("here"), collection="casebook-skin-1", encoder="casebook-skin-1, version 1"), {})
    shelf.keep(head("elsewhere"), {})
    chooser = LabelChooser(shelf)
    chosen, others = chooser.choose(SKIN, "img-1", "which of my labels fits?")
    assert (chosen.name, others) == ("here", ["elsewhere"])
    assert chooser.choose(SKIN, "img-1", "ask elsewhere")[0].name == "elsewhere"


def test_a_damaged_head_is_told_to_the_model(shelf: HeadShelf, tmp_path: Path) -> None:
    mine = HeadShelf(tmp_path)
    (mine.keep(head(), {}) / "head.npz").unlink()
    with pytest.raises(ToolUseError, match="damaged"):
        LabelChooser(mine).choose(SKIN, "img-1")


def test_a_calibrated_score_is_told_in_words_with_its_n() -> None:
    made = head()
    shown = replace(made, figures=replace(made.figures, calibrated=True))
    found = findings(shown, shown.answer(made.vectors[0]), "img-1")
    assert isinstance(found[0], Finding)
    assert found[0].score is None
    assert "calibrated on this collection, n=48" in found[0].text
    assert "uncalibrated" not in sentences(shown, shown.answer(made.vectors[0]), "img-1")


def test_in_an_agent_the_tool_gives_findings_and_both_pictures(shelf: HeadShelf, tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "pictures")
    pixels = mole(1_000, RED)
    image = ChatImage("img-1", "k", SKIN, lambda: Image(pixels[None], "PNG"))
    context = CaseContext("chat", "turn", "?", ImageTable([image]), blobs, lambda: library(tmp_path))
    call = {"name": "classify_with_my_labels", "args": {"image_id": "img-1", "question": "?"}, "id": "1"}
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("done")]))
    agent = create_agent(
        model, [for_langchain(build_classify_with_my_labels(shelf))], context_schema=CaseContext
    )
    state = agent.invoke({"messages": [("user", "?")]}, context=context)
    message = next(message for message in state["messages"] if isinstance(message, ToolMessage))
    records = [parse_record(record) for record in message.artifact["records"]]
    assert [type(record) for record in records] == [Finding, Finding, Picture, Picture]
    assert all(blobs.path(record.key).is_file() for record in records if isinstance(record, Picture))
    assert message.artifact["revision"] == "spots; casebook-skin-1, version 1"


def test_the_model_is_told_when_to_use_the_tool_in_few_words(tmp_path: Path) -> None:
    tool = for_langchain(build_classify_with_my_labels(HeadShelf(tmp_path)))
    assert len(tool.description.split()) < 60
    assert set(tool.tool_call_schema.model_json_schema()["properties"]) == {"image_id", "question"}  # type: ignore[union-attr]
    assert "not a diagnosis" in CARD.disclaimers[0]
