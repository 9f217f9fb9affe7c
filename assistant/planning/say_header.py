"""What a file's header states of one image: laterality, sides, order, volumes, scale."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.say_image import fact_of, records, result_of, window_shown
from assistant.planning.task import Task
from store.records import Fact
from tools.language.header_topics import Topic, topics_in
from tools.language.retold import retell


def header(task: Task, talk: Conversation, image_id: str) -> str:
    """The facts asked for, with the sentences on them, or that the file does not state them."""
    known = records(result_of(talk, "inspect_image", image_id), Fact)
    return " ".join(_answer(topic, known, talk, image_id) for topic in topics_in(task.clause))


def _answer(topic: Topic, known: list[Fact], talk: Conversation, image_id: str) -> str:
    said = [fact_of(fact, talk, image_id) for name in topic.facts for fact in known if fact.name == name]
    notes = [fact.value for fact in known if fact.name == "how it was read"]
    if topic.notes:
        told = " ".join(said)
        said += [note for note in notes if re.search(topic.notes, note) and note.rstrip(".") not in told]
    if said:
        shown = window_shown(talk, image_id) if "window" in topic.facts else ()
        return " ".join(filter(None, [*shown, retell(topic.lead, talk.language), *said]))
    if topic.name == "shape of its pixels":
        return talk.say("file.square", image=image_id)
    if topic.name == "number of volumes":
        return talk.say("file.one_volume", image=image_id)
    name = talk.word("header", topic.name)
    kind = next((fact.value for fact in known if fact.name == "file type"), "DICOM")
    if topic.facts and kind not in ("DICOM", "NIfTI"):
        return talk.say("file.not_in_such", image=image_id, kind=kind, name=name)
    if topic.none:
        return retell(topic.none.format(image=image_id), talk.language)
    return talk.say("file.not_stated", image=image_id, names=name)
