"""What an image is, what its file says, whether it is fit for reading: from `inspect_image`'s records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from assistant.planning.conversation import Conversation, ImageRow, Result
from assistant.planning.kind_question import Verdict, of_modality, of_parts, verdict
from assistant.planning.plan import Task
from store.records import MODALITY_WORDS, Fact, Finding, Gate, Measurement, Quality
from tools.language.kind_questions import KindQuestion, kind_question

T = TypeVar("T")

_FACTS = (
    (r"spacing|pixel size|scale|mm", "pixel spacing"),
    (r"slice thickness|thick", "slice thickness"),
    (r"\bkvp?\b|voltage", "tube voltage"),
    (r"field strength", "magnetic field strength"),
    (r"window", "window"),
    (r"transfer syntax", "transfer syntax"),
    (r"bit depth|bits", "bits"),
    (r"file type|format", "file type"),
    (r"plane|axial|coronal|sagittal|orientation", "plane"),
    (r"view|projection|lateral|frontal|oblique|\bap\b|\bpa\b|position", "view"),
)


_WORKED_OUT = (
    *("slice spacing", "slice order", "scanned range", "volumes", "volume", "sides", "plane"),
    *("unit of values", "extent"),
)
"""Facts that Casebook works out from what a file states."""
_OF_THE_PICTURE = ("brightness shown", "display")
"""Facts that are counted in the picture as it is shown."""
_SENTENCES = ("scale caution",)


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
    first = _yes_or_no(task.clause, gate) or _part_first(task.clause, gate, _opinions(talk, image_id))
    parts = [first]
    if re.search(r"\bt[12]\b|\bflair\b|weight|\bsequences?\b", task.clause, re.I):
        parts.append(
            "MR weighting or sequence cannot be told from the picture without a model, and the header facts "
            "do not state it."
        )
    return " ".join(part for part in [*parts, about(talk, image_id)] if part)


def about(talk: Conversation, image_id: str) -> str:
    """What the gate knows of an image, any second opinion, and its technical problems."""
    from tools.gate.modality import describe

    gate = gate_of(talk, image_id)
    opinions = _opinions(talk, image_id)
    hint = f"If you know what it is, tell me, for example: treat {image_id} as dermoscopy, or as an X-ray."
    unknown = [hint] if gate.domain == "unknown" else []
    return " ".join([describe(gate), *opinions, *unknown, *problems(talk, image_id)])


def quality(_task: Task, talk: Conversation, image_id: str) -> str:
    """Technical quality with the numbers behind it."""
    checks = records(result_of(talk, "inspect_image", image_id), Quality)
    found = [check.problem for check in checks if check.problem]
    numbers = ", ".join(f"{c.name} {c.value:g}{' ' + c.unit if c.unit else ''}" for c in checks)
    if found:
        return f"{image_id} has technical limits. {' '.join(found)} (Checked: {numbers}.)"
    return (
        f"The technical checks found no problem with {image_id}. (Checked: {numbers}.) They do "
        f"not judge positioning or anatomy."
    )


def tissue(task: Task, talk: Conversation, image_id: str) -> str:
    """Shares by Hounsfield range."""
    shares = records(result_of(talk, "inspect_image", image_id), Measurement)
    if not shares:
        facts = records(result_of(talk, "inspect_image", image_id), Fact)
        if any(fact.value.startswith("not Hounsfield units") for fact in facts):
            return (
                f"I cannot tell for {image_id}: tissue shares need Hounsfield units, and its file does not "
                "put its values on that scale."
            )
        return (
            f"I cannot tell for {image_id}: tissue shares need Hounsfield units, and only a CT in "
            f"DICOM with its rescale "
            "values has them. A picture of a CT does not."
        )
    asked = [
        s
        for s in shares
        if any(re.search(rf"\b{word}", task.clause, re.I) for word in re.findall(r"\w{3,}", s.name))
    ]
    rest = [share for share in shares if share not in asked]
    said = "; ".join(f"{share.name} {share.value:.0f} %" for share in [*asked, *rest])
    mean = re.search(
        r"\b(?:the|a|its) mean\b|\bmean (?:hu|hounsfield|value)|\baverage|\bmedian", task.clause, re.I
    )
    first = "I compute shares, not a mean. " if mean else ""
    return (
        f"{first}By Hounsfield range, the shown slice of {image_id} is: {said}. That is a share of "
        "what was scanned, air around the patient included; it counts pixels and names no organ."
    )


def facts(task: Task, talk: Conversation, image_id: str) -> str:
    """What the file header says, the asked fact first."""
    row = talk.image(image_id)
    known = records(result_of(talk, "inspect_image", image_id), Fact)
    if re.search(r"how many (?:slices|frames|images)", task.clause, re.I):
        here = f"has {row.frames} slices or frames" if row.frames > 1 else "is a single picture"
        return f"{image_id} {here}. This chat has {len(talk.ids)} image{'s' if len(talk.ids) > 1 else ''}."
    if re.search(r"which (?:slice|frame)", task.clause, re.I):
        return f"Slice {row.index + 1} of {row.frames} of {image_id} is shown."
    if re.search(
        r"how (?:wide|tall|high|large|big)|field of view|\b(?:[cm]m|\w+met(?:er|re)s?)\b", task.clause, re.I
    ):
        return extent(row, known)
    asked = [name for pattern, name in _FACTS if re.search(pattern, task.clause, re.I)]
    found = [fact for name in asked for fact in known if name in fact.name.lower()]
    if found:
        return " ".join(
            f"{fact.name[:1].upper()}{fact.name[1:]} of {image_id}: {fact.value}{stated(fact)}."
            for fact in (*found, *(_cautions(known) if "pixel spacing" in asked else ()))
        )
    if asked:
        return (
            f"I cannot tell: the file of {image_id} does not state its {' or '.join(asked)}, "
            f"and I do not guess it."
        )
    listed = "; ".join(f"{fact.name} {fact.value}" for fact in known if fact.name not in _OF_THE_PICTURE)
    return f"From the file of {image_id}: {listed}; {row.width}×{row.height} pixels."


def stated(fact: Fact) -> str:
    """Who says a fact, where its value does not say so itself."""
    if re.search(r"\(from the (?:file|pixels)\)|Casebook", fact.value) or fact.name in _SENTENCES:
        return ""
    return " (worked out from the file)" if fact.name in _WORKED_OUT else " (from the file)"


def _cautions(known: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in known if fact.name == "scale caution"]


def extent(row: ImageRow, known: Sequence[Fact]) -> str:
    """The size of a whole picture in pixels and, by the scale in its file, in centimetres.

    Args:
        row: the image.
        known: facts of `inspect_image` on the slice in view.
    """
    pixels = f"{row.width} × {row.height} pixels (wide × high)"
    told = {fact.name: fact.value for fact in known}
    caution = f" {told['scale caution']}" if "scale caution" in told else ""
    if "scaled region" in told:
        where = f"inside the ultrasound region of its file, which is {told['scaled region']}"
        return f"{row.id} is {pixels}. Its scale holds only {where}."
    if "extent" not in told:
        none = "Its file gives no scale in the patient" if caution else "Its file gives no scale"
        return f"{row.id} is {pixels}. {none}, so I cannot say how many centimetres.{caution}"
    source = told.get("scale from", "the scale")
    return f"{row.id} is {told['extent']}: {pixels}, worked out from {source} in its file.{caution}"


def problems(talk: Conversation, image_id: str) -> list[str]:
    """Technical problems of an image, as sentences."""
    checks: Iterable[Quality] = records(result_of(talk, "inspect_image", image_id), Quality)
    return [check.problem for check in checks if check.problem]


def kind_words(gate: Gate) -> str:
    """What an image is in two or three words."""
    if gate.modality:
        word = MODALITY_WORDS[gate.modality]
        return f"{word} of the {gate.body_part}" if gate.body_part and gate.domain == "radiology" else word
    words = {
        "radiology": "radiology image",
        "dermatology": "skin image",
        "other": "picture that is neither",
        "unknown": "picture",
    }
    return words[gate.domain]


def _yes_or_no(clause: str, gate: Gate) -> str:
    """Yes or no to what the file or the gate knows; empty where anything else is asked."""
    asked = kind_question(clause)
    if asked is None or not asked.names or asked.rest or asked.finer or asked.denied:
        return ""
    said = verdict(asked, gate)
    if asked.choice:
        return _choice(asked, said)
    if said == "unknown":
        return _not_known(asked, gate)
    if gate.known_from == "user":
        return f"You said {'so' if said == 'yes' else 'otherwise'}; I did not check it."
    if gate.known_from == "file header":
        return "Yes." if said == "yes" else "No."
    return "Probably: it looks so." if said == "yes" else "It does not look so."


def _choice(asked: KindQuestion, said: Verdict) -> str:
    """“A CT or an MRI?”: which it is follows in words."""
    if len((*asked.modalities, *asked.domains, *asked.parts)) < 2 or said == "yes":
        return ""
    return "Neither, as far as I can tell." if said == "no" else "I cannot tell."


def _not_known(asked: KindQuestion, gate: Gate) -> str:
    if gate.domain == "unknown":  # which is said anyway
        return ""
    if of_modality(asked, gate) != "unknown" and of_parts(asked, gate) == "unknown":
        return f"I cannot tell whether it shows the {' or the '.join(asked.parts)}."
    return "I cannot tell."


def _with_article(part: str) -> str:
    return (
        f"a {part}" if part in ("hand", "limb", "foot", "knee", "wrist", "hip", "shoulder") else f"the {part}"
    )


def _opinions(talk: Conversation, image_id: str) -> list[str]:
    """What a model says of the kind of an image, beside the gate."""
    return [one.text for one in records(result_of(talk, "inspect_image", image_id), Finding)]


def _part_first(clause: str, gate: Gate, opinions: Iterable[str]) -> str:
    from tools.gate.second_opinion import ESTIMATES

    if not re.search(r"body ?part|part of the body|region|organ|anatom|study of", clause, re.I):
        return ""
    if gate.body_part is None and any(ESTIMATES in text for text in opinions):
        return ""
    if gate.body_part is None:
        return (
            "I cannot tell which body part it shows: the file does not say, and the pixels are "
            "not clear enough."
        )
    who = {
        "file header": "Its file says that it shows",
        "pixels": "By my estimate it shows",
        "user": "You said that it shows",
    }
    return f"{who[gate.known_from]} {_with_article(gate.body_part)}."
