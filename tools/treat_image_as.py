"""`treat_image_as`: the user overrules what the gate says an image is."""

from __future__ import annotations

import re
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool

from store.errors import ToolUseError
from store.records import MODALITY_WORDS
from tools.cards import Card
from tools.context import CaseContext, case_tool, evidence
from tools.gate.modality import overrule
from tools.language import modalities
from tools.language.sayings import say

CARD = Card(
    name="user's word",
    checkpoint="built in",
    revision="1",
    modalities=(),
    input_contract="an image of the chat",
    labels=(),
    licence="Apache-2.0",
    intended_use="Let the user say what an image is when the gate is wrong or cannot tell.",
    limits=("Nothing checks whether the user is right.",),
    disclaimers=("The kind of image was set by the user, against or without Casebook's own estimate.",),
    source="",
)


_OF_A_DOMAIN = {"radiology": "tools.any_radiology", "dermatology": "tools.any_skin", "other": "tools.neither"}


def _patterns_of(kind: str) -> list[re.Pattern[str]]:
    """What finds a kind of image in other words: “dermatoscopic” is dermoscopy."""
    return [one for one in modalities.asked().values() if one.search(kind)]


def build_treat_image_as() -> BaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def treat_image_as(
        image_id: str, kind: str, runtime: ToolRuntime[CaseContext]
    ) -> tuple[str, dict[str, Any]]:
        """Treat an image as another kind. Use only when the user's own words ask for it.

        Args:
            image_id: the image, such as img-1.
            kind: the kind in the user's words, such as dermoscopy or chest x-ray.
            runtime: given by the loop.
        """
        own_words = f"{runtime.context.question}\n{runtime.context.heard}".lower()
        named = any(one.search(own_words) for one in _patterns_of(kind))
        if kind.lower() not in own_words and not named:
            raise ToolUseError("Only the user may overrule what an image is, in their own words.")
        chat_image = runtime.context.images.get(image_id)
        before = chat_image.gate
        chat_image.gate = overrule(before, kind)
        now = MODALITY_WORDS.get(chat_image.gate.modality or "", chat_image.gate.domain)
        earlier = MODALITY_WORDS.get(before.modality or "") or say(
            _OF_A_DOMAIN.get(before.domain, "tools.not_known_before")
        )
        said = say("tools.treated_as", image=image_id, kind=now, before=earlier)
        return evidence(said, [chat_image.gate], image_id=image_id, model=CARD.name, revision=CARD.revision)

    return treat_image_as
