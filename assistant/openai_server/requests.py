"""What a program sends: the two forms of a request, and the conversation in it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from store.errors import CaseError
from tools.language.sayings import say

# Source: RFC 2397; the type is not believed, the bytes are looked at.
_DATA_URL = re.compile(r"data:[^,]*;base64,(.*)", re.DOTALL | re.IGNORECASE)


class TextPart(BaseModel):
    """Words of a message."""

    type: Literal["text", "input_text", "output_text"]
    text: str


class ImageUrl(BaseModel):
    """Where an image is: in the address itself."""

    url: str = Field(description="A data URL: data:image/png;base64,…")


class ImagePart(BaseModel):
    """An image of a message: any file that Casebook reads, as a data URL."""

    type: Literal["image_url", "input_image"]
    image_url: str | ImageUrl


Part = Annotated[TextPart | ImagePart, Field(discriminator="type")]


class Message(BaseModel):
    """One message. Those of system and developer are not heard: what Casebook does is not changed by them."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part] | None = None


class ChatRequest(BaseModel):
    """A request for a chat completion. What is not listed here is not looked at."""

    model: str = Field(description="casebook, or casebook/READER for a reading model that must answer.")
    messages: list[Message] = Field(min_length=1, description="The conversation; its last message is asked.")
    stream: bool | None = False


class ResponsesRequest(BaseModel):
    """A request for a response. What is not listed here is not looked at."""

    model: str = Field(description="casebook, or casebook/READER for a reading model that must answer.")
    input: str | Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    previous_response_id: str | None = Field(default=None, description="The response to go on from.")


Request = TypeVar("Request", ChatRequest, ResponsesRequest)


@dataclass(frozen=True)
class Said:
    """A message of the user or of Casebook.

    Attributes:
        by_user: whose it is.
        text: the words.
        images: files that came with it.
    """

    by_user: bool
    text: str
    images: tuple[bytes, ...] = ()


def read_request(kind: type[Request], body: bytes) -> Request:
    """A request.

    Raises:
        CaseError: it is not as its schema says; says where, and not what was given.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        places = [str(one) for one in first["loc"] if isinstance(one, int) or one in _NAMES]
        where = f"`{'.'.join(places)}`" if places else "The body"
        raise CaseError(f"{where} is missing or not as /openapi.json says.") from None


_NAMES = frozenset(
    name
    for kind in (ChatRequest, ResponsesRequest, Message, TextPart, ImagePart, ImageUrl)
    for name in kind.model_fields
)


def said_in(messages: Sequence[Message]) -> tuple[Said, ...]:
    """The conversation of some messages, up to the question.

    Raises:
        CaseError: the last message is not the user's, or an image cannot be used.
    """
    said = tuple(_said(one) for one in messages if one.role in ("user", "assistant"))
    if not said or not said[-1].by_user:
        raise CaseError("The last message must be the user's: it is the question.")
    return said


def _said(message: Message) -> Said:
    parts = message.content if isinstance(message.content, list) else []
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    if isinstance(message.content, str):
        texts = [message.content]
    text = "\n\n".join(texts)
    if message.role == "assistant":
        return Said(by_user=False, text=text)
    images = tuple(_bytes(part.image_url) for part in parts if isinstance(part, ImagePart))
    return Said(True, text if text.strip() or not images else say("requests.new"), images)


def _bytes(address: str | ImageUrl) -> bytes:
    url = address if isinstance(address, str) else address.url
    found = _DATA_URL.fullmatch(url.strip())
    if found is None:
        raise CaseError(
            "An image is taken as a data URL only (data:image/png;base64,…): Casebook fetches nothing from "
            "an address. Send the bytes of the file."
        )
    try:
        return base64.b64decode(found[1], validate=True)
    except (binascii.Error, ValueError):
        raise CaseError("The data URL of an image is not base64. Encode the bytes of the file.") from None
