"""Names of a MIRCdocument, and the check of one against the grammar that is ours.

RSNA publishes pages on the format and no schema; ``mirc.rng`` was written from these pages.
Source: RSNA MIRC wiki, "The MIRCdocument Schema", "MIRC Templates".
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from store.errors import CaseError

if TYPE_CHECKING:
    from lxml.etree import RelaxNG, _Element

OURS = "urn:casebook:mirc:1"
"""The name space of what MIRC has no element for."""
DOCUMENT = "MIRCdocument.xml"
LEVELS = {"easy": "Primary", "medium": "Intermediate", "hard": "Advanced"}
"""How difficult a case is, in the words of MIRC's `level`."""


def ours(name: str) -> str:
    """The full name of an element or attribute of ours."""
    return f"{{{OURS}}}{name}"


def refuse_other(root: _Element) -> None:
    """Refuse what is no MIRCdocument by our grammar.

    Raises:
        CaseError: with the line and what is wrong there.
    """
    grammar = _grammar()
    if not grammar.validate(root):
        wrong = max(grammar.error_log, key=lambda one: int(one.line))  # some have no line
        raise CaseError(
            f"This is no MIRCdocument that Casebook can read: line {wrong.line}: {wrong.message[:200]}"
        )


@cache
def _grammar() -> RelaxNG:
    from lxml import etree

    text = resources.files("assistant.sharing").joinpath("mirc.rng").read_bytes()
    return etree.RelaxNG(etree.fromstring(text))
