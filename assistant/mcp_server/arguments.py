"""What the tools are given, and in which words that is asked."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import CaseError
from tools.language.sayings import say

# Ours: base64 holds a file four times in memory on the way; larger ones lie in a folder that may be read.
MOST_INLINE = 32 * 2**20

ChatId = Annotated[str, Field(description="The chat's id, as add_image or ask gave it.")]
ImageId = Annotated[str, Field(pattern=r"^img-\d+$", description="The image in that chat, such as img-1.")]
Language = Annotated[Literal["en", "de", "es"], Field(description="Language of the answer.")]
Reader = Annotated[
    str | None, Field(description="The reading model that must answer; the first that is set up by default.")
]


@dataclass(frozen=True)
class Asked:
    """What is asked of a chat.

    Attributes:
        question: in words.
        chat: its id; None for a new one.
        files: paths as they were given, or bytes of files, that come with it.
        reader: the reading model that must answer.
        image: the image that the question is about; "" if that is open.
        shows: whether the image itself belongs to the result.
        reads: whether a reading model must answer.
    """

    question: str
    chat: str | None
    files: tuple[str | bytes, ...] = ()
    reader: str | None = None
    image: str = ""
    shows: bool = False
    reads: bool = False


class Arguments(BaseModel):
    """The arguments of a tool."""

    model_config = ConfigDict(extra="forbid")

    def asked(self) -> Asked:
        """What is asked.

        Raises:
            CaseError: a file cannot be used.
        """
        raise NotImplementedError


class AddImage(Arguments):
    """Arguments of `add_image`."""

    path: str | None = Field(default=None, description="File, or folder of one DICOM series.")
    data: str | None = Field(default=None, description="The bytes of a file as base64, instead of a path.")
    chat: ChatId | None = None
    language: Language = "en"

    def asked(self) -> Asked:
        """What the image is."""
        if (self.path is None) == (self.data is None):
            raise CaseError("An image is added by `path` or by `data`. Give one of the two.")
        file = self.path if self.path is not None else _bytes(self.data or "")
        return Asked(say("requests.new", self.language), self.chat, (file,), shows=True)


class OfImage(Arguments):
    """Arguments of a tool that looks at an image of a chat."""

    chat: ChatId
    image: ImageId
    language: Language = "en"

    def _about(self, question: str, *, shows: bool = False) -> Asked:
        return Asked(question, self.chat, image=self.image, shows=shows)


class Look(OfImage):
    """Arguments of `look`."""

    slice: int | None = Field(default=None, ge=1, description="Slice of a volume to turn to, counted from 1.")

    def asked(self) -> Asked:
        """What the image is and whether it is fit, or another of its slices."""
        if self.slice is None:
            return self._about(say("requests.look", self.language, image=self.image), shows=True)
        wanted = say("offers.slice_of", self.language, image=self.image, slice=self.slice)
        return self._about(wanted, shows=True)


class Measure(OfImage):
    """Arguments of `measure`."""

    def asked(self) -> Asked:
        """How its lesion measures."""
        return self._about(say("requests.measure", self.language, image=self.image))


class FindLookAlikes(OfImage):
    """Arguments of `find_look_alikes`."""

    def asked(self) -> Asked:
        """Which cases look like it."""
        return self._about(say("requests.similar", self.language, image=self.image))


class Classify(OfImage):
    """Arguments of `classify`."""

    def asked(self) -> Asked:
        """Which of the user's labels fits."""
        return self._about(say("requests.labels", self.language, image=self.image))


class Read(Arguments):
    """Arguments of `read`."""

    chat: ChatId
    image: ImageId
    question: str = Field(description="What the reading model is to say, in the user's words.")
    reader: Reader = None

    def asked(self) -> Asked:
        """The question, of the image."""
        question = say("requests.about", image=self.image, question=self.question)
        return Asked(question, self.chat, reader=self.reader, image=self.image, reads=True)


class Ask(Arguments):
    """Arguments of `ask`."""

    question: str = Field(description="The question, in English, German or Spanish.")
    chat: ChatId | None = None
    reader: Reader = None

    def asked(self) -> Asked:
        """The question."""
        return Asked(self.question, self.chat, reader=self.reader)


def understood(tool: str, kind: type[Arguments], given: dict[str, Any]) -> Arguments:
    """The arguments of a call.

    Raises:
        CaseError: one is missing, unknown or not acceptable; says which, and not what was given.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise CaseError(_wrong(tool, kind, error)) from None


def _wrong(tool: str, kind: type[Arguments], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0])
    takes = f"{tool} takes: {', '.join(kind.model_fields)}."
    if first["type"] == "extra_forbidden":
        return f"{tool} was given an argument that it does not have. {takes}"
    if first["type"] == "missing":
        return f"{tool} needs `{name}`, which is missing. {takes}"
    about = kind.model_fields[name].description
    return f"`{name}` of {tool} is not as its schema says. {about} {takes}"


def _bytes(text: str) -> bytes:
    if len(text) > MOST_INLINE * 4 // 3 + 4:
        raise CaseError(
            f"The image in `data` has more than {MOST_INLINE // 2**20} MiB. Give a smaller one, or put it in "
            "a folder that Casebook may read and give its `path`."
        )
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CaseError("`data` is not base64. Encode the bytes of the file as base64.") from None
