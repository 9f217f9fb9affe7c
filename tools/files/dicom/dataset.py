"""A data set read from its file, and how its values are encoded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import CaseError
from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.terms import TRANSFER_SYNTAXES, UNREAD_SYNTAXES

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataelem import RawDataElement

IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
_BIG_ENDIAN = (
    "This DICOM file is written in the retired big-endian encoding, and one of its elements cannot be "
    "followed: it is damaged, or holds a sequence of a kind that is not known here. Export it as "
    "explicit VR little endian."
)
DEFLATED = "1.2.840.10008.1.2.1.99"


def read_dataset(path: Path, *, with_pixels: bool, defer_bytes: int | None = None) -> Dataset:
    """Read a data set, forgiving a missing preamble.

    Raises:
        CaseError: an element declares a length that no memory holds, or a big-endian file cannot be followed.
    """
    import pydicom
    from pydicom.hooks import hooks

    hooks.register_callback("raw_element_value", _value)
    try:
        return pydicom.dcmread(path, force=True, stop_before_pixels=not with_pixels, defer_size=defer_bytes)
    except MemoryError as error:
        raise CaseError(
            "This DICOM file declares more data than can be read: it is damaged, or too large once unpacked. "
            "Export it again from its source."
        ) from error
    except DAMAGE as error:
        # Sequences of unknown kind are little endian even there (PS3.5 section 6.2.2); pydicom 3.0.2 reads
        # them as big endian.
        if _is_big_endian(path):
            raise CaseError(_BIG_ENDIAN) from error
        raise


def _value(raw: RawDataElement, data: dict[str, Any], **how: Any) -> None:
    """The value of an element, as pydicom finds it; a length that does not fit is damage like any other.

    Raises:
        ValueError: it has another length than its kind takes. pydicom 3.0.2 has an error for that which is
            no `ValueError`, and which whoever is used to damaged files does not expect.
    """
    from pydicom.errors import BytesLengthException
    from pydicom.hooks import raw_element_value

    try:
        raw_element_value(raw, data, **how)
    except BytesLengthException as error:
        raise ValueError("an element has another length than its kind takes") from error


def _is_big_endian(path: Path) -> bool:
    """Whether the file meta header says so."""
    from pydicom.errors import InvalidDicomError
    from pydicom.filereader import read_file_meta_info

    try:
        return str(read_file_meta_info(path).get("TransferSyntaxUID", "")) == BIG_ENDIAN
    except (*DAMAGE, InvalidDicomError):
        return False


def settle_transfer_syntax(ds: Dataset) -> str:
    """The transfer syntax UID; where the file meta header is missing, as the data set itself was encoded.

    Raises:
        CaseError: a transfer syntax that is not read, named where it has a name.
    """
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    if not hasattr(ds, "file_meta"):
        ds.file_meta = FileMetaDataset()
    declared = str(ds.file_meta.get("TransferSyntaxUID", "") or "")
    if not declared:
        implicit, little = ds.original_encoding
        declared = IMPLICIT if implicit else (EXPLICIT if little else BIG_ENDIAN)
        ds.file_meta.TransferSyntaxUID = UID(declared)
    if declared not in TRANSFER_SYNTAXES:
        raise CaseError(
            f"The pixel data of this DICOM file is encoded as {_syntax_name(declared)}, which is not read. "
            "Export it uncompressed, or as JPEG, JPEG-LS, JPEG 2000 or RLE."
        )
    return declared


def _syntax_name(declared: str) -> str:
    from pydicom.uid import UID

    uid = UID(declared)
    standard = uid.name if uid.is_transfer_syntax and uid.name != declared else None
    return UNREAD_SYNTAXES.get(declared) or standard or "a private or unknown encoding"
