"""A number in a wish counts cases, or it is an age, a size, a day or the name of something."""

import pytest

from tools.language.library import number_in


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        ("show me three similar", 3),
        ("the 5 nearest please", 5),
        ("12 similar cases of a 4 mm mole", 12),
        ("zeig mir vier ähnliche", 4),
        ("dame 4 casos de un paciente de 70 años", 4),
        ("look-alikes of this 60 year old's mole", None),
        ("somebody like this 45-year-old", None),
        ("zeig ähnliche eines 60-jährigen", None),
        ("similar lesions of 6.5 mm", None),
        ("ones that are 30 % asymmetric", None),
        ("anything like it from 2019?", None),
        ("like the scan of 12/03", None),
        ("similar cases, stage 3", None),
        ("find cases like img-2", None),
        ("the 3rd most similar", None),
    ],
)
def test_what_is_no_count_of_cases_is_not_taken_for_one(wish: str, count: int | None) -> None:
    assert number_in(wish) == count
