"""`treat_image_as`: the user overrules what the gate says an image is."""

from __future__ import annotations

from typing import Any

from store.errors import ToolUseError
from store.records import MODALITY_WORDS, Gate
from tools.cards import Card
from tools.context import CaseContext, CaseTool, ToolTurn, case_tool, evidence
from tools.gate.modality import identify, overrule
from tools.language import modalities
from tools.language.kind_told import BEFORE, takes_back
from tools.language.lists import Heard
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


def _patterns_of(kind: str) -> list[Heard]:
    """What finds a kind of image in other words: “dermatoscopic” is dermoscopy."""
    return [one for one in modalities.asked().values() if one.search(kind)]


def _is_theirs(kind: str, context: CaseContext) -> bool:
    """Whether a kind is in the user's own words: of now, or of earlier, where they take back later ones."""
    earlier = (question for question, _ in context.said(True)) if takes_back(context.question) else ()
    own = "\n".join([context.question, context.heard, *earlier]).lower()
    return kind.lower() in own or any(one.search(own) for one in _patterns_of(kind))


def _words(gate: Gate) -> str:
    """What an image is, in words without an article."""
    known = MODALITY_WORDS.get(gate.modality or "")
    return known or say(_OF_A_DOMAIN.get(gate.domain, "tools.not_known_before"))


def build_treat_image_as() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def treat_image_as(image_id: str, kind: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Treat an image as another kind. Use only when the user's own words ask for it.

        Args:
            image_id: the image, such as img-1.
            kind: the kind in the user's words, such as dermoscopy or chest x-ray; "as before" where they take
                their word on it back.
            runtime: given by the loop.
        """
        context = runtime.context
        chat_image = context.images.get(image_id)
        before = chat_image.gate
        if kind == BEFORE and takes_back(context.question):
            chat_image.gate = identify(chat_image.image).model_copy(update={"image_id": image_id})
            name = "tools.taken_back"
        elif _is_theirs(kind, context):
            chat_image.gate = overrule(before, kind)
            name = "tools.treated_as"
        else:
            raise ToolUseError("Only the user may overrule what an image is, in their own words.")
        said = say(name, image=image_id, kind=_words(chat_image.gate), before=_words(before))
        return evidence(said, [chat_image.gate], image_id=image_id, model=CARD.name, revision=CARD.revision)

    return treat_image_as
