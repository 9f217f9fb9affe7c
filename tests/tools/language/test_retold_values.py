"""What readers of files write in English of a header, in the other languages: none is left as it is."""

from __future__ import annotations

import re

import pytest

from tools.files.dicom import orientation, technique_terms, terms, told
from tools.language.retold import retell
from tools.language.sayings import FIRST, languages

OTHERS = [one for one in languages() if one != FIRST]
# The same word in both languages, or the name of a format.
_SAME = re.compile(
    r"JPEG 2000|JPEG XL|axial|sagittal|anteroposterior|posteroanterior|lateral|abdomen|pelvis|colon|radius|"
    r"ilium|ileum|uterus|vagina|vulva|penis|aorta|humerus|thorax|thymus|duodenum|jejunum|mediastinum|pancreas|bronchus|"
    r"CR, .*|CT, .*|latero-medial|medio-lateral|rhodium|tantalum|europium"
)
VALUES = {
    "modalities": [f"{code}, {name}" for code, name in terms.MODALITIES.items()],
    "body parts": [*terms.BODY_PARTS.values()],
    "views": [*terms.VIEWS.values()],
    "sides": [*terms.LATERALITIES.values()],
    "positions": [*terms.PATIENT_POSITIONS.values()],
    "encodings": [*terms.TRANSFER_SYNTAXES.values()],
    "sequences": [*technique_terms.SEQUENCES.values(), "spin echo, as a volume (3D)",
                  "spin echo, in slices (2D)"],
    "scan options": [*technique_terms.OPTIONS.values(), "fat saturation, flow compensation"],
    "units": [*technique_terms.UNITS.values()],
    "ultrasound": [*technique_terms.MODES.values(), "3.5 and 7.5 MHz"],
    "exposure": [*technique_terms.ANODES.values(), *technique_terms.FILTERS.values(), "rhodium, aluminium",
                 *technique_terms.GRIDS.values(), "focused, moving to and fro", "0.3 and 0.6 mm",
                 "200 (in units of the maker)"],
    "rescale": [*technique_terms.RESCALED.values(), "0.347812"],
    "acquisition": ["256 × 192 (frequency × phase)", "63.87 MHz"],
    "edges": [orientation.in_words(sides) for sides in (("R", "L", "A", "P"), ("AL", "PR", "HA", "FP"))],
    "orientation": [f"Compared with the usual axial view, the picture is {one}." for one in
                    orientation._UNUSUAL.values()],
    "notes": [told.BURNED_IN, "The patient lay on the belly (prone), by Patient Position in the file.",
              "The file carries 2 graphic overlays (drawings or annotations on top of the pixels), not shown "
              "here."],
    "padding": ["the stored value -32768; no pixel of the slice has it",
                "stored values from 1 to 9; pixels with it hold nothing that was measured"],
    "order": ["by position, from head to feet: slice 1 is nearest the head, the last nearest the feet",
              "by Slice Location; the files give no positions",
              "The series gives no position and Instance Number is missing in 2 of 9 files: the order of its "
              "slices is uncertain."],
}  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", [*VALUES])
def test_what_a_header_states_is_said_in_the_language_of_the_answer(language: str, kind: str) -> None:
    left = [one for one in VALUES[kind] if retell(one, language) == one and not _SAME.fullmatch(one)]
    assert not left
