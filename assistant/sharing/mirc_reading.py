"""A MIRCdocument zip read as a teaching case: one of ours without loss, others as far as their elements tell.

The XML is read without entities, DTD or network, and checked against our grammar. Pictures of others go
through the decoder, as every picture does.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.sharing.mirc_foreign import foreign
from assistant.sharing.mirc_names import LEVELS, ours, refuse_other
from assistant.sharing.svg_layer import regions_in
from assistant.teaching.case_file import read_image
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import TeachingCase, checked
from tools.files.unpacked import Sent, unpacked

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_KEY = "0" * 64
_ROOT = b"<MIRCdocument"
# Ours: how far into how many files the root element is looked for.
_HEAD, _MOST_TRIED = 4096, 20


def is_mirc(source: Path | bytes) -> bool:
    """Whether a file is a zip with a MIRCdocument in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as packed:
            names = [one for one in packed.namelist() if one.lower().endswith(".xml")]
            return any(_ROOT in packed.open(name).read(_HEAD) for name in names[:_MOST_TRIED])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return False


def read_mirc(
    data: bytes, most_bytes: int, decode: Callable[[Path], list[Image]]
) -> tuple[TeachingCase, list[Image]]:
    """The case and its images.

    Args:
        data: the zip.
        most_bytes: that it may take unpacked.
        decode: reads a picture file.

    Raises:
        CaseError: it is no such zip, it is an unknown, a picture is missing, or a field cannot be used.
        SetupError: the temporary folder of the machine cannot be written.
    """
    with unpacked([Sent("case.zip", data)], "", max(1, most_bytes // 2**20)) as folder:
        root = _root(folder)
        refuse_other(root)
        if root.get(ours("unknown")):
            raise CaseError("This document is an unknown: it holds no diagnosis. Import the whole one.")
        if root.get(ours("version")) is None:
            fields, paths = foreign(root)
            images = [image for path in paths for image in decode(_inside(folder, path))]
            return checked(**fields, images=[{"key": _NO_KEY}] * len(images)), images
        images, about, regions = _images(root, folder, most_bytes)
        more = {"regions": regions} if regions else {}
        return checked(**_fields(root), **more, images=about), images


def _root(folder: Path) -> _Element:
    """The one MIRCdocument of a folder."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for path in sorted(folder.rglob("*.xml")):
        try:
            root = etree.parse(path, parser).getroot()
        except etree.XMLSyntaxError:
            continue
        if root.tag == "MIRCdocument":
            return root
    raise CaseError("This zip holds no MIRCdocument. Give one that holds it with its pictures.")


def _fields(root: _Element) -> dict[str, Any]:
    """The fields of a case, without images, of a document that Casebook wrote."""
    years, levels = root.findtext(".//patient/pt-age/years"), {word: name for name, word in LEVELS.items()}
    title = root.find("title")
    told = {
        "title": "" if title is None or title.get(ours("made")) else title.text,
        "history": root.findtext("section/history"),
        "age_years": float(years) if years else None,
        "sex": root.findtext("section/patient/pt-sex") or "unknown",
        "diagnosis": root.findtext("section/diagnosis"),
        "also": _each(root, f"section/{ours('also')}"),
        "kind": root.findtext(f"section/{ours('kind')}"),
        "certainty": root.findtext(f"section/{ours('certainty')}"),
        "proven_by": root.findtext("section/confirmation"),
        "findings": _each(root, "section/findings/p"),
        "differential": _each(root, "section/differential-diagnosis/p"),
        "discussion": root.findtext("section/discussion"),
        "references": _each(root, "references/reference"),
        "hints": _each(root, f"section/{ours('hint')}"),
        "tags": _each(root, f"section/{ours('tag')}"),
        "difficulty": levels.get(root.findtext("level") or "", "unknown"),
        "author": root.findtext("author/name"),
        "licence": root.findtext("rights"),
        "language": root.findtext("language"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _each(root: _Element, path: str) -> list[str]:
    return [one.text or "" for one in root.iterfind(path)]


def _images(
    root: _Element, folder: Path, most_bytes: int
) -> tuple[list[Image], list[dict[str, Any]], list[dict[str, Any]]]:
    images: list[Image] = []
    about: list[dict[str, Any]] = []
    regions: list[tuple[int, dict[str, Any]]] = []
    for one in root.iterfind("image-section/image"):
        kept = one.find("alternative-image[@role='original-format']")
        if kept is not None:
            path = _inside(folder, kept.get("src", ""))
            images.append(read_image(path.read_bytes(), most_bytes - sum(map(_size, images))))
            told = {name: one.findtext(ours(name)) or "" for name in ("source", "licence")}
            caption = one.findtext("image-caption") or ""
            about.append(told | {"key": _NO_KEY, "slices": images[-1].frame_count, "caption": caption})
        order = one.find("order-by")
        layer = one.find("alternative-image[@role='annotation']")
        if layer is not None and order is not None:
            regions += _layer(_inside(folder, layer.get("src", "")), order)
    return images, about, [one for _, one in sorted(regions, key=lambda pair: pair[0])]


def _size(image: Image) -> int:
    return image.frames.nbytes + (0 if image.values is None else image.values.nbytes)


def _layer(path: Path, order: _Element) -> list[tuple[int, dict[str, Any]]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        place = int(order.get("series", "")), int(order.get("instance", ""))
        return regions_in(etree.parse(path, parser).getroot(), *place)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CaseError(f"The annotation layer {path.name!r} of this document is damaged.") from error


def _inside(folder: Path, source: str) -> Path:
    """A file that a document names, inside its zip and nowhere else."""
    path = (folder / source).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise CaseError(f"The document names the file {source[:80]!r}, which is not in its zip.")
    return path
