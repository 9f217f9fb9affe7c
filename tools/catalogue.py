"""The tools there are, in the order a model sees them, and their cards by tool name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tools.cards import Card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from tools.context import CaseTool
    from tools.few_shot.head import HeadShelf
    from tools.models.installed_encoders import Encoders
    from tools.models.installed_readers import Readers


@cache
def cards() -> dict[str, Card]:
    """Every tool's card by tool name, in the order tools are offered to a model."""
    from tools import (
        browse_library,
        classify_image,
        describe_view,
        find_similar_cases,
        inspect_image,
        measure_lesion,
        measure_region,
        quiz,
        rank_labels,
        read_image,
        save_case,
        show_slice,
        treat_image_as,
    )

    return {
        "inspect_image": inspect_image.CARD,
        "measure_lesion": measure_lesion.CARD,
        "measure_region": measure_region.CARD,
        "compare_regions": measure_region.COMPARING,
        **read_image.CARDS,
        "find_similar_cases": find_similar_cases.CARD,
        "classify_with_my_labels": classify_image.CARD,
        "rank_labels": rank_labels.CARD,
        "browse_library": browse_library.CARD,
        "quiz": quiz.CARD,
        "save_case": save_case.CARD,
        "show_slice": show_slice.CARD,
        "describe_view": describe_view.CARD,
        "treat_image_as": treat_image_as.CARD,
    }


def build_tools(
    readers: Readers | None = None, heads: HeadShelf | None = None, encoders: Encoders | None = None
) -> list[BaseTool]:
    """The tools as LangChain tools, usable in any agent whose context is a `CaseContext`.

    Args:
        readers: as in `case_tools`.
        heads: as there.
        encoders: as there.
    """
    from tools.for_langchain import for_langchain

    return [for_langchain(one) for one in case_tools(readers, heads, encoders)]


def case_tools(
    readers: Readers | None = None, heads: HeadShelf | None = None, encoders: Encoders | None = None
) -> list[CaseTool]:
    """The tools of Casebook's own loops.

    Args:
        readers: the reading models there are; tools that read are left out where none is set up.
        heads: classifiers trained on the case library; left out where there is no place for them.
        encoders: the encoding models there are; without them only the built-in encoders compare, and labels
            are ranked only where PubMedCLIP is set up.
    """
    from tools import (
        browse_library,
        classify_image,
        describe_view,
        find_similar_cases,
        inspect_image,
        measure_lesion,
        measure_region,
        quiz,
        rank_labels,
        read_image,
        save_case,
        show_slice,
        treat_image_as,
    )

    return [
        inspect_image.build_inspect_image(encoders),
        measure_lesion.build_measure_lesion(),
        measure_region.build_measure_region(),
        measure_region.build_compare_regions(),
        *(read_image.build_reading_tools(readers) if readers else ()),
        find_similar_cases.build_find_similar_cases(encoders),
        *([classify_image.build_classify_with_my_labels(heads, encoders)] if heads else ()),
        *([rank_labels.build_rank_labels(encoders)] if encoders and encoders.set_up("radiology") else ()),
        browse_library.build_browse_library(),
        quiz.build_quiz(),
        save_case.build_save_case(),
        show_slice.build_show_slice(),
        describe_view.build_describe_view(),
        treat_image_as.build_treat_image_as(),
    ]
