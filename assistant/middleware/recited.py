"""Whether a language model only wrote what it had read: instructions, our marks, or an earlier answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from assistant.answers.marks import CLOSE, OPEN
from assistant.llm.protocol import END_MARK, RESULT_MARK
from assistant.memory.messages import KEY, MARKS
from assistant.middleware.orders import NOT_ORDERED
from assistant.middleware.repeats import ALREADY
from prompts import prompts

# Ours: a run of so many words is no accident of wording, and no sentence of the system text is shorter in it.
_RECITED = 12
# Ours: of what only tells a model how to write; no answer is about that.
_FORM = 7
_FORMS = ("tool_calls",)
# Ours: an answer of fewer words may be right twice.
_SAME = 8
_MARKS = (OPEN, CLOSE, OPEN.strip("<>").join("‹›"), RESULT_MARK, END_MARK, ALREADY, NOT_ORDERED, *MARKS)


def is_recited(text: str, told: str = "") -> bool:
    """Whether a text holds our marks, or a long run of the words of a prompt.

    Args:
        text: an answer.
        told: what else the model was told, such as the tools' descriptions.
    """
    low = text.casefold()
    if any(mark.casefold() in low for mark in _MARKS):
        return True
    words = _words(text)
    if not _runs(words, _FORM).isdisjoint(_of_forms()):
        return True
    return not _runs(words, _RECITED).isdisjoint(_of_prompts() | _of_told(told))


def is_said_before(text: str, asked: Sequence[AnyMessage]) -> bool:
    """Whether an answer is an earlier one word for word, though another question was asked and no tool.

    Args:
        text: an answer.
        asked: the conversation that it goes on with.
    """
    words = _words(text)
    if len(words) < _SAME or isinstance(asked[-1], ToolMessage):
        return False
    *earlier, (question, _) = _turns(asked)
    return any(question != other and words == _words(answer) for other, answer in earlier)


def _turns(asked: Sequence[AnyMessage]) -> Iterator[tuple[list[str], str]]:
    """Words of each question, and its answer as far as there is one."""
    begins = [i for i, one in enumerate(asked) if isinstance(one, HumanMessage)]
    for begin, end in pairwise([*begins, len(asked)]):
        last = asked[end - 1]
        answer = last.text if isinstance(last, AIMessage) and not last.tool_calls else ""
        about = asked[begin].additional_kwargs.get(KEY, {})
        yield _words(str(about.get("question", asked[begin].text))), answer


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: Sequence[str], length: int) -> set[str]:
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


@cache
def _of_prompts() -> frozenset[str]:
    return frozenset().union(*(_runs(_words(text), _RECITED) for text in prompts().values()))


@cache
def _of_forms() -> frozenset[str]:
    return frozenset().union(*(_runs(_words(prompts()[name]), _FORM) for name in _FORMS))


@lru_cache(maxsize=4)
def _of_told(told: str) -> frozenset[str]:
    return frozenset(_runs(_words(told), _RECITED))
