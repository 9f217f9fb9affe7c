"""A case as a MIRCdocument: there and back without loss, valid both ways, an unknown without any answer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from lxml import etree

from assistant.chat import Assistant
from assistant.sharing.copies import CaseCopy, of_case
from assistant.sharing.mirc_names import DOCUMENT, refuse_other
from assistant.sharing.mirc_reading import is_mirc, read_mirc
from assistant.sharing.mirc_writing import write_mirc
from assistant.sharing.svg_layer import regions_in, svg_layer
from assistant.teaching.case_file import write_image
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from tests.assistant.sharing.conftest import WORDS
from tests.inputs.case_library import mole

ROOM = 10**8


def no_decoder(path: Path) -> list[Image]:
    raise AssertionError(f"{path} went to the decoder")


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def document(data: bytes) -> etree._Element:
    return etree.fromstring(files(data)[DOCUMENT])


def packed(contents: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_case_comes_back_with_every_word_pixel_value_and_scale(
    casebook: Assistant, secret: CaseCopy, normal: CaseCopy
) -> None:
    other = Teacher(casebook.services, "other")
    for copy in (secret, normal):
        again = other.make.keep(*read_mirc(write_mirc(copy), ROOM, no_decoder))
        assert again.case == copy.case
        kept = of_case(casebook.services, "other", again.id)
        assert [write_image(one) for one in kept.images] == [write_image(one) for one in copy.images]


def test_what_mirc_names_stands_in_mircs_own_elements(secret: CaseCopy) -> None:
    root = document(write_mirc(secret))
    assert root.findtext("title") == "Titlesecret"
    assert root.findtext("alternative-title") == "Unknown case"
    assert root.findtext("alternative-abstract") == secret.case.history
    assert root.findtext("author/name") == "Authorsecret"
    assert root.findtext("rights") == "Licencesecret"
    assert root.findtext("level") == "Advanced"
    assert root.findtext("section[@heading='Diagnosis']/diagnosis") == "Zorbulosis"
    assert root.findtext("section/confirmation") == "Provensecret"
    assert [one.text for one in root.iterfind("section/findings/p")] == list(secret.case.findings)
    shown = root.findall("image-section/image")
    assert [one.find("order-by").get("series") for one in shown] == ["1", "2", "2", "2", "2"]
    assert {one.text for one in root.iter("modality")} == {"CT"}
    assert "not a medical device" in " ".join(root.itertext())


def test_the_question_names_one_right_answer_and_always_that_nothing_is_abnormal(
    secret: CaseCopy, normal: CaseCopy
) -> None:
    for copy, right in ((secret, "Zorbulosis"), (normal, "Nothing abnormal")):
        answers = document(write_mirc(copy)).findall(".//quiz/question/answer")
        told = {one.findtext("answer-body"): one.findtext("response") for one in answers}
        assert "Nothing abnormal" in told
        assert [name for name, response in told.items() if response == "Right."] == [right]
        assert len(told) > 1


def test_pictures_are_shown_as_the_case_has_them(secret: CaseCopy) -> None:
    from PIL import Image as PillowImage

    inside = files(write_mirc(secret))
    with PillowImage.open(io.BytesIO(inside["images/2/0003.png"])) as picture:
        assert np.array_equal(np.asarray(picture), secret.images[1].frames[2])


def test_no_byte_of_an_unknown_holds_any_part_of_the_answer(secret: CaseCopy) -> None:
    """Names, document, pictures and what is packed inside them, in either letter case and encoding."""
    data = write_mirc(secret, unknown=True)
    inside = files(data)
    assert len(inside) == 8
    unpacked = b"\n".join([data, *(name.encode() for name in inside), *inside.values()]).lower()
    for word in (*WORDS, *(one.key for one in secret.case.images), secret.id, "partsecret", "estimated"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert word.lower().encode(encoding) not in unpacked, word
    assert b"a mole that grew." in unpacked
    root = document(data)
    assert root.findtext("title") == "Unknown case"
    assert not root.findall(".//answer")


def test_the_search_finds_every_one_of_these_words_in_a_whole_document(secret: CaseCopy) -> None:
    unpacked = b"\n".join(files(write_mirc(secret)).values()).lower()
    assert all(word.encode() in unpacked for word in WORDS)


def test_an_unknown_whose_history_names_the_answer_is_refused(casebook: Assistant, teacher: Teacher) -> None:
    case = checked(diagnosis="Zorbulosis", history="Sent as zorbulosis.", images=[{"key": "0" * 64}])
    made = teacher.make.keep(case, [Image(mole(3)[None], "PNG")])
    copy = of_case(casebook.services, "teacher", made.id)
    with pytest.raises(CaseError, match="its history names"):
        write_mirc(copy, unknown=True)
    assert is_mirc(write_mirc(copy))


def test_an_unknown_is_not_taken_for_a_case(secret: CaseCopy) -> None:
    with pytest.raises(CaseError, match="is an unknown"):
        read_mirc(write_mirc(secret, unknown=True), ROOM, no_decoder)


def test_a_control_character_is_refused_in_a_sentence(casebook: Assistant, teacher: Teacher) -> None:
    case = checked(diagnosis="Zorbulosis", discussion="one\x0btwo", images=[{"key": "0" * 64}])
    made = teacher.make.keep(case, [Image(mole(3)[None], "PNG")])
    with pytest.raises(CaseError, match="control character"):
        write_mirc(of_case(casebook.services, "teacher", made.id))


@pytest.mark.parametrize(
    "wrong",
    [
        "<MIRCdocument/>",
        '<MIRCdocument><title>a</title><section visible="perhaps" heading="b"/></MIRCdocument>',
        '<MIRCdocument><title>a</title><image-section heading="b"><image/></image-section></MIRCdocument>',
        "<MIRCdocument><title>a</title><finding>b</finding></MIRCdocument>",
        '<MIRCdocument xmlns:c="urn:casebook:mirc:1"><title>a</title><section heading="b">'
        "<c:kind>odd</c:kind></section></MIRCdocument>",
    ],
)
def test_the_grammar_refuses_what_is_no_mircdocument(wrong: str) -> None:
    with pytest.raises(CaseError, match="is no MIRCdocument"):
        refuse_other(etree.fromstring(wrong))


FOREIGN = """<MIRCdocument display="mstf">
<title>A pneumothorax</title><author><name>Dr A</name></author><abstract>Tension pneumothorax.</abstract>
<level>Primary</level><keywords>chest, emergency</keywords>
<section heading="History"><p>Sudden <b>pain</b>.</p>
  <patient><pt-name>Doe^Jane</pt-name><pt-age><months>18</months></pt-age><pt-sex>F</pt-sex></patient></section>
<section heading="Findings"><ul><li>Left pneumothorax.</li><li>No effusion.</li></ul></section>
<section heading="Diagnosis"><diagnosis>Pneumothorax</diagnosis></section>
<image-section heading="Images"><image src="a.png"><image-caption display="click">x</image-caption></image>
</image-section><references><reference>A book</reference></references></MIRCdocument>"""


@pytest.mark.process
def test_a_document_of_another_program_is_read_as_far_as_it_tells(casebook: Assistant) -> None:
    data = packed({"a.png": png(), "doc.xml": FOREIGN})
    assert is_mirc(data)
    case, images = read_mirc(data, ROOM, casebook.services.decoder.read)
    assert case.diagnosis == "Pneumothorax"
    assert case.history == "Sudden pain."
    assert case.findings == ("Left pneumothorax.", "No effusion.")
    assert (case.age_years, case.sex, case.difficulty) == (1.5, "female", "easy")
    assert case.tags == ("chest", "emergency")
    assert "Doe" not in case.model_dump_json()
    assert "Tension" in case.discussion
    assert "Tension" not in case.history
    assert np.array_equal(images[0].pixels, mole(3))


def png() -> bytes:
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(mole(3)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({"doc.xml": FOREIGN}, "which is not in its zip"),
        ({"doc.xml": FOREIGN.replace("a.png", "../../etc/passwd")}, "which is not in its zip"),
        ({"doc.xml": FOREIGN.replace("<diagnosis>Pneumothorax</diagnosis>", "")}, "names no diagnosis"),
        ({"doc.xml": "<other/>"}, "holds no MIRCdocument"),
    ],
)
def test_a_document_that_lacks_something_is_refused_in_a_sentence(
    contents: dict[str, str], said: str
) -> None:
    with pytest.raises(CaseError, match=said):
        read_mirc(packed(contents), ROOM, no_decoder)


def test_entities_and_other_files_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Filesecret")
    head = f'<!DOCTYPE MIRCdocument [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "Pneu">]>'
    with pytest.raises(CaseError):
        case, _ = read_mirc(packed({"doc.xml": head + FOREIGN.replace("Sudden", "&x;")}), ROOM, no_decoder)
        assert "Filesecret" not in case.history


def test_a_zip_that_unpacks_to_too_much_is_refused(secret: CaseCopy) -> None:
    with pytest.raises(CaseError, match="MiB"):
        read_mirc(packed({"doc.xml": FOREIGN, "big": b"\0" * 3_000_000}), 2**20, no_decoder)


def test_images_that_inflate_to_too_much_together_are_refused(casebook: Assistant, teacher: Teacher) -> None:
    """Each of them alone would fit."""
    grey = Image(np.zeros((1, 1000, 1000), np.uint8), "PNG")
    made = teacher.make.keep(checked(diagnosis="a", images=[{"key": "0" * 64}] * 2), [grey, grey])
    data = write_mirc(of_case(casebook.services, "teacher", made.id))
    assert len(data) < 10**6
    with pytest.raises(CaseError, match="larger than"):
        read_mirc(data, 1_500_000, no_decoder)


def test_other_files_are_no_mircdocument(secret_case: CaseVersion) -> None:
    assert not is_mirc(b"")
    assert not is_mirc(packed({"a.xml": "<other/>"}))


def test_regions_come_back_with_their_case_and_are_nowhere_in_an_unknown(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion
) -> None:
    drawn = [
        {"shape": "rectangle", "points": [[3.25, 4], [40, 41.5]], "caption": "Regionsecret"},
        {"image": 2, "slice": 2, "shape": "freehand", "points": [[1, 1], [9, 2], [5, 8.125]]},
    ]
    case = teacher.make.change(secret_case.id, regions=drawn)
    copy = of_case(casebook.services, "teacher", case.id)
    assert len(copy.case.regions) == 2
    again = Teacher(casebook.services, "other").make.keep(*read_mirc(write_mirc(copy), ROOM, no_decoder))
    assert again.case == copy.case
    unknown = files(write_mirc(copy, unknown=True))
    assert not [name for name, data in unknown.items() if b"Regionsecret" in data or b"3.25" in data]


def test_regions_come_back_exactly_from_their_layer_in_the_order_of_the_case() -> None:
    drawn = [
        SimpleNamespace(shape="rectangle", points=((10.1, 3.0), (0.1 + 0.2, 7.5)), caption="<veil> & ä"),
        SimpleNamespace(shape="freehand", points=((1.0, 2.0), (3.0, 4.0), (5.0, 1.0)), caption=""),
        SimpleNamespace(shape="ellipse", points=((1.0, 2.0), (3.0, 4.0)), caption="round"),
        SimpleNamespace(shape="arrow", points=((1.0, 2.0), (3.0, 4.0)), caption="here"),
    ]
    layer = etree.fromstring(svg_layer((30, 20), list(enumerate(drawn, 1))))
    back = regions_in(layer, 2, 3)
    assert [number for number, _ in back] == [1, 2, 3, 4]
    for (_, told), one in zip(back, drawn, strict=True):
        assert told == {"image": 2, "slice": 3, "shape": one.shape, "points": list(one.points),
                        "caption": one.caption}  # fmt: skip
    names = [etree.QName(one).localname for one in layer]
    assert names == ["rect", "polygon", "ellipse", "line"]
    assert float(layer[0].get("width")) == pytest.approx(9.8)
