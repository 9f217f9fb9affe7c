#!/usr/bin/env bash
# What one would expect: a DICOM file in Explicit VR Big Endian with a private sequence that some program in between
# did not know, and so wrote as VR UN of undefined length, opens. The standard has a rule for just this element
# (PS3.5 6.2.2): its items are in Implicit VR Little Endian, whatever the transfer syntax of the file.
#
# What happens: pydicom reads the items as big endian and ends with "No tag to read"; nothing of the file comes back.
# The same element in a little-endian file is read as the rule says, and dcmdump of DCMTK reads both.
#
# Why it matters: big endian is retired, but old archives still hold such files, and scanners write private elements
# of their own. A migration loses the whole image for one element that nobody needs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pydicom==3.0.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io
import struct

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

print("pydicom", pydicom.__version__)


def file_with_unknown_sequence(syntax: str) -> bytes:
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    head, start = Dataset(), io.BytesIO()
    head.file_meta = FileMetaDataset()
    head.file_meta.TransferSyntaxUID = syntax
    head.SOPClassUID, head.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
    head.save_as(start, enforce_file_format=True)
    maker = struct.pack(f"{order}HH2sH", 0x0009, 0x0010, b"LO", 4) + b"TEST"
    unknown = struct.pack(f"{order}HH2sHI", 0x0009, 0x1010, b"UN", 0, 0xFFFFFFFF)
    code = struct.pack("<HHI", 0x0008, 0x0100, 6) + b"T-D300"
    items = struct.pack("<HHI", 0xFFFE, 0xE000, len(code)) + code + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    name = struct.pack(f"{order}HH2sH", 0x0010, 0x0010, b"PN", 4) + b"A^B "
    return start.getvalue() + maker + unknown + items + name


seen = {}
for syntax in (ExplicitVRLittleEndian, ExplicitVRBigEndian):
    try:
        image = pydicom.dcmread(io.BytesIO(file_with_unknown_sequence(syntax)))
        seen[syntax.name] = (image[0x0009, 0x1010].value[0].CodeValue, str(image.PatientName))
    except OSError as error:
        seen[syntax.name] = str(error).partition(" at ")[0]
    print(f"{syntax.name}: {seen[syntax.name]}")
assert seen["Explicit VR Little Endian"] == ("T-D300", "A^B"), "the behaviour has changed"
assert seen["Explicit VR Big Endian"] == "No tag to read", "the behaviour has changed"
PYTHON
