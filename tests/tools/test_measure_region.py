"""`measure_region` and `compare_regions`: only where the user says, on the slice meant, with a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.records import Gate, Region, parse_record
from tools.context import CaseContext, ChatImage, ImageTable, ToolTurn
from tools.measure_region import build_compare_regions, build_measure_region

GATE = Gate(image_id="img-1", domain="radiology", modality="CT", known_from="file header")


def scan(slices: int = 3, unit: str | None = "HU") -> Image:
    values = np.zeros((slices, 60, 80), np.int16) + 100 * np.arange(slices, dtype=np.int16)[:, None, None]
    values[:, :, 40:] += 7
    return Image(np.zeros((slices, 60, 80), np.uint8), "DICOM", values=values, unit=unit)


class Chat:
    """A chat of one image, in which what was measured before is remembered."""

    def __init__(self, folder: Path, image: Image, index: int = 0) -> None:
        self.folder, self.image, self.index = folder, image, index
        self.regions: list[Region] = []

    def context(self, question: str) -> CaseContext:
        images = ImageTable([ChatImage("img-1", "k", GATE, lambda: self.image, self.index)])
        return CaseContext(
            "c", "t", question, images, BlobStore(self.folder), lambda: None,  # type: ignore[arg-type,return-value]
            last=lambda kind: self.regions[-1] if self.regions and kind == "region" else None,
            latest=lambda kind, most: self.regions[-most:] if kind == "region" else [],
        )  # fmt: skip

    def measure(self, question: str, **given: Any) -> tuple[str, list[Any]]:
        turn = ToolTurn(self.context(question), lambda _: None)
        told, artifact = build_measure_region().run("img-1", question, turn, **given)
        records = [parse_record(one) for one in artifact["records"]]
        self.regions.append(next(one for one in records if isinstance(one, Region)))
        return told, records

    def compare(self, question: str = "CNR") -> tuple[str, dict[str, Any]]:
        return build_compare_regions().run(ToolTurn(self.context(question), lambda _: None))


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path, scan())


def test_a_region_gives_its_numbers_and_a_drawing(chat: Chat, tmp_path: Path) -> None:
    told, records = chat.measure("mean in 20x20 at 30, 20", at=[30, 20], size=[20, 20])
    assert told.startswith("Mean 0 HU")
    assert records[0].kind == "region"
    picture = records[-1]
    assert picture.caption == "The region in img-1: square (yellow)."
    assert BlobStore(tmp_path).path(picture.key).is_file()


def test_the_slice_in_view_is_measured_unless_another_is_named(chat: Chat) -> None:
    chat.index = 1
    assert chat.measure("HU at 3,4", shape="point", at=[3, 4])[0].startswith("The value is 100 HU.")
    told, _ = chat.measure("HU at 3,4 on slice 3", shape="point", at=[3, 4], slice_number=3)
    assert told.startswith("The value is 200 HU. Pixel of img-1, slice 3 of 3")
    assert chat.measure("the same again", again=True)[0].startswith("The value is 200 HU.")
    with pytest.raises(ToolUseError, match="slices 1 to 3"):
        chat.measure("HU at 3,4 on slice 9", shape="point", at=[3, 4], slice_number=9)


def test_a_place_that_the_user_did_not_say_is_refused(chat: Chat) -> None:
    for question in ("HU of the liver", "HU at 30"):
        with pytest.raises(ToolUseError, match="Only the user may say"):
            chat.measure(question, at=[30, 20])
    assert chat.measure("Wert bei 30,20", at=[30, 20])
    assert chat.measure("value at 30.5/20", at=[30.5, 20])


def test_what_was_chosen_for_the_user_is_said(chat: Chat) -> None:
    told, _ = chat.measure("noise in the upper left corner", place="upper left")
    assert "No size was said, so I took 20 × 20 px." in told
    assert told.endswith("Left and right are those of the picture, not of the patient.")
    told, _ = chat.measure("mean of the left half", place="left half")
    assert "No size" not in told
    assert "in 10 x 10" not in told
    assert "Left and right" not in chat.measure("mean in the centre, 5 px", place="centre", size=[5])[0]


def test_a_region_goes_on_moved_grown_elsewhere_or_of_another_size(chat: Chat) -> None:
    chat.measure("circle of 10 px at 30,20", shape="ellipse", at=[30, 20], size=[10, 10])
    chat.measure("30 px to the right", again=True, move=[30, 0])
    assert (chat.regions[-1].column, chat.regions[-1].shape) == (60, "ellipse")
    chat.measure("bigger", again=True, times=2.0)
    assert chat.regions[-1].width == 20
    chat.measure("and at 20,30", again=True, at=[20, 30])
    assert (chat.regions[-1].row, chat.regions[-1].width) == (30, 20)
    chat.measure("in the lower right", again=True, place="lower right")
    assert (chat.regions[-1].column, chat.regions[-1].width) == (69.5, 20)
    chat.measure("with 4x6 px", again=True, size=[4, 6])
    assert (chat.regions[-1].width, chat.regions[-1].height, chat.regions[-1].shape) == (4, 6, "ellipse")


def test_going_on_from_nothing_is_refused_with_what_to_ask(chat: Chat) -> None:
    with pytest.raises(ToolUseError, match="No region was measured"):
        chat.measure("bigger", again=True, times=2.0)
    with pytest.raises(ToolUseError, match="No region was measured"):
        chat.compare()
    chat.measure("mean in 20x20 at 30, 20", at=[30, 20], size=[20, 20])
    with pytest.raises(ToolUseError, match="Only one region"):
        chat.compare()


def test_the_last_two_are_compared(chat: Chat) -> None:
    chat.measure("mean in 8x8 at 40, 20", at=[40, 20], size=[8, 8])
    chat.measure("and at 60, 20", again=True, at=[60, 20])
    told, artifact = chat.compare()
    assert told.startswith("Difference of the means, region 1 − region 2: -3.5 HU.")
    assert "which region 2 does not have" in told
    assert artifact["records"][0]["value"] == -3.5


def test_an_snr_is_told_with_its_definition(chat: Chat) -> None:
    told, records = chat.measure("SNR in 8x8 at 40, 20", at=[40, 20], size=[8, 8], snr=True)
    assert told.startswith("SNR, mean / standard deviation of the region: 0.992.")
    assert records[1].name == "signal-to-noise ratio"


@pytest.mark.parametrize(
    "given", [{"at": [1, 2, 3]}, {"place": "liver"}, {"at": [30, 20], "size": [1, 2, 3]}, {}]
)
def test_arguments_that_are_none_are_refused(chat, given):
    with pytest.raises(ToolUseError):
        chat.measure("1 2 3 at 30,20", **given)
