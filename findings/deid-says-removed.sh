#!/usr/bin/env bash
# What one would expect: a de-identification tool run with the recipe that it brings along removes what the basic
# profile of DICOM removes, or leaves Patient Identity Removed unset; that element is a promise to all who get the file.
#
# What happens: deid writes Patient Identity Removed = YES and takes out names, dates, numbers and all UIDs, with them
# the SOP Class, so that the file no longer says what it is. What stays are the name and the address of the institution,
# the responsible person (a parent, for a child), the age of 93 years, country, occupation, religion, descriptions and
# all free text, each of which the basic profile removes. It names "STARR", the research store of the hospital where
# deid was made, as the issuer of the patient's number. No De-identification Method tells what was done. The one
# warning is that defaults are used.
#
# Why it matters: archives and reviewers go by that YES. An age above 89 with a place and a rare diagnosis is a person.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'deid==0.4.13' 'pydicom==3.0.2' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from deid.dicom import replace_identifiers
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

REMOVED_BY_THE_PROFILE = (
    "PatientName", "PatientID", "ReferringPhysicianName", "OperatorsName", "PatientComments",
    "InstitutionName", "InstitutionAddress", "StationName", "ResponsiblePerson", "Occupation", "CountryOfResidence",
    "PatientReligiousPreference", "MedicalAlerts", "StudyDescription", "ImageComments", "PatientAge",
)  # fmt: skip
path = Path(sys.argv[1]) / "image.dcm"
image = Dataset()
image.file_meta = FileMetaDataset()
image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
image.SOPClassUID, image.SOPInstanceUID, image.Modality = CTImageStorage, generate_uid(), "CT"
image.set_pixel_data(np.zeros((2, 2), np.uint16), "MONOCHROME2", 12)
for keyword in REMOVED_BY_THE_PROFILE:
    setattr(image, keyword, "093Y" if keyword == "PatientAge" else "TESTER")
image.save_as(path, enforce_file_format=True)

(done,) = replace_identifiers(dicom_files=[str(path)], save=False)
left = [keyword for keyword in REMOVED_BY_THE_PROFILE if done.get(keyword)]
print("deid", version("deid"), "- pydicom", version("pydicom"))
print("Patient Identity Removed:", done.PatientIdentityRemoved, "- method:", done.get("DeidentificationMethod"))
print("issuer of the patient's number:", done.IssuerOfPatientID, "- SOP Class:", done.get("SOPClassUID"))
print("left:", *left)
assert done.PatientIdentityRemoved == "YES" and "SOPClassUID" not in done, "the behaviour has changed"
assert done.IssuerOfPatientID == "STARR" and "DeidentificationMethod" not in done, "the behaviour has changed"
assert left == list(REMOVED_BY_THE_PROFILE[5:]), "the behaviour has changed"
PYTHON
