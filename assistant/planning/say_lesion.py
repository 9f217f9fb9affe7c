"""A skin lesion's measurements in words, the asked one first."""

from __future__ import annotations

import re

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import problems, records, result_of, tissue
from assistant.planning.words import intent_of
from store.records import Measurement
from tools.language.rules import heard

_SIZE = ("diameter", "area")
_ASPECTS = (
    (heard("measures", "asymmetry"), ("asymmetry",)),
    (heard("measures", "border"), ("border",)),
    (heard("measures", "colour"), ("colour", "variegation")),
    (heard("measures", "size"), _SIZE),
    (heard("measures", "typology"), ("typology",)),
)
_AGAIN = re.compile(
    r"\b(?:again|repeat\w*|once more|(?:all|every|each)\b.*\b(?:numbers?|values?|measure\w*))\b", re.I
)
_BRIEF = ("asymmetry", "border", "colour count", "diameter")
NO_SCALE = (
    "The file has no scale, so a size is a share of the picture: it depends on how far away the camera was "
    "and cannot be turned into millimetres."
)


def measure(task: Task, talk: Conversation, image_id: str) -> str:
    """The measurements of a lesion, or why there are none."""
    result = result_of(talk, "measure_lesion", image_id)
    if result is None or result.refused:
        return _refusal(task, talk, image_id, result.content if result else "")
    found = records(result, Measurement)
    shown = asked_of(task.clause, found) or found
    if len(shown) < len(found):
        said = f"In {image_id}: " + " ".join(_sentence(one) for one in shown)
    elif _just_told(shown, task, talk):
        return (
            f"That is what I measured in my last answer: in {image_id} the numbers have not changed. Say "
            "“measure it again” to see them again, or ask for one of them, such as the asymmetry."
        )
    else:
        said = f"I outlined the lesion in {image_id} and measured it:\n\n{_listed(shown)}"
    cautions = [one.caution for one in shown if one.caution]
    scale = [NO_SCALE] if _has_size(shown) and not talk.image(image_id).scale else []
    limits = " ".join(dict.fromkeys([*problems(talk, image_id), *cautions, *scale]))
    return f"{said}\n\n{limits}".strip()


def _just_told(shown: list[Measurement], task: Task, talk: Conversation) -> bool:
    """Whether the last answer, to the same wish, gave these very numbers and they are not wished again."""
    if not talk.past or _AGAIN.search(task.clause):
        return False
    wished = any(intent_of(clause)[0] == "measure" for clause in clauses(talk.past[-1].question))
    return wished and _listed(shown) in talk.past[-1].text


def features(talk: Conversation, image_id: str) -> str:
    """The main measurements, for an answer about something that they do not answer."""
    result = result_of(talk, "measure_lesion", image_id)
    if result is None:
        return ""
    if result.refused:
        return f"Measuring it did not work either. {in_words(result.content)}"
    brief = [one for one in records(result, Measurement) if any(name in one.name for name in _BRIEF)]
    return (
        f"What I can do is measure it:\n\n{_listed(brief)}\n\nThese numbers describe the picture; "
        f"they do not "
        "answer the question. “Find similar cases” compares it with your library."
    )


def asked_of(text: str, found: list[Measurement]) -> list[Measurement]:
    """The measurements that a text asks for by name; empty if it names none."""
    names = [name for pattern, some in _ASPECTS if pattern.search(text) for name in some]
    return [one for one in found if any(name in one.name.lower() for name in names)]


def is_size(one: Measurement) -> bool:
    """Whether a measurement is a length or an area."""
    return any(name in one.name for name in _SIZE)


def in_words(reason: str) -> str:
    """A tool's refusal with its name as a reader would say it."""
    return reason.replace("measure_lesion", "The lesion measurement")


def _has_size(shown: list[Measurement]) -> bool:
    return any(is_size(one) for one in shown)


def _listed(found: list[Measurement]) -> str:
    return "\n".join(f"- {_sentence(one)}" for one in found)


def _sentence(one: Measurement) -> str:
    return one.text if one.text.endswith((".", "!", "?")) else one.text + "."


def _refusal(task: Task, talk: Conversation, image_id: str, reason: str) -> str:
    parts = [f"I cannot measure {image_id}. {in_words(reason)}".strip()]
    if talk.image(image_id).domain == "radiology":
        if records(result_of(talk, "inspect_image", image_id), Measurement):
            parts.append(tissue(task, talk, image_id))
        elif talk.image(image_id).scale:
            parts.append("The file does give a scale, but finding what to measure needs a model.")
        else:
            parts.append("The file gives no scale, so no length in it can be stated in millimetres.")
    return " ".join(parts)
