"""Two images side by side: what can be compared, and why the rest cannot."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import gate_of, kind_words, problems, records, result_of, tissue
from assistant.planning.say_lesion import NO_SCALE, asked_of, in_words, is_size
from store.records import Measurement

Row = tuple[Measurement, Measurement]

# Ours: two numbers closer than this share of the larger are called about equal.
_EQUAL = 0.05


def compare(task: Task, talk: Conversation) -> str:
    """The comparison of the first two images of a task."""
    from tools.modality import describe

    if len(task.images) < 2:
        return "To compare I need two pictures, and this chat has fewer. Add another one and ask again."
    ids = task.images[:2]
    absent = [image_id for image_id in ids if image_id not in talk.ids]
    if absent:
        return f"There is no image {absent[0]} in this chat. Images: {', '.join(talk.ids)}."
    gates = [gate_of(talk, image_id) for image_id in ids]
    unclear = [gate for gate in gates if gate.domain in ("unknown", "other")]
    if unclear:
        return "I cannot compare them. " + " ".join(describe(gate) for gate in unclear)
    names = [f"{image_id} ({kind_words(gate)})" for image_id, gate in zip(ids, gates, strict=True)]
    if gates[0].domain != gates[1].domain:
        said = f"{names[0]} and {names[1]} are different kinds of image; nothing in them can be compared."
    else:
        rows = _rows(task, talk, ids)
        said = _compared(task, names, rows) if rows else _cannot(talk, names, ids)
    more = f" I compared the first two of {len(task.images)}." if len(task.images) > 2 else ""
    return said + more


def _rows(task: Task, talk: Conversation, ids: tuple[str, ...]) -> list[Row]:
    left = records(result_of(talk, "measure_lesion", ids[0]), Measurement)
    right = {one.name: one for one in records(result_of(talk, "measure_lesion", ids[1]), Measurement)}
    wanted = asked_of(task.clause, left) or left
    return [(one, right[one.name]) for one in wanted if one.name in right]


def _compared(task: Task, names: list[str], rows: list[Row]) -> str:
    asked = asked_of(task.clause, [row[0] for row in rows])
    first = _verdict(rows) if asked else f"Here are {names[0]} and {names[1]} side by side."
    lines = "\n".join(
        f"- {a.name}: {_value(a)} in {a.image_id}, {_value(b)} in {b.image_id}" for a, b in rows
    )
    unscaled = not asked and any(not _same_scale(row) for row in rows)
    limits = (
        "A difference in a number is not a diagnosis, and two photographs differ in light, "
        "distance and angle."
    )
    return f"{first}\n\n{lines}\n\n{f'{NO_SCALE} ' if unscaled else ''}{limits}"


def _verdict(rows: list[Row]) -> str:
    """Which is more, by the asked measurements; or that it cannot be told."""
    if not all(_same_scale(row) for row in rows):
        return f"I cannot tell which is larger. {NO_SCALE}"
    higher = {_higher(row) for row in rows}
    name = rows[0][0].name.split(" across")[0] if len(rows) > 1 else rows[0][0].name
    if higher == {""}:
        return f"By {name} the two are about equal."
    if len(higher) == 1:
        return f"By {name}, {higher.pop()} has the higher value{'s' if len(rows) > 1 else ''}."
    return "It depends on the measure:"


def _higher(row: Row) -> str:
    a, b = row
    if abs(a.value - b.value) <= _EQUAL * max(abs(a.value), abs(b.value)):
        return ""
    return a.image_id if a.value > b.value else b.image_id


def _same_scale(row: Row) -> bool:
    """Whether two numbers may be set against each other: sizes only in millimetres."""
    return all(not is_size(one) or one.unit.startswith("mm") for one in row)


def _cannot(talk: Conversation, names: list[str], ids: tuple[str, ...]) -> str:
    refused = [r for i in ids if (r := result_of(talk, "measure_lesion", i)) is not None and r.refused]
    if refused:
        reasons = dict.fromkeys(in_words(one.content) for one in refused)
        return f"I cannot compare {names[0]} and {names[1]}. {' '.join(reasons)}"
    with_units = [i for i in ids if records(result_of(talk, "inspect_image", i), Measurement)]
    if len(with_units) == len(ids):
        return " ".join(tissue(Task("tissue", ""), talk, i) for i in ids)
    technical = [f"{i}: {' '.join(problems(talk, i))}" for i in ids if problems(talk, i)]
    if talk.image(ids[0]).domain in talk.readers:
        why = "no reader here looks at two pictures at once. What it says of each follows."
    else:
        why = "that needs a reading model, and none is set up."
    return (
        f"I can say what they are, {names[0]} and {names[1]}, but not how they differ medically: {why}"
        f"{' Technically, ' if technical else ''}{' '.join(technical)}"
    )


def _value(one: Measurement) -> str:
    return f"{one.value:g}{' ' + one.unit if one.unit else ''}"
