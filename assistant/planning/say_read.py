"""Questions that need somebody to read the image: a reader's words if one is set up, else a plain no."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation, Result
from assistant.planning.declined import wanted
from assistant.planning.lexicon import modalities_named
from assistant.planning.reading_wish import named_reader
from assistant.planning.say_image import (
    BY,
    gate_of,
    kind_words,
    problems,
    records,
    result_of,
    shares,
    what_is,
)
from assistant.planning.say_lesion import features, measure
from assistant.planning.task import Task
from assistant.planning.teaching import how_to_look
from store.records import Finding, Gate, Measurement
from tools.language.anatomy import INNER
from tools.language.sayings import in_a_row, was_said
from tools.language.subjects import DERMATOLOGY_ONLY, RADIOLOGY_ONLY
from tools.models.installed_readers import TOOLS
from tools.models.systems.cards import READERS, SYSTEMS

_OF_MODELS = re.compile(r"\b(?:models?|readers?)\b", re.I)


def read(task: Task, talk: Conversation, image_id: str) -> str:
    """A question about what the image shows."""
    said = readers_words(task, talk, image_id)
    if said:
        return said
    gate = gate_of(talk, image_id)
    unread = (
        _asked_of_another(task, talk, gate) or _of_no_kind(gate, talk) or _mismatch(task.clause, gate, talk)
    )
    if unread:
        return unread
    if gate.domain in talk.readers and "reader" in wanted(talk.question).declined:
        return talk.say("reading.not_asked", image=image_id)
    parts = [talk.say("reading.cannot_tell", image=image_id)]
    if gate.domain == "dermatology":
        parts.append(features(talk, image_id))
    elif modalities_named(task.clause) or not _was_looked_at(image_id, talk):
        known = talk.say(f"reading.it_is_by_{_how(gate)}", kind=kind_words(gate, talk, article=True))
        parts.append(" ".join([known, *problems(talk, image_id)]))
    parts += [_missing(gate, talk), how_to_look(task.clause, talk.image(image_id), talk)]
    return "\n\n".join(part for part in parts if part)


def describe(task: Task, talk: Conversation, image_id: str) -> str:
    """Everything that can be said without a reader, and the reader's words first if there is one."""
    gate = gate_of(talk, image_id)
    parts = [readers_words(task, talk, image_id), what_is(Task("what_is", "", (image_id,)), talk, image_id)]
    if gate.domain == "dermatology" and result_of(talk, "measure_lesion", image_id):
        parts.append(measure(Task("measure", "", (image_id,)), talk, image_id))
    found = records(result_of(talk, "inspect_image", image_id), Measurement)
    if found:
        parts.append(talk.say("tissue.in_short", shares=shares(found, talk)))
    if gate.domain in READERS and not parts[0]:
        parts += [talk.say("reading.medically"), _missing(gate, talk)]
    return "\n\n".join(part for part in parts if part)


def none_here(talk: Conversation) -> str:
    """That no reading model is set up, and where to find one: said once in a chat."""
    name = "reading.none_here"
    told = name in talk.told or any(was_said(name, turn.text) for turn in talk.past)
    return "" if talk.readers or told else talk.say(name)


def _was_looked_at(image_id: str, talk: Conversation) -> bool:
    """Whether an earlier answer told what an image is."""
    return any(one.image_id == image_id for turn in talk.past for one in turn.results)


def _missing(gate: Gate, talk: Conversation) -> str:
    """That no reading model is set up; and which are made for such an image, where models are asked for."""
    if talk.readers or not _OF_MODELS.search(talk.question):
        return none_here(talk)
    readers = in_a_row(READERS[gate.domain], talk.language, by="or")
    return f"{talk.say('reading.none_here')} {talk.say('reading.made_for', readers=readers)}"


def readers_words(task: Task, talk: Conversation, image_id: str) -> str:
    """What reading tools said to the task's question, or why they did not run."""
    asked = [
        result
        for result in talk.results
        if result.image_id == image_id
        and result.tool in talk.readers.values()
        and result.question in (task.clause, "")
    ]
    return "\n\n".join(dict.fromkeys(_words(result, talk) for result in asked))


def _words(result: Result, talk: Conversation) -> str:
    # Casebook's own tools quote the model and say what must be known with it.
    if result.refused or result.tool in TOOLS.values():
        return result.content
    return " ".join(
        talk.say("reading.says", reader=f.model, image=f.image_id, text=f.text)
        for f in records(result, Finding)
    )


def _asked_of_another(task: Task, talk: Conversation, gate: Gate) -> str:
    """That the reader that was named reads other images, if it does."""
    named = talk.reader or named_reader(task.clause)
    if not named or SYSTEMS[named].domain == gate.domain:
        return ""
    kinds, kind = talk.say(f"reading.{SYSTEMS[named].domain}_images"), kind_words(gate, talk)
    return talk.say("reading.other_images", reader=named, kinds=kinds, image=gate.image_id, kind=kind)


def _of_no_kind(gate: Gate, talk: Conversation) -> str:
    """What is known of a picture that no reader is made for."""
    if gate.domain not in ("other", "unknown"):
        return ""
    known = what_is(Task("what_is", ""), talk, gate.image_id)
    return known if gate.domain == "unknown" else talk.say("reading.cannot_tell_kind", known=known)


def _mismatch(clause: str, gate: Gate, talk: Conversation) -> str:
    """A lung question about a photograph of skin, or a mole question about a radiograph."""
    organ, skin = INNER.search(clause), DERMATOLOGY_ONLY.search(clause)
    kind = kind_words(gate, talk, article=True)
    if gate.domain == "dermatology" and organ and RADIOLOGY_ONLY.search(clause) and not skin:
        return talk.say("reading.organ_in_skin", image=gate.image_id, kind=kind, organ=organ[0].lower())
    if gate.domain == "radiology" and skin and not organ and not re.search(r"lesion|mass", clause, re.I):
        return talk.say("reading.skin_in_radiology", image=gate.image_id, kind=kind)
    return ""


def _how(gate: Gate) -> str:
    from tools.gate.modality import OF_VOLUMES

    return "volume" if gate.reason.startswith(OF_VOLUMES) else BY[gate.known_from]
