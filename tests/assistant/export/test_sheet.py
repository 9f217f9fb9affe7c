"""PDF: the words that are in it, the letters it can show, and its pages as pictures."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest

from assistant import Assistant
from assistant.answers.answer import Answer
from assistant.export import ChatCopy, copy_of
from assistant.export.chat_pdf import as_pdf
from assistant.export.copies import Exchange
from assistant.export.sheet import Sheet
from store.pictures.image import Image
from tests.inputs.drawn_lesion import ellipse, paint, skin


def pages(data: bytes) -> list[str]:
    """The words of each page; what breaks lines is one blank."""
    document = pypdfium2.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def drawn(data: bytes, page: int = 0) -> np.ndarray:
    """A page as ``(H, W, 3)`` uint8."""
    return np.asarray(pypdfium2.PdfDocument(data)[page].render(scale=1).to_pil().convert("RGB"))


def squeezed(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def test_a_chat_is_all_in_it_with_evidence_disclaimers_and_pictures() -> None:
    photograph = Image(paint(skin(), ellipse(70, 45, 25))[None], "PNG", spacing_mm=(0.1, 0.1))
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("what is this?", [photograph])
        chat.ask("measure the lesion")
        copy = copy_of(chat, assistant.picture)
    data = as_pdf(copy)
    text = " ".join(pages(data))
    for one in copy.exchanges:
        assert one.question in text
        assert one.answer is not None
        assert all(squeezed(disclaimer) in text for disclaimer in one.answer.disclaimers)
        assert all(evidence.model in text for evidence in one.answer.evidence)
    images = [found for page in pypdfium2.PdfDocument(data) for found in page.get_objects(filter=[3])]
    assert len(images) == 2
    assert "! For research" in text
    assert "“?”" not in text
    assert as_pdf(copy) == data


def test_german_spanish_greek_and_signs_are_shown_and_other_letters_said_to_be_lost() -> None:
    sheet = Sheet("Größe", "de", "Fuß")
    sheet.text("Ödem ß ¿Qué año? µ β − ≤ ≥ “” „“ … ﬁ Ａ")
    (text,) = pages(sheet.file())
    for part in ("Größe", "Ödem ß ¿Qué año? µ β − ≤ ≥ “” „“ …", "fi A", "Fuß · 1"):
        assert part in text
    assert "die diese Datei nicht zeigen kann" not in text
    sheet = Sheet("t", "de", "f")
    sheet.text("骨折 ≠ here")
    (text,) = pages(sheet.file())
    assert "?? ≠ here" in text
    assert "die diese Datei nicht zeigen kann" in text


def test_what_people_wrote_is_no_markup_and_breaks_nothing() -> None:
    hostile = "<b>x</b> <img src='http://example.org/a.png'/> <para> & &amp; </para>\n- <font>"
    data = as_pdf(ChatCopy(hostile, "en", (Exchange(hostile, (), Answer("c", "t", hostile), ()),)))
    text = " ".join(pages(data))
    assert text.count("<img src='http://example.org/a.png'/>") == 3
    assert b"/URI" not in data


def test_the_foot_stands_on_every_page_and_a_long_word_stays_on_the_paper() -> None:
    sheet = Sheet("t", "en", "Not a medical device.")
    for _ in range(120):
        sheet.text("w" * 300)
    data = sheet.file()
    texts = pages(data)
    assert len(texts) > 5
    assert all("Not a medical device." in text for text in texts)
    assert drawn(data)[:, -30:].min() > 200


@pytest.mark.parametrize("kind", ["tall", "wide", "small"])
def test_a_picture_keeps_its_sides_and_its_greys(kind: str) -> None:
    from PIL import Image as PillowImage

    height, width = {"tall": (900, 90), "wide": (90, 900), "small": (9, 9)}[kind]
    ramp = np.linspace(0, 255, width * height).reshape(height, width).astype(np.uint8)
    buffer = io.BytesIO()
    PillowImage.fromarray(ramp).save(buffer, "JPEG", quality=95)
    sheet = Sheet("t", "en", "f")
    sheet.pictures([(buffer.getvalue(), "one"), (buffer.getvalue(), "two"), (buffer.getvalue(), "three")])
    data = sheet.file()
    objects = list(pypdfium2.PdfDocument(data)[0].get_objects(filter=[3]))
    assert len(objects) == 3
    left, bottom, right, top = objects[0].get_bounds()
    assert (top - bottom) / (right - left) == pytest.approx(height / width, rel=0.01)
    assert "three" in pages(data)[0]
    page = drawn(data)
    inside = page[
        int(page.shape[0] - top) + 1 : int(page.shape[0] - bottom) - 1, int(left) + 1 : int(right) - 1
    ]
    assert inside.min() < 60
    assert 90 < inside.mean() < 165
