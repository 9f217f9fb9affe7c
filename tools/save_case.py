"""`save_case`: keep the shown picture in the case library, under the label that the user orders.

It changes what everybody who opens this Casebook sees, so it runs only on the user's own order, and only
where this chat may write. Whether the label is right is not checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from store.cases.case import case_id
from store.cases.library import Library
from store.cases.table import Row
from store.errors import ToolUseError
from store.records import Modality, Record
from tools.cards import Card
from tools.context import CaseTool, ChatImage, ToolTurn, case_tool, evidence
from tools.language.label_names import same_label
from tools.language.library import save_order
from tools.language.vocabulary import even
from tools.library import sentences
from tools.library.choosing import record_of

CARD = Card(
    name="case library",
    checkpoint="built in",
    revision="1",
    modalities=get_args(Modality),
    input_contract="the shown picture or slice, (H, W, 3) uint8, and a label",
    labels=(),
    licence="Apache-2.0",
    intended_use="Add the shown picture to the case library under the label that the user orders.",
    limits=(
        "It takes the user's word for the label, and runs only where the chat may write to the library.",
        "It keeps the picture as it is shown: what is written into its pixels is kept too.",
    ),
    disclaimers=(),
    source="",
)
_SOURCE = "added from a chat"


def save(library: Library, chat_image: ChatImage, label: str) -> tuple[str, list[Record]]:
    """Add the shown picture as a case.

    Args:
        library: the user's case library.
        chat_image: the image of the chat.
        label: as the user says it; where the library has another word for the same, that is used.

    Raises:
        ToolUseError: it is not known to be a radiology or skin picture, or there is no room for it.
    """
    gate, image = chat_image.gate, chat_image.image
    if gate.domain not in ("radiology", "dermatology"):
        raise ToolUseError(sentences.told("no_kind", image=chat_image.id, same=chat_image.id))
    there = {case.label: None for _, case in library.newest()}
    kept = same_label(label, there) or label
    stated = gate.known_from != "pixels"
    row = Row(
        Path(chat_image.id),
        chat_image.id,
        kept,
        modality=gate.modality if stated else None,
        body_part=(gate.body_part or "") if stated else "",
        group=f"image {chat_image.key[:12]}",  # slices of one image never vouch for each other
        source=_SOURCE,
    )
    report = library.add(image, row, gate)
    if report.skipped:
        raise ToolUseError(report.skipped[0].of_all or report.skipped[0].reason)
    identity = case_id(image.pixels)
    case = next(one for _, one in library.newest() if one.id == identity)
    if not report.added:
        return sentences.already_there(chat_image.id, case.label), [record_of(case)]
    return sentences.saved(chat_image.id, kept, label), [record_of(case)]


def build_save_case() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def save_case(image_id: str, label: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use only when the user orders an image to be saved in the case library under a label they name.

        Never on your own account, and never with a label of your own.

        Args:
            image_id: the image, such as img-1.
            label: the label, in the user's own words.
            runtime: given by the loop.
        """
        context = runtime.context
        order = save_order(context.heard)
        if order is None or not order.label or even(order.label) != even(label):
            raise ToolUseError(sentences.told("no_order"))
        chat_image = context.images.get(image_id)
        if not context.may_save():
            raise ToolUseError(sentences.told("may_not_save"))
        content, records = save(context.library(), chat_image, order.label)
        return evidence(content, records, image_id=image_id, model=CARD.name, revision=CARD.revision)

    return save_case
