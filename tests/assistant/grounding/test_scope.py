"""Of which image, and by whose word, each part of a sentence speaks."""

from __future__ import annotations

import pytest

from assistant.grounding.claims import by_sentence
from assistant.grounding.scope import Part, scope_of

IDS = frozenset({"img-1", "img-2"})
READERS = frozenset({"radiographer", "babydoctor"})


def part_at(text: str, word: str) -> Part:
    """The part of a text's last sentence that a word lies in."""
    *_, (sentence, _) = by_sentence(text)
    return scope_of(sentence, IDS, READERS).at(sentence.text.index(word))


@pytest.mark.parametrize(
    ("text", "word", "images"),
    [("A fracture in img-1 and a cyst in img-2.", "cyst", ("img-2",)),
     ("A fracture in img-1 and a cyst in img-2.", "fracture", ("img-1",)),
     ("Img-2 shows a cyst, a spur and a fracture.", "fracture", ("img-2",)),
     ("A cyst, then a spur: that is img-2.", "cyst", ("img-2",)),
     ("Img-1 is clear. The other film shows a cyst.", "cyst", ()),
     ("In img-1 there is a spur; the other film shows a cyst.", "cyst", ("img-2",)),
     ("A cyst is described there, and for img-1 a spur.", "cyst", ()),
     ("Both films show a cyst.", "cyst", ("img-1", "img-2")),
     ("A cyst is described.", "cyst", ())],
)  # fmt: skip
def test_a_part_speaks_of_the_image_that_it_names_or_that_the_part_before_it_names(
    text: str, word: str, images: tuple[str, ...]
) -> None:
    assert part_at(text, word).images == images


@pytest.mark.parametrize(
    ("text", "word", "readers"),
    [("Radiographer sees a cyst, babydoctor a spur.", "cyst", {"radiographer"}),
     ("Radiographer sees a cyst, babydoctor a spur.", "spur", {"babydoctor"}),
     ("A cyst, says babydoctor.", "cyst", {"babydoctor"}),
     ("Both readers, radiographer and babydoctor, see a cyst.", "cyst", set()),
     ("“A cyst, perhaps a spur.” Babydoctor is silent.", "Babydoctor", {"babydoctor"})],
)  # fmt: skip
def test_a_part_is_said_by_the_reader_that_it_names(text: str, word: str, readers: set[str]) -> None:
    assert part_at(text, word).readers == readers


def test_what_is_said_of_both_images_has_to_hold_of_each() -> None:
    assert part_at("Both films show a cyst.", "cyst").every
    assert not part_at("The films show a cyst in img-1.", "cyst").every
