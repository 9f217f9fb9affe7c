"""PubMedCLIP's second opinion on the kind of an image: where it is asked, and how it is put."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from store.pictures.image import Image
from store.records import Gate
from tools.gate.second_opinion import Opinion, _look, may_ask, words
from tools.models.encoders.clip import ZeroShot
from tools.models.encoders.clip_pictures import ClipPictures
from tools.models.encoders.clip_words import CROPPED


def gate(**known: Any) -> Gate:
    known = {"domain": "radiology", "modality": "DX", "body_part": "chest", "known_from": "pixels"} | known
    return Gate(image_id="img-1", **known)


def opinion(modality: Any = "DX", part: str | None = "chest", **more: Any) -> Opinion:
    seen = Gate(domain="radiology", modality=modality, body_part=part, known_from="pixels")
    return Opinion(seen, 0.9, "abc, centre crop", **({"cropped": False, "stand_in": False} | more))


def image(file_type: str = "PNG") -> Image:
    return Image(frames=np.zeros((1, 40, 40, 3), np.uint8), file_type=file_type)


@pytest.mark.parametrize(
    ("known", "file_type", "asked"),
    [
        ({}, "PNG", True),
        ({"modality": None, "body_part": None}, "PNG", True),
        ({"modality": None, "known_from": "file header"}, "NIfTI", True),
        ({"known_from": "file header"}, "DICOM", False),
        ({"modality": None, "known_from": "file header"}, "DICOM", False),
        ({"known_from": "user"}, "PNG", False),
        ({"modality": None, "known_from": "user"}, "NIfTI", False),
        ({"domain": "dermatology", "modality": "XC"}, "PNG", False),
        ({"domain": "other", "modality": None}, "PNG", False),
        ({"domain": "unknown", "modality": None}, "PNG", False),
    ],
)
def test_it_is_asked_only_of_radiology_images_that_no_header_and_no_user_named(
    known: dict[str, Any], file_type: str, asked: bool
) -> None:
    assert may_ask(gate(**known), image(file_type)) is asked


def test_agreement_is_one_short_sentence() -> None:
    assert words(gate(), opinion(cropped=True)) == "PubMedCLIP, asked for a second opinion, says the same."
    assert words(gate(modality="CR"), opinion()).endswith("says the same.")
    assert words(gate(body_part="head"), opinion(part="head")).endswith("says the same.")


def test_where_it_differs_both_are_said_and_the_first_estimate_stays() -> None:
    said = words(gate(), opinion("CT", "abdomen"))
    assert "takes it for a CT of the abdomen instead. I keep to my own estimate" in said
    assert said.endswith("if PubMedCLIP is right, tell me: treat img-1 as a CT.")
    said = words(gate(), opinion(part="hand"))
    assert "agrees on the kind, but says hand rather than chest. I keep to my own estimate" in said


def test_what_was_open_is_filled_in_as_its_estimate_and_not_called_known() -> None:
    said = words(gate(modality=None, body_part=None), opinion("MR", "head"))
    assert said.startswith("PubMedCLIP estimates that it is an MRI of the head.")
    assert "had to choose" in said and "not known" in said
    said = words(gate(modality=None, body_part=None), opinion("MR", None))
    assert said.startswith("PubMedCLIP estimates that it is an MRI. It settles on no body part.")
    said = words(gate(body_part=None), opinion())
    assert "agrees on that, and estimates the body part" in said
    assert said.endswith("it was asked about: chest.")


def test_a_part_of_the_header_and_one_it_was_not_asked_about_are_not_argued_with() -> None:
    assert words(gate(), opinion(part="hand"), part_in_header=True).endswith("says the same.")
    assert words(gate(body_part="limb"), opinion(part="hand")).endswith("agrees that it is an X-ray.")


def test_where_it_does_not_settle_it_fills_nothing_in() -> None:
    unsure = replace(opinion("MR", "head"), score=0.4)
    for known in (gate(), gate(modality=None, body_part=None)):
        assert words(known, unsure).endswith("settles on no kind of radiology image.")
    assert words(gate(), opinion(part=None)).endswith("agrees that it is an X-ray.")
    assert words(gate(body_part=None), opinion(part=None)).endswith("says the same.")


def test_a_picture_that_is_not_square_is_said_to_be_cropped_where_that_matters() -> None:
    assert words(gate(), opinion("CT", "abdomen", cropped=True)).endswith(CROPPED)
    assert words(gate(modality=None), opinion(cropped=True)).endswith(CROPPED)


def test_a_stand_ins_word_is_said_to_mean_nothing() -> None:
    for known in (gate(), gate(modality=None, body_part=None)):
        said = words(known, opinion("CT", "abdomen", stand_in=True))
        assert "stand-in with random weights" in said and "means nothing" in said
        assert "says “a CT of the abdomen”, but it is a stand-in" in said
        assert "estimates" not in said and "treat" not in said


class Seen:
    """Weights whose answer is known: a model and its encoder in one."""

    version, stand_in, name = "abc, centre crop", False, "pubmedclip"

    def __init__(self, part_share: float, *, pad: bool = False) -> None:
        self.model, self.pictures = self, ClipPictures(pad=pad)
        self.part_share = part_share

    def modality(self, _pixels: np.ndarray) -> ZeroShot:
        parts = (("brain", self.part_share), ("knee", 1 - self.part_share))
        return ZeroShot("MR", "brain", (("MR", 0.8), ("CT", 0.2)), parts)


def test_a_body_part_counts_from_half_of_the_shares_and_in_the_gates_word() -> None:
    assert _look(Seen(0.6), image()).gate.body_part == "head"  # type: ignore[arg-type]
    unclear = _look(Seen(0.4), image())  # type: ignore[arg-type]
    assert (unclear.gate.modality, unclear.gate.body_part, unclear.score) == ("MR", None, 0.8)


def test_only_a_picture_that_is_neither_square_nor_padded_is_cropped() -> None:
    wide = Image(frames=np.zeros((1, 40, 60, 3), np.uint8), file_type="PNG")
    assert _look(Seen(0.6), wide).cropped  # type: ignore[arg-type]
    assert not _look(Seen(0.6, pad=True), wide).cropped  # type: ignore[arg-type]
    assert not _look(Seen(0.6), image()).cropped  # type: ignore[arg-type]
