"""`find_similar_cases`: what it says, what it records, and when it refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage

from store.cases.library import CollectionInfo, Library
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image, Pixels
from store.records import Fact, Gate, Match, Neighbours, parse_record
from tests.inputs.case_library import DARK, RED, library, mole, moles, read, save, scan, unknown, write_csv
from tools.context import CaseContext, ChatImage, ImageTable
from tools.find_similar_cases import CARD, CaseFinder, _chosen, build_find_similar_cases
from tools.for_langchain import for_langchain

SKIN = Gate(domain="dermatology", modality="DMS", known_from="pixels", score=0.9)
SCAN = Gate(domain="radiology", modality="CT", known_from="file header")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 24 moles of 12 groups and 3 scans."""
    root, folder = tmp_path_factory.mktemp("library"), tmp_path_factory.mktemp("sets")
    library(root).import_csv(moles(folder / "skin", 24), read, unknown)
    rows = [(save(folder / "grey", f"{i}.png", scan(i)), "leg", "CT", "", f"CC{i}") for i in range(3)]
    write_csv(folder / "grey", rows, "image,label,modality,group,licence")
    library(root).import_csv(folder / "grey", read, unknown)
    return root


def find(
    root: Path, pixels: Pixels, gate: Gate = SKIN, question: str = "find similar cases"
) -> tuple[str, list[Any]]:
    content, records, _ = CaseFinder(library(root)).find(pixels, gate, "img-1", question)
    return content, records


def test_labels_of_neighbours_are_counted_and_called_look_alikes(root: Path) -> None:
    content, records = find(root, mole(1_000, RED))
    assert content.startswith("6 of 6 neighbours of img-1 in the case library carry the label “angioma”.")
    assert content.endswith("These are look-alikes, not diagnoses.")
    assert "probab" not in content
    assert "confiden" not in content
    assert [type(record) for record in records] == [Neighbours] + [Match] * 6


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("show me three similar", 3),
        ("find 8 look-alikes", 8),
        ("muéstrame dos casos parecidos", 2),
        ("cases like the 3 mm mole on img-1", 6),
        ("find 90 similar cases", 20),
    ],
)
def test_as_many_as_are_wished_are_shown(root: Path, question: str, shown: int) -> None:
    content, records = find(root, mole(1_000, RED), question=question)
    assert len([one for one in records if isinstance(one, Match)]) == shown
    assert f" of {shown} neighbours of img-1" in content


def test_mixed_labels_are_all_counted(tmp_path: Path) -> None:
    names = [save(tmp_path / "s", f"{i}.png", mole(i, RED)) for i in range(4)]
    rows = [(name, "wart" if i == 2 else "angioma", "DMS", "") for i, name in enumerate(names)]
    library(tmp_path / "l").import_csv(write_csv(tmp_path / "s", rows), read, unknown)
    content, records = find(tmp_path / "l", mole(9, RED))
    said = "3 of 4 neighbours of img-1 in the case library carry the label “angioma”, 1 “wart”."
    assert content.startswith(said)
    assert records[0].counts == {"angioma": 3, "wart": 1}


def test_records_name_the_image_the_picture_the_source_and_the_licence(root: Path) -> None:
    _, records = find(root, scan(9), SCAN)
    assert {record.image_id for record in records} == {"img-1"}
    matches = [record for record in records if isinstance(record, Match)]
    assert {match.licence for match in matches} == {"CC0", "CC1", "CC2"}
    assert all(BlobStore(root / "pictures").path(match.key).is_file() for match in matches)
    assert [parse_record(json.loads(record.model_dump_json())) for record in records] == records


def test_a_small_collection_says_that_it_cannot_be_measured(root: Path) -> None:
    content, records = find(root, scan(9), SCAN)
    assert "too small or too uniform" in content
    assert records[0].precision is None
    assert "3 of 3 neighbours" in content


def test_nothing_near_is_said_first(root: Path) -> None:
    content, records = find(root, scan(9)[::-1] // 3, SCAN)
    far, far_records = find(root, mole(5, (230, 240, 60), radius=1.0, ragged=0.6, skin=(20, 40, 90)))
    assert not far_records[0].near
    assert far.startswith("Nothing in the case library is near img-1")
    assert "neighbours of img-1" not in far
    assert records[0].near == (not content.startswith("Nothing"))


def test_the_image_itself_in_the_library_is_said_and_not_counted(root: Path) -> None:
    content, records = find(root, mole(4, RED, radius=0.38))
    assert "This very picture is in the library, labelled “angioma”" in content
    assert isinstance(records[-1], Fact)
    assert "not counted" in records[-1].value
    assert records[1].similarity < 0.999


def test_a_saved_again_copy_is_called_practically_the_same(root: Path) -> None:
    copy = np.clip(mole(4, RED, radius=0.38).astype(int) + 1, 0, 255).astype(np.uint8)
    content, _ = find(root, copy)
    assert "practically the same picture" in content


@pytest.mark.parametrize(
    ("domain", "says"), [("other", "img-1 is neither a radiology"), ("unknown", "was not recognised as")]
)
def test_a_picture_of_neither_kind_is_refused_with_the_way_to_overrule(
    root: Path, domain: Any, says: str
) -> None:
    gate = Gate(domain=domain, known_from="pixels")
    with pytest.raises(ToolUseError, match=says) as refused:
        find(root, mole(), gate)
    assert "treat img-1 as" in str(refused.value)


def test_an_overruled_gate_is_followed(root: Path) -> None:
    gate = Gate(domain="dermatology", modality="DMS", known_from="user", overruled="other")
    assert "neighbours" in find(root, mole(), gate)[0]


def test_an_empty_library_says_how_to_import(tmp_path: Path) -> None:
    with pytest.raises(ToolUseError, match="casebook library import") as refused:
        find(tmp_path, mole())
    assert "no skin cases yet" in str(refused.value)


def test_a_library_of_the_other_kind_is_empty_for_this_image(tmp_path: Path) -> None:
    library(tmp_path / "l").import_csv(moles(tmp_path / "s", 2), read, unknown)
    with pytest.raises(ToolUseError, match="no radiology cases yet"):
        find(tmp_path / "l", scan(), SCAN)


def test_the_only_case_there_is_cannot_be_compared_with_itself(tmp_path: Path) -> None:
    library(tmp_path / "l").import_csv(moles(tmp_path / "s", 1), read, unknown)
    with pytest.raises(ToolUseError, match="no other case"):
        find(tmp_path / "l", mole(0, RED, radius=0.3))


def test_only_in_the_question_chooses_among_the_cases(root: Path) -> None:
    content, records = find(root, mole(1_000, DARK), question="Show similar cases, but only angiomas please")
    assert records[0].counts == {"angioma": 6}
    assert "in the case library (only angioma)" in content
    licensed, _ = find(root, scan(9), SCAN, "similar cases with licence cc1")
    assert "1 of 1 neighbour of img-1 in the case library (only CC1) carries the label “leg”." in licensed


INFO = CollectionInfo(
    name="c",
    encoder="c, version 1",
    domain="dermatology",
    size=9,
    labels={"nevus": 3, "carcinoma": 3, "basal cell carcinoma": 3},
    licences={"CC BY 4.0": 5, "CC0": 3, "": 1},
    precision=None,
    chance=None,
    near=0.3,
)


@pytest.mark.parametrize(
    ("question", "label", "modality", "licence"),
    [
        ("find similar cases", (), (), ()),
        ("is it like a nevus?", (), (), ()),
        ("only NEVUS", ("nevus",), (), ()),
        ("only basal cell carcinoma", ("basal cell carcinoma",), (), ()),
        ("only dermoscopy", (), ("DMS",), ()),
        ("only show us nevi", ("nevus",), (), ()),
        ("only US", (), ("US",), ()),
        ("licensed under CC BY 4.0", (), (), ("CC BY 4.0",)),
        ("only nevus with licence CC0", ("nevus",), (), ("CC0",)),
    ],
)
def test_a_choice_is_read_from_words_of_the_library_alone(
    question: str, label: Sequence[str], modality: Sequence[str], licence: Sequence[str]
) -> None:
    where, said = _chosen(question, INFO)
    assert ((where.label, where.modality, where.licence) if where else ((), (), ())) == (
        label,
        modality,
        licence,
    )
    assert bool(said) == bool(where)


class Scripted(GenericFakeChatModel):
    """A model that says what it was given to say, and takes tools."""

    def bind_tools(self, *_args: Any, **_kwargs: Any) -> Scripted:
        return self


def run_tool(root: Path, gate: Gate, pixels: Pixels) -> ToolMessage:
    blobs = BlobStore(root / "overlays")
    image = ChatImage("img-1", "k", gate, lambda: Image(pixels[None], "PNG"))
    context = CaseContext(
        "chat", "turn", "find similar cases", ImageTable([image]), blobs, lambda: library(root)
    )
    call = {"name": "find_similar_cases", "args": {"image_id": "img-1", "question": "similar?"}, "id": "1"}
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("done")]))
    agent = create_agent(model, [for_langchain(build_find_similar_cases())], context_schema=CaseContext)
    state = agent.invoke({"messages": [("user", "similar?")]}, context=context)
    return next(message for message in state["messages"] if isinstance(message, ToolMessage))


def test_in_an_agent_the_tool_gives_a_sentence_and_records(root: Path) -> None:
    message = run_tool(root, SKIN, mole(1_000, RED))
    assert "6 of 6 neighbours" in str(message.content)
    assert message.artifact["model"] == CARD.name
    assert message.artifact["revision"] == "casebook-skin-1, version 1"
    records = [parse_record(record) for record in message.artifact["records"]]
    assert isinstance(records[0], Neighbours)
    assert len(records) == 7


def test_the_model_is_told_when_to_use_the_tool_in_few_words() -> None:
    tool = for_langchain(build_find_similar_cases())
    assert len(tool.description.split()) < 60
    assert set(tool.tool_call_schema.model_json_schema()["properties"]) == {"image_id", "question"}  # type: ignore[union-attr]


def test_the_card_says_that_look_alikes_are_no_diagnoses() -> None:
    assert "not diagnoses" in CARD.disclaimers[0]
    assert "probab" not in json.dumps(CARD.limits + CARD.disclaimers)
    assert replace(CARD, name="x").name == "x"


def test_the_library_is_not_opened_for_a_refused_image(tmp_path: Path) -> None:
    finder = CaseFinder(Library(tmp_path / "none", BlobStore(tmp_path)))
    with pytest.raises(ToolUseError):
        finder.find(mole(), Gate(domain="other", known_from="pixels"), "img-1")
    assert not (tmp_path / "none").exists()
