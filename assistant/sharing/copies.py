"""A teaching case with its images, read once, as every format of this room takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.teaching.making import picture_of, told_by
from store.cases.case import Case, CaseFilter
from store.errors import CaseError
from store.pictures.image import Image
from store.teaching.case import CaseImage, TeachingCase, checked
from tools.language.described import says_normal
from tools.language.sayings import FIRST, languages, say

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.teaching.teacher import Teacher

MOST = 500
"""Cases of one file. Ours: more than a course takes, and what a browser still downloads."""
_NO_KEY = "0" * 64


@dataclass(frozen=True)
class CaseCopy:
    """One case.

    Attributes:
        id: stays the same over the versions of a case: a program that knows it takes a copy as a correction.
        case: all that its author wrote.
        images: in the order of the case's.
    """

    id: str
    case: TeachingCase
    images: tuple[Image, ...]

    @property
    def language(self) -> str:
        """The language for what Casebook says in the copy: the case's own, if Casebook speaks it."""
        return self.case.language if self.case.language in languages() else FIRST

    @property
    def truth(self) -> str:
        """The diagnosis, or that nothing is abnormal, in the language of the copy."""
        plain = self.case.kind == "normal" and says_normal(self.case.diagnosis)
        return say("share.nothing_abnormal", self.language) if plain else self.case.diagnosis


def of_case(services: Services, owner: str, case_id: str) -> CaseCopy:
    """An owner's case as it is now.

    Raises:
        CaseError: the owner has no such case, or an image is no longer kept.
    """
    found = services.teaching.cases.case(owner, case_id)
    return _copy(services, found.id, found.case)


def of_session(services: Services, teacher: Teacher, session_id: str) -> list[CaseCopy]:
    """The cases of a session as they were when it was made, in order; raises as `of_case`."""
    teacher.session(session_id)
    return [_copy(services, name, case) for name, _, case in services.teaching.sessions.held(session_id)]


def of_library(services: Services, where: CaseFilter | None = None) -> list[CaseCopy]:
    """The library's cases that came with a picture, by label; nothing is kept of them elsewhere.

    Raises:
        CaseError: there are none, or more than `MOST`.
        SetupError: the library is damaged.
    """
    found = [one for one in services.library.cases(where, MOST + 1) if one.key]
    if not 0 < len(found) <= MOST:
        many = f"more than {MOST}" if found else "none"
        raise CaseError(f"One file takes 1 to {MOST} library cases with a picture; these are {many}.")
    return list(_of_library(services, sorted(found, key=lambda one: (one.label.casefold(), one.id))))


def _of_library(services: Services, found: Sequence[Case]) -> Iterator[CaseCopy]:
    for one in found:
        about = CaseImage(key=_NO_KEY, caption=one.caption, source=one.source, licence=one.licence)
        case = checked(**told_by(one), images=[about.model_dump()])
        yield CaseCopy(one.id, case, (picture_of(services, one),))


def _copy(services: Services, name: str, case: TeachingCase) -> CaseCopy:
    return CaseCopy(name, case, tuple(services.teaching.images.get(one.key) for one in case.images))
