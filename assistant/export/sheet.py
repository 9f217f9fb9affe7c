"""A PDF written from top to bottom: headings, words, pictures two a row, tables; a footer on every page.

Its letters are Roboto's, which lie in the file. A letter that Roboto has not is shown by its parts, or as
“?”, and the last line says so.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from assistant.export.words import markdown
from tools.language.sayings import say

if TYPE_CHECKING:
    from markdown_it.token import Token

_FACES = {"": "Regular", "b": "Bold", "i": "Italic", "bi": "BoldItalic"}
_NAME = "Roboto"
# In points. Ours: two pictures stand beside each other on A4 with these margins.
_MARGIN, _FOOT, _PICTURE = 50, 40, 235
_TOP = ("VALIGN", (0, 0), (-1, -1), "TOP")
# What stands before a caution; Roboto has no such sign.
_INSTEAD = {"⚠": "!"}
_MARKS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>",
          "softbreak": "<br/>", "hardbreak": "<br/>"}  # fmt: skip


class Sheet:
    """One PDF; a `Document`.

    Args:
        title: of the document, shown and in its properties.
        language: of what Casebook says in it.
        foot: at the foot of every page.
    """

    def __init__(self, title: str, language: str, foot: str) -> None:
        self._title, self._language, self._foot = title, language, foot
        self._parts: list[Any] = []
        self._lost = False
        self.words(f"<b>{self._safe(title)}</b>", size=16)

    def heading(self, text: str) -> None:
        """A heading, kept with what follows."""
        self.words(f"<b>{self._safe(text)}</b>", size=12, keep=True)

    def text(self, text: str, *, small: bool = False, keep: bool = False) -> None:
        """Words as they are, line breaks kept, on one page with what follows if wished; nothing for none."""
        if text:
            self.words(self._safe(text), size=8 if small else 10, keep=keep)

    def lines(self, texts: Iterable[str]) -> None:
        """A list."""
        for one in texts:
            self.words(self._safe(one), bullet="•")

    def markdown(self, text: str) -> None:
        """Words with emphasis and lists; what else Markdown knows, and HTML, stay letters."""
        bullet = None
        for token in markdown().parse(text):
            if token.type == "list_item_open":
                bullet = "•" if token.markup in "-*+" else f"{token.info}{token.markup}"
            elif token.type == "inline":
                self.words("".join(self._inline(token)), bullet=bullet)
                bullet = None

    def pictures(self, pictures: Sequence[tuple[bytes, str]]) -> None:
        """Pictures (JPEG and caption), two a row."""
        from reportlab.platypus import Table

        cells = [self._picture(data, caption) for data, caption in pictures]
        for at in range(0, len(cells), 2):
            row = [cells[at], cells[at + 1] if at + 1 < len(cells) else ""]
            self._parts.append(Table([row], colWidths=[_PICTURE + 12] * 2, style=[_TOP], spaceBefore=6))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table whose head comes again on each page."""
        from reportlab.lib import colors
        from reportlab.platypus import Table

        cells = [[self._paragraph(f"<b>{self._safe(one)}</b>", 8) for one in head]]
        cells += [[self._paragraph(self._safe(one), 8) for one in row] for row in rows]
        lined = [("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey), _TOP]
        self._parts.append(Table(cells, repeatRows=1, style=lined))

    def words(self, marked: str, *, size: int = 10, bullet: str | None = None, keep: bool = False) -> None:
        """A paragraph in ReportLab's markup; what people wrote has to be escaped in it."""
        self._parts.append(self._paragraph(marked, size, bullet, keep))

    def file(self) -> bytes:
        """The file. It tells no time: the same content is the same bytes."""
        from reportlab.lib.pagesizes import A4
        from reportlab.platypus import SimpleDocTemplate

        if self._lost:
            self.text(say("export.letters_lost", self._language), small=True)
        buffer = io.BytesIO()
        document = SimpleDocTemplate(
            buffer, pagesize=A4, title=self._title, author="Casebook", lang=self._language, invariant=1,
            leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN + _FOOT,
        )  # fmt: skip
        document.build(self._parts, onFirstPage=self._draw_foot, onLaterPages=self._draw_foot)
        return buffer.getvalue()

    def _draw_foot(self, canvas: Any, document: Any) -> None:
        foot = self._paragraph(self._safe(f"{self._foot} · {document.page}"), 7)
        width = document.pagesize[0] - 2 * _MARGIN
        _, height = foot.wrap(width, _FOOT)
        foot.drawOn(canvas, _MARGIN, _MARGIN + _FOOT - height - 8)

    def _picture(self, data: bytes, caption: str) -> list[Any]:
        from reportlab.platypus import Image

        picture = Image(io.BytesIO(data))
        scale = _PICTURE / max(picture.imageWidth, picture.imageHeight)
        picture.drawWidth, picture.drawHeight = picture.imageWidth * scale, picture.imageHeight * scale
        picture.hAlign = "LEFT"
        return [picture, self._paragraph(self._safe(caption), 8)]

    def _paragraph(self, marked: str, size: int, bullet: str | None = None, keep: bool = False) -> Any:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        _letters()
        style = ParagraphStyle(
            f"{size}", fontName=_NAME, fontSize=size, leading=size * 1.35, spaceBefore=size * 0.6,
            keepWithNext=int(keep), leftIndent=12 if bullet else 0, bulletFontName=_NAME,
        )  # fmt: skip
        return Paragraph(marked, style, bulletText=bullet)

    def _inline(self, token: Token) -> Iterator[str]:
        for child in token.children or ():
            yield _MARKS.get(child.type) or self._safe(child.content)

    def _safe(self, text: str) -> str:
        """Text for ReportLab's markup, in letters that the font has."""
        shown = [one if one == "\n" else _shown(one) for one in text]
        self._lost = self._lost or None in shown
        words = "".join("?" if one is None else one for one in shown)
        return escape(words, quote=False).replace("\n", "<br/>")


def _shown(letter: str) -> str | None:
    """A letter as the font has it, whole or by its parts; None where it has neither."""
    there = _letters()
    letter = _INSTEAD.get(letter, letter)
    if ord(letter) in there:
        return letter
    kind = unicodedata.category(letter)[0]
    if kind in "CZM":
        return " " if letter.isspace() else ""
    parts = "".join(one for one in unicodedata.normalize("NFKD", letter) if ord(one) in there)
    # A sign that has lost its stroke says the contrary, as ≠ does.
    return (parts or None) if kind in "LN" else None


@cache
def _letters() -> frozenset[int]:
    """Make the font known to ReportLab; the letters that it has, by their numbers in Unicode."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = resources.files("font_roboto").joinpath("files")
    faces = {}
    for style, face in _FACES.items():
        name = f"{_NAME}{'-' if style else ''}{style}"
        with resources.as_file(folder.joinpath(f"Roboto-{face}.ttf")) as path:
            faces[style] = TTFont(name, str(path))
        pdfmetrics.registerFont(faces[style])
    pdfmetrics.registerFontFamily(_NAME, _NAME, f"{_NAME}-b", f"{_NAME}-i", f"{_NAME}-bi")
    return frozenset(faces[""].face.charToGlyph)
