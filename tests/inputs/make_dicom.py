"""Draws DICOM files for tests: nothing in them comes from a patient."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

SOP_CLASSES = {
    "CT": "1.2.840.10008.5.1.4.1.1.2",
    "MR": "1.2.840.10008.5.1.4.1.1.4",
    "CR": "1.2.840.10008.5.1.4.1.1.1",
    "US": "1.2.840.10008.5.1.4.1.1.6.1",
}

CT = {"RescaleSlope": "1", "RescaleIntercept": "-1024", "BitsStored": 12}
"""What makes `build` a CT slice in HU: the value shown is the value drawn less 1024."""


def ramp(rows: int = 32, columns: int = 48, most: int = 4000) -> NDArray[np.uint16]:
    """``(rows, columns)`` uint16 that rises from 0 at the left to `most` at the right."""
    line = np.linspace(0, most, columns).round().astype(np.uint16)
    return np.repeat(line[None], rows, axis=0)


def build(pixels: NDArray[Any] | None, *, modality: str = "CT", **elements: Any) -> Dataset:
    """A data set around `pixels`: ``(H, W)``, ``(F, H, W)`` or, in uint8, ``(H, W, 3)``."""
    ds = Dataset()
    ds.SOPClassUID = SOP_CLASSES.get(modality, "1.2.840.10008.5.1.4.1.1.7")
    ds.SOPInstanceUID = generate_uid()
    ds.Modality = modality
    if pixels is not None:
        colour = pixels.ndim == 3 and pixels.shape[2] == 3
        ds.Rows, ds.Columns = pixels.shape[:2] if colour else pixels.shape[-2:]
        if pixels.ndim == 3 and not colour:
            ds.NumberOfFrames = pixels.shape[0]
        ds.SamplesPerPixel = 3 if colour else 1
        ds.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
        if colour:
            ds.PlanarConfiguration = 0
        ds.BitsAllocated = pixels.dtype.itemsize * 8
        ds.BitsStored = ds.BitsAllocated
        ds.PixelRepresentation = 1 if pixels.dtype.kind == "i" else 0
        ds.PixelData = pixels.tobytes()
        ds["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    if "BitsStored" in ds:
        ds.HighBit = ds.BitsStored - 1
    return ds


def lut(entries: Iterable[float], first: int, bits: int) -> Sequence:
    """A modality or VOI LUT that maps `first` to the first entry; 65,536 entries are written as 0."""
    values = [int(value) for value in entries]
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(values) % 2**16, first, bits])
    item.add_new("LUTData", "US", values)
    return Sequence([item])


def save(ds: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian, *, bare: bool = False) -> Path:
    """Write a data set; `bare` leaves out preamble and file meta header."""
    uid = UID(syntax)
    if uid == ExplicitVRBigEndian and ds.BitsAllocated == 16:
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
    if bare:
        ds.save_as(path, implicit_vr=uid.is_implicit_VR, little_endian=uid.is_little_endian)
        return path
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = uid
    ds.save_as(path, enforce_file_format=True)
    return path


def make_dicom(path: Path, pixels: NDArray[Any] | None, *, modality: str = "CT", **elements: Any) -> Path:
    """`build` and `save` in one."""
    return save(build(pixels, modality=modality, **elements), path)


def transcode(path: Path, syntax: str) -> Path:
    """Compress the pixels with GDCM's own encoder, which is not the code under test; keep the header."""
    import gdcm
    from pydicom import dcmread

    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change(), syntax
    writer = gdcm.ImageWriter()
    target = path.with_suffix(".compressed.dcm")
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    ds, compressed = dcmread(path), dcmread(target)
    ds.PixelData = compressed.PixelData
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    return relabel(ds, target, syntax)


def relabel(ds: Dataset, path: Path, syntax: str) -> Path:
    """Write a data set whose pixel data is already encoded as `syntax` says, or pretends to be."""
    from pydicom.encaps import encapsulate

    ds.file_meta.TransferSyntaxUID = UID(syntax)
    if not ds["PixelData"].is_undefined_length:
        ds.PixelData = encapsulate([ds.PixelData])
        ds["PixelData"].is_undefined_length = True
        ds["PixelData"].VR = "OB"
    ds.save_as(path, enforce_file_format=True)
    return path


def compressed(ds: Dataset, frames: list[bytes], path: Path, syntax: str) -> Path:
    """Write a data set around frames that are already compressed, one fragment each."""
    from pydicom.encaps import encapsulate

    ds.PixelData = encapsulate(frames)
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    return save(ds, path, syntax)
