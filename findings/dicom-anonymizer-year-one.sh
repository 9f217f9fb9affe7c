#!/usr/bin/env bash
# What one would expect: of a file de-identified by the basic profile, dates that the profile removes (X, such as the
# date of an overlay) are gone, and those that it may empty or replace (Z) are empty or tell apart what was apart.
#
# What happens: dicom-anonymizer writes the first of January of the year 1 into all of them, those with X too, and
# midnight into times. Each is a valid DICOM date. Two studies a year apart are then of the same day, and the patient
# is born on the day of the study.
#
# Why it matters: a program that takes what is there for true gets an age of 0 days for everybody and an interval of
# 0 days between any two studies of a course, without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'dicom-anonymizer==2.1.0' 'pydicom==3.0.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
from datetime import date
from importlib.metadata import version

from dicomanonymizer import anonymize_dataset
from pydicom.dataset import Dataset


def copy_of(study_date: str) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = "1.2.840.10008.5.1.4.1.1.2", "1.2.3", "CT"
    made.PatientBirthDate, made.StudyDate, made.SeriesDate = "19600101", study_date, study_date
    made.StudyTime, made.OverlayDate = "101500", study_date
    anonymize_dataset(made)
    return made


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


first, second = copy_of("20230102"), copy_of("20240102")
print("dicom-anonymizer", version("dicom-anonymizer"), "- pydicom", version("pydicom"))
for name in ("PatientBirthDate", "StudyDate", "OverlayDate", "StudyTime"):
    print(f"{name}: {first[name].value!r} and {second[name].value!r}")
age = day(first.StudyDate) - day(first.PatientBirthDate)
between = day(second.StudyDate) - day(first.StudyDate)
print("age at the study:", age.days, "days; between the studies:", between.days, "days")
names = ("PatientBirthDate", "StudyDate", "SeriesDate", "OverlayDate")
assert all(one[name].value == "00010101" for one in (first, second) for name in names), "the behaviour has changed"
assert (age.days, between.days) == (0, 0)
PYTHON
