"""How texts are made safe to show, and what tools are called while they work."""

from __future__ import annotations

import re

import streamlit as st

from store.errors import CasebookError
from tools.language.paths import without_places
from tools.language.sayings import FIRST, languages, say, sayings

# Markdown, HTML, LaTeX and the page's own directives all start with one of these.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|$~<>:&])")
# In an answer, emphasis and lists stay; links, pictures, HTML, LaTeX and strike-through do not.
_LOOSE = re.compile(r"(\\.)|([$~<\[])")
# Icons, emoji, directives and bare addresses are found again after a backslash has gone.
# Source: the micromark extension "GFM autolink literal", and Streamlit's text on icons and emoji.
_COLON = re.compile(r":(?=[^\s\d]|\d+\\?:)|@(?=\S)")
_WWW = re.compile(r"(www)(?=\\?\.)", re.IGNORECASE)
# Headings are the page's own: "# title", in a list or quotation too, and a line of = or - below one.
_HEADING = re.compile(
    r"^((?:[ \t>]|[-*+][ \t]|\d+[.)][ \t])*)(?=#{1,6}(?:[ \t]|$)|(?:=+|-+)[ \t]*$)", re.MULTILINE
)
_JOINER = "\u2060"

_TOLD = frozenset(
    {
        "inspect_image",
        "measure_lesion",
        "measure_region",
        "compare_regions",
        "read_radiograph",
        "read_skin_image",
        "find_similar_cases",
        "browse_library",
        "quiz",
        "save_case",
        "classify_with_my_labels",
        "show_slice",
        "describe_view",
        "treat_image_as",
    }
)
"""Tools with a saying of their own on what they do."""


def language() -> str:
    """The language of the page: the browser's, if there are sayings in it."""
    wished = (st.context.locale or FIRST).partition("-")[0].lower()
    return wished if wished in languages() else FIRST


def said(name: str, /, **fields: object) -> str:
    """A saying in the language of the page."""
    return say(name, language(), **fields)


def plain(text: str) -> str:
    """`text` so that the page shows it letter by letter, on one line."""
    return _quiet(_MARKS.sub(r"\\\1", " ".join(text.split())))


def told(error: CasebookError) -> str:
    """An error in its own words, letter by letter, as visitors are shown it."""
    return plain(without_places(str(error)))


def asked(text: str) -> str:
    """A question as it was typed, line breaks kept."""
    return "  \n".join(plain(line) for line in text.splitlines())


def prose(text: str) -> str:
    """An answer's text: its emphasis and lists work, but it holds no link, icon, picture or heading."""
    return _quiet(_HEADING.sub(r"\1\\", _LOOSE.sub(lambda found: found[1] or "\\" + found[2], text)))


def _quiet(markdown: str) -> str:
    """Put what cannot be seen (WORD JOINER) into whatever would become an icon, an emoji or a link."""
    return _WWW.sub(rf"\1{_JOINER}", _COLON.sub(rf"\g<0>{_JOINER}", markdown))


def doing(tool: str, image_id: str) -> str:
    """What a running tool does, for a reader."""
    image = plain(image_id) or said("progress.the_picture")
    if tool in _TOLD:
        of_image = "image" in sayings(language()).fields[f"progress.{tool}"]
        return said(f"progress.{tool}", image=image) if of_image else said(f"progress.{tool}")
    return said("progress.other", tool=plain(tool), image=image)


def seconds(value: float) -> str:
    """A duration: ``0.8 s``, ``less than 0.1 s``."""
    return said("progress.seconds", seconds=value) if value >= 0.05 else said("progress.at_once")


def amount(value: float, unit: str) -> str:
    """A number with its unit and three significant digits: ``12.3 %``, ``1 240 px``."""
    if abs(value) < 1000:
        return said("measures.rounded", value=value, unit=unit).strip()
    return f"{value:,.0f} {unit}".replace(",", "\u202f").strip()
