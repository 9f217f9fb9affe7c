"""One compressed frame decoded with GDCM, told of nothing but what the frame says of itself.

GDCM decodes JPEG in all its processes, JPEG-LS, and JPEG 2000 with its high-throughput part.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from tools.files.dicom.codestream import Codestream

_LOSSY_8, _LOSSY_12, _LOSSLESS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.70"
_JPEG_LS, _JPEG_2000 = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"


def decode_codestream(data: bytes, head: Codestream) -> NDArray[Any]:
    """Decode a frame.

    Args:
        data: the frame.
        head: what it says of itself.

    Returns:
        ``(H, W)`` or ``(H, W, 3)`` unsigned cells of 8, 16 or 32 bits; a signed sample keeps its sign up
        to the highest bit of the cell.

    Raises:
        CaseError: the decoder gave up.
    """
    raw = _decoded(data, head)
    size = _container(head.precision) // 8
    shape = (head.rows, head.columns) if head.samples == 1 else (head.rows, head.columns, head.samples)
    if raw is None or len(raw) < size * int(np.prod(shape)):
        raise CaseError(
            f"The {head.family} data of this DICOM file could not be decoded: it is damaged, or compressed "
            "in a way that is not known here. Export it again, uncompressed if you can."
        )
    return np.frombuffer(raw, f"<u{size}", count=int(np.prod(shape))).reshape(shape)


def _container(precision: int) -> int:
    return 8 if precision <= 8 else 16 if precision <= 16 else 32


def _decoded(data: bytes, head: Codestream) -> bytes | None:
    import gdcm

    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(data)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((head.columns, head.rows, 1))
    image.SetDataElement(element)
    kind = gdcm.PhotometricInterpretation.GetPIType("MONOCHROME2" if head.samples == 1 else "RGB")
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(_syntax(head))))
    image.SetPixelFormat(
        gdcm.PixelFormat(
            head.samples,
            _container(head.precision),
            head.precision,
            head.precision - 1,
            int(bool(head.signed)),
        )
    )
    # GDCM hands its buffer over as text, or nothing; this is how its binding gives the bytes back.
    text = image.GetBuffer()
    return None if text is None else text.encode("utf-8", "surrogateescape")


def _syntax(head: Codestream) -> str:
    """A transfer syntax that makes GDCM pick the decoder; which process it is, the frame itself says."""
    if head.family == "JPEG":
        return _LOSSY_8 if head.precision <= 8 else _LOSSY_12
    return {"lossless JPEG": _LOSSLESS, "JPEG-LS": _JPEG_LS, "JPEG 2000": _JPEG_2000}[head.family]
