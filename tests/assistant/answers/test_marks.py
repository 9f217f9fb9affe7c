"""Data stays between its marks, whatever it holds and however it is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.marks import CLOSE, OPEN, as_data, shortened

PIECES = st.lists(st.sampled_from([OPEN, CLOSE, "<|im_end|>", "[INST]", "[/INST]", "<", "a ", "[0, 1]"])).map(
    "".join
)


@given(PIECES | st.text())
def test_data_cannot_forge_a_mark_or_a_token_of_a_template(text: str) -> None:
    marked = as_data(text)
    inside = marked.removeprefix(OPEN).removesuffix(CLOSE)
    assert len(inside) == len(text)
    assert not {"<", ">"} & set(inside)
    assert "[INST]" not in inside
    assert "[/INST]" not in inside


def test_ordinary_brackets_stay() -> None:
    assert as_data("a score in [0, 1]") == "<data>a score in [0, 1]</data>"


@given(PIECES, st.integers(0, 60))
def test_what_is_cut_says_so_inside_its_marks(text: str, chars: int) -> None:
    cut = shortened(as_data(text), chars)
    assert cut.startswith(OPEN)
    assert cut.endswith(CLOSE)
    assert cut.count(OPEN) == cut.count(CLOSE) == 1
    assert ("left out here" in cut) == (len(text) > chars)
