"""What of a text the evidence of its chat carries: whole sentences, the others are left out.

Stricter than the marks of ``check``, because what is left out is not missed where the planner's answer
stands: a sentence stays only if it says something that was said of this image in this sense, and nothing that
was not.
"""

from __future__ import annotations

from assistant.grounding.carried import lines_of, states
from assistant.grounding.check import check, is_repeated
from assistant.grounding.claims import by_sentence
from assistant.grounding.facts import Facts
from tools.language.sentences import Sentence


def carried(text: str, facts: Facts) -> str:
    """The sentences of a text that the evidence carries, as they stand, paragraphs among them.

    Args:
        text: an answer in English.
        facts: the evidence of the chat.

    Raises:
        SetupError: the learned file is missing or damaged.
    """
    left = text
    while left:
        marks = check(left, facts)
        found = [*by_sentence(left)]
        ends = [one.start + len(one.text) for one, _ in found]
        kept = [
            left[start:end]  # with what parts it from the sentence before
            for (one, numbers), start, end in zip(found, [0, *ends], ends, strict=False)
            if not any(mark.start < end and one.start < mark.end for mark in marks)
            and _is_carried(one, facts, bool(numbers))
        ]
        told = "".join(kept).strip()
        if told == left.strip():
            return told
        # Without one sentence another may be carried no more, such as where the reader was named.
        left = told
    return ""


def _is_carried(sentence: Sentence, facts: Facts, has_numbers: bool) -> bool:
    """Whether something in a sentence without marks was said, its numbers among them, and nothing was not."""
    if is_repeated(sentence, facts):
        return True
    # What is left open carries nothing: “I cannot tell” must not take the place of what somebody said.
    found = states(sentence, facts.ids, lines_of(facts.said))
    here = [state == "here" and one.stands != "open" for one, state in found]
    told = [carried or one.gloss for carried, (one, _) in zip(here, found, strict=True)]
    return (has_numbers or any(here)) and all(told)
