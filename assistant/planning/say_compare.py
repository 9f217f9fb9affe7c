"""Images side by side: what can be compared, and why the rest cannot."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_extent import extents, is_of_extent, listed
from assistant.planning.say_image import gate_of, kind_words, problems, records, result_of, tissue
from assistant.planning.say_lesion import NO_SCALE, asked_of, in_words, is_size
from store.records import Measurement

Row = tuple[Measurement, ...]

# Ours: two numbers closer than this share of the larger are called about equal.
_EQUAL = 0.05
# Ours: a table of more is no longer read.
_MOST = 6


def compare(task: Task, talk: Conversation) -> str:
    """The comparison of the images of a task, at most six."""
    from tools.gate.modality import describe

    if len(task.images) < 2:
        return "To compare I need two pictures, and this chat has fewer. Add another one and ask again."
    ids = task.images[:_MOST]
    absent = [image_id for image_id in ids if image_id not in talk.ids]
    if absent:
        return f"There is no image {absent[0]} in this chat. Images: {', '.join(talk.ids)}."
    gates = [gate_of(talk, image_id) for image_id in ids]
    same_kind = len({gate.domain for gate in gates}) == 1
    if is_of_extent(task.clause, radiology=same_kind and gates[0].domain == "radiology"):
        return extents(ids, talk)
    unclear = [gate for gate in gates if gate.domain in ("unknown", "other")]
    if unclear:
        return "I cannot compare them. " + " ".join(describe(gate) for gate in unclear)
    names = [f"{image_id} ({kind_words(gate)})" for image_id, gate in zip(ids, gates, strict=True)]
    if not same_kind:
        said = f"{listed(names)} are different kinds of image; nothing in them can be compared."
    else:
        rows = _rows(task, talk, ids)
        said = _compared(task, names, rows) if rows else _cannot(talk, names, ids)
    more = f" I compared the first {_MOST} of {len(task.images)}." if len(task.images) > _MOST else ""
    return said + more


def _rows(task: Task, talk: Conversation, ids: tuple[str, ...]) -> list[Row]:
    """Each measurement that was made of all the images."""
    found = [
        {m.name: m for m in records(result_of(talk, "measure_lesion", image_id), Measurement)}
        for image_id in ids
    ]
    wanted = asked_of(task.clause, list(found[0].values())) or list(found[0].values())
    return [
        tuple(here[one.name] for here in found) for one in wanted if all(one.name in here for here in found)
    ]


def _compared(task: Task, names: list[str], rows: list[Row]) -> str:
    asked = asked_of(task.clause, [row[0] for row in rows])
    first = _verdict(rows) if asked else f"Here are {listed(names)} side by side."
    lines = "\n".join(
        f"- {row[0].name}: {', '.join(f'{_value(one)} in {one.image_id}' for one in row)}" for row in rows
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
    higher = {_highest(row) for row in rows}
    several = len(rows[0]) > 2
    name = rows[0][0].name.split(" across")[0] if len(rows) > 1 else rows[0][0].name
    if len(higher) > 1:
        return "It depends on the measure:"
    top = higher.pop()
    if len(top) == len(rows[0]):
        return f"By {name} {'they' if several else 'the two'} are about equal."
    if len(top) > 1:
        return f"By {name}, {listed(top)} have about equally the highest value{'s' if len(rows) > 1 else ''}."
    degree = "highest" if several else "higher"
    return f"By {name}, {top[0]} has the {degree} value{'s' if len(rows) > 1 else ''}."


def _highest(row: Row) -> tuple[str, ...]:
    """The images with the highest value, or about that."""
    top = max(row, key=lambda one: one.value)
    return tuple(
        one.image_id for one in row if top.value - one.value <= _EQUAL * max(abs(top.value), abs(one.value))
    )


def _same_scale(row: Row) -> bool:
    """Whether numbers may be set against each other: sizes only in millimetres."""
    return all(not is_size(one) or one.unit.startswith("mm") for one in row)


def _cannot(talk: Conversation, names: list[str], ids: tuple[str, ...]) -> str:
    refused = [r for i in ids if (r := result_of(talk, "measure_lesion", i)) is not None and r.refused]
    if refused:
        reasons = dict.fromkeys(in_words(one.content) for one in refused)
        return f"I cannot compare {listed(names)}. {' '.join(reasons)}"
    with_units = [i for i in ids if records(result_of(talk, "inspect_image", i), Measurement)]
    if len(with_units) == len(ids):
        return " ".join(tissue(Task("tissue", ""), talk, i) for i in ids)
    technical = [f"{i}: {' '.join(problems(talk, i))}" for i in ids if problems(talk, i)]
    if talk.image(ids[0]).domain in talk.readers:
        why = "no reader here looks at two pictures at once. What it says of each follows."
    else:
        why = "that needs a reading model, and none is set up."
    return (
        f"I can say what they are, {listed(names)}, but not how they differ medically: {why}"
        f"{' Technically, ' if technical else ''}{' '.join(technical)}"
    )


def _value(one: Measurement) -> str:
    return f"{one.value:g}{' ' + one.unit if one.unit else ''}"
