"""Cases as questions of one right answer in Moodle XML; "nothing abnormal" may always be chosen.

Source: Moodle documentation, "Moodle XML format".
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.sharing.pictures import shown
from assistant.sharing.questions import choices
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
    pictures = list(shown(copy))
    files = [f"{number}-{at}.jpg" for at in range(1, len(pictures) + 1)]
    tags = "".join(f'<p><img src="@@PLUGINFILE@@/{name}" alt="{name}"></p>' for name in files)
    history = _html(copy.case.history or say("teach.no_history", language))
    asked = f"{say('share.question', language)} {say('share.normal_counts', language)}"
    body = _text(one, "questiontext", f"<p>{history}</p>{tags}<p>{escape(asked)}</p>", html=True)
    for name, picture in zip(files, pictures, strict=True):
        file = etree.SubElement(body, "file", {"name": name, "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(picture.data).decode()
    _text(one, "generalfeedback", _feedback(copy), html=True)
    for name, value in (("defaultgrade", "1"), ("penalty", "0"), ("single", "true"), ("shuffleanswers", "1"),
                        ("answernumbering", "abc")):  # fmt: skip
        etree.SubElement(one, name).text = value
    for choice in choices(copy, diagnoses):
        answer = _text(one, "answer", escape(choice.text), html=True)
        answer.set("fraction", "100" if choice.right else "0")
        _text(answer, "feedback", say("share.right" if choice.right else "share.wrong", language), html=True)


def _feedback(copy: CaseCopy) -> str:
    case, language = copy.case, copy.language
    credits_ = [case.author, *case.references, case.licence]
    credits_ += [text for image in case.images for text in (image.source, image.licence)]
    parts = [copy.truth, *case.findings, *(one.caption for one in case.images), case.discussion]
    lines = [*parts, "; ".join(dict.fromkeys(filter(None, credits_))), general(language)]
    return "".join(f"<p>{_html(line)}</p>" for line in lines if line)


def _text(parent: _Element, name: str, text: str, *, html: bool = False) -> _Element:
    from lxml import etree

    one = etree.SubElement(parent, name, {"format": "html"} if html else {})
    etree.SubElement(one, "text").text = text
    return one


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
