"""Questions that need somebody to read the image: a reader's words if one is set up, else a plain no."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation, Result
from assistant.planning.declined import wanted
from assistant.planning.plan import Task
from assistant.planning.reading_wish import named_reader
from assistant.planning.say_image import gate_of, kind_words, problems, records, result_of, what_is
from assistant.planning.say_lesion import features, measure
from assistant.planning.teaching import how_to_look
from store.records import Domain, Finding, Gate, Measurement
from tools.language.anatomy import INNER
from tools.language.subjects import DERMATOLOGY_ONLY, RADIOLOGY_ONLY
from tools.models.installed_readers import TOOLS
from tools.models.systems.cards import READERS, SYSTEMS


def read(task: Task, talk: Conversation, image_id: str) -> str:
    """A question about what the image shows."""
    gate = gate_of(talk, image_id)
    said = readers_words(task, talk, image_id)
    if said:
        return said
    other = _asked_of_another(task, talk, gate)
    if other:
        return other
    if gate.domain in ("other", "unknown"):
        known = what_is(Task("what_is", ""), talk, image_id)
        return known if known.startswith("I cannot tell") else f"I cannot tell. {known}"
    mismatch = _mismatch(task.clause, gate.domain, f"{image_id} is {_a(kind_words(gate))}")
    if mismatch:
        return mismatch
    if gate.domain in talk.readers and "reader" in wanted(talk.question).declined:
        return f"I cannot tell from {image_id} without a reading model, and none was asked, as you wished."
    parts = [f"I cannot tell from {image_id}: {needs_model(gate.domain, talk)}"]
    if gate.domain == "dermatology":
        parts.append(features(talk, image_id))
    else:
        known = f"What I can say is that it is {_a(kind_words(gate))}{_how(gate)}."
        parts.append(" ".join([known, *problems(talk, image_id)]))
    parts.append(how_to_look(task.clause, talk.image(image_id), talk))
    return "\n\n".join(part for part in parts if part)


def describe(task: Task, talk: Conversation, image_id: str) -> str:
    """Everything that can be said without a reader, and the reader's words first if there is one."""
    gate = gate_of(talk, image_id)
    parts = [readers_words(task, talk, image_id), what_is(Task("what_is", "", (image_id,)), talk, image_id)]
    if gate.domain == "dermatology" and result_of(talk, "measure_lesion", image_id):
        parts.append(measure(Task("measure", "", (image_id,)), talk, image_id))
    shares = records(result_of(talk, "inspect_image", image_id), Measurement)
    if shares:
        parts.append(
            "By Hounsfield range: "
            + "; ".join(f"{s.name} {s.value:.0f} %" for s in shares)
            + " of the slice."
        )
    if gate.domain in READERS and not parts[0]:
        parts.append(f"What it shows medically I cannot say: {needs_model(gate.domain, talk)}")
    return "\n\n".join(part for part in parts if part)


def needs_model(domain: Domain, talk: Conversation) -> str:
    """Which system would be needed and how to get it; in short once this chat has said it."""
    systems = [SYSTEMS[name] for name in READERS.get(domain, ())]
    names = " or ".join(system.name for system in systems)
    if any(system.checkpoint in turn.text for turn in talk.past for system in systems):
        return f"that needs a reading model such as {names}, and none is set up (see `casebook models list`)."
    listed = " or ".join(f"{s.name} ({s.checkpoint}; {_size(s.disk_gb)}; {s.licence})" for s in systems)
    return (
        f"that needs a reading model, and none is set up. Made for it: {listed}. To get one: "
        f"`casebook models pull {systems[0].name}`."
    )


def _size(disk_gb: float | None) -> str:
    return f"about {disk_gb:g} GB" if disk_gb else "size not published"


def readers_words(task: Task, talk: Conversation, image_id: str) -> str:
    """What reading tools said to the task's question, or why they did not run."""
    asked = [
        result
        for result in talk.results
        if result.image_id == image_id
        and result.tool in talk.readers.values()
        and result.question in (task.clause, "")
    ]
    return "\n\n".join(dict.fromkeys(_words(result) for result in asked))


def _words(result: Result) -> str:
    # Casebook's own tools quote the model and say what must be known with it.
    if result.refused or result.tool in TOOLS.values():
        return result.content
    return " ".join(f"{f.model} says of {f.image_id}: “{f.text}”" for f in records(result, Finding))


def _asked_of_another(task: Task, talk: Conversation, gate: Gate) -> str:
    """That the reader that was named reads other images, if it does."""
    named = talk.reader or named_reader(task.clause)
    if not named or SYSTEMS[named].domain == gate.domain:
        return ""
    kinds = {"radiology": "radiology images", "dermatology": "skin images"}
    return (
        f"{named} was not asked: it reads {kinds[SYSTEMS[named].domain]}, and {gate.image_id} is not known "
        "to be one "
        f"({kind_words(gate)}). Name another image, ask without naming a reader, or, if I have the kind of "
        "image wrong, tell me what it is."
    )


def _mismatch(clause: str, domain: str, it_is: str) -> str:
    """A lung question about a photograph of skin, or a mole question about a radiograph."""
    anatomy, skin = INNER.search(clause), DERMATOLOGY_ONLY.search(clause)
    if domain == "dermatology" and anatomy and RADIOLOGY_ONLY.search(clause) and not skin:
        return (
            f"The question does not fit the picture: {it_is}, and the {anatomy[0].lower()} "
            f"cannot be seen in it. Name another image, or correct me if it is something else."
        )
    if domain == "radiology" and skin and not anatomy and not re.search(r"lesion|mass", clause, re.I):
        return (
            f"The question does not fit the picture: {it_is}, and skin is not what it shows. "
            f"Name another image, or correct me if it is something else."
        )
    return ""


def _how(gate: Gate) -> str:
    from tools.gate.modality import OF_VOLUMES

    if gate.known_from == "file header" and gate.reason.startswith(OF_VOLUMES):
        return ", as NIfTI files are"
    return {
        "file header": ", as its file header states",
        "pixels": ", judging by its pixels",
        "user": ", as you said",
    }[gate.known_from]


def _a(words: str) -> str:
    return (
        f"an {words}" if words[0].lower() in "aeiou" or words.startswith(("X-ray", "MRI")) else f"a {words}"
    )
