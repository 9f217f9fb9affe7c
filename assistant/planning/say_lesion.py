"""A skin lesion's measurements in words, the asked one first."""

from __future__ import annotations

import re

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.declined import wanted
from assistant.planning.say_image import problems, records, result_of, tissue
from assistant.planning.task import Task
from assistant.planning.told_scale import by_scale, told_scale
from assistant.planning.words import intent_of
from store.records import Measurement, Outline
from tools.language.rules import heard
from tools.language.subjects import DERMATOLOGY_ONLY

_SIZE = ("diameter", "area")
_ASPECTS = (
    (heard("measures", "asymmetry"), ("asymmetry",)),
    (heard("measures", "border"), ("border",)),
    (heard("measures", "colour"), ("colour", "variegation")),
    (heard("measures", "size"), _SIZE),
    (heard("measures", "typology"), ("typology",)),
)
_ANGLE = heard("measures", "angle")
_AGAIN = re.compile(
    r"\b(?:again|repeat\w*|once more|(?:all|every|each)\b.*\b(?:numbers?|values?|measure\w*))\b", re.I
)
# The one of all numbers that the groups differ in most.
_BESIDE = "border irregularity"
_BRIEF = ("asymmetry", "border", "colour count", "diameter")


def measure(task: Task, talk: Conversation, image_id: str) -> str:
    """The measurements of a lesion, or why there are none."""
    result = result_of(talk, "measure_lesion", image_id)
    if result is None or result.refused:
        return _refusal(task, talk, image_id, result.content if result else "")
    found = records(result, Measurement)
    left_out = asked_of(wanted(talk.question).unsaid, found)
    shown = [one for one in asked_of(task.clause, found) or found if one not in left_out] or found
    if len(shown) < len(found):
        said = talk.say("measures.in_image", image=image_id, sentences=" ".join(map(_sentence, shown)))
    elif _just_told(shown, task, talk):
        return talk.say("measures.just_told", image=image_id)
    else:
        given = records(result, Outline)
        head = talk.say("measures.measured_inside" if given else "measures.measured", image=image_id)
        said = f"{head}\n\n{_listed(shown)}"
    said = "\n\n".join([said, *_beside(shown, talk)])
    cautions = [one.caution for one in shown if one.caution]
    sizes, row = [one for one in shown if is_size(one)], talk.image(image_id)
    scale = [by_scale(sizes, told_scale(talk, row), row, talk)] if sizes and not row.scale else []
    limits = " ".join(dict.fromkeys([*problems(talk, image_id), *cautions, *scale]))
    return f"{said}\n\n{limits}".strip()


def _beside(shown: list[Measurement], talk: Conversation) -> list[str]:
    """What the number asked for, or else the border's, was in pictures whose diagnosis is known."""
    known = [one for one in shown if one.elsewhere]
    asked = known if len(known) == 1 else [one for one in known if one.name == _BESIDE]
    return [
        talk.say(
            "measures.elsewhere",
            measure=talk.word("terms", one.name),
            source=one.elsewhere[0].source,
            groups="; ".join(
                talk.say(
                    "measures.group",
                    label=talk.word("terms", group.label),
                    median=group.median,
                    pictures=group.pictures,
                    low=group.low,
                    high=group.high,
                )
                for group in one.elsewhere
            ),
        )
        for one in asked
    ]


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
        return talk.say("measures.not_either", reason=in_words(result.content, talk))
    brief = [one for one in records(result, Measurement) if any(name in one.name for name in _BRIEF)]
    listed = _listed(brief)
    if any(listed in turn.text for turn in talk.past):
        return talk.say("measures.above")
    return "\n\n".join([talk.say("measures.what_i_can"), listed, talk.say("measures.no_answer")])


def asked_of(text: str, found: list[Measurement]) -> list[Measurement]:
    """The measurements that a text asks for by name; empty if it names none."""
    names = [name for pattern, some in _ASPECTS if pattern.search(text) for name in some]
    return [one for one in found if any(name in one.name.lower() for name in names)]


def is_size(one: Measurement) -> bool:
    """Whether a measurement is a length or an area."""
    return any(name in one.name for name in _SIZE)


def in_words(reason: str, talk: Conversation) -> str:
    """A tool's refusal with its name as a reader would say it."""
    return reason.replace("measure_lesion", talk.say("measures.the_tool"))


def _listed(found: list[Measurement]) -> str:
    return "\n".join(f"- {_sentence(one)}" for one in found)


def _sentence(one: Measurement) -> str:
    return one.text if one.text.endswith((".", "!", "?")) else one.text + "."


def _refusal(task: Task, talk: Conversation, image_id: str, reason: str) -> str:
    row = talk.image(image_id)
    angle, cannot = (
        _ANGLE.search(task.clause),
        talk.say("measures.cannot", image=image_id, reason=in_words(reason, talk)),
    )
    if row.domain != "radiology" and not angle:
        return cannot.strip()
    # The reason says how to set the kind right: no help where an angle is wished, or a length in the body.
    sure = angle or (row.known_from != "pixels" and not DERMATOLOGY_ONLY.search(task.clause))
    parts = [talk.say("measures.skin_only", image=image_id) if sure else cannot.strip()]
    parts += [
        talk.say("measures.by_hand"),
        talk.say(f"measures.by_hand_{'scale' if row.scale else 'pixels'}"),
    ]
    if records(result_of(talk, "inspect_image", image_id), Measurement):
        parts.append(tissue(task, talk, image_id))
    return " ".join(parts)
