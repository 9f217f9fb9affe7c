"""A teacher with cases whose words are found nowhere else, and learners."""

from __future__ import annotations

import pytest

from assistant.chat import Assistant
from assistant.teaching.learner import Learner, join
from assistant.teaching.teacher import Teacher
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from store.teaching.options import SessionOptions
from store.teaching.rows import SessionRow
from tests.inputs.case_library import DARK, RED, mole
from tests.inputs.hidden_words import IMAGE, SECRETS

TOLD = {"history": "A mole that grew.", "age_years": 41.0, "sex": "female"}
FINDINGS = ["Findingsecret: blue-white veil and atypical network.", "No pneumothorax."]
HINTS = ["Hint one: look at the border.", "Hint two: look at the veil."]


@pytest.fixture
def unknown_case(teacher: Teacher) -> CaseVersion:
    """A case with a word of its own in every field that is hidden."""
    case = checked(**SECRETS, **TOLD, findings=FINDINGS, hints=HINTS, images=[IMAGE])
    facts = {"series": "Factsecret"}
    return teacher.make.keep(case, [Image(mole(3)[None], "PNG", facts=facts, notes=("Notesecret.",))])


@pytest.fixture
def normal_case(teacher: Teacher) -> CaseVersion:
    case = checked(diagnosis="normal", kind="normal", images=[{"key": "0" * 64}])
    return teacher.make.keep(case, [Image(mole(4, RED)[None], "PNG")])


@pytest.fixture
def session(teacher: Teacher, unknown_case: CaseVersion, normal_case: CaseVersion) -> SessionRow:
    return teacher.new_session("Tuesday", [unknown_case, normal_case], SessionOptions(seed=1))


@pytest.fixture
def learner(casebook: Assistant, session: SessionRow) -> Learner:
    return join(casebook.services, "bob", session.join_code, "Bob")


def dark(seed: int) -> Image:
    return Image(mole(seed, DARK)[None], "PNG")
