"""Which collections are searched for a question, in which order, and what is said of the others."""

from __future__ import annotations

import pytest

from store.cases.library import CollectionInfo
from tools.look_alikes.which_collection import choose

BUILT_IN, LEARNED, IMPORTED = "casebook-skin-1", "derm-foundation", "derm-foundation-imported"


def infos(*names: str) -> list[CollectionInfo]:
    return [
        CollectionInfo(name, f"{name}, version 1", "dermatology", 9, {}, {}, None, None, None)
        for name in names
    ]


@pytest.mark.parametrize(
    ("question", "there", "tried", "others"),
    [
        ("similar cases", [BUILT_IN], [BUILT_IN], []),
        ("similar cases", [BUILT_IN, LEARNED], [LEARNED, BUILT_IN], []),
        ("similar cases", [BUILT_IN, LEARNED, IMPORTED], [LEARNED, BUILT_IN], [IMPORTED]),
        ("similar cases", [BUILT_IN, IMPORTED], [BUILT_IN], [IMPORTED]),
        ("similar cases", [IMPORTED], [IMPORTED], []),
        ("with the built-in encoder", [BUILT_IN, LEARNED], [BUILT_IN], []),
        ("with the BUILT IN one", [BUILT_IN, LEARNED], [BUILT_IN], []),
        ("with casebook-skin-1", [BUILT_IN, LEARNED], [BUILT_IN], []),
        ("with Derm-Foundation", [BUILT_IN, LEARNED, IMPORTED], [LEARNED, BUILT_IN], []),
        ("with derm-foundation", [BUILT_IN, IMPORTED], [IMPORTED, BUILT_IN], []),
        ("with derm-foundation-imported", [BUILT_IN, LEARNED, IMPORTED], [IMPORTED, BUILT_IN], []),
    ],
)
def test_what_is_named_comes_first_then_what_was_encoded_then_the_built_in(
    question: str, there: list[str], tried: list[str], others: list[str]
) -> None:
    found = choose(question, infos(*there))
    assert [info.name for info in found.infos] == tried
    assert list(found.others) == others
    assert found.notes == ()


def test_an_encoder_that_is_named_in_vain_is_told() -> None:
    assert choose("with derm-foundation", infos(BUILT_IN)).notes == (
        "derm-foundation has not described your cases yet: casebook library encode derm-foundation.",
    )
    assert choose("with pubmedclip", infos(BUILT_IN)).notes == (
        "pubmedclip is for radiology images, so it was not used.",
    )
