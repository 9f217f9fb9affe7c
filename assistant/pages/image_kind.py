"""What an image of the chat is, in the language of the page."""

from __future__ import annotations

from assistant.answers.kinds import kind_in
from assistant.pages.words import language
from tools.context import ChatImage


def kind(image: ChatImage) -> str:
    """What the image is, in a few words."""
    return kind_in(image.gate, language())
