"""A teaching case as data: what it may hold, and that JSON loses nothing of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import CaseError
from store.teaching.case import CaseImage, TeachingCase, checked, read_teaching_case

KEY = "0f" * 32
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(
    lambda text: f"x{text}x"
)


@given(
    st.builds(
        TeachingCase,
        diagnosis=LINES,
        images=st.just((CaseImage(key=KEY, caption="“Grün” & <b>"),)),
        history=LINES,
        age_years=st.none() | st.floats(0, 130),
        kind=st.sampled_from(["disease", "normal", "mimic"]),
        also=st.lists(LINES, max_size=3).map(tuple),
        findings=st.lists(LINES, max_size=3).map(tuple),
        hints=st.lists(LINES, max_size=3).map(tuple),
        tags=st.lists(LINES, max_size=3).map(tuple),
    )
)
def test_a_case_comes_back_from_json_as_it_was(case: TeachingCase) -> None:
    assert read_teaching_case(case.to_json()) == case


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{}", "diagnosis"),
        ('{"diagnosis": "naevus", "images": []}', "images"),
        (f'{{"diagnosis": "naevus", "images": [{{"key": "{KEY}"}}], "age": 3}}', "age"),
        (f'{{"diagnosis": "naevus", "images": [{{"key": "{KEY}"}}], "age_years": 400}}', "age_years"),
        (f'{{"diagnosis": " ", "images": [{{"key": "{KEY}"}}]}}', "diagnosis"),
        (f'{{"diagnosis": "naevus", "images": [{{"key": "../{KEY[3:]}"}}]}}', "images.0.key"),
        ("no json", "the text"),
    ],
)
def test_what_is_no_case_is_refused_by_the_name_of_the_field(text: str, names: str) -> None:
    with pytest.raises(CaseError, match=f"cannot be used: {names}:"):
        read_teaching_case(text)


def test_fields_are_checked_like_json() -> None:
    assert checked(diagnosis="naevus", images=[{"key": KEY}]).names == ("naevus",)
    with pytest.raises(CaseError, match="certainty"):
        checked(diagnosis="naevus", images=[{"key": KEY}], certainty="surely")
