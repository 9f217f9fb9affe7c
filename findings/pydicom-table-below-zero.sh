#!/usr/bin/env bash
# What one would expect: a CT that says how to show its Hounsfield units by a table (VOI LUT) looks the same whether its
# file is in Explicit or in Implicit VR Little Endian. The table begins below zero, at -1000; of its descriptor the
# standard says (PS3.3 C.11.2.1.1) that it is signed wherever the rescaled values may be, "always" for CT, though the
# stored pixels are unsigned.
#
# What happens: an implicit file does not name the type, and pydicom goes by Pixel Representation alone, which is that
# of the stored pixels. It reads -1000 as 64536, so every pixel lies below the table, and apply_voi_lut gives the whole
# picture its first entry. What pydicom itself wrote as -1000 it reads as 64536. Nothing is raised; the one warning, of
# a table on floats, is the same for the picture that is right.
#
# Why it matters: the picture is black from edge to edge, in the transfer syntax that all archives must know, and looks
# like an empty slice; whatever is drawn from the shown picture (thumbnails, teaching files, training data) is lost.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import io

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

print("pydicom", pydicom.__version__)


def scan(syntax: str) -> io.BytesIO:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = CTImageStorage, generate_uid(), "CT"
    image.set_pixel_data(np.array([[24, 524], [1064, 3000]], np.uint16), "MONOCHROME2", 12)
    image.file_meta.TransferSyntaxUID = syntax
    image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, -1024, "HU"
    table = Dataset()
    table.add_new("LUTDescriptor", "SS", [2000, -1000, 16])
    table.add_new("LUTData", "US", [10 * place for place in range(2000)])
    image.VOILUTSequence = [table]
    kept = io.BytesIO()
    image.save_as(kept, enforce_file_format=True)
    return io.BytesIO(kept.getvalue())


seen = {}
for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
    image = pydicom.dcmread(scan(syntax))
    units = apply_modality_lut(image.pixel_array, image)
    shown = apply_voi_lut(units, image)
    seen[syntax] = (image.VOILUTSequence[0].LUTDescriptor[1], shown.ravel().tolist())
    print(f"{syntax.name}: {units.ravel().tolist()} HU, table from {seen[syntax][0]}, shown as {seen[syntax][1]}")
assert seen[ExplicitVRLittleEndian] == (-1000, [0, 5000, 10400, 19990])
assert seen[ImplicitVRLittleEndian] == (64536, [0, 0, 0, 0]), "the behaviour has changed"
PYTHON
