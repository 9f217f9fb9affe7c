"""A case and the report of a session on paper, as a page and as Markdown."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image as PillowImage

from assistant.chat import Assistant
from assistant.export.document import Kind
from assistant.export.sheet import Sheet
from assistant.export.text_sheet import TextSheet
from assistant.export.web_sheet import WebSheet
from assistant.sharing.case_document import add_question, case_document
from assistant.sharing.copies import CaseCopy, of_case
from assistant.sharing.pictures import outlined, shown
from assistant.sharing.session_report import session_report
from assistant.teaching.answer import answered
from assistant.teaching.learner import join
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from store.teaching.region import Region
from tests.assistant.export.test_sheet import pages
from tests.assistant.sharing.conftest import WORDS
from tests.inputs.case_library import mole


def test_a_case_is_whole_with_pictures_sources_licence_and_disclaimer(secret: CaseCopy) -> None:
    data = case_document(Sheet, secret)
    text = " ".join(pages(data))
    secrets = [
        "Title",
        "Proven",
        "Caption",
        "Finding",
        "Source",
        "Term",
        "Licence",
        "Author",
        "Reference",
        "Differential",
    ]
    for word in ("Zorbulosis", "A mole that grew.", "0.1 years", "Slice 4 of 4", "not a medical device",
                 "“ä”, ñ, µ, ≤ and <b>&amp;</b>", *(f"{word}secret" for word in secrets)):  # fmt: skip
        assert word in text, word
    pictures = [one for page in pypdfium2.PdfDocument(data) for one in page.get_objects(filter=[3])]
    assert len(pictures) == 5


@pytest.mark.parametrize("kind", [WebSheet, TextSheet])
def test_a_page_and_markdown_hold_what_paper_holds(secret: CaseCopy, kind: Kind) -> None:
    text = case_document(kind, secret).decode()
    for word in ("Zorbulosis", "A mole that grew.", "Slice 4 of 4", "not a medical device", "Captionsecret"):
        assert word in text, word
    assert "<b>&amp;</b>" not in text.replace("&lt;b&gt;&amp;amp;&lt;/b&gt;", "")
    assert text.count("data:image/jpeg;base64,") == 5
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize("kind", [WebSheet, TextSheet])
def test_no_word_of_an_unknown_page_or_markdown_tells_the_answer(secret: CaseCopy, kind: Kind) -> None:
    text = case_document(kind, secret, unknown=True).decode().lower()
    assert "a mole that grew." in text
    for word in WORDS:
        assert word not in text


@pytest.mark.parametrize("kind", [WebSheet, TextSheet])
def test_the_report_of_a_session_is_a_page_and_markdown_too(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion, kind: Kind
) -> None:
    session = teacher.new_session("Tuesday", [secret_case])
    learner = join(casebook.services, "ann", session.join_code, "Nicknameann")
    learner.here()
    learner.commit(answered("A veil.", [("Quuxoma", 60)]))
    text = session_report(kind, casebook.services, teacher, session.id, "en").decode()
    for part in ("L01", "Zorbulosis", "Hardest cases", "not a medical device"):
        assert part in text, part
    assert "Nickname" not in text


def test_no_byte_of_an_unknown_on_paper_holds_the_answer(secret: CaseCopy) -> None:
    data = case_document(Sheet, secret, unknown=True)
    document = pypdfium2.PdfDocument(data)
    shown = " ".join([*pages(data), *document.get_metadata_dict().values()]).lower()
    for word in WORDS:
        assert word not in shown
        assert word.encode() not in data.lower()
    assert "a mole that grew." in shown
    assert "unknown case" in shown


def test_an_unknown_on_paper_whose_history_names_the_answer_is_refused(
    casebook: Assistant, teacher: Teacher
) -> None:
    case = checked(diagnosis="Zorbulosis", history="Sent as zorbulosis.", images=[{"key": "0" * 64}])
    made = teacher.make.keep(case, [Image(mole(3)[None], "PNG")])
    with pytest.raises(CaseError, match="its history names"):
        case_document(Sheet, of_case(casebook.services, "teacher", made.id), unknown=True)


def test_numbers_of_sixteen_bits_are_shown_through_their_window(
    casebook: Assistant, teacher: Teacher
) -> None:
    """Not white or black: the greys on paper are those that the window gives."""
    values = np.linspace(-1000, 2000, 64 * 64).reshape(1, 64, 64).astype(np.int16)
    frames = np.clip((values + 160) / 400 * 255, 0, 255).astype(np.uint8)
    case = checked(diagnosis="fracture", images=[{"key": "0" * 64}])
    made = teacher.make.keep(case, [Image(frames, "DICOM", values=values, unit="HU", modality="CT")])
    page = pypdfium2.PdfDocument(case_document(Sheet, of_case(casebook.services, "teacher", made.id)))[0]
    (picture,) = page.get_objects(filter=[3])
    grey = np.asarray(picture.get_bitmap().to_pil().convert("L"), float)
    assert np.abs(grey - frames[0]).mean() < 3


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Hardest cases"), ("de", "Schwerste"), ("es", "ifícil")]
)
def test_a_report_tells_figures_how_they_are_computed_and_the_cases_without_nicknames(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion, normal_case: CaseVersion,
    language: str, word: str,
) -> None:  # fmt: skip
    session = teacher.new_session("Tuesday", [secret_case, normal_case])
    empty = " ".join(pages(session_report(Sheet, casebook.services, teacher, session.id, "en")))
    assert "Nobody has committed" in empty
    for owner in ("ann", "bob"):
        learner = join(casebook.services, owner, session.join_code, f"Nickname{owner}")
        learner.here()
        learner.commit(answered("A veil.", [("Quuxoma", 60)]))
    text = " ".join(pages(session_report(Sheet, casebook.services, teacher, session.id, language)))
    for part in ("L01", "L02", "Zorbulosis", "Brier", "Fleiss", word):
        assert part in text, part
    assert "Nickname" not in text
    assert session.join_code not in text


def test_a_report_on_cases_with_regions_tells_how_they_came_out_and_how_that_is_computed(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion
) -> None:
    region = Region(image=1, slice=1, shape="rectangle", points=((2.0, 2.0), (20.0, 20.0)))
    case = teacher.make.change(secret_case.id, regions=[region.model_dump()])
    session = teacher.new_session("Tuesday", [case])
    learner = join(casebook.services, "ann", session.join_code, "Ann")
    learner.here()
    learner.commit(answered("", [("Quuxoma", 60)], marks=[region]))
    text = " ".join(pages(session_report(Sheet, casebook.services, teacher, session.id, "en")))
    assert "IoU of at least 0.3" in text
    assert "by you" not in text


@pytest.mark.parametrize("shape", ["rectangle", "ellipse", "freehand"])
def test_regions_are_outlined_in_the_answer_and_not_in_an_unknown(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion, shape: str
) -> None:
    points = [(20.0, 20.0), (70.0, 70.0), (20.0, 70.0)][: 3 if shape == "freehand" else 2]
    region = {"image": 1, "slice": 1, "shape": shape, "points": points, "caption": "Regionsecret"}
    case = teacher.make.change(secret_case.id, regions=[region])
    copy = of_case(casebook.services, teacher._owner, case.id)
    assert "1: Regionsecret" in " ".join(pages(case_document(Sheet, copy)))
    (drawn,) = outlined(copy)
    before = PillowImage.open(io.BytesIO(next(iter(shown(copy))).data))
    after = PillowImage.open(io.BytesIO(drawn.data)).resize(before.size)
    changed = np.abs(np.asarray(after, int) - np.asarray(before, int)).max(axis=2) > 60
    assert changed[15:75, 15:75].any()
    assert not changed[80:].any()
    assert not changed[:, 80:].any()


def test_a_case_and_its_history_begin_on_the_page_of_their_first_picture(secret: CaseCopy) -> None:
    for lines in range(16, 40, 3):
        sheet = Sheet("Cases", "en", "Foot.")
        sheet.lines(["Before."] * lines)
        sheet.heading("Case 1.")
        add_question(sheet, secret, captions=False)
        (page,) = [p for p in pypdfium2.PdfDocument(sheet.file()) if "Case 1." in _text(p)]
        assert any(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])), lines


def _text(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_bounded())
