"""A session held again from the file of its export: the same cases, options and lots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from store.errors import CaseError
from store.teaching.case import TeachingCase
from store.teaching.options import SessionOptions

if TYPE_CHECKING:
    from assistant.teaching.teacher import Teacher
    from store.teaching.cases import CaseVersion
    from store.teaching.rows import SessionRow


class _Held(BaseModel):
    model_config = ConfigDict(extra="ignore")

    title: str
    options: SessionOptions
    cases: tuple[dict[str, Any], ...]


def hold_again(teacher: Teacher, text: str | bytes) -> SessionRow:
    """A new session as an exported one was held: cases in the same versions, in the same order, same lots.

    A case is known by its content, so a study goes on where its cases were carried by ``write-case``.

    Args:
        teacher: whose it becomes.
        text: the export's ``session.json``.

    Raises:
        CaseError: it is no such file, or a case of it is not among the teacher's; the text says which.
    """
    try:
        held = _Held.model_validate_json(text)
        cases = [_content(one) for one in held.cases]
    except ValidationError as error:
        raise CaseError("This is no session.json of an export. Give the file that casebook wrote.") from error
    return teacher.new_session(held.title, _found(teacher, cases), held.options)


def _content(told: dict[str, Any]) -> TeachingCase:
    return TeachingCase.model_validate_json(
        json.dumps({name: value for name, value in told.items() if name in TeachingCase.model_fields})
    )


def _found(teacher: Teacher, cases: Sequence[TeachingCase]) -> list[CaseVersion]:
    there = teacher.every_version()
    found = []
    for number, case in enumerate(cases, 1):
        same = next((one for one in there if one.case == case), None)
        if same is None:
            raise CaseError(
                f"Case {number} of that session is not among your teaching cases. Carry it over first: "
                "casebook session write-case, then add-case."
            )
        found.append(same)
    return found
