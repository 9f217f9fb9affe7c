"""Encapsulated pixels: frames found among their fragments, and each of them decoded.

pydicom unpacks RLE; GDCM decodes JPEG, JPEG-LS and JPEG 2000 (``tools.files.dicom.gdcm_codec``). Which of
these a frame is, it says itself: labels in the header are often another one's.

Source: DICOM PS3.5 annex A.4 (encapsulation), section 8.2.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from tools.files.arrays.limits import cut_off
from tools.files.dicom.codestream import Codestream, read_codestream
from tools.files.dicom.gdcm_codec import decode_codestream
from tools.files.dicom.native import Native
from tools.files.dicom.pixel_header import PixelHeader
from tools.files.dicom.stored_values import frame_of
from tools.files.dicom.terms import TRANSFER_SYNTAXES

if TYPE_CHECKING:
    from pydicom import Dataset

_RLE = "1.2.840.10008.1.2.5"
_PLAIN_FRAMES, _DEFLATED_FRAMES = "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"


def compressed_frames(ds: Dataset, count: int) -> Iterator[bytes]:
    """The compressed frames in order. Offset tables are asked only where the fragments leave a doubt."""
    from pydicom.encaps import generate_fragments, generate_frames, parse_basic_offsets, parse_fragments

    data = ds.PixelData
    buffer = BytesIO(data)
    parse_basic_offsets(buffer)
    after_table = buffer.tell()
    fragments, _ = parse_fragments(buffer)
    buffer.seek(after_table)
    if fragments < count:
        raise cut_off("DICOM file")
    if fragments == count:
        yield from generate_fragments(buffer)
    elif count == 1:
        yield b"".join(generate_fragments(buffer))
    else:
        table = (ds.get("ExtendedOffsetTable"), ds.get("ExtendedOffsetTableLengths"))
        extended = table if all(table) else None
        yield from generate_frames(data, number_of_frames=count, extended_offsets=extended)


def decompressed(frame: bytes, header: PixelHeader, syntax: str) -> NDArray[Any]:
    """Decode one frame.

    Args:
        frame: its bytes.
        header: describes it. Its Planar Configuration means nothing where a decoder puts samples in place.
        syntax: transfer syntax UID.

    Returns:
        ``(H, W)`` integers as stored, or ``(H, W, 3)`` uint8 RGB.

    Raises:
        CaseError: the frame is not what the header says, or the decoder gave up.
    """
    full_samples = header.photometric != "YBR_FULL_422"
    if syntax == _RLE:
        return frame_of(_rle_cells(frame, header), header, header.allocated, label_is_true=full_samples)
    if syntax in (_PLAIN_FRAMES, _DEFLATED_FRAMES):
        native = _plain_frame(frame, replace(header, frames=1), syntax)
        label_is_true = full_samples or native.is_subsampled
        return frame_of(native.cells(0), header, header.allocated, label_is_true=label_is_true)
    head = read_codestream(frame)
    if head is None:
        raise _other_encoding(syntax)
    _refuse_other_picture(head, header)
    cells = decode_codestream(frame, head)
    if header.samples == 3 and head.samples == 1:
        cells = np.repeat(cells[:, :, None], 3, axis=2)
    return frame_of(cells, header, head.precision, head=head)


def _plain_frame(frame: bytes, header: PixelHeader, syntax: str) -> Native:
    """One uncompressed or deflated frame.

    Source: DICOM PS3.5 annexes A.4.11 (encapsulated uncompressed) and A.4.13 (deflated frames, RFC 1951).
    """
    try:
        data = frame if syntax == _PLAIN_FRAMES else zlib.decompress(frame, -zlib.MAX_WBITS)
    except zlib.error as error:
        raise _other_encoding(syntax) from error
    native = Native(header, lambda start, stop: data[start:stop], len(data), big_endian=False, in_words=False)
    if native.length < native.wanted:
        raise cut_off("DICOM file")
    return native


def _other_encoding(syntax: str) -> CaseError:
    return CaseError(
        f"The pixels of this DICOM file are not what its header says, {TRANSFER_SYNTAXES[syntax]}: they are "
        "damaged, or labelled as another encoding than theirs. Export it again from its source."
    )


def _refuse_other_picture(head: Codestream, header: PixelHeader) -> None:
    said, held = (header.columns, header.rows), (head.columns, head.rows)
    if said != held:
        raise CaseError(
            f"The header of this DICOM file announces {said[0]} × {said[1]} pixels, and its {head.family} "
            f"data holds {held[0]} × {held[1]}. Export it again from its source."
        )
    if head.samples not in (1, 3) or head.samples > header.samples:
        raise CaseError(
            f"The header of this DICOM file announces {header.samples} samples per pixel, and its "
            f"{head.family} data holds {head.samples}. Export it again from its source."
        )


def _rle_cells(frame: bytes, header: PixelHeader) -> NDArray[Any]:
    from pydicom.encaps import encapsulate
    from pydicom.pixels import get_decoder

    cells: NDArray[Any]
    cells, _ = get_decoder(_RLE).as_array(
        encapsulate([frame]),
        raw=True,
        correct_unused_bits=False,
        rows=header.rows,
        columns=header.columns,
        number_of_frames=1,
        samples_per_pixel=header.samples,
        bits_allocated=header.allocated,
        bits_stored=header.stored,
        pixel_representation=0,
        planar_configuration=0,
        photometric_interpretation="RGB" if header.samples == 3 else "MONOCHROME2",
        pixel_keyword="PixelData",
    )
    return cells
