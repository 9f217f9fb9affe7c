"""A teacher with two cases: one with a word of its own in every field that is hidden, and a normal stack."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.chat import Assistant
from assistant.sharing.copies import CaseCopy, of_case
from assistant.teaching.teacher import Teacher
from store.pictures.image import NO_VALUE, Image, Slice
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from tests.inputs.case_library import mole
from tests.inputs.hidden_words import IMAGE, SECRETS

MORE = {
    "differential": ["Differentialsecret", "Übersecret, and another"],
    "discussion": "Discussionsecret,\n\nwith “ä”, ñ, µ, ≤ and <b>&amp;</b>.",
    "tags": ["Tagsecret, with a comma", "second"],
    "findings": ["Findingsecret: blue-white veil.", "No pneumothorax."],
    "hints": ["Hintsecret: look at the veil."],
    "certainty": "almost certain",
    "difficulty": "hard",
}
WORDS = ("secret", "zorbulosis", "quuxoma", "almost certain", "veil")
TOLD = {"history": "A mole that grew.\n\n  It bleeds.", "age_years": 0.1, "sex": "female"}


@pytest.fixture
def secret_case(teacher: Teacher) -> CaseVersion:
    case = checked(**(SECRETS | MORE), **TOLD, images=[IMAGE, {"key": "0" * 64}])
    photograph = Image(mole(3)[None], "PNG", facts={"series": "Factsecret"}, body_part="partsecret")
    return teacher.make.keep(case, [photograph, volume()])


@pytest.fixture
def normal_case(teacher: Teacher) -> CaseVersion:
    case = checked(diagnosis="normal", kind="normal", images=[{"key": "0" * 64}])
    return teacher.make.keep(case, [volume()])


@pytest.fixture
def secret(casebook: Assistant, secret_case: CaseVersion) -> CaseCopy:
    return of_case(casebook.services, "teacher", secret_case.id)


@pytest.fixture
def normal(casebook: Assistant, normal_case: CaseVersion) -> CaseCopy:
    return of_case(casebook.services, "teacher", normal_case.id)


@pytest.fixture
def outlined_case(casebook: Assistant, teacher: Teacher, secret_case: CaseVersion) -> CaseCopy:
    """The first case with one region, in its photograph."""
    region = {"image": 1, "slice": 1, "shape": "ellipse", "points": [(20, 20), (70, 70)]}
    teacher.make.change(secret_case.id, regions=[region | {"caption": "Regionsecret"}])
    return of_case(casebook.services, "teacher", secret_case.id)


def volume() -> Image:
    """Four slices of numbers with padding and scale."""
    lots = np.random.default_rng(1)
    values = lots.integers(-1000, 2000, (4, 30, 25)).astype(np.int16)
    values[0, 0, 0] = NO_VALUE
    frames = lots.integers(0, 256, (4, 30, 25)).astype(np.uint8)
    slices = tuple(Slice(spacing_mm=(0.5, 0.7)) for _ in range(4))
    return Image(frames, "DICOM", values=values, unit="HU", spacing_mm=(0.5, 0.7), modality="CT",
                 body_part="head", slices=slices, scale_caution="Estimated.")  # fmt: skip
