"""Which image and which reading model a call means, held against what its chat has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.mcp_server.arguments import Asked

_NO_READER = (
    "No reading model for such images is set up here; `casebook models list` names those that can be. "
    "What an image is, `look` tells; how such images are looked at, `ask` does."
)


def meant(assistant: Assistant, asked: Asked) -> Asked:
    """What is asked, with the reading model that answers where one must.

    Raises:
        CaseError: there is no such chat or image, or no reading model for it.
    """
    if asked.chat is None:
        return asked
    images = {image.id: image for image in assistant.chat(asked.chat).images()}
    if asked.image and asked.image not in images:
        there = ", ".join(images) or "none yet"
        raise CaseError(f"There is no image {asked.image} in this chat. Images: {there}.")
    if not asked.reads or asked.reader is not None:
        return asked
    there_are = assistant.services.readers.set_up(images[asked.image].gate.domain)
    if not there_are:
        raise CaseError(_NO_READER)
    return replace(asked, reader=there_are[0])
