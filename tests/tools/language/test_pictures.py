"""Whether a text names a picture."""

import pytest

from tools.language.pictures import names_picture


@pytest.mark.parametrize(
    "text",
    [
        "here is my Film",
        "one cxr",
        "img-12",
        "auf der Aufnahme",
        "esta radiografía",
        "compare them",
    ],
)
def test_a_picture_is_named_in_three_languages(text):
    assert names_picture(text)


@pytest.mark.parametrize("text", ["I feel unwell", "filming tomorrow", "ein Bote kommt", ""])
def test_other_words_name_none(text):
    assert not names_picture(text)
