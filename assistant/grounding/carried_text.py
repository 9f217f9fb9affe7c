"""What of a text the evidence of its chat carries: whole sentences, the others are left out.

Stricter than the marks of ``check``, because what is left out is not missed where the planner's answer
stands: a sentence stays only if it says something that was said of this image in this sense, nothing that
was not, and if a record or the planner's answer states what it puts together (``related``). What the planner,
a tool or a definition says in a whole sentence stays as it is.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.grounding.carried import states
from assistant.grounding.check import as_compared, check, of_nobody
from assistant.grounding.claims import by_sentence
from assistant.grounding.facts import Facts
from assistant.grounding.lines import lines_of
from assistant.grounding.related import is_related
from tools.language.sentences import Sentence, sentences


def carried(text: str, facts: Facts, floor: str = "") -> str:
    """The sentences of a text that the evidence carries, as they stand, paragraphs among them.

    Args:
        text: an answer in English.
        facts: the evidence of the chat.
        floor: the planner's answer; empty for none.

    Raises:
        SetupError: the learned file is missing or damaged.
    """
    left = text
    while left:
        found = [*by_sentence(left)]
        said = [_is_said(one, facts, floor) for one, _ in found]
        told = [
            is_said or (_is_carried(one, facts, bool(numbers)) and is_related(one, facts, floor))
            for is_said, (one, numbers) in zip(said, found, strict=True)
        ]
        # The marks are asked for last: they cost most, and of most wrong sentences nothing is left by then.
        marks = [*check(left, facts), *of_nobody(left, facts)] if told != said else []
        ends = [one.start + len(one.text) for one, _ in found]
        kept = [
            left[start:end]  # with what parts it from the sentence before
            for (one, _), is_said, is_told, start, end in zip(
                found, said, told, [0, *ends], ends, strict=False
            )
            if is_said or (is_told and not any(m.start < end and one.start < m.end for m in marks))
        ]
        rest = "".join(kept).strip()
        if rest == left.strip():
            return rest
        # Without one sentence another may be carried no more, such as where the reader was named.
        left = rest
    return ""


def _is_carried(sentence: Sentence, facts: Facts, has_numbers: bool) -> bool:
    """Whether something in a sentence without marks was said, its numbers among them, and nothing was not."""
    # What is left open carries nothing: “I cannot tell” must not take the place of what somebody said.
    found = states(sentence, facts.ids, lines_of(facts.said))
    here = [state == "here" and one.stands != "open" for one, state in found]
    told = [carried or one.gloss for carried, (one, _) in zip(here, found, strict=True)]
    return (has_numbers or any(here)) and all(told)


def _is_said(sentence: Sentence, facts: Facts, floor: str) -> bool:
    """Whether a sentence is one of the planner's, a tool's or a definition's, of the same images."""
    words = as_compared(sentence.text)
    own = (one.text for one in facts.said if one.who == "tool" and one.is_of(sentence.images))
    if any(words in _texts(one) for one in (*facts.settled, *own)):
        return True
    told = _texts(floor)
    return words in told and (len(facts.ids) == 1 or sentence.images in told[words])


@lru_cache(maxsize=1024)
def _texts(text: str) -> dict[str, frozenset[tuple[str, ...]]]:
    """The sentences of a text and their parts between semicolons, each with the images it is of."""
    found: dict[str, frozenset[tuple[str, ...]]] = {}
    for one in sentences(text):
        for part in (one.text, *one.text.split(";")):
            words = as_compared(part)
            found[words] = found.get(words, frozenset()) | {one.images}
    return found
