"""`browse_library`: what the case library holds, counted, listed or drawn by chance.

It looks at no image of the chat; what it shows are cases with the labels that they were imported with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from store.cases.library import Library
from store.errors import ToolUseError
from store.records import Holdings, LibraryCase, Modality, Record
from tools.cards import Card
from tools.context import CaseTool, ToolTurn, case_tool, evidence
from tools.language.library import LibraryWish, library_wish, seed_of
from tools.library import sentences
from tools.library.choosing import Choice, Held, chosen, held_cases, record_of

CARD = Card(
    name="case library",
    checkpoint="built in",
    revision="1",
    modalities=get_args(Modality),
    input_contract="words that name labels, kinds of image or parts of the body, a number and an order",
    labels=(),
    licence="Apache-2.0; every case keeps the licence of its source",
    intended_use="Count, list or draw by chance the cases of the user's own library, by label or kind.",
    limits=(
        "It knows of a case only what was imported with it: no age, sex or date.",
        "Labels are found by their words and by the vocabulary; codes such as nv are found as written.",
    ),
    disclaimers=(),
    source="",
)


def browse(library: Library, clause: str, turn_id: str) -> tuple[str, list[Record]]:
    """Answer a wish about the library.

    Args:
        library: the user's case library.
        clause: the wish in words.
        turn_id: what the seed of a random choice is made of where the words name none.

    Raises:
        ToolUseError: the library is empty.
    """
    held = held_cases(library)
    if not held:
        raise ToolUseError(sentences.told("empty"))
    wish, choice = library_wish(clause), chosen(clause, held)
    found = [one for one in held if choice.fits(one)]
    if not found or (choice.is_open and choice.unknown and wish.what != "labels"):
        labels = Counter(one.case.label for one in held)
        nothing = Holdings(size=0, among=len(held), labels={}, collections={}, chosen=str(choice))
        return sentences.none_fit(str(choice), choice.unknown, labels), [nothing]
    holdings = _holdings(found, len(held), choice)
    if wish.what == "list":
        holdings, cases = _taken(holdings, found, wish, turn_id)
        said = sentences.shown(holdings, cases)
    else:
        said, cases = sentences.number_of(holdings), []
    noted = f" {sentences.not_used(choice.unknown)}" if choice.unknown else ""
    return said + noted, [holdings, *cases]


def _holdings(found: Sequence[Held], among: int, choice: Choice) -> Holdings:
    return Holdings(
        size=len(found),
        among=among,
        labels=dict(Counter(one.case.label for one in found)),
        collections=dict(Counter(one.collection for one in found)),
        chosen=str(choice),
    )


def _taken(
    holdings: Holdings, found: Sequence[Held], wish: LibraryWish, turn_id: str
) -> tuple[Holdings, list[LibraryCase]]:
    """The cases to show, and how they were taken."""
    seed = None
    if wish.order == "at random":
        seed = seed_of(turn_id) if wish.seed is None else wish.seed
        by_id = sorted(found, key=lambda one: one.case.id)
        lots = np.random.default_rng(seed).permutation(len(by_id))
        cases = [by_id[at] for at in lots[: wish.shown]]
    else:
        cases = list(found if wish.order == "newest first" else reversed(found))[: wish.shown]
    return holdings.model_copy(update={"order": wish.order, "seed": seed}), [record_of(c.case) for c in cases]


def build_browse_library() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def browse_library(question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use for the case library itself: how many cases, which labels, show melanomas, five random moles.

        Needs no image. For cases that look like an image use find_similar_cases.

        Args:
            question: the user's own words.
            runtime: given by the loop.
        """
        context = runtime.context
        content, records = browse(context.library(), question, context.turn_id)
        return evidence(content, records, image_id="", model=CARD.name, revision=CARD.revision)

    return browse_library
