"""The attributes of a DICOM file, cleaned: by the table of the profile, and by rules for what it leaves out.

Order: what tells who somebody is, is gathered first, so that it is found where no table expects it. Then
every attribute at every depth is looked at once: private ones go; UIDs and the patient's number get
stand-ins; dates go, or all of a patient's move by the same number of days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tools.files.arrays.limits import DAMAGE
from tools.privacy import descriptors
from tools.privacy.profile import action_of
from tools.privacy.secret import Secret
from tools.privacy.unlisted import BYTES, stays, texts_of

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset

REMOVED, EMPTIED, REPLACED, MAPPED, SHIFTED, CLEANED = (
    "removed",
    "emptied",
    "replaced by a dummy",
    "replaced by a stand-in",
    "moved in time",
    "cleaned of words",
)
# Ours: deeper sequences are removed unseen.
_DEEPEST = 32
_DATES = ("DA", "DT", "TM")
# Of a person and not of an examination: they go even where dates are kept.
_OF_A_PERSON = ("PatientBirth", "PatientDeath", "PatientAlternative")
# Attributes whose whole value tells who somebody is; of names of persons every part does.
_TELL_WHO = frozenset(
    ("PatientID", "OtherPatientIDs", "AccessionNumber", "PatientAddress", "PatientTelephoneNumbers")
)
# Ours: shorter parts of a name are too common to be looked for.
_SHORTEST = 4
# Source: PS3.5 section 6.2: values that are valid for their representation and say nothing.
_DUMMIES: dict[str, Any] = {
    "AS": "000Y",
    "DA": "19000101",
    "DS": "0",
    "DT": "19000101000000",
    "IS": "0",
    "TM": "000000",
    "UR": "http://anonymized.invalid",
    **dict.fromkeys(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"), "ANONYMIZED"),
    **dict.fromkeys(("OB", "OW", "UN", "OB or OW"), b"\0\0"),
    **dict.fromkeys(("FD", "FL"), 0.0),
    **dict.fromkeys(("SL", "SS", "SV", "UL", "US", "UV", "US or SS"), 0),
}
# Codes name no person, and are nothing without all of themselves.
_CODES = frozenset(("CodeValue", "LongCodeValue", "CodingSchemeDesignator", "CodingSchemeVersion"))
# UIDs that name a kind and no thing.
_OF_KINDS = frozenset(("TransferSyntaxUID", "CodingSchemeUID", "ContextUID", "MappingResourceUID"))
_STANDARD_ROOT = "1.2.840.10008."


@dataclass(frozen=True)
class Change:
    """What became of one attribute.

    Attributes:
        attribute: its keyword, after those of the sequences it lies in; a private one by its number.
        action: one of the words above.
    """

    attribute: str
    action: str


@dataclass
class Cleaning:
    """One pass over one data set.

    Attributes:
        secret: makes the stand-ins.
        days: by how many days dates are moved back; 0 leaves them, None removes them.
        known: words that tell who somebody is, in lower case.
        descriptors: text that describes the examination is cleaned, not removed.
        changes: what was done, in the order of the file.
    """

    secret: Secret
    days: int | None
    known: frozenset[str] = frozenset()
    descriptors: bool = False
    changes: list[Change] = field(default_factory=list)
    _descended: int = 0

    def clean(self, ds: Dataset, path: str = "", depth: int = 0) -> None:
        """Clean a data set and all that lies in it, in place."""
        for tag in list(ds.keys()):
            if tag.element == 0:  # the length of a group, retired
                del ds[tag]
                continue
            try:
                element = ds[tag]
                name = path + (element.keyword or f"({tag.group:04x},{tag.element:04x})")
                self._clean(ds, element, name, depth)
            except DAMAGE:
                del ds[tag]
                self._note(f"{path}({tag.group:04x},{tag.element:04x})", REMOVED)

    def _clean(self, ds: Dataset, element: DataElement, name: str, depth: int) -> None:
        action = self._action(element, depth)
        if action == "X":
            if not element.is_empty or element.tag.is_private:
                self._note(name, REMOVED)
            del ds[element.tag]
        elif action == "K":
            self._descended += (inside := self._is_descriptor(element))
            for item in element.value if element.VR == "SQ" else ():
                self.clean(item, f"{name}.", depth + 1)
            self._descended -= inside
        else:
            value, said = _WAYS[action](self, element)
            if not _same(value, element.value):
                element.value = value
                self._note(name, said)

    def _action(self, element: DataElement, depth: int) -> str:
        tag, vr, keyword = element.tag, element.VR, element.keyword
        overlay = tag.group & 0xFF00 == 0x6000
        if tag.is_private or overlay or (vr == "SQ" and depth >= _DEEPEST):
            return "X"
        if keyword == "PatientID":
            return "P"
        if vr in _DATES and self.days is not None and not keyword.startswith(_OF_A_PERSON):
            return "S"
        if self._is_descriptor(element) and (vr == "SQ" or self.described(element)[0]):
            return "K" if vr == "SQ" else "C"
        return action_of(int(tag)) or self._unlisted(element)

    def _is_descriptor(self, element: DataElement) -> bool:
        """Whether its words are cleaned; so are those of everything in a sequence that is."""
        if not self.descriptors or element.VR not in descriptors.TEXT | {"SQ"}:
            return False
        beside = (
            bool(self._descended) and element.keyword not in _CODES and action_of(int(element.tag)) is None
        )
        return beside or descriptors.is_descriptor(int(element.tag))

    def described(self, element: DataElement) -> tuple[Any, str]:
        """C: the words of the vocabulary; empty where there is none."""
        made = [descriptors.cleaned(one, self.known) for one in texts_of(element.value)]
        if not any(made):
            return "", CLEANED
        return (made[0] if len(made) == 1 else made), CLEANED

    def _unlisted(self, element: DataElement) -> str:
        vr, keyword = element.VR, element.keyword
        if vr in ("SQ", "UI"):
            return "K" if vr == "SQ" else "U"
        if stays(keyword, vr, element.value, self.known):
            return "K"
        return "X" if vr in BYTES or not keyword else "Z"

    def emptied(self, element: DataElement) -> tuple[Any, str]:
        """Z: nothing in it."""
        return ([] if element.VR == "SQ" else element.empty_value), EMPTIED

    def replaced(self, element: DataElement) -> tuple[Any, str]:
        """D: a valid value that says nothing; in a sequence, for everything in it."""
        if element.VR == "SQ":
            for item in element.value:
                item.walk(self._dummy_in)
            return element.value, REPLACED
        return self._dummy(element), REPLACED

    def _dummy_in(self, ds: Dataset, element: DataElement) -> None:
        if element.tag.is_private:
            del ds[element.tag]
        elif element.VR != "SQ":
            value = self._dummy(element)
            if not _same(value, element.value):
                element.value = value
                self._note(element.keyword, REPLACED)

    def _dummy(self, element: DataElement) -> Any:
        if element.VR == "UI":
            return self.mapped(element)[0]
        return _DUMMIES.get(element.VR, element.empty_value)

    def mapped(self, element: DataElement) -> tuple[Any, str]:
        """U: stand-ins for the UIDs of things; those of kinds stay."""
        uids = texts_of(element.value)
        of_kinds = element.keyword in _OF_KINDS or element.keyword.endswith("SOPClassUID")
        made = [one if of_kinds or one.startswith(_STANDARD_ROOT) else self._uid(one) for one in uids]
        return (made[0] if len(made) == 1 else made or ""), MAPPED

    def _uid(self, uid: str) -> str:
        return self.secret.uid(uid) if uid else ""

    def patient(self, element: DataElement) -> tuple[Any, str]:
        """The patient's number: a stand-in, the same in all of the patient's files."""
        original = str(element.value or "")
        return (self.secret.patient(original) if original else ""), MAPPED

    def shifted(self, element: DataElement) -> tuple[Any, str]:
        """Dates and times of an examination, moved by the patient's number of days."""
        made = [self._shift(one, element.VR) for one in texts_of(element.value)]
        return (made[0] if len(made) == 1 else made or ""), SHIFTED

    def _shift(self, text: str, vr: str) -> str:
        text = text.strip()
        if vr == "TM":
            return text if text.replace(".", "").replace(":", "").isdecimal() else ""
        try:
            day = datetime.strptime(text[:8], "%Y%m%d") - timedelta(days=self.days or 0)
        except (ValueError, OverflowError):
            return ""
        rest = text[8:]
        return f"{day:%Y%m%d}".rjust(8, "0") + (rest if vr == "DT" and _is_clock(rest) else "")

    def _note(self, name: str, action: str) -> None:
        self.changes.append(Change(name, action))


_WAYS: dict[str, Callable[[Cleaning, DataElement], tuple[Any, str]]] = {
    "Z": Cleaning.emptied,
    "D": Cleaning.replaced,
    "U": Cleaning.mapped,
    "P": Cleaning.patient,
    "S": Cleaning.shifted,
    "C": Cleaning.described,
}


def tell_who(ds: Dataset, depth: int = 0) -> frozenset[str]:
    """Words of a data set that tell who somebody is, in lower case: looked for in all other text."""
    return frozenset(_tell_who(ds, depth))


def _tell_who(ds: Dataset, depth: int) -> Iterator[str]:
    for tag in list(ds.keys()):
        try:
            element = ds[tag]
            if element.VR == "SQ" and depth < _DEEPEST:
                for item in element.value:
                    yield from tell_who(item, depth + 1)
            elif element.VR == "PN":
                for text in texts_of(element.value):
                    yield from _long(text.replace("=", "^").replace(" ", "^").split("^"))
            elif element.keyword in _TELL_WHO:
                yield from _long(texts_of(element.value))
        except DAMAGE:
            continue


def _long(words: list[str]) -> Iterator[str]:
    for word in words:
        text = word.strip(" ,.").casefold()
        if len(text) >= _SHORTEST and text != _DUMMIES["PN"].casefold():
            yield text


def _is_clock(text: str) -> bool:
    return not text.strip("0123456789.+-")


def _same(value: Any, before: Any) -> bool:
    return value == before or (not texts_of(value) and not texts_of(before)) or str(value) == str(before)
