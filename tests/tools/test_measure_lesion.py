"""`measure_lesion` as a tool: its card, its refusals, its evidence."""

import re
from functools import cache

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant.memory.messages import question_message
from assistant.turn.agent import build_agent
from assistant.turn.run import run_turn
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate, Measurement, Outline, Picture, parse_record
from tests.inputs.drawn_lesion import ellipse, paint, skin
from tests.scripted.chat_model import ScriptedModel, call
from tools.context import CaseContext, ChatImage, ImageTable
from tools.for_langchain import for_langchain
from tools.measure_lesion import CARD, LesionMeter, build_measure_lesion

PHOTO = paint(skin(), ellipse(70, 45, 25))
SKIN = Gate(image_id="img-1", domain="dermatology", modality="XC", known_from="pixels", score=0.9)
CHEST = Gate(image_id="img-1", domain="radiology", modality="DX", known_from="file header")


@cache
def reading():
    """What the meter says of the photograph."""
    return LesionMeter().measure(Image(PHOTO[None], "JPEG"), "img-3")


def asked(tmp_path, pixels, gate=SKIN, image_id="img-1", question="measure it", **more):
    """One turn of the real loop in which the model calls the tool."""
    image = ChatImage("img-1", "k", gate, lambda: Image(pixels[None], "PNG"))
    context = CaseContext("c", "t", question, ImageTable([image]), BlobStore(tmp_path), lambda: None)
    reply = call("measure_lesion", image_id=image_id, question=question, **more)
    agent = build_agent(ScriptedModel(replies=[reply, AIMessage("done")]), [build_measure_lesion()])
    messages = [question_message("measure it", (), context.images)]
    return list(run_turn(agent, context, lambda: messages, attached=(), timeout_s=60))[-1].answer, context


def test_a_lesion_is_measured_and_drawn_in_one_turn(tmp_path):
    answer, context = asked(tmp_path, PHOTO)
    evidence = answer.evidence[0]
    records = [parse_record(record) for record in evidence.records]
    assert [type(record) for record in records] == [Measurement] * 8 + [Picture]
    assert context.blobs.path(records[-1].key).is_file()
    assert "img-1" in records[-1].caption
    assert records[-1].alt
    assert (evidence.tool, evidence.model, evidence.revision) == ("measure_lesion", CARD.name, CARD.revision)
    assert all(one.text in evidence.content for one in records if isinstance(one, Measurement))


def test_the_answer_carries_the_tool_s_disclaimers(tmp_path):
    answer, _ = asked(tmp_path, PHOTO)
    assert set(CARD.disclaimers) <= set(answer.disclaimers)


def test_where_no_lesion_stands_out_the_reason_goes_back_and_nothing_is_kept(tmp_path):
    answer, _ = asked(tmp_path, skin())
    assert "No lesion was measured in img-1. No area stands out" in answer.refused[0].reason
    assert not answer.evidence
    assert not list(tmp_path.rglob("*.png"))


def test_an_outline_of_the_user_s_is_measured_and_said_to_be_theirs(tmp_path):
    said = {"question": "the lesion is an ellipse at 120, 90, 80 by 40", "outline": [120, 90, 80, 40]}
    answer, _ = asked(tmp_path, PHOTO, **said)
    measured = answer.evidence[-1]
    records = [parse_record(record) for record in measured.records]
    assert records[0] == Outline(image_id="img-1", numbers=(120, 90, 80, 40))
    area = next(one for one in records if isinstance(one, Measurement) and one.name == "area")
    assert area.value == pytest.approx(100 * np.pi * 40 * 20 / (300 * 400), rel=0.03)
    assert "outline that the user gave" in measured.content
    assert "outline that the user gave" in records[-1].caption


def test_an_outline_that_the_user_did_not_give_is_refused(tmp_path):
    answer, _ = asked(tmp_path, PHOTO, outline=[120, 90, 80, 40])
    assert "Only the user may give an outline" in answer.refused[0].reason


def test_a_radiograph_is_refused(tmp_path):
    answer, _ = asked(tmp_path, PHOTO, CHEST)
    assert "made for skin images" in answer.refused[0].reason


def test_an_unknown_image_is_refused_with_those_there_are(tmp_path):
    answer, _ = asked(tmp_path, PHOTO, image_id="img-7")
    assert "img-1" in answer.refused[0].reason


def test_the_meter_works_without_a_chat():
    assert {one.image_id for one in reading().measurements} == {"img-3"}
    assert reading().picture("img-3", "key").key == "key"
    assert reading().drawing.dtype == np.uint8


def test_cautions_are_said_once():
    content = reading().content
    sentences = re.split(r"(?<=\.) ", content)
    assert len(sentences) == len(set(sentences))


def test_the_drawing_s_caption_names_the_scale_bar_only_if_there_is_one():
    plain = reading()
    scaled = LesionMeter().measure(Image(PHOTO[None], "DICOM", spacing_mm=(0.1, 0.1)), "img-1")
    assert "bar" not in plain.caption
    assert "bar" in scaled.caption
    assert " mm" not in plain.content
    assert " mm" in scaled.content


def test_a_large_photograph_keeps_the_millimetres_and_the_scale_bar_of_its_file():
    large = np.repeat(np.repeat(PHOTO, 6, axis=0), 6, axis=1)
    small, large = (
        LesionMeter().measure(Image(pixels[None], "DICOM", spacing_mm=(mm, mm)), "img-1")
        for pixels, mm in ((PHOTO, 0.1), (large, 0.1 / 6))
    )
    for one, other in zip(small.measurements, large.measurements, strict=True):
        assert other.value == pytest.approx(one.value, rel=0.05, abs=0.15), one.name
    bars = [reading.drawing[-60:].astype(int).sum() for reading in (small, large)]
    assert bars[1] == pytest.approx(bars[0], rel=0.01)


def test_the_frame_that_is_shown_is_measured():
    image = Image(np.stack([skin(), PHOTO]), "TIFF")
    assert LesionMeter().measure(image.at(1), "img-1").measurements
    with pytest.raises(ToolUseError, match="No lesion was measured"):
        LesionMeter().measure(image, "img-1")


def test_a_grey_picture_of_a_dark_spot_is_measured():
    grey = PHOTO.mean(2).astype(np.uint8)
    names = [one.name for one in LesionMeter().measure(Image(grey[None], "PNG"), "img-1").measurements]
    assert "area" in names
    assert "individual typology angle" not in names


def test_the_tool_says_when_to_use_it_in_few_words():
    tool = for_langchain(build_measure_lesion())
    assert tool.description.startswith("Use to measure")
    assert len(tool.description.split()) < 60
    names = set(tool.tool_call_schema.model_json_schema()["properties"])
    assert names == {"image_id", "question", "outline", "drawn"}


def test_the_card_names_its_limits():
    said = " ".join([*CARD.limits, *CARD.disclaimers])
    for word in ("darker skin", "hair", "pen marks", "dark corners", "not a diagnosis", "Dice", "19"):
        assert word.lower() in said.lower()
