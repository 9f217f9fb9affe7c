"""What an image of the chat is, in a few words."""

from __future__ import annotations

from assistant.pages.words import language, said
from tools.context import ChatImage
from tools.language.sayings import word


def kind(image: ChatImage) -> str:
    """What the image is, in a few words."""
    gate = image.gate
    if gate.modality is None and gate.domain in ("other", "unknown"):
        return said("shown.neither" if gate.domain == "other" else "shown.kind_unknown")
    what = said(f"kinds.{gate.modality or gate.domain}")
    part = word("parts", gate.body_part, language()) if gate.body_part else ""
    return ", ".join(filter(None, (what, part)))
