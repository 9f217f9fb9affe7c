"""A DICOM file without what it carries of persons: never in place, and the same again from its own copy."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import CaseError
from tools.files.arrays.limits import refusing_damage
from tools.files.dicom.dataset import read_dataset
from tools.privacy.copy import Copy
from tools.privacy.header import Change, Cleaning, tell_who
from tools.privacy.pixel_bytes import drop_beside_pixels
from tools.privacy.profile import EDITION
from tools.privacy.secret import Secret

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset

# Source: PS3.10 section 7.1 (the preamble) and the group 0002 of table 7.1-1.
_PREAMBLE = b"\0" * 128
_META_KEPT = ("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "TransferSyntaxUID")
_META_WRITTEN = ("FileMetaInformationGroupLength", "FileMetaInformationVersion")
_META_OF_WRITER = ("ImplementationClassUID", "ImplementationVersionName")
# Source: PS3.16 CID 7050 (De-identification Method).
_BASIC = ("113100", "Basic Application Confidentiality Profile")
_PIXELS = ("113101", "Clean Pixel Data Option")
_DESCRIPTORS = ("113105", "Clean Descriptors Option")
_DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
_SAID = (
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "DeidentificationMethodCodeSequence",
    "LongitudinalTemporalInformationModified",
)
_METHOD = f"Casebook, PS3.15 {EDITION}"
_DIRECTORY = (
    "This is a DICOMDIR, which lists the files of a disc with the names of patients. Leave it out, and give "
    "the files that it lists."
)

_NOTHING = "This DICOM file holds nothing that can be read. Export it again from its source."

MaskPixels = Callable[["Dataset"], list[Change]]
"""Masks the text in a data set's pixels, in place."""


def clean_dicom(
    path: Path, secret: Secret, *, move_dates: bool, descriptors: bool = False, mask: MaskPixels | None = None
) -> Copy:
    """The copy of a DICOM file.

    Args:
        path: the file.
        secret: makes the stand-ins.
        move_dates: dates of examinations are moved instead of removed.
        descriptors: text that describes the examination is cleaned instead of removed.
        mask: masks text in the pixels; without it they stay as they are.

    Raises:
        CaseError: it is no DICOM file that can be followed, or a directory.
    """
    from pydicom.dataset import FileMetaDataset

    with refusing_damage("DICOM file"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote what is in the file
        ds = read_dataset(path, with_pixels=True)
        if "DirectoryRecordSequence" in ds:
            raise CaseError(_DIRECTORY)
        if not hasattr(ds, "file_meta"):
            ds.file_meta = FileMetaDataset()
        if len(ds) == 0:
            raise CaseError(
                "This DICOM file holds nothing that can be read. Export it again from its source."
            )
        changes = mask(ds) if mask else []
        looked = mask is not None or "PixelData" not in ds or ds.get("BurnedInAnnotation") == "NO"
        cleaning = Cleaning(secret, _days(ds, secret) if move_dates else None, tell_who(ds), descriptors)
        said = _unsay(ds)
        cleaning.clean(ds)
        changes += said + cleaning.changes + drop_beside_pixels(ds) + _clean_meta(ds, secret)
        options = [_PIXELS] * (mask is not None) + [_DESCRIPTORS] * descriptors + [_DATES] * move_dates
        _say_so(ds, options, dates=move_dates, looked=looked)
        return Copy(_written(ds), ".dcm", changes, pixels_seen=looked)


def _days(ds: Dataset, secret: Secret) -> int | None:
    """By how many days the dates move: none in a copy whose dates were moved here; None without a patient."""
    uid, patient = str(ds.get("SOPInstanceUID", "")), str(ds.get("PatientID", ""))
    if secret.made_uid(uid) or secret.made_patient(patient):
        moved = ds.get("LongitudinalTemporalInformationModified") == "MODIFIED"
        return 0 if moved else None
    who = patient or str(ds.get("StudyInstanceUID", ""))
    return secret.days(who) if who else None


def _clean_meta(ds: Dataset, secret: Secret) -> list[Change]:
    from pydicom.dataset import FileMetaDataset

    before: Any = ds.file_meta
    after = FileMetaDataset()
    after.MediaStorageSOPClassUID = ds.get("SOPClassUID") or before.get("MediaStorageSOPClassUID", "")
    instance = ds.get("SOPInstanceUID") or secret.uid(str(before.get("MediaStorageSOPInstanceUID", "")))
    after.MediaStorageSOPInstanceUID = instance
    after.TransferSyntaxUID = before.get("TransferSyntaxUID") or _as_it_was(ds)
    gone = [one.keyword or "(0002,xxxx)" for one in before if not one.is_empty]
    known = (*_META_KEPT, *_META_WRITTEN, *_META_OF_WRITER)
    changes = [Change(keyword, "removed") for keyword in gone if keyword not in known]
    if getattr(ds, "preamble", None) not in (None, _PREAMBLE):
        changes.append(Change("preamble", "emptied"))
    ds.preamble = _PREAMBLE
    ds.file_meta = after
    return changes


def _as_it_was(ds: Dataset) -> str:
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    implicit, little = ds.original_encoding
    if implicit:
        return str(ImplicitVRLittleEndian)
    return str(ExplicitVRLittleEndian if little else ExplicitVRBigEndian)


def _unsay(ds: Dataset) -> list[Change]:
    """Drop what an earlier copy says of itself, by whomever it was made."""
    changes = []
    if (before := ds.get("DeidentificationMethod")) and before != _METHOD:
        changes.append(Change("DeidentificationMethod", "replaced by a dummy"))
    for keyword in _SAID:
        if keyword in ds:
            del ds[keyword]
    return changes


def _say_so(ds: Dataset, options: list[tuple[str, str]], *, dates: bool, looked: bool) -> None:
    """What PS3.15 section E.1.1 wants written into the copy."""
    from pydicom import Dataset as NewDataset
    from pydicom.sequence import Sequence

    items = []
    for value, meaning in (_BASIC, *options):
        item = NewDataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        items.append(item)
    # Pixels that nobody looked at may still say who it is: PS3.3 section C.7.1.1.
    ds.PatientIdentityRemoved = "YES" if looked else "NO"
    ds.DeidentificationMethod = _METHOD
    ds.DeidentificationMethodCodeSequence = Sequence(items)
    ds.LongitudinalTemporalInformationModified = "MODIFIED" if dates else "REMOVED"


def _written(ds: Dataset) -> bytes:
    file = io.BytesIO()
    meta: FileMetaDataset = ds.file_meta
    # What has no class or instance of its own cannot be written to the letter of PS3.10.
    whole = bool(meta.MediaStorageSOPClassUID and meta.MediaStorageSOPInstanceUID)
    ds.save_as(file, enforce_file_format=whole)
    return file.getvalue()
