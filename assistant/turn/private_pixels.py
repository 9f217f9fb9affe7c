"""What becomes of text and faces in pictures that come into a chat, before anything of them is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NoReturn

from store.errors import CaseError, SetupError
from store.pictures.image import Image
from tools.burned_in import faces, finder
from tools.burned_in.boxes import Box
from tools.burned_in.masking import Masked, looked_at, masked
from tools.burned_in.seekers import Remembering, Seeker, Together
from tools.language.sayings import say

Policy = Literal["ask", "mask", "refuse", "off"]
Choice = Literal["mask", "keep", "leave out"]
"""What the user says becomes of pictures in which something was found."""

# What the header reader calls it: tools.files.dicom.facts.
_FLAG = "burned-in annotation"
_TEXT = "text"


@dataclass(frozen=True)
class Remark:
    """A sentence of Casebook's, put into words once the language is known.

    Attributes:
        name: of the sentence.
        fields: what it is filled with.
    """

    name: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def words(self, language: str) -> str:
        """The sentence."""
        return say(self.name, language, **self.fields)


@dataclass(frozen=True)
class Looked:
    """Images as they may be kept.

    Attributes:
        images: the same, with their text and faces masked.
        told: what the answer says of it.
    """

    images: list[Image]
    told: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """A picture about which the user is asked.

    Attributes:
        image: as it was read; it is kept nowhere.
        places: what was found in it.
    """

    image: Image
    places: Sequence[Box]


class UndecidedError(CaseError):
    """Something was found in pictures, and the user has to say what becomes of it; nothing was kept.

    Args:
        seen: the pictures, and where.
        others: how many pictures came without anything in them.
    """

    def __init__(self, seen: Sequence[Seen], others: int) -> None:
        super().__init__("Text or a face was found in a picture. Say what becomes of it.")
        self.seen, self.others = seen, others


@dataclass(frozen=True)
class PrivatePixels:
    """Looks for text and faces in pictures by the settings ``burned_in`` and ``faces``.

    Attributes:
        text: what becomes of text. Where nobody can be asked, ``ask`` masks.
        faces: what becomes of faces.
        keep: kinds of text that stay.
    """

    text: Policy
    faces: Policy = "off"
    keep: Sequence[str] = ()

    @cached_property
    def seekers(self) -> Mapping[str, Seeker]:
        """What finds each; their models are loaded on first use."""
        return {_TEXT: Remembering(finder.Finder()), faces.FACE: Remembering(faces.FaceFinder())}

    def look(
        self, images: Sequence[Image], first_number: int, choice: Choice | Literal["ask"] = "mask"
    ) -> Looked:
        """Look for text and faces in new images.

        Args:
            images: as they were read.
            first_number: of the first of them in its chat.
            choice: what the user said of what the settings ask about; or that nobody has asked yet.

        Raises:
            UndecidedError: something was found, and the user has not said what becomes of it.
            CaseError: there is something, and pictures with it are refused.
        """
        kinds = [self._kinds_for(image) for image in images]
        asks = choice != "mask"
        found = [self._asked_of(image, of) if asks else [] for image, of in zip(images, kinds, strict=True)]
        seen = [Seen(image, places) for image, places in zip(images, found, strict=True) if places]
        if seen and choice == "ask":
            raise UndecidedError(seen, len(images) - len(seen))
        looked = Looked([], self._not_looked_for() if first_number == 1 and images else [])
        for image, of, places in zip(images, kinds, found, strict=True):
            if not places or choice != "leave out":
                name = f"img-{first_number + len(looked.images)}"
                kept = bool(places) and choice == "keep"
                looked.images.append(self._passed(image, of, name, looked.told, kept=kept))
        if seen and choice == "leave out":
            looked.told.append(Remark("turn.left_out_by_you", {"count": len(seen)}))
        return looked

    def without(self, image: Image) -> tuple[Image, int]:
        """The image with its text and faces masked, and in how many places; whatever the policy for chats is.

        Raises:
            CaseError: something is still found, or pictures with it are refused.
            SetupError: the package that finds text is missing.
        """
        if not finder.available():
            raise SetupError(finder.MISSING)
        done = masked(image, self.sought_in(image), self.keep)
        for kind, policy in self._policies().items():
            if policy == "refuse" and _going(done)[kind]:
                _refuse(kind)
        if done.left:
            raise CaseError(
                "Something like text or a face is still found in its pixels after masking. Mask it by hand."
            )
        return done.image, _going(done).total()

    def sought_in(self, image: Image) -> Seeker:
        """What is looked for in an image, whatever the policy: text, and in a photograph faces."""
        kinds = [_TEXT] + [faces.FACE] * (faces.available() and may_show_a_face(image))
        return Together([self.seekers[kind] for kind in kinds])

    def _policies(self) -> dict[str, Policy]:
        return {_TEXT: self.text, faces.FACE: self.faces}

    def _kinds_for(self, image: Image) -> list[str]:
        """What an image is looked through for."""
        text = self.text != "off" and finder.available()
        face = self.faces != "off" and faces.available() and may_show_a_face(image)
        return [_TEXT] * text + [faces.FACE] * face

    def _asked_of(self, image: Image, kinds: Sequence[str]) -> list[Box]:
        sought = Together([self.seekers[kind] for kind in kinds if self._policies()[kind] == "ask"])
        found = [box for look in looked_at(image) for box in sought.find(look, read=bool(self.keep))]
        return [box for box in found if box.kind not in self.keep]

    def _not_looked_for(self) -> list[Remark]:
        said = []
        if self.text != "off" and not finder.available():
            said.append(Remark("turn.text_not_looked_for"))
        if self.faces != "off" and not faces.available():
            said.append(Remark("turn.faces_not_looked_for"))
        return said

    def _passed(
        self, image: Image, kinds: Sequence[str], name: str, told: list[Remark], *, kept: bool
    ) -> Image:
        """The image, looked through for some kinds, as it may be kept; what happened to it is told."""
        asked = [kind for kind in kinds if self._policies()[kind] == "ask"]
        if kept:
            told.append(Remark("turn.kept_by_you", {"image": name}))
        sought = [kind for kind in kinds if not (kept and kind in asked)]
        done = masked(image, Together([self.seekers[kind] for kind in sought]), self.keep)
        flagged = _TEXT in sought and image.facts.get(_FLAG) == "yes"
        going = _going(done)
        for kind in sought:
            if self._policies()[kind] == "refuse" and (going[kind] or (flagged and kind == _TEXT)):
                _refuse(kind)
        told += _remarks(done, name, flagged=flagged)
        return done.image


def may_show_a_face(image: Image) -> bool:
    """Whether faces are looked for: not in dermoscopy, radiographs and scans."""
    from tools.gate.modality import identify

    gate = identify(image)
    return image.file_type != "NIfTI" and gate.domain != "radiology" and gate.modality != "DMS"


def _going(done: Masked) -> Counter[str]:
    """How many places of text and of faces were masked."""
    return Counter(faces.FACE if box.kind == faces.FACE else _TEXT for box in done.masked)


def _remarks(done: Masked, name: str, *, flagged: bool) -> list[Remark]:
    going, told = _going(done), []
    if going[_TEXT]:
        told.append(Remark("turn.text_masked", {"image": name, "count": going[_TEXT]}))
    elif flagged:
        told.append(Remark("turn.text_not_found", {"image": name}))
    if going[faces.FACE]:
        told.append(Remark("turn.faces_masked", {"image": name, "count": going[faces.FACE]}))
    if done.kept:
        told.append(Remark("turn.text_kept", {"image": name, "count": done.kept}))
    if done.left:
        told.append(Remark("turn.text_left", {"image": name, "count": done.left}))
    return told


def _refuse(kind: str) -> NoReturn:
    if kind == faces.FACE:
        raise CaseError(
            "A face is seen in a picture, and this installation refuses such pictures. Mask it or cut it off "
            "and send the picture again."
        )
    raise CaseError(
        "Text is burned into a picture, and this installation refuses such pictures. Mask it and send the "
        "picture again: casebook privacy FILE --clean-pixels --write OUT."
    )


def kinds(named: str | None) -> tuple[str, ...]:
    """The kinds of text that a setting names.

    Raises:
        SetupError: there is no such kind.
    """
    found = tuple(one.strip() for one in (named or "").split(",") if one.strip())
    if odd := [one for one in found if one not in finder.KINDS]:
        raise SetupError(f"burned_in_keep names {odd[0]!r}; it takes any of {', '.join(finder.KINDS)}.")
    return found
