"""`show_slice` and `treat_image_as`: the two tools that change how an image is looked at."""

from types import SimpleNamespace

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant.memory.messages import question_message
from assistant.turn.agent import build_agent
from assistant.turn.run import run_turn
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate
from tests.scripted.chat_model import ScriptedModel, call
from tools.context import CaseContext, ChatImage, ImageTable
from tools.gate.modality import overrule
from tools.show_slice import build_show_slice, named_window, view
from tools.treat_image_as import build_treat_image_as

UNKNOWN = Gate(image_id="img-1", domain="unknown", known_from="pixels", reason="it is a test")


def volume(**facts):
    frames = np.zeros((5, 8, 8), np.uint8)
    frames += np.arange(5, dtype=np.uint8)[:, None, None] * 10
    return Image(frames, "DICOM", facts=facts)


def turn(tmp_path, question, reply, tool, **facts):
    image = ChatImage("img-1", "k", UNKNOWN, lambda: volume(**facts))
    context = CaseContext("c", "t", question, ImageTable([image]), BlobStore(tmp_path), lambda: None)
    agent = build_agent(ScriptedModel(replies=[reply, AIMessage("done")]), [tool])
    messages = [question_message(question, (), context.images)]
    answer = list(run_turn(agent, context, lambda: messages, attached=(), timeout_s=30))[-1].answer
    return image, answer, context


def test_showing_a_slice_moves_the_image_and_keeps_a_picture(tmp_path):
    image, answer, context = turn(
        tmp_path, "slice 4", call("show_slice", image_id="img-1", slice_number=4), build_show_slice()
    )
    assert image.image.pixels[0, 0, 0] == 30
    picture = next(r for r in answer.evidence[0].records if r["kind"] == "picture")
    assert context.blobs.path(picture["key"]).is_file()
    assert answer.evidence[0].content == "Now showing img-1, slice 4 of 5."


@pytest.mark.parametrize(("unit", "name"), [(None, "bone"), ("HU", "wide")])
def test_a_window_that_does_not_apply_is_refused_with_the_reason(unit, name):
    frames = np.zeros((1, 2, 2), np.uint8)
    with pytest.raises(ToolUseError, match="no Hounsfield units" if unit is None else "no window called"):
        named_window(Image(frames, "DICOM", values=frames, unit=unit), "img-1", name)


@pytest.mark.parametrize(
    ("facts", "caption"),
    [
        ({"sides": "left edge R (right), right edge L (left)"}, "slice 2 of 5. Left edge R (right), right"),
        ({}, "slice 2 of 5"),
    ],
)
def test_the_picture_of_a_slice_says_which_side_is_at_each_edge(tmp_path, facts, caption):
    reply = call("show_slice", image_id="img-1", slice_number=2)
    _, answer, _ = turn(tmp_path, "slice 2", reply, build_show_slice(), **facts)
    picture = next(r for r in answer.evidence[0].records if r["kind"] == "picture")
    assert picture["caption"].startswith(f"img-1, {caption}")
    assert picture["alt"] == "img-1, slice 2 of 5"
    assert ("edge" in picture["caption"]) == bool(facts)


@pytest.mark.parametrize("number", [0, 6, -1])
def test_a_slice_that_does_not_exist_is_refused_with_those_that_do(number):
    with pytest.raises(ToolUseError, match="slices 1 to 5"):
        view(volume(), "img-1", number)


def test_a_model_moves_to_no_slice_that_nobody_asked_for(tmp_path):
    reply = call("show_slice", image_id="img-1", slice_number=4)
    image, answer, _ = turn(tmp_path, "what is this?", reply, build_show_slice())
    assert not answer.evidence
    assert image.index == 0


def test_a_single_picture_has_no_slices():
    with pytest.raises(ToolUseError, match="single picture"):
        view(Image(np.zeros((1, 4, 4), np.uint8), "PNG"), "img-1", 2)


def test_the_user_may_overrule_and_it_shows_in_the_evidence(tmp_path):
    reply = call("treat_image_as", image_id="img-1", kind="dermoscopy")
    image, answer, _ = turn(tmp_path, "treat img-1 as dermoscopy", reply, build_treat_image_as())
    gate = answer.evidence[0].records[0]
    assert (gate["domain"], gate["modality"], gate["known_from"], gate["overruled"]) == (
        "dermatology", "DMS", "user", "unknown",
    )  # fmt: skip
    assert image.gate.domain == "dermatology"
    assert any("set by the user" in text for text in answer.disclaimers)


def test_the_users_word_for_a_kind_counts_in_whichever_form(tmp_path):
    reply = call("treat_image_as", image_id="img-1", kind="dermoscopy")
    image, _, _ = turn(tmp_path, "consider this dermatoscopic from here on", reply, build_treat_image_as())
    assert image.gate.modality == "DMS"


def test_a_model_cannot_overrule_by_itself(tmp_path):
    reply = call("treat_image_as", image_id="img-1", kind="dermoscopy")
    image, answer, _ = turn(tmp_path, "what is this?", reply, build_treat_image_as())
    assert not answer.evidence
    assert image.gate == UNKNOWN


def test_the_tool_overrules_nothing_that_the_user_did_not_state(tmp_path):
    image = ChatImage("img-1", "k", UNKNOWN, volume)
    context = CaseContext("c", "t", "what is this?", ImageTable([image]), BlobStore(tmp_path), lambda: None)
    with pytest.raises(ToolUseError, match="Only the user"):
        build_treat_image_as().run("img-1", "dermoscopy", SimpleNamespace(context=context))
    assert image.gate == UNKNOWN


def test_a_word_that_is_taken_back_leaves_what_the_pixels_say(tmp_path):
    def said(question):
        image = ChatImage("img-1", "k", overrule(UNKNOWN, "MRI"), volume)
        context = CaseContext("c", "t", question, ImageTable([image]), BlobStore(tmp_path), lambda: None)
        content, _ = build_treat_image_as().run("img-1", "as before", SimpleNamespace(context=context))
        return content, image.gate

    content, gate = said("I was only joking, forget that")
    assert content.startswith("Your word on img-1 no longer counts")
    assert (gate.known_from, gate.image_id, gate.modality) == ("pixels", "img-1", None)
    with pytest.raises(ToolUseError, match="Only the user"):
        said("what is it?")
