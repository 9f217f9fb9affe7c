#!/usr/bin/env bash
# What one would expect: of a file de-identified by the basic profile, the preamble (128 free bytes before the letters
# DICM) and the File Meta Information are new. The standard asks for it in so many words (PS3.15 E.1.1), since names may
# leak through them.
#
# What happens: dicom-anonymizer gives the meta information the new instance UID and copies everything else over: the
# preamble as it was, the name of the sending machine (Source Application Entity Title, mostly that of the hospital) and
# the Private Information, free bytes of whoever wrote the file. Private elements of the data set itself are removed,
# which looks as if all of them were. Nothing is said.
#
# Why it matters: the preamble is used by exports that make one file a TIFF as well, with its own text inside, and by
# scanners for notes. A file checked element by element passes, and a search for the name in its bytes finds it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'dicom-anonymizer==2.1.0' 'pydicom==3.0.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pydicom
from dicomanonymizer import anonymize_dicom_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

before, after = Path(sys.argv[1]) / "before.dcm", Path(sys.argv[1]) / "after.dcm"
image = Dataset()
image.file_meta = FileMetaDataset()
image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
image.file_meta.SourceApplicationEntityTitle = "ST_ELSEWHERE"
image.file_meta.PrivateInformationCreatorUID = generate_uid()
image.file_meta.PrivateInformation = b"export of TESTER"
image.preamble = b"slide of TESTER^ANNA".ljust(128, b"\0")
image.SOPClassUID, image.SOPInstanceUID, image.Modality = CTImageStorage, generate_uid(), "CT"
image.PatientName, image.PatientID = "TESTER^ANNA", "4711"
image.private_block(0x0009, "ACME", create=True).add_new(1, "LO", "TESTER")
image.set_pixel_data(np.zeros((2, 2), np.uint16), "MONOCHROME2", 12)
image.save_as(before, enforce_file_format=True)

anonymize_dicom_file(str(before), str(after))
done = pydicom.dcmread(after)
found = after.read_bytes().count(b"TESTER")
print("dicom-anonymizer", version("dicom-anonymizer"), "- pydicom", pydicom.__version__)
print("name in the data set:", repr(str(done.PatientName)), "- private elements:", (0x0009, 0x1001) in done)
print("preamble:", done.preamble[:20], "- the name in the bytes of the file:", found, "times")
print("sent by:", done.file_meta.SourceApplicationEntityTitle, "- private:", done.file_meta.PrivateInformation)
assert done.PatientName == "" and (0x0009, 0x1001) not in done and done.SOPInstanceUID != image.SOPInstanceUID
assert done.file_meta.MediaStorageSOPInstanceUID == done.SOPInstanceUID
assert done.preamble == image.preamble and found == 2, "the behaviour has changed"
assert done.file_meta.SourceApplicationEntityTitle == "ST_ELSEWHERE", "the behaviour has changed"
PYTHON
