"""What becomes of text in the pixels of pictures that come into a chat, before anything of them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NoReturn

from store.errors import CaseError, SetupError
from store.pictures.image import Image
from tools.burned_in.finder import KINDS, MISSING, available
from tools.burned_in.masking import masked
from tools.language.sayings import say

if TYPE_CHECKING:
    from tools.burned_in.finder import Finder

Policy = Literal["mask", "refuse", "off"]
# What the header reader calls it: tools.files.dicom.facts.
_FLAG = "burned-in annotation"


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
        images: the same, with their text masked.
        told: what the answer says of it.
    """

    images: list[Image]
    told: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class PixelText:
    """Looks for text in pictures by the setting ``burned_in``.

    Attributes:
        policy: mask it, refuse the pictures, or look for nothing.
        keep: kinds of text that stay.
    """

    policy: Policy
    keep: Sequence[str] = ()

    @cached_property
    def finder(self) -> Finder:
        """Finds the text; its model is loaded on first use."""
        from tools.burned_in.finder import Finder

        return Finder()

    def look(self, images: Sequence[Image], first_number: int) -> Looked:
        """Look for text in new images.

        Args:
            images: as they were read.
            first_number: of the first of them in its chat.

        Raises:
            CaseError: there is text, and pictures with text are refused.
        """
        if self.policy == "off" or not images:
            return Looked(list(images))
        if not available():
            return Looked(list(images), [Remark("turn.text_not_looked_for")] if first_number == 1 else [])
        looked = Looked([])
        for number, image in enumerate(images, first_number):
            looked.images.append(self._seen(image, f"img-{number}", looked.told))
        return looked

    def without(self, image: Image) -> tuple[Image, int]:
        """The image with its text masked, and in how many places; whatever the policy for chats is.

        Raises:
            CaseError: something like text is still found, or pictures with text are refused.
            SetupError: the package that finds it is missing.
        """
        if not available():
            raise SetupError(MISSING)
        done = masked(image, self.finder, self.keep)
        going = len(done.places) - done.kept
        if going and self.policy == "refuse":
            _refuse()
        if done.left:
            raise CaseError(
                "Something like text is still found in its pixels after masking. Mask it by hand."
            )
        return done.image, going

    def _seen(self, image: Image, name: str, told: list[Remark]) -> Image:
        done = masked(image, self.finder, self.keep)
        flagged = image.facts.get(_FLAG) == "yes"
        going = len(done.places) - done.kept
        if self.policy == "refuse" and (going or flagged):
            _refuse()
        if going:
            told.append(Remark("turn.text_masked", {"image": name, "count": going}))
        elif flagged:
            told.append(Remark("turn.text_not_found", {"image": name}))
        if done.kept:
            told.append(Remark("turn.text_kept", {"image": name, "count": done.kept}))
        if done.left:
            told.append(Remark("turn.text_left", {"image": name, "count": done.left}))
        return done.image


def _refuse() -> NoReturn:
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
    if odd := [one for one in found if one not in KINDS]:
        raise SetupError(f"burned_in_keep names {odd[0]!r}; it takes any of {', '.join(KINDS)}.")
    return found
