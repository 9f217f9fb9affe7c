"""What a table says of persons gets stand-ins before a case is kept.

Which words tell who somebody is, the layer above knows. Groups of cases stay apart: one that is named for a
person is called by a keyed digest, the same in every table of this library.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from store.cases.case import Case
from store.whole_file import write_whole

_KEY_BYTES = 32
_DIGITS = 12


class Hide(Protocol):
    """Takes out of a text what tells who somebody is; of a credit all but the names of its authors."""

    def __call__(self, text: str, *, credit: bool = False) -> str:
        """The text with stand-ins."""
        ...


@dataclass(frozen=True)
class Persons:
    """The stand-ins of one library.

    Attributes:
        root: the library folder; the key of the digests is made in it when it is first needed.
        hide: finds what tells who somebody is.
    """

    root: Path
    hide: Hide

    def out_of(self, case: Case) -> Case:
        """The case as it may be kept."""
        return replace(
            case,
            label=self.hide(case.label),
            caption=self.hide(case.caption),
            body_part=self.hide(case.body_part),
            group=self.group(case.group),
            source=self.hide(case.source, credit=True),
            licence=self.hide(case.licence, credit=True),
        )

    def group(self, name: str) -> str:
        """What a group is called here."""
        if self.hide(name) == name:
            return name
        digest = hmac.new(self._key(), name.casefold().encode(), hashlib.sha256).hexdigest()
        return f"[person {digest[:_DIGITS]}]"

    def _key(self) -> bytes:
        file = self.root / "persons.key"
        if not file.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            write_whole(file, secrets.token_bytes(_KEY_BYTES))
        return file.read_bytes()


def nobody(text: str, *, credit: bool = False) -> str:  # noqa: ARG001 - a `Hide`
    """The text as it is, for words that were looked through before."""
    return text
