"""What cannot stand beside the evidence is marked where it stands, whatever the rest of its sentence says."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, check
from tests.grounding.chats import chat, image, reading

KNEE = chat(
    [image(1, "DX", "knee")],
    [
        reading(
            1,
            "A small joint effusion. The patella is intact. No ulceration. "
            "A fold of the meniscus is possible.",
        )
    ],
    ["What is seen?"],
)
TWO = chat(
    [image(1, "DX", "chest"), image(2, "DX", "chest")],
    [reading(1, "Moderate right pleural effusion."), reading(2, "A calcified granuloma. No effusion.")],
    ["What do they show?"],
)
READERS = chat(
    [image(1, "DX", "chest")],
    [reading(1, "Mild cardiomegaly."), reading(1, "Patchy opacity at the left base.", model="babydoctor")],
    ["What do they say?"],
)


def marked(text: str, facts: Facts) -> str:
    return " | ".join(mark.text for mark in check(text, facts))


@pytest.mark.parametrize(
    ("facts", "lie", "where"),
    [(KNEE, "The reader sees a large joint effusion.", "large"),
     (KNEE, "The reader sees a skin that is ulcerated.", "ulcerated"),
     (KNEE, "According to the reader the patella is not intact.", "intact"),
     (KNEE, "The reader has diagnosed a fold of the meniscus.", "has diagnosed"),
     (TWO, "The reader finds a calcified granuloma in img-1 and a pleural effusion in img-2.", "granuloma"),
     (TWO, "The reader describes a pleural effusion in both films.", "both films"),
     (READERS, "Babydoctor finds mild cardiomegaly, radiographer a patchy opacity.", "cardiomegaly"),
     (READERS, "By its file there is mild cardiomegaly.", "By its file"),
     (READERS, "Radiographer measured the heart.", "Radiographer measured")],
)  # fmt: skip
def test_what_the_evidence_turns_is_marked(facts: Facts, lie: str, where: str) -> None:
    assert where in marked(lie, facts)


@pytest.mark.parametrize(
    ("facts", "truth"),
    [(KNEE, "The reader sees a small joint effusion and an intact patella."),
     (KNEE, "The reader says that a fold of the meniscus is possible."),
     (TWO, "The reader finds a calcified granuloma in img-2 and a pleural effusion in img-1."),
     (TWO, "Img-1 has a moderate pleural effusion, by the reader; the other film has none."),
     (READERS, "Radiographer finds mild cardiomegaly, babydoctor a patchy opacity."),
     (READERS, "Both readers see something: mild cardiomegaly and a patchy opacity.")],
)  # fmt: skip
def test_what_the_evidence_says_is_left_alone(facts: Facts, truth: str) -> None:
    assert marked(truth, facts) == ""
