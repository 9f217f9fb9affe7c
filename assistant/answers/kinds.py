"""What an image is, in a few words of a language."""

from __future__ import annotations

from store.records import Gate
from tools.language.sayings import say, word


def kind_in(gate: Gate, language: str) -> str:
    """Modality and body part, as far as they are known: ``chest radiograph``.

    Args:
        gate: what is known of the image.
        language: a folder of ``prompts/sayings``.
    """
    if gate.modality is None and gate.domain in ("other", "unknown"):
        return say("shown.neither" if gate.domain == "other" else "shown.kind_unknown", language)
    what = say(f"kinds.{gate.modality or gate.domain}", language)
    part = word("parts", gate.body_part, language) if gate.body_part else ""
    return ", ".join(filter(None, (what, part)))
