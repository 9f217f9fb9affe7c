"""What a file's header states of one image: laterality, sides, order, volumes, scale."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation
from assistant.planning.named_facts import facts_named
from assistant.planning.say_image import UNUSABLE, counts, extent, fact_of, records, result_of, window_shown
from assistant.planning.say_windows import covered
from assistant.planning.task import Task
from assistant.planning.windows_shown import is_on
from assistant.planning.worked_out import WORKED_OUT, worked_out
from store.records import Fact
from tools.language.header_names import (
    COUNT,
    GAP,
    IN_MM,
    IN_PIXELS,
    LEVELS,
    PERSONAL,
    RANGE,
    RANGE_OF_FILE,
    SIZES,
    TEXT,
    WINDOW_OF_FILE,
    is_unkept,
    topic_called,
)
from tools.language.header_topics import Topic, topics_in
from tools.language.retold import retell
from tools.language.sayings import was_said

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# Ours: less between two slices is rounding.
_TOUCHING_MM = 0.02
_LEVEL = re.compile(r"level (-?\d+(?:\.\d+)?), width (\d+(?:\.\d+)?)")
_CM = re.compile(r"(\d+(?:[.,]\d+)?) cm\b")


def header(task: Task, talk: Conversation, image_id: str) -> str:
    """The facts asked for, with the sentences on them, or that the file does not state them."""
    known = records(result_of(talk, "inspect_image", image_id), Fact)
    if names := facts_named(task):
        return "\n".join(_called(name, known, talk, image_id) for name in names)
    return " ".join(_answer(topic, known, talk, image_id) for topic in topics_in(task.clause))


def _called(name: str, known: list[Fact], talk: Conversation, image_id: str) -> str:
    """What is told of a fact by its name."""
    if name in (RANGE, RANGE_OF_FILE):
        return _range(name, known, talk, image_id)
    if own := _of_no_topic(name, known, talk, image_id):
        return own
    topic = topic_called(name)
    if topic is None or is_unkept(name):
        saying = "file.not_kept" if is_unkept(name) else "file.not_stated"
        return talk.say(saying, image=image_id, names=talk.word("header", name))
    told = _answer(topic, known, talk, image_id, shown=name != WINDOW_OF_FILE)
    first = {GAP: _gap, LEVELS: _levels}.get(name)
    return f"{first(known, talk) if first else ''} {told}".strip()


def _of_no_topic(name: str, known: list[Fact], talk: Conversation, image_id: str) -> str:
    """What is told of what is more than one fact, or none; empty for a fact of a topic."""
    row, said = talk.image(image_id), ""
    if name == COUNT:
        said = counts(row, talk)
    elif name in (TEXT, PERSONAL):
        before = talk.say("file.no_names") if name == PERSONAL else ""
        said = f"{before} {_text(known, talk, image_id)}".strip()
    elif name in WORKED_OUT:
        said = worked_out(name, known, row, talk)
    elif name in SIZES:
        said = talk.say("file.of_image", image=image_id, size=_size(name, known, talk, image_id))
    return said


def _size(name: str, known: list[Fact], talk: Conversation, image_id: str) -> str:
    """The size of a whole picture in the unit asked for."""
    row = talk.image(image_id)
    if name == IN_PIXELS:
        return f"{talk.say('file.pixels', width=row.width, height=row.height)}."
    told = extent(row, known, talk)
    if name != IN_MM or any(one.name == "scaled region" for one in known):
        return told
    return _CM.sub(lambda cm: f"{float(cm[1].replace(',', '.')) * 10:.0f} mm", told)


def _text(known: list[Fact], talk: Conversation, image_id: str) -> str:
    """That nobody can rely on there being no text in a picture, after what its file says of it."""
    stated = [
        fact_of(one, talk, image_id) for one in known if one.name in ("overlays", "burned-in annotation")
    ]
    return " ".join([*stated, talk.say("file.text_in_pixels", image=image_id)])


def _gap(known: list[Fact], talk: Conversation) -> str:
    """Whether slices leave a gap or overlap, as far as the file states it."""
    values = {fact.name: found for fact in known if (found := _NUMBER.match(fact.value))}
    apart = values.get("slice spacing") or values.get("spacing between slices")
    if apart is None or "slice thickness" not in values:
        return ""
    left = float(apart[0]) - float(values["slice thickness"][0])
    if abs(left) < _TOUCHING_MM:
        return talk.say("file.slices_touch")
    return talk.say("file.slices_apart" if left > 0 else "file.slices_overlap", mm=round(abs(left), 2))


def _levels(known: list[Fact], talk: Conversation) -> str:
    """How many grey levels the bits of a file can hold."""
    told = (_NUMBER.match(fact.value) for fact in known if fact.name in ("bits stored", "bits per sample"))
    bits = next((int(one[0]) for one in told if one), 0)
    return talk.say("file.grey_levels", bits=bits, count=2**bits, most=2**bits - 1) if bits else ""


def _range(name: str, known: list[Fact], talk: Conversation, image_id: str) -> str:
    """Which values the window covers that a picture is in, or that of its file."""
    now = is_on(image_id, talk.past) if name == RANGE else None
    if now is not None:
        return covered(now.level or 0.0, now.width or 0.0, talk)
    stated = next(
        (found for one in known if one.name == "window" and (found := _LEVEL.match(one.value))), None
    )
    if stated is None or not any(one.name == "unit of values" and "HU" in one.value for one in known):
        return talk.say("file.not_stated", image=image_id, names=talk.word("header", "window"))
    return covered(float(stated[1]), float(stated[2]), talk)


def _answer(topic: Topic, known: list[Fact], talk: Conversation, image_id: str, *, shown: bool = True) -> str:
    said = _told(topic.facts, known, talk, image_id)
    notes = [fact.value for fact in known if fact.name == "how it was read"]
    if topic.notes:
        told = " ".join(said)
        found = [one for one in notes if re.search(topic.notes, one) and one.rstrip(".") not in told]
        # The file names one, if not a usable one.
        of_window = [one for one in found if was_said(UNUSABLE, one)]
        said += [retell(one, talk.language) for one in of_window or found]
    if said:
        ordered = window_shown(talk, image_id) if shown and "window" in topic.facts else ()
        itself = any(fact.name == topic.name for fact in known)
        lead = "" if itself else retell(topic.lead, talk.language)
        return " ".join(filter(None, [*ordered, lead, *said]))
    if topic.name == "shape of its pixels":
        return talk.say("file.square", image=image_id)
    if topic.name == "number of volumes":
        return talk.say("file.one_volume", image=image_id)
    name = talk.word("header", topic.name)
    kind = next((fact.value for fact in known if fact.name == "file type"), "DICOM")
    if topic.facts and kind not in ("DICOM", "NIfTI"):
        return talk.say("file.not_in_such", image=image_id, kind=kind, name=name)
    own = retell(topic.none.format(image=image_id), talk.language)
    none = own or talk.say("file.not_stated", image=image_id, names=name)
    return " ".join([none, *_told(topic.beside, known, talk, image_id)])


def _told(names: Sequence[str], known: list[Fact], talk: Conversation, image_id: str) -> list[str]:
    """The facts of these names that are stated, each as a sentence."""
    return [fact_of(fact, talk, image_id) for name in names for fact in known if fact.name == name]
