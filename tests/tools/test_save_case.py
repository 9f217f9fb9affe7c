"""`save_case`: only on the user's order, only where the chat may write, and never over what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage

from store.cases.library import Library
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate
from tests.inputs.case_library import library, mole, moles, read, scan, unknown
from tools.context import CaseContext, ChatImage, ImageTable
from tools.for_langchain import for_langchain
from tools.save_case import build_save_case, save

SKIN = Gate(domain="dermatology", modality="DMS", known_from="pixels", score=0.9)
SCAN = Gate(domain="radiology", modality="CT", body_part="head", known_from="file header")


def chat_image(pixels: Any, gate: Gate = SKIN, key: str = "a" * 64) -> ChatImage:
    return ChatImage("img-1", key, gate, lambda: Image(np.asarray(pixels)[None], "PNG"))


def test_the_picture_becomes_a_case_with_what_is_stated_of_it(tmp_path: Path) -> None:
    cases = library(tmp_path / "library")
    said, (record,) = save(cases, chat_image(scan(3), SCAN), "fracture")
    ((collection, case),) = cases.newest()
    assert said.startswith("img-1 is now a case of the library, labelled “fracture” on your word alone.")
    assert (case.label, case.modality, case.body_part) == ("fracture", "CT", "head")
    assert collection == "casebook-grey-1"
    assert case.group and case.source == "added from a chat"
    assert record.kind == "library_case" and record.case_id == case.id


def test_a_guess_about_the_kind_is_not_written_down(tmp_path: Path) -> None:
    cases = library(tmp_path / "library")
    save(cases, chat_image(mole(1)), "naevus")
    ((_, case),) = cases.newest()
    assert case.modality == ""


def test_the_word_of_the_library_is_used_for_the_same_thing(tmp_path: Path) -> None:
    cases = library(tmp_path / "library")
    cases.import_csv(moles(tmp_path / "skin", 4), read, unknown)
    said, _ = save(cases, chat_image(mole(900)), "mole")
    assert "labelled “nevus” (the library's word for “mole”)" in said
    assert cases.newest()[0][1].label == "nevus"


def test_a_picture_that_is_there_keeps_its_label(tmp_path: Path) -> None:
    cases = library(tmp_path / "library")
    save(cases, chat_image(mole(1)), "naevus")
    said, _ = save(cases, chat_image(mole(1)), "melanoma")
    assert "in the library already, labelled “naevus”; nothing was changed" in said
    assert [case.label for _, case in cases.newest()] == ["naevus"]


def test_what_is_neither_radiology_nor_skin_is_not_saved(tmp_path: Path) -> None:
    cases = library(tmp_path / "library")
    with pytest.raises(ToolUseError, match="treat img-1 as dermoscopy"):
        save(cases, chat_image(mole(1), Gate(domain="other", known_from="pixels", score=0.8)), "naevus")
    assert cases.newest() == []


def called(
    tmp_path: Path, question: str, label: str, *, may_save: bool = True
) -> tuple[ToolMessage, Library]:
    """The tool as a model calls it."""
    cases = Library(tmp_path / "library", BlobStore(tmp_path / "pictures"))
    args = {"image_id": "img-1", "label": label}
    call = {"name": "save_case", "args": args, "id": "1", "type": "tool_call"}
    model = GenericFakeChatModel(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
    object.__setattr__(model, "bind_tools", lambda *_, **__: model)
    agent = create_agent(model, [for_langchain(build_save_case())], context_schema=CaseContext)
    context = CaseContext(
        chat_id="c",
        turn_id="t",
        question=question,
        images=ImageTable([chat_image(mole(1))]),
        blobs=BlobStore(tmp_path / "blobs"),
        library=lambda: cases,
        may_save=lambda: may_save,
    )
    try:
        result = agent.invoke({"messages": [("user", question)]}, context=context)
    except ToolUseError as error:
        return ToolMessage(str(error), tool_call_id="1", status="error"), cases
    return next(one for one in result["messages"] if isinstance(one, ToolMessage)), cases


def test_a_model_saves_on_the_users_order_alone(tmp_path: Path) -> None:
    message, cases = called(tmp_path, "Please save this as naevus.", "naevus")
    assert message.status == "success"
    assert cases.count() == 1


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Is it a naevus?", "naevus"),
        ("Don't save this as naevus", "naevus"),
        ("save this", "naevus"),
        ("save this as naevus", "melanoma"),
    ],
)
def test_a_model_cannot_save_what_nobody_ordered(tmp_path: Path, question: str, label: str) -> None:
    message, cases = called(tmp_path, question, label)
    assert "only the user's own order" in str(message.content)
    assert cases.count() == 0


def test_a_chat_that_only_reads_is_told_who_can_bring_it_in(tmp_path: Path) -> None:
    message, cases = called(tmp_path, "save this as naevus", "naevus", may_save=False)
    assert "casebook library import" in str(message.content)
    assert cases.count() == 0
