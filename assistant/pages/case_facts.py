"""What is known of a library case, in short."""

from __future__ import annotations

from assistant.pages.words import language, plain, said
from store.cases.case import Case
from tools.language.sayings import word


def kind_told(modality: str) -> str:
    """What kind of picture a DICOM code stands for."""
    return word("kinds", modality, language())


def facts_told(case: Case) -> str:
    """Kind, body part, source and licence on one line."""
    facts = (kind_told(case.modality), case.body_part, case.source, case.licence)
    return plain(" · ".join(filter(None, facts)) or said("shelf.no_facts"))
