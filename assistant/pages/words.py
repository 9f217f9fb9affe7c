"""How texts are made safe to show, and what tools are called while they work."""

from __future__ import annotations

import re

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

_DOING = {
    "inspect_image": "Looking at {image}",
    "measure_lesion": "Measuring the lesion on {image}",
    "read_radiograph": "Asking a reading model about {image}",
    "read_skin_image": "Asking a reading model about {image}",
    "find_similar_cases": "Searching the case library for look-alikes of {image}",
    "browse_library": "Looking into the case library",
    "quiz": "Looking into the case library",
    "save_case": "Adding {image} to the case library",
    "classify_with_my_labels": "Sorting {image} into your labels",
    "show_slice": "Turning to another slice of {image}",
    "treat_image_as": "Noting what you said about {image}",
}


def plain(text: str) -> str:
    """`text` so that the page shows it letter by letter, on one line."""
    return _quiet(_MARKS.sub(r"\\\1", " ".join(text.split())))


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
    words = _DOING.get(tool, f"Running {plain(tool)} on {{image}}")
    return words.format(image=plain(image_id) or "the picture")


def seconds(value: float) -> str:
    """A duration: ``0.8 s``, ``less than 0.1 s``."""
    return f"{value:.1f} s" if value >= 0.05 else "less than 0.1 s"


def amount(value: float, unit: str) -> str:
    """A number with its unit and three significant digits: ``12.3 %``, ``1 240 px``."""
    digits = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}".replace(",", "\u202f")
    return f"{digits} {unit}".strip()
