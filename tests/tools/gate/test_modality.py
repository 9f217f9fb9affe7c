"""The gate: headers, pixels, blank pictures, overruling, refusing, describing."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw

from store.errors import ToolUseError
from store.pictures.image import Image
from store.records import Gate
from tools.gate import modality
from tools.gate.modality import describe, identify, overrule, require
from tools.gate.verdict import Verdict

RNG = np.random.default_rng(7)


def image(pixels: np.ndarray, **header: object) -> Image:
    return Image(frames=np.ascontiguousarray(pixels)[None], file_type="PNG", **header)  # type: ignore[arg-type]


def sheet(paper: int = 255) -> tuple[PillowImage.Image, ImageDraw.ImageDraw]:
    picture = PillowImage.new("RGB", (520, 380), (paper,) * 3)
    return picture, ImageDraw.Draw(picture)


def text_page() -> np.ndarray:
    picture, pen = sheet()
    for line in range(22):
        pen.text(
            (24, 10 + 16 * line), f"{line}. Minutes of the meeting, item {line * 7} and what followed", fill=0
        )
    return np.array(picture)


def line_chart() -> np.ndarray:
    picture, pen = sheet()
    pen.line((50, 20, 50, 330, 500, 330), fill="black", width=2)
    for colour, phase in (("blue", 0.0), ("orange", 1.0)):
        pen.line([(50 + x, 180 + 90 * np.sin(x / 50 + phase)) for x in range(450)], fill=colour, width=3)
    return np.array(picture)


def grey_chart() -> np.ndarray:
    return np.array(PillowImage.fromarray(line_chart()).convert("L").convert("RGB"))


def bars_on_dark() -> np.ndarray:
    picture, pen = sheet(25)
    for bar in range(12):
        pen.rectangle((40 + 38 * bar, 340 - 23 * bar, 66 + 38 * bar, 340), fill=(90, 200, 20 * bar))
    return np.array(picture)


def gradient() -> np.ndarray:
    ramp = np.linspace(20, 240, 300)
    return np.stack(
        [np.tile(ramp, (200, 1)), np.tile(ramp[::-1], (200, 1)), np.full((200, 300), 130)], 2
    ).astype(np.uint8)


def white_noise() -> np.ndarray:
    return RNG.integers(0, 256, (256, 256, 3), dtype=np.uint8)


def terminal() -> np.ndarray:
    picture, pen = sheet(0)
    for line in range(24):
        pen.text(
            (6, 4 + 15 * line),
            f"$ make test  # step {line} finished with status {line % 3}",
            fill=(0, 230, 0),
        )
    return np.array(picture)


def checkerboard() -> np.ndarray:
    rows, columns = np.mgrid[0:240, 0:240]
    return np.repeat((((rows // 30 + columns // 30) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(
    "draw", [text_page, line_chart, grey_chart, bars_on_dark, gradient, white_noise, terminal, checkerboard]
)
def test_a_drawing_is_not_called_medical(draw):
    gate = identify(image(draw()))
    assert gate.domain in ("other", "unknown"), gate
    assert gate.known_from == "pixels"
    assert gate.modality is None
    assert gate.body_part is None


@pytest.mark.parametrize("shade", [0, 255, 119])
def test_a_blank_picture_is_unknown_because_it_is_blank(shade):
    gate = identify(image(np.full((300, 300, 3), shade, np.uint8)))
    assert gate.domain == "unknown"
    assert "blank" in gate.reason


def test_a_tiny_picture_is_unknown_because_of_its_size():
    gate = identify(image(RNG.integers(0, 256, (20, 400, 3), dtype=np.uint8)))
    assert gate.domain == "unknown"
    assert "400×20" in gate.reason
    assert "400×20" in describe(gate.model_copy(update={"image_id": "img-1"}))


def test_the_same_pixels_give_the_same_gate():
    assert identify(image(line_chart())) == identify(image(line_chart()))


@pytest.mark.parametrize(
    ("code", "domain"),
    [("DX", "radiology"), ("CR", "radiology"), ("CT", "radiology"), ("MR", "radiology"), ("US", "radiology"),
     ("MG", "radiology"), ("XC", "dermatology"), ("DMS", "dermatology")],
)  # fmt: skip
def test_the_header_is_believed_before_the_pixels(code, domain):
    gate = identify(image(text_page(), modality=code, body_part="hand"))
    assert (gate.domain, gate.modality, gate.body_part) == (domain, code, "hand")
    assert gate.known_from == "file header"
    assert gate.score is None


def test_a_header_against_loud_pixels_is_believed_and_the_reason_says_so(monkeypatch):
    monkeypatch.setattr(modality, "_look", lambda _: Verdict("other", None, None, 0.99, "drawn"))
    gate = identify(image(text_page(), modality="CT"))
    assert gate.domain == "radiology"
    assert "neither radiology nor skin" in gate.reason
    assert gate.reason in describe(gate)


def test_a_header_in_agreement_with_the_pixels_gives_no_reason(monkeypatch):
    monkeypatch.setattr(modality, "_look", lambda _: Verdict("radiology", "CT", None, 0.99, "seen"))
    assert identify(image(text_page(), modality="MR")).reason == ""


def test_positron_emission_tomography_is_radiology_of_no_modality_of_ours():
    gate = identify(image(text_page(), facts={"modality": "PT, positron emission tomography"}))
    assert (gate.domain, gate.modality, gate.known_from) == ("radiology", None, "file header")
    assert "positron emission tomography" in gate.reason


def test_endoscopy_is_neither_radiology_nor_skin():
    gate = identify(image(gradient(), facts={"modality": "ES, endoscopy"}))
    assert (gate.domain, gate.known_from) == ("other", "file header")


def test_a_header_that_says_other_leaves_it_to_the_pixels():
    gate = identify(image(text_page(), facts={"modality": "OT, other"}))
    assert gate.known_from == "pixels"
    assert "OT (other)" in describe(gate)


@pytest.mark.parametrize("domain", ["radiology", "other", "unknown"])
def test_what_the_header_says_is_told_also_where_the_pixels_decide(monkeypatch, domain):
    code = "DX" if domain == "radiology" else None
    monkeypatch.setattr(modality, "_look", lambda _: Verdict(domain, code, None, 0.9, "it is not clear"))
    assert "OT (other)" in describe(identify(image(text_page(), facts={"modality": "OT, other"})))
    assert "header says" not in describe(identify(image(text_page())))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PX", "panoramic X-ray"),
        ("IO", "intra-oral radiography"),
        ("RG", "radiographic imaging (film or screen)"),
    ],
)
def test_a_finer_name_of_the_header_is_told_beside_ours(code, words):
    gate = identify(image(text_page(), modality="DX", facts={"modality": f"{code}, {words}"}))
    assert gate.modality == "DX"
    assert f"{code} ({words})" in describe(gate)


@pytest.mark.parametrize(
    ("code", "words", "domain"),
    [
        ("BMD", "bone densitometry (X-ray)", "radiology"),
        ("OPT", "ophthalmic tomography", "other"),
        ("OPV", "ophthalmic visual field", "other"),
        ("ECG", "electrocardiography", "other"),
    ],
)
def test_kinds_that_no_tool_is_made_for_are_named_by_the_header_and_not_guessed(code, words, domain):
    gate = identify(image(gradient(), facts={"modality": f"{code}, {words}"}))
    assert (gate.domain, gate.known_from) == (domain, "file header")
    assert words in describe(gate)


def test_a_nifti_volume_is_radiology_even_if_its_pixels_tell_nothing():
    volume = Image(frames=text_page()[None], file_type="NIfTI")
    gate = identify(volume)
    assert (gate.domain, gate.modality, gate.known_from) == ("radiology", None, "file header")


def test_what_every_nifti_file_holds_is_not_said_to_be_stated_by_one():
    said = describe(identify(Image(frames=text_page()[None], file_type="NIfTI")))
    assert "NIfTI files hold scans" in said and "The file" not in said


def test_a_kind_that_the_header_names_is_not_said_to_be_unstated():
    image = Image(frames=text_page()[None], file_type="DICOM", facts={"modality": "PT, positron emission"})
    said = describe(identify(image))
    assert "PT (positron emission)" in said and "not stated" not in said


def test_a_nifti_volume_that_looks_like_mri_is_called_so_from_its_pixels(monkeypatch):
    monkeypatch.setattr(modality, "_look", lambda _: Verdict("radiology", "MR", "head", 0.9, "estimated"))
    gate = identify(Image(frames=text_page()[None], file_type="NIfTI"))
    assert (gate.modality, gate.body_part, gate.known_from, gate.score) == ("MR", "head", "pixels", 0.9)


SKIN = Gate(image_id="img-1", domain="dermatology", modality="XC", known_from="pixels", score=0.91)
CHEST = Gate(image_id="img-2", domain="radiology", modality="DX", body_part="chest", known_from="file header")


@pytest.mark.parametrize(
    ("wish", "domain", "code", "part"),
    [
        ("dermoscopy", "dermatology", "DMS", "skin"),
        ("a Chest  X-ray", "radiology", "DX", "chest"),
        ("skin photo", "dermatology", "XC", "skin"),
        ("ct", "radiology", "CT", None),
        ("brain MRI", "radiology", "MR", "head"),
        ("breast ultrasound", "radiology", "US", "breast"),
        ("not medical", "other", None, None),
    ],
)
def test_the_user_overrules_the_gate(wish, domain, code, part):
    before = Gate(image_id="img-3", domain="unknown", known_from="pixels", score=0.4, reason="unclear")
    gate = overrule(before, wish)
    assert (gate.domain, gate.modality, gate.body_part) == (domain, code, part)
    assert (gate.image_id, gate.known_from, gate.score, gate.overruled) == ("img-3", "user", None, "unknown")


def test_the_user_ends_what_an_image_leans_to():
    gate = Gate(domain="unknown", known_from="pixels", leans="radiology")
    assert overrule(gate, "dermoscopy").leans is None


def test_overruling_twice_keeps_what_was_known_first():
    assert overrule(overrule(CHEST, "dermoscopy"), "ct").overruled == "radiology"


def test_a_wish_that_only_names_the_domain_keeps_the_modality():
    assert overrule(SKIN, "skin").modality == "XC"
    assert overrule(CHEST, "skin").modality is None


@pytest.mark.parametrize("wish", ["", "a banana", "custard", "not dermoscopy"])
def test_a_wish_that_names_no_kind_is_refused_with_the_accepted_words(wish):
    with pytest.raises(ToolUseError, match="dermoscopy, skin photo, X-ray, CT, MRI, ultrasound, mammogram"):
        overrule(SKIN, wish)


def test_a_fitting_image_passes():
    require(SKIN, "dermatology", tool="measure_lesion")
    require(CHEST, "radiology", tool="reader", modalities=("CR",))


def test_a_tool_outside_its_domain_says_why_how_it_is_known_and_how_to_overrule():
    with pytest.raises(ToolUseError) as caught:
        require(CHEST, "dermatology", tool="measure_lesion")
    assert str(caught.value) == (
        "measure_lesion is made for skin images (clinical photographs, dermoscopy). The file of img-2 "
        "says that it is an X-ray of the chest. If that is wrong, say: treat img-2 as dermoscopy."
    )


def test_a_tool_for_another_modality_names_the_kinds_it_takes():
    with pytest.raises(ToolUseError, match=r"radiology images of these kinds: CT\. .*treat img-2 as a CT\."):
        require(CHEST, "radiology", tool="tissue", modalities=("CT",))


def test_a_tool_that_needs_a_modality_refuses_an_unnamed_one():
    with pytest.raises(ToolUseError, match="of a kind that is not stated"):
        require(CHEST.model_copy(update={"modality": None}), "radiology", tool="tissue", modalities=("CT",))


def test_the_way_out_that_a_refusal_names_is_understood():
    for code, wish in modality._TREAT_AS.items():
        gate = overrule(Gate(domain="unknown", known_from="pixels"), wish)
        assert {gate.modality, code} <= {"DX", "CR"} or gate.modality == code


def test_an_estimate_is_described_with_its_score_and_what_the_score_is_not():
    assert describe(SKIN) == (
        "img-1 looks like a clinical photograph "
        "(estimated from its pixels, score 0.91 — a score, not a probability)."
    )


def test_the_users_word_is_described_with_what_it_replaced():
    said = describe(overrule(SKIN, "chest x-ray"))
    assert said == "You said that img-1 is an X-ray of the chest; before that it was taken as dermatology."


def test_what_cannot_be_told_is_described_with_the_reason():
    gate = Gate(image_id="img-4", domain="unknown", known_from="pixels", score=0.4, reason="it is blank")
    assert describe(gate) == "I cannot tell what kind of picture img-4 is, because it is blank."


def test_a_gate_without_an_image_id_still_reads_as_a_sentence():
    assert describe(SKIN.model_copy(update={"image_id": ""})).startswith("This picture looks like a clinical")
    unknown = Gate(domain="unknown", known_from="pixels", reason="it is blank")
    assert describe(unknown).startswith("I cannot tell what kind of picture this is")


def test_a_part_that_there_is_more_than_one_of_is_not_the_hand():
    assert "an X-ray of a hand" in describe(CHEST.model_copy(update={"body_part": "hand"}))
    assert "an X-ray of the chest" in describe(CHEST)


def test_a_score_is_never_shown_as_one():
    assert "score 0.99" in describe(SKIN.model_copy(update={"score": 0.9999}))


def test_an_estimated_ct_or_mri_says_that_the_two_are_easily_confused():
    guessed = Gate(image_id="img-1", domain="radiology", modality="MR", known_from="pixels", score=0.98)
    assert "CT and MRI are easily taken for each other" in describe(guessed)
    assert "easily" not in describe(guessed.model_copy(update={"known_from": "file header"}))
    assert "easily" not in describe(guessed.model_copy(update={"modality": "US"}))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PX", "panoramic X-ray"),
        ("IO", "intra-oral radiography"),
        ("OPT", "ophthalmic tomography"),
        ("BMD", "bone densitometry (X-ray)"),
        ("OT", "other"),
        ("SR", "structured report"),
    ],
)
def test_the_word_of_the_header_is_told_whatever_the_pixels_say(code, words):
    known = {"PX": "DX", "IO": "DX"}.get(code)
    ramp = np.linspace(0, 255, 128 * 128).reshape(1, 128, 128).astype(np.uint8)
    image = Image(ramp, "DICOM", modality=known, facts={"modality": f"{code}, {words}"})
    gate = identify(image)
    assert f"the file header says {code} ({words})" in describe(gate) or gate.domain == "unknown"
    if gate.known_from == "file header":
        assert words in describe(gate)
