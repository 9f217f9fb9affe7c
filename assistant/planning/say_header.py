"""What a file's header states of one image: laterality, sides, order, volumes, scale."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.plan import Task
from assistant.planning.say_image import records, result_of, stated
from store.records import Fact
from tools.language.header_topics import Topic, topics_in

_CALLED = {"scale from": "source of the scale"}
_PICTURE = (
    "I cannot tell: {image} is a {kind} file. Such files do not state their {name}, and I do not guess it."
)
_SQUARE = "The pixels of {image} are square, as far as its file states."


def header(task: Task, talk: Conversation, image_id: str) -> str:
    """The facts asked for, with the sentences on them, or that the file does not state them."""
    known = records(result_of(talk, "inspect_image", image_id), Fact)
    return " ".join(_answer(topic, known, image_id) for topic in topics_in(task.clause))


def _answer(topic: Topic, known: list[Fact], image_id: str) -> str:
    found = [fact for name in topic.facts for fact in known if fact.name == name]
    said = [f"{_name(fact)} of {image_id}: {fact.value.rstrip('.')}{stated(fact)}." for fact in found]
    notes = [fact.value for fact in known if fact.name == "how it was read"]
    if topic.notes:
        told = " ".join(said)
        said += [note for note in notes if re.search(topic.notes, note) and note.rstrip(".") not in told]
    if said:
        return " ".join(filter(None, [topic.lead, *said]))
    if topic.name == "shape of its pixels":
        return _SQUARE.format(image=image_id)
    if topic.name == "number of volumes":
        return f"{image_id} is one volume or picture; its file holds no others."
    kind = next((fact.value for fact in known if fact.name == "file type"), "DICOM")
    if topic.facts and kind not in ("DICOM", "NIfTI"):
        return _PICTURE.format(image=image_id, kind=kind, name=topic.name)
    if topic.none:
        return topic.none.format(image=image_id)
    return f"I cannot tell: the file of {image_id} does not state its {topic.name}, and I do not guess it."


def _name(fact: Fact) -> str:
    name = _CALLED.get(fact.name, fact.name)
    return f"{name[:1].upper()}{name[1:]}"
