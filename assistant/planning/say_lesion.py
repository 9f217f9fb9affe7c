"""A skin lesion's measurements in words: the asked one first, and two lesions side by side."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import gate_of, kind_words, problems, records, result_of, tissue
from store.records import Measurement

_ASPECTS = (
    (r"a?symmetr\w+|halves", ("asymmetry",)),
    (r"border|irregular|regular|ragged|shape|round", ("border",)),
    (r"colou?r|variegat\w+", ("colour", "variegation")),
    (
        r"\bsize|how (?:big|large|small|wide|long|tall)|diameter|area|width|millimet\w+|\bmm\b|"
        r"\bcm\b|bigger|larger|smaller",
        ("diameter", "area"),
    ),
    (r"ita\b|typology|skin tone|surrounding skin", ("typology",)),
)
_SCALE = (
    "There is no scale in the file, so sizes are shares of the picture: they depend on the "
    "distance of the camera and "
    "cannot be turned into millimetres."
)


def measure(task: Task, talk: Conversation, image_id: str) -> str:
    """The measurements of a lesion, or why there are none."""
    result = result_of(talk, "measure_lesion", image_id)
    if result is None or result.refused:
        return _refusal(task, talk, image_id, result.content if result else "")
    found = records(result, Measurement)
    asked = _asked(task.clause, found)
    if asked:
        said = f"In {image_id}: " + " ".join(_sentence(m) for m in asked)
    else:
        said = f"I outlined the lesion in {image_id} and measured it:\n\n" + "\n".join(
            f"- {_sentence(m)}" for m in found
        )
    cautions = [m.caution for m in (asked or found) if m.caution]
    return "\n\n".join(
        [
            said,
            " ".join(
                dict.fromkeys([*problems(talk, image_id), *cautions, *_scale(talk, image_id, asked or found)])
            ),
        ]
    ).strip()


def features(talk: Conversation, image_id: str) -> str:
    """The measurements in one line, for answers about something else."""
    result = result_of(talk, "measure_lesion", image_id)
    if result is None:
        return ""
    if result.refused:
        return f"Measuring did not work either: {result.content}"
    return "What I can measure: " + " ".join(
        _sentence(m) for m in records(result, Measurement) if "typology" not in m.name
    )


def compare(task: Task, talk: Conversation) -> str:
    """Two or more images side by side; says what cannot be compared and why."""
    if len(task.images) < 2:
        return "To compare I need two pictures, and this chat has fewer. Add another one and ask again."
    one, two = task.images[:2]
    gates = [gate_of(talk, image_id) for image_id in (one, two)]
    names = [f"{image_id} ({kind_words(gate)})" for image_id, gate in zip((one, two), gates, strict=True)]
    more = f" I compared the first two of {len(task.images)}." if len(task.images) > 2 else ""
    if gates[0].domain != gates[1].domain:
        return (
            f"{names[0]} and {names[1]} are different kinds of image, so there is nothing to "
            f"measure against each other.{more}"
        )
    rows = _side_by_side(task, talk, one, two)
    if rows:
        return _compared(task, names, rows) + more
    return _cannot(talk, names, (one, two)) + more


def _compared(task: Task, names: list[str], rows: list[tuple[Measurement, Measurement]]) -> str:
    asked_size = re.search(_ASPECTS[3][0], task.clause, re.I) is not None
    no_scale = any(
        "mm" not in m.unit
        for pair in rows
        for m in pair
        if m.name in ("area", "largest diameter") or "diameter" in m.name
    )
    first = ""
    if asked_size and no_scale:
        first = f"I cannot tell which lesion is larger: {_SCALE} "
    elif len(rows) == 1:
        first = _verdict(rows[0]) + " "
    lines = "\n".join(
        f"- {a.name}: {_value(a)} in {a.image_id}, {_value(b)} in {b.image_id}" for a, b in rows
    )
    tail = "" if asked_size or not no_scale else f"\n\n{_SCALE}"
    return (
        f"{first}Side by side, {names[0]} and {names[1]}:\n\n{lines}{tail}\n\nA difference in a "
        f"number is not a diagnosis, and "
        "light, distance and angle of two photographs differ."
    )


def _verdict(pair: tuple[Measurement, Measurement]) -> str:
    a, b = pair
    if abs(a.value - b.value) <= 0.05 * max(abs(a.value), abs(b.value)):
        return f"By {a.name} the two are about equal."
    more = a if a.value > b.value else b
    return f"By {a.name}, {more.image_id} has the higher value."


def _cannot(talk: Conversation, names: list[str], ids: tuple[str, str]) -> str:
    refused = [r for i in ids if (r := result_of(talk, "measure_lesion", i)) is not None and r.refused]
    if refused:
        return f"I cannot compare {names[0]} and {names[1]}. " + " ".join(
            dict.fromkeys(r.content for r in refused)
        )
    shares = [
        tissue(Task("tissue", ""), talk, i)
        for i in ids
        if records(result_of(talk, "inspect_image", i), Measurement)
    ]
    if len(shares) == 2:
        return " ".join(shares)
    limits = [f"{i}: {' '.join(problems(talk, i))}" for i in ids if problems(talk, i)]
    technical = f" Technically, {' '.join(limits)}" if limits else ""
    return (
        f"I can say what they are, {names[0]} and {names[1]}, but not how they differ medically: "
        f"that needs a reading model, "
        f"and none is set up.{technical}"
    )


def _side_by_side(
    task: Task, talk: Conversation, one: str, two: str
) -> list[tuple[Measurement, Measurement]]:
    left = records(result_of(talk, "measure_lesion", one), Measurement)
    right = {m.name: m for m in records(result_of(talk, "measure_lesion", two), Measurement)}
    wanted = _asked(task.clause, left) or left
    return [(m, right[m.name]) for m in wanted if m.name in right]


def _asked(clause: str, found: list[Measurement]) -> list[Measurement]:
    names = [name for pattern, some in _ASPECTS if re.search(pattern, clause, re.I) for name in some]
    return [m for m in found if any(name in m.name.lower() for name in names)]


def _sentence(one: Measurement) -> str:
    return one.text if one.text.endswith((".", "!", "?")) else one.text + "."


def _value(one: Measurement) -> str:
    return f"{one.value:g}{' ' + one.unit if one.unit else ''}"


def _scale(talk: Conversation, image_id: str, shown: list[Measurement]) -> list[str]:
    about_size = any("diameter" in m.name or "area" in m.name for m in shown)
    return [_SCALE] if about_size and not talk.image(image_id).scale else []


def _refusal(task: Task, talk: Conversation, image_id: str, reason: str) -> str:
    parts = [f"I cannot measure {image_id}. {reason}".strip()]
    if talk.image(image_id).domain == "radiology":
        if records(result_of(talk, "inspect_image", image_id), Measurement):
            parts.append(tissue(task, talk, image_id))
        elif talk.image(image_id).scale:
            parts.append(
                "The file does give a scale, so distances are known, but finding what to measure "
                "needs a model."
            )
        else:
            parts.append("The file gives no scale, so no length in it can be stated in millimetres.")
    return " ".join(parts)
