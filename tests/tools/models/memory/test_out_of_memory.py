"""Telling a lack of memory from other failures."""

import pytest

from tools.models.memory.out_of_memory import is_out_of_memory, within_memory


def test_what_works_is_given_back() -> None:
    assert within_memory(lambda: 3) == (3,)


def test_a_lack_of_memory_is_none_and_another_error_goes_on() -> None:
    def lack() -> None:
        raise MemoryError

    def bug() -> None:
        raise RuntimeError("shapes")

    assert within_memory(lack) is None
    with pytest.raises(RuntimeError, match="shapes"):
        within_memory(bug)


def test_the_words_of_pytorch_are_known() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra packages of models")
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 50)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(RuntimeError) as other:
        torch.zeros(2) @ torch.zeros(3)
    assert not is_out_of_memory(other.value)
