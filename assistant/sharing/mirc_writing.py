"""A teaching case as a MIRCdocument in a zip: whole, or as an unknown that holds no answer anywhere.

A whole document comes back without loss (`mirc_reading`). What MIRC names stands in MIRC's own elements, the
rest in elements of ours; what Casebook says itself is marked ``made`` and not read back. Images lie in it as
PNG, slice by slice, and once more as Casebook keeps them, with their values.

An unknown has what a learner may read before the commit (`assistant.teaching.unknown`): history, age, sex
and pixels. Author, licence and sources come with the answer, for they often name it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.answers.disclaimers import general
from assistant.sharing.copies import CaseCopy
from assistant.sharing.mirc_names import DOCUMENT, LEVELS, OURS, ours, refuse_other
from assistant.sharing.pictures import png
from assistant.sharing.questions import choices
from assistant.sharing.svg_layer import svg_layer
from assistant.teaching.case_file import write_image
from assistant.teaching.given_away import refuse_given_away
from store.errors import CaseError
from tools.language.sayings import say

if TYPE_CHECKING:
    from lxml.etree import _Element

    from store.pictures.image import Image

# The first day that a zip can name: when a file was written tells nobody anything.
_DAY = (1980, 1, 1, 0, 0, 0)
_MADE = {ours("made"): "yes"}


def write_mirc(copy: CaseCopy, *, unknown: bool = False) -> bytes:
    """A zip with ``MIRCdocument.xml`` and the images.

    Args:
        copy: the case.
        unknown: without the answer.

    Raises:
        CaseError: the history of an unknown names the answer, or a text holds a character that XML has not.
    """
    from lxml import etree

    if unknown:
        refuse_given_away("", [copy.case])
    files: dict[str, bytes] = {}
    try:
        root = _document(copy, files, unknown=unknown)
    except ValueError as error:
        raise CaseError(
            "A text of this case holds a control character, which XML cannot. Type that line again."
        ) from error
    refuse_other(root)
    files = {DOCUMENT: etree.tostring(root, xml_declaration=True, encoding="utf-8")} | files
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _document(copy: CaseCopy, files: dict[str, bytes], *, unknown: bool) -> _Element:
    from lxml import etree

    root = etree.Element("MIRCdocument", {"display": "mstf", ours("version"): "1"}, nsmap={"casebook": OURS})
    _add(root, "document-type", "Radiologic Teaching File")
    _add(root, "language", copy.case.language)
    history = copy.case.history or say("teach.no_history", copy.language)
    nameless = say("share.unknown", copy.language)
    if unknown:
        root.set(ours("unknown"), "yes")
        _add(root, "title", nameless)
        _add(root, "abstract", history)
    else:
        _add_head(root, copy)
    _add(root, "alternative-title", nameless, _MADE)
    _add(root, "alternative-abstract", history, _MADE)
    _add_history(root, copy)
    _add_images(root, copy, files, unknown=unknown)
    if not unknown:
        _add_answer(root, copy)
    _add_quiz(root, copy, unknown=unknown)
    note = _section(root, say("share.important", copy.language))
    _add(note, ours("disclaimer"), general(copy.language))
    return root


def _add_head(root: _Element, copy: CaseCopy) -> None:
    case = copy.case
    _add(root, "title", case.title or copy.truth, {} if case.title else _MADE)
    _add(root, "abstract", "\n".join([copy.truth, *case.findings]), _MADE)
    if case.author:
        _add(_add(root, "author"), "name", case.author)
    if case.licence:
        _add(root, "rights", case.licence)
    if case.tags:
        _add(root, "keywords", ", ".join(case.tags), _MADE)
    if case.difficulty in LEVELS:
        _add(root, "level", LEVELS[case.difficulty])


def _add_history(root: _Element, copy: CaseCopy) -> None:
    case = copy.case
    told = _section(root, say("share.history", copy.language))
    _add(told, "history", case.history)
    patient = _add(told, "patient")
    if case.age_years is not None:
        _add(_add(patient, "pt-age"), "years", repr(case.age_years))
    if case.sex != "unknown":
        _add(patient, "pt-sex", case.sex)


def _add_images(root: _Element, copy: CaseCopy, files: dict[str, bytes], *, unknown: bool) -> None:
    pane = _add(root, "image-section", None, {"heading": say("share.images", copy.language)})
    for number, image in enumerate(copy.images, 1):
        layers = {} if unknown else _layers(copy, number, image.size)
        slices = [_add_slice(pane, image, number, at, files) for at in range(image.frame_count)]
        for at, layer in layers.items():
            files[f"images/{number}/{at:04d}.svg"] = layer
            _alternative(slices[at - 1], "annotation", "svg", f"images/{number}/{at:04d}.svg")
        _alternative(slices[0], "original-format", "casebook", f"images/{number}.json")
        if not unknown:
            about = copy.case.images[number - 1]
            _add(slices[0], ours("source"), about.source)
            _add(slices[0], ours("licence"), about.licence)
            _add(slices[0], "image-caption", about.caption, {"display": "click"})
        kept = replace(image, body_part=None, scale_caution="", file_type="PNG") if unknown else image
        files[f"images/{number}.json"] = write_image(kept).encode()


def _add_slice(pane: _Element, image: Image, number: int, at: int, files: dict[str, bytes]) -> _Element:
    """A slice, counted from 0, of an image, counted from 1."""
    name = f"images/{number}/{at + 1:04d}.png"
    files[name] = png(image, at)
    width, height = (str(side) for side in image.size)
    one = _add(pane, "image", None, {"src": name, "width": width, "height": height})
    if image.modality:
        _add(one, "modality", image.modality)
    _add(one, "order-by", None, {"series": str(number), "instance": str(at + 1)})
    return one


def _alternative(image: _Element, role: str, kind: str, source: str) -> None:
    _add(image, "alternative-image", None, {"role": role, "type": kind, "src": source})


def _layers(copy: CaseCopy, number: int, size: tuple[int, int]) -> dict[int, bytes]:
    """The annotation layer of each slice of an image that has regions."""
    here: dict[int, list[tuple[int, Any]]] = {}
    for at, one in enumerate(copy.case.regions, 1):
        if one.image == number:
            here.setdefault(one.slice, []).append((at, one))
    return {at: svg_layer(size, ones) for at, ones in here.items()}


def _add_answer(root: _Element, copy: CaseCopy) -> None:
    case, language = copy.case, copy.language
    findings = _add(_section(root, say("teach.findings", language)), "findings")
    for one in case.findings:
        _add(findings, "p", one)
    truth = _section(root, say("share.diagnosis", language))
    _add(truth, "diagnosis", case.diagnosis)
    for one in case.also:
        _add(truth, ours("also"), one)
    _add(truth, ours("kind"), case.kind)
    _add(truth, ours("certainty"), case.certainty)
    _add(truth, "confirmation", case.proven_by)
    other = _add(_section(root, say("teach.differential", language)), "differential-diagnosis")
    for one in case.differential:
        _add(other, "p", one)
    _add(_section(root, say("teach.discussion", language)), "discussion", case.discussion)
    hidden = _section(root, say("share.for_teachers", language), {"visible": "owner"})
    for name, texts in (("tag", case.tags), ("hint", case.hints)):
        for one in texts:
            _add(hidden, ours(name), one)
    references = _add(root, "references")
    for one in case.references:
        _add(references, "reference", one)


def _add_quiz(root: _Element, copy: CaseCopy, *, unknown: bool) -> None:
    """One question; an unknown has it without answers to choose from, as one of them would be right."""
    quiz = _add(_section(root, say("share.quiz", copy.language)), "quiz", None, _MADE)
    _add(quiz, "quiz-context", say("share.normal_counts", copy.language))
    question = _add(quiz, "question")
    _add(question, "question-body", say("share.question", copy.language))
    for one in [] if unknown else choices(copy):
        answer = _add(question, "answer", None, {ours("right"): "yes" if one.right else "no"})
        _add(answer, "answer-body", one.text)
        _add(answer, "response", say("share.right" if one.right else "share.wrong", copy.language))


def _section(root: _Element, heading: str, more: dict[str, str] | None = None) -> _Element:
    return _add(root, "section", None, {"heading": heading} | (more or {}))


def _add(
    parent: _Element, name: str, text: str | None = None, attributes: dict[str, str] | None = None
) -> _Element:
    from lxml import etree

    one = etree.SubElement(parent, name, attributes or {})
    one.text = text
    return one
