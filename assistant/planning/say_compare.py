"""Images side by side: what can be compared, and why the rest cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.say_image import (
    amount,
    extent,
    gate_of,
    kind_words,
    problems,
    records,
    result_of,
    tissue,
)
from assistant.planning.say_lesion import asked_of, in_words, is_size
from assistant.planning.say_read import none_here
from assistant.planning.task import Task
from store.records import Fact, Measurement, Quality
from tools.language.retold import retell
from tools.language.rules import heard
from tools.language.sayings import in_a_row

Row = tuple[Measurement | Quality, ...]
_CHECKS = tuple((heard("measures", name), name) for name in ("sharpness", "contrast", "brightness"))
_TECHNICAL = heard("measures", "technical")

# Ours: two numbers closer than this share of the larger are called about equal.
_EQUAL = 0.05
# Ours: a table of more is no longer read.
_MOST = 6
# Of pictures as a whole.
_PIXELS = re.compile(r"\b(?:resolution|pixels?|megapixels?|matrix|dimensions?|field of view|fov)\b", re.I)
_LENGTH = re.compile(
    r"\b(?:cm|mm|centimet\w+|millimet\w+|wider|taller|larger|largest|bigger|biggest|smaller|smallest|size|"
    r"extent)\b",
    re.I,
)


def compare(task: Task, talk: Conversation) -> str:
    """The comparison of the images of a task, at most six."""
    from tools.gate.modality import describe

    if len(task.images) < 2:
        kind = kind_words(gate_of(talk, task.images[0]), talk, article=True)
        return talk.say("comparing.second_missing", image=task.images[0], kind=kind)
    ids = task.images[:_MOST]
    absent = [image_id for image_id in ids if image_id not in talk.ids]
    if absent:
        return talk.say("chat.no_such_image", image=absent[0], images=", ".join(talk.ids))
    gates = [gate_of(talk, image_id) for image_id in ids]
    same_kind = len({gate.domain for gate in gates}) == 1
    of_extent = _is_of_extent(task.clause, radiology=same_kind and gates[0].domain == "radiology")
    extents = _extents(ids, talk) if of_extent else ""
    if technical := "\n\n".join(filter(None, [extents, _checked(task.clause, ids, talk)])):
        return technical
    unclear = [gate for gate in gates if gate.domain in ("unknown", "other")]
    if unclear:
        return talk.say("comparing.unclear", reasons=retell(" ".join(map(describe, unclear)), talk.language))
    kinds = [kind_words(gate, talk) for gate in gates]
    names = in_a_row(
        [talk.say("comparing.image_of_kind", image=i, kind=kind) for i, kind in zip(ids, kinds, strict=True)],
        talk.language,
    )
    if not same_kind:
        said = talk.say("comparing.different_kinds", images=names)
    else:
        rows = _rows(task, talk, ids)
        said = _compared(task, talk, names, rows) if rows else _cannot(talk, names, ids)
    more = talk.say("comparing.only_first", most=_MOST, count=len(task.images))
    return f"{said}\n\n{more}" if len(task.images) > _MOST else said


def _checked(clause: str, ids: Sequence[str], talk: Conversation) -> str:
    """Pictures by a number of their technical checks: “which is sharper?”; empty where none is asked for."""
    skin = all(talk.image(image_id).domain == "dermatology" for image_id in ids)
    # Of lesions “darker” and “more contrast” ask for their colours.
    checks = _CHECKS[:1] if skin else _CHECKS
    technically = _TECHNICAL.search(clause)
    asked = [name for pattern, name in checks if technically or pattern.search(clause)]
    found = [records(result_of(talk, "inspect_image", image_id), Quality) for image_id in ids]
    by_name = [{one.name: one for one in checked} for checked in found]
    rows: list[Row] = [
        tuple(here[name] for here in by_name)
        for name in by_name[0]
        if any(one in name for one in asked) and all(name in here for here in by_name)
    ]
    if not rows:
        return ""
    lines = "\n".join(f"- {_values(row, talk)}" for row in rows)
    return f"{_verdict(rows, talk)}\n\n{lines}\n\n{talk.say('comparing.of_checks')}"


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


def _compared(task: Task, talk: Conversation, names: str, rows: list[Row]) -> str:
    asked = asked_of(task.clause, [one for one, *_ in rows if isinstance(one, Measurement)])
    first = _verdict(rows, talk) if asked else talk.say("comparing.side_by_side", images=names)
    lines = "\n".join(f"- {_values(row, talk)}" for row in rows)
    unscaled = not asked and any(not _same_scale(row) for row in rows)
    limits = [talk.say("measures.no_scale")] if unscaled else []
    return f"{first}\n\n{lines}\n\n{' '.join([*limits, talk.say('comparing.limits')])}"


def _values(row: Row, talk: Conversation) -> str:
    values = (talk.say("comparing.value_in", value=amount(one, talk), image=one.image_id) for one in row)
    return talk.say("comparing.row", name=talk.word("terms", row[0].name), values=", ".join(values))


def _verdict(rows: list[Row], talk: Conversation) -> str:
    """Which is more, by the asked measurements; or that it cannot be told."""
    if not all(_same_scale(row) for row in rows):
        return f"{talk.say('comparing.which_is_larger')} {talk.say('measures.no_scale')}"
    higher = {_highest(row) for row in rows}
    if len(higher) > 1:
        return talk.say("comparing.depends")
    several = len(rows[0]) > 2
    name = rows[0][0].name.split(" across")[0] if len(rows) > 1 else rows[0][0].name
    name = talk.word("terms", name)
    top, plural = higher.pop(), "_values" if len(rows) > 1 else ""
    if len(top) == len(rows[0]):
        return talk.say("comparing.all_equal" if several else "comparing.two_equal", name=name)
    if len(top) > 1:
        return talk.say(f"comparing.equally_high{plural}", name=name, images=in_a_row(top, talk.language))
    degree = "highest" if several else "higher"
    return talk.say(f"comparing.{degree}{plural}", name=name, image=top[0])


def _highest(row: Row) -> tuple[str, ...]:
    """The images with the highest value, or about that."""
    top = max(row, key=lambda one: one.value)
    return tuple(
        one.image_id for one in row if top.value - one.value <= _EQUAL * max(abs(top.value), abs(one.value))
    )


def _same_scale(row: Row) -> bool:
    """Whether numbers may be set against each other: sizes only in millimetres."""
    return all(isinstance(one, Quality) or not is_size(one) or one.unit.startswith("mm") for one in row)


def _cannot(talk: Conversation, names: str, ids: tuple[str, ...]) -> str:
    refused = [r for i in ids if (r := result_of(talk, "measure_lesion", i)) is not None and r.refused]
    if refused:
        reasons = dict.fromkeys(in_words(one.content, talk) for one in refused)
        return talk.say("comparing.cannot", images=names, reasons=" ".join(reasons))
    with_units = [i for i in ids if records(result_of(talk, "inspect_image", i), Measurement)]
    if len(with_units) == len(ids):
        return " ".join(tissue(Task("tissue", ""), talk, i) for i in ids)
    read = talk.image(ids[0]).domain in talk.readers
    why = talk.say("comparing.no_reader_of_two" if read else "comparing.needs_model")
    said = talk.say("comparing.what_not_how", images=names, why=why)
    technical = " ".join(f"{i}: {' '.join(found)}" for i in ids if (found := problems(talk, i)))
    if technical:
        said += f" {talk.say('comparing.technically', problems=technical)}"
    return f"{said}\n\n{none_here(talk)}".strip()


def _is_of_extent(clause: str, *, radiology: bool) -> bool:
    """Whether a comparison is about the pictures as a whole; a size is, where no lesion can be outlined."""
    named = _PIXELS.search(clause) or _TECHNICAL.search(clause)
    return bool(named or (radiology and _LENGTH.search(clause)))


def _extents(ids: Sequence[str], talk: Conversation) -> str:
    """The size of each picture in pixels and, where the file gives a scale, in centimetres."""
    rows = [talk.image(image_id) for image_id in ids]
    lines = "\n".join(f"- {row.id}: {_size(row, talk)}" for row in rows)
    return f"{_most(rows, talk)}\n\n{lines}\n\n{talk.say('comparing.whole_picture')}"


def _most(rows: Sequence[ImageRow], talk: Conversation) -> str:
    most = max(row.width * row.height for row in rows)
    top = [row.id for row in rows if row.width * row.height == most]
    if len(top) == len(rows):
        return talk.say("comparing.as_many_pixels")
    if len(top) == 1:
        return talk.say("comparing.most_pixels", image=top[0])
    return talk.say("comparing.most_pixels_each", images=in_a_row(top, talk.language))


def _size(row: ImageRow, talk: Conversation) -> str:
    return extent(row, records(result_of(talk, "inspect_image", row.id), Fact), talk).rstrip(".")
