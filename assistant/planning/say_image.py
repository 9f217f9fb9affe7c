"""What an image is, what its file says, whether it is fit for reading: from `inspect_image`'s records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from assistant.planning.conversation import Conversation, ImageRow, Result
from assistant.planning.kind_question import Verdict, of_modality, of_parts, verdict
from assistant.planning.task import Task
from store.records import Fact, Finding, Gate, Measurement, Quality, View
from tools.language.kind_questions import KindQuestion, kind_question
from tools.language.retold import retell
from tools.language.rules import heard
from tools.language.sayings import in_a_row, was_said

T = TypeVar("T")
_NUMBER_ALONE, _NO_TISSUE = heard("back", "number_only"), heard("measures", "no_tissue")
UNUSABLE = "values.window_flat"

FACTS = (
    (r"spacing|pixel size|pitch|scale|mm", "pixel spacing"),
    (r"slice thickness|thick", "slice thickness"),
    (r"\bkvp?\b|voltage", "tube voltage"),
    (r"field strength", "magnetic field strength"),
    (r"window", "window"),
    (r"transfer syntax", "transfer syntax"),
    (r"bit depth|bits", "bits"),
    (r"file type|format", "file type"),
    (r"plane|axial|coronal|sagittal|orientation", "plane"),
    (r"view|projection|lateral|front|side-on|oblique|\bap\b|\bpa\b|position", "view"),
)
"""How facts are asked for in English, and what they are called."""

_WORKED_OUT = (
    *("slice spacing", "slice order", "scanned range", "volumes", "volume", "sides", "plane"),
    *("unit of values", "extent"),
)
"""Facts that Casebook works out from what a file states."""
_OF_THE_PICTURE = ("brightness shown", "display")  # counted in it as it is shown
_SENTENCES = ("scale caution",)
_ONE_OF_SEVERAL = ("hand", "limb", "foot", "knee", "wrist", "hip", "shoulder")
BY = {"file header": "file", "pixels": "pixels", "user": "user"}
"""How it is known what an image is, in the names of sayings."""


def result_of(talk: Conversation, tool: str, image_id: str) -> Result | None:
    """This turn's result of a tool on an image."""
    return next((r for r in talk.results if r.tool == tool and r.image_id == image_id), None)


def records(result: Result | None, kind: type[T]) -> list[T]:
    """The records of one kind in a result."""
    return [record for record in result.records if isinstance(record, kind)] if result else []


def gate_of(talk: Conversation, image_id: str) -> Gate:
    """What the image is: this turn's record, else the chat's table."""
    for result in reversed(talk.results):
        for gate in records(result, Gate):
            if result.image_id == image_id:
                return gate
    row = talk.image(image_id)
    return Gate.model_validate(
        {
            "image_id": row.id,
            "domain": row.domain,
            "modality": row.modality,
            "body_part": row.body_part,
            "known_from": row.known_from,
            "score": row.score,
            "reason": row.reason,
            "overruled": row.overruled,
        }
    )


def what_is(task: Task, talk: Conversation, image_id: str) -> str:
    """What kind of image it is, how that is known, and what stands in the way of reading it."""
    gate = gate_of(talk, image_id)
    first = _yes_or_no(task.clause, gate, talk) or _part_first(task.clause, gate, talk)
    of_sequence = re.search(r"\bt[12]\b|\bflair\b|weight|\bsequences?\b", task.clause, re.I)
    sequence = talk.say("kinds.sequence") if of_sequence else ""
    view = facts(task, talk, image_id) if _asks_the_view(task.clause, gate) else ""
    return " ".join(filter(None, [first, sequence, view, about(talk, image_id)]))


def _asks_the_view(clause: str, gate: Gate) -> bool:
    """Whether “axial or coronal?” asks more closely what only a file may state."""
    views = (pattern for pattern, name in FACTS if name in ("plane", "view"))
    return gate.domain == "radiology" and any(re.search(one, clause, re.I) for one in views)


def about(talk: Conversation, image_id: str) -> str:
    """What the gate knows of an image, any second opinion, and its technical problems."""
    from tools.gate.modality import describe

    gate = gate_of(talk, image_id)
    hint = [talk.say("kinds.hint", image=image_id)] if gate.domain == "unknown" else []
    told = retell(describe(gate), talk.language)
    return " ".join([told, *_opinions(talk, image_id), *hint, *problems(talk, image_id)])


def quality(_task: Task, talk: Conversation, image_id: str) -> str:
    """Technical quality with the numbers behind it."""
    checks, found = records(result_of(talk, "inspect_image", image_id), Quality), problems(talk, image_id)
    said = ((talk.word("terms", check.name), amount(check, talk)) for check in checks)
    numbers = ", ".join(talk.say("quality.number", name=name, value=value) for name, value in said)
    if found:
        return talk.say("quality.limits", image=image_id, problems=" ".join(found), numbers=numbers)
    return talk.say("quality.sound", image=image_id, numbers=numbers)


def amount(one: Measurement | Quality, talk: Conversation) -> str:
    """A number with its unit."""
    return talk.say("measures.value", value=one.value, unit=talk.word("terms", one.unit)).strip()


def tissue(task: Task, talk: Conversation, image_id: str) -> str:
    """Shares by Hounsfield range."""
    found = records(result_of(talk, "inspect_image", image_id), Measurement)
    if not found:
        stated = records(result_of(talk, "inspect_image", image_id), Fact)
        other = any(re.match(r"not Hounsfield units\b", fact.value) for fact in stated)
        return talk.say("tissue.not_on_scale" if other else "tissue.needs_units", image=image_id)
    asked = shares_asked(task.clause, found, talk)
    if asked and _NUMBER_ALONE.search(talk.said or task.clause):
        return talk.say("tissue.alone", image=image_id, shares=shares(asked, talk))
    rest = [share for share in found if share not in asked]
    said = talk.say("tissue.shares", image=image_id, shares=shares([*asked, *rest], talk))
    mean = re.search(
        r"\b(?:the|a|its) mean\b|\bmean (?:hu|hounsfield|value)|\baverage|\bmedian", task.clause, re.I
    )
    return talk.say("tissue.no_mean", said=said) if mean else said


def shares_asked(clause: str, found: Sequence[Measurement], talk: Conversation) -> list[Measurement]:
    """Those of the shares whose tissue a clause names, in English or in the language of the answer."""
    names = (f"{one.name} {talk.word('terms', one.name)}" for one in found)
    words = ("|".join(re.findall(r"\w{3,}", _NO_TISSUE.sub(" ", name))) for name in names)
    pairs = zip(found, words, strict=True)
    return [one for one, named in pairs if re.search(rf"\b(?:{named})", clause, re.I)]


def shares(found: Iterable[Measurement], talk: Conversation) -> str:
    """Shares of a slice in a row."""
    named = ((talk.word("terms", one.name), one.value) for one in found)
    return "; ".join(talk.say("tissue.share", name=name, value=value) for name, value in named)


def facts(task: Task, talk: Conversation, image_id: str) -> str:
    """What the file header says, the asked fact first."""
    row = talk.image(image_id)
    known = records(result_of(talk, "inspect_image", image_id), Fact)
    if re.search(r"how many (?:slices|frames|images)", task.clause, re.I):
        return counts(row, talk)
    if re.search(r"which (?:slice|frame)", task.clause, re.I):
        return talk.say("file.slice_shown", slice=row.index + 1, count=row.frames, image=image_id)
    if re.search(
        r"how (?:wide|tall|high|large|big)|field of view|\b(?:[cm]m|\w+met(?:er|re)s?)\b", task.clause, re.I
    ):
        return talk.say("file.of_image", image=image_id, size=extent(row, known, talk))
    asked = [name for pattern, name in FACTS if re.search(pattern, task.clause, re.I)]
    found = [fact for name in asked for fact in known if name in fact.name.lower()]
    if found:
        cautions = [fact for fact in known if fact.name == "scale caution" and "pixel spacing" in asked]
        said = (fact_of(fact, talk, image_id) for fact in (*found, *cautions))
        before = window_shown(talk, image_id) if "window" in asked else ()
        left_out = (fact.value for fact in known if "window" in asked and was_said(UNUSABLE, fact.value))
        return " ".join([*before, *said, *(retell(one, talk.language) for one in left_out)])
    if asked:
        names = in_a_row([talk.word("header", name) for name in asked], talk.language, by="or")
        return talk.say("file.not_stated", image=image_id, names=names)
    listed = "; ".join(_listed(fact, talk) for fact in known if fact.name not in _OF_THE_PICTURE)
    return talk.say("file.everything", image=image_id, facts=listed, width=row.width, height=row.height)


def window_shown(talk: Conversation, image_id: str) -> Iterator[str]:
    """The window that was ordered for the slice in view, if one was: the file's own is another then."""
    past = (one for turn in talk.past for one in turn.results if one.image_id == image_id)
    shown = [one for one in past if one.tool == "show_slice"]
    if shown and any(view.level is not None for view in records(shown[-1], View)):
        yield shown[-1].content


def _listed(fact: Fact, talk: Conversation) -> str:
    """A fact in a list: its name and its value."""
    value = retell(fact.value, talk.language).rstrip(".")
    return talk.say("file.listed", name=talk.word("header", fact.name), value=value)


def counts(row: ImageRow, talk: Conversation) -> str:
    """How many slices an image has, and how many images the chat."""
    images = talk.say("file.images_here" if len(talk.ids) > 1 else "file.one_image_here", count=len(talk.ids))
    if row.frames > 1:
        return f"{talk.say('file.slices', image=row.id, count=row.frames)} {images}"
    return f"{talk.say('file.one_slice', image=row.id)} {images}"


def fact_of(fact: Fact, talk: Conversation, image_id: str) -> str:
    """A fact as a sentence, with who says it where its value does not say so itself."""
    name = talk.word("header", fact.name)
    source = ""
    if not re.search(r"\(from the (?:file|pixels)\)|Casebook", fact.value) and fact.name not in _SENTENCES:
        source = f" {talk.say('file.worked_out' if fact.name in _WORKED_OUT else 'file.from_file')}"
    name, value = f"{name[:1].upper()}{name[1:]}", retell(fact.value, talk.language).rstrip(".")
    return talk.say("file.fact", name=name, image=image_id, value=value, source=source)


def extent(row: ImageRow, known: Sequence[Fact], talk: Conversation) -> str:
    """The size of a whole picture in pixels and, by the scale in its file, in centimetres.

    Args:
        row: the image.
        known: facts of `inspect_image` on the slice in view.
        talk: the conversation.
    """
    pixels = talk.say("file.pixels", width=row.width, height=row.height)
    told = {fact.name: retell(fact.value, talk.language) for fact in known}
    caution = told.get("scale caution", "")
    if "scaled region" in told:
        return talk.say("file.scaled_region", pixels=pixels, region=told["scaled region"])
    if "extent" not in told:
        said = talk.say("file.no_scale_in_patient" if caution else "file.no_scale", pixels=pixels)
    else:
        source = told.get("scale from", talk.say("file.the_scale"))
        said = talk.say("file.extent", extent=told["extent"], pixels=pixels, source=source)
    return f"{said} {caution}".strip()


def problems(talk: Conversation, image_id: str) -> list[str]:
    """Technical problems of an image, as sentences: by this turn's checks, else by the last before it."""
    before = [one for one in talk.of_image(image_id) if one.tool == "inspect_image"]
    checked = result_of(talk, "inspect_image", image_id) or (before[-1] if before else None)
    checks: Iterable[Quality] = records(checked, Quality)
    return [check.problem for check in checks if check.problem]


def kind_words(gate: Gate, talk: Conversation, *, article: bool = False) -> str:
    """What an image is in two or three words."""
    name = gate.modality or gate.domain
    kind = talk.say(f"kinds.a_{name}" if article else f"kinds.{name}")
    if gate.modality and gate.body_part and gate.domain == "radiology":
        part = talk.word("parts", gate.body_part)
        return talk.say("kinds.of_part", kind=kind, part=part)
    return kind


def _yes_or_no(clause: str, gate: Gate, talk: Conversation) -> str:
    """Yes or no to what the file or the gate knows; empty where anything else is asked."""
    asked = kind_question(clause)
    if asked is None or not asked.names or asked.rest or asked.finer or asked.denied:
        return ""
    said = verdict(asked, gate)
    if asked.choice:
        return _choice(asked, said, talk)
    if said == "unknown":
        return _not_known(asked, gate, talk)
    yes = said == "yes"
    if gate.known_from == "user":
        return talk.say("kinds.you_said_so" if yes else "kinds.you_said_otherwise")
    if gate.known_from == "file header":
        return talk.say("kinds.yes" if yes else "kinds.no")
    return talk.say("kinds.looks_so" if yes else "kinds.looks_not_so")


def _choice(asked: KindQuestion, said: Verdict, talk: Conversation) -> str:
    """“A CT or an MRI?”: which it is follows in words."""
    if len((*asked.modalities, *asked.domains, *asked.parts)) < 2 or said == "yes":
        return ""
    return talk.say("kinds.neither" if said == "no" else "kinds.cannot_tell")


def _not_known(asked: KindQuestion, gate: Gate, talk: Conversation) -> str:
    if gate.domain == "unknown":  # which is said anyway
        return ""
    if of_modality(asked, gate) != "unknown" and of_parts(asked, gate) == "unknown":
        parts = [talk.say("kinds.the_part", part=talk.word("parts", part)) for part in asked.parts]
        return talk.say("kinds.part_unsure", parts=in_a_row(parts, talk.language, by="or"))
    return talk.say("kinds.cannot_tell")


def _opinions(talk: Conversation, image_id: str) -> list[str]:
    """What a model says of the kind of an image, beside the gate."""
    return [one.text for one in records(result_of(talk, "inspect_image", image_id), Finding)]


def _part_first(clause: str, gate: Gate, talk: Conversation) -> str:
    from tools.gate.second_opinion import ESTIMATES

    if not re.search(r"body ?part|part of the body|region|organ|anatom|study of", clause, re.I):
        return ""
    if gate.body_part is None and any(ESTIMATES in text for text in _opinions(talk, gate.image_id)):
        return ""
    if gate.body_part is None:
        return talk.say("kinds.part_unknown")
    said = "kinds.one_part" if gate.body_part in _ONE_OF_SEVERAL else "kinds.the_part"
    part = talk.say(said, part=talk.word("parts", gate.body_part))
    return talk.say(f"kinds.part_by_{BY[gate.known_from]}", part=part)
