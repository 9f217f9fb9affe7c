"""Cases as questions of one right answer in Moodle XML; "nothing abnormal" may always be chosen.

Source: Moodle documentation, "Moodle XML format".
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.sharing.pictures import Shown, outlined, shown
from assistant.sharing.questions import asked_about, captions_of_regions, choices
from store.errors import CaseError
from tools.language.sayings import say

if TYPE_CHECKING:
    from lxml.etree import _Element

    from assistant.sharing.copies import CaseCopy


def write_moodle(title: str, copies: Sequence[CaseCopy]) -> bytes:
    """Moodle XML with one question for each case, its pictures inside, the truth in the feedback.

    Wrong answers are the differential of a case, then the diagnoses of the others.

    Args:
        title: of the category that the questions come into.
        copies: at least one.

    Raises:
        CaseError: there are no cases, or a text holds a character that XML has not.
    """
    from lxml import etree

    if not copies:
        raise CaseError("A quiz takes at least one case; these are none.")
    root = etree.Element("quiz")
    try:
        category = etree.SubElement(root, "question", {"type": "category"})
        _text(category, "category", f"$course$/top/{title.replace('/', '//')}")
        diagnoses = [one.truth for one in copies]
        for number, copy in enumerate(copies, 1):
            _add_question(root, copy, number, diagnoses)
    except ValueError as error:
        raise CaseError(
            "A text of these cases holds a control character, which XML cannot. Type that line again."
        ) from error
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _add_question(root: _Element, copy: CaseCopy, number: int, diagnoses: Sequence[str]) -> None:
    from lxml import etree

    language = copy.language
    one = etree.SubElement(root, "question", {"type": "multichoice"})
    # The name is shown to teachers, and on some pages to learners: it tells nothing.
    _text(one, "name", say("share.case_number", language, number=number))
    told = "".join(f"<p>{_html(text)}</p>" for text in asked_about(copy))
    asked = f"{say('share.question', language)} {say('share.normal_counts', language)}"
    pictures = {f"{number}-{at}.jpg": picture for at, picture in enumerate(shown(copy), 1)}
    body = _text(one, "questiontext", f"{told}{_tags(pictures, language)}<p>{escape(asked)}</p>", html=True)
    _add_files(body, pictures)
    regions = {f"{number}-{at}-regions.jpg": picture for at, picture in enumerate(outlined(copy), 1)}
    after = _text(one, "generalfeedback", _feedback(copy, _tags(regions, language)), html=True)
    _add_files(after, regions)
    for name, value in (("defaultgrade", "1"), ("penalty", "0"), ("single", "true"), ("shuffleanswers", "1"),
                        ("answernumbering", "abc")):  # fmt: skip
        etree.SubElement(one, name).text = value
    for choice in choices(copy, diagnoses):
        answer = _text(one, "answer", escape(choice.text), html=True)
        answer.set("fraction", "100" if choice.right else "0")
        _text(answer, "feedback", say("share.right" if choice.right else "share.wrong", language), html=True)


def _tags(pictures: dict[str, Shown], language: str) -> str:
    return "".join(
        f'<p><img src="@@PLUGINFILE@@/{name}" '
        f'alt="{escape(say("teach.picture_name", language, number=one.image))}"></p>'
        for name, one in pictures.items()
    )


def _add_files(parent: _Element, pictures: dict[str, Shown]) -> None:
    from lxml import etree

    for name, picture in pictures.items():
        file = etree.SubElement(parent, "file", {"name": name, "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(picture.data).decode()


def _feedback(copy: CaseCopy, regions: str) -> str:
    case, language = copy.case, copy.language
    credits_ = [case.author, *case.references, case.licence]
    credits_ += [text for image in case.images for text in (image.source, image.licence)]
    parts = [copy.truth, *case.findings, *(one.caption for one in case.images), case.discussion]
    lines = [*parts, "; ".join(dict.fromkeys(filter(None, credits_))), general(language)]
    where = "".join(f"<p>{_html(line)}</p>" for line in captions_of_regions(copy))
    return "".join(f"<p>{_html(line)}</p>" for line in lines if line) + regions + where


def _text(parent: _Element, name: str, text: str, *, html: bool = False) -> _Element:
    from lxml import etree

    one = etree.SubElement(parent, name, {"format": "html"} if html else {})
    etree.SubElement(one, "text").text = text
    return one


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
