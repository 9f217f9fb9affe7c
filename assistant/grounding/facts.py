"""What this chat has in evidence: who said what of which image."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from assistant.grounding.claims import Claim, claims
from tools.language.glossary import definitions
from tools.language.yes_no import parse_yes_no
from tools.models.installed_readers import TOOLS

if TYPE_CHECKING:
    from assistant.answers.answer import Evidence, ImageRef, Refused

Who = Literal["tool", "reader", "library", "user"]
_READING = frozenset(TOOLS.values())
# What these say is known of other pictures: a label of theirs is not one of this image.
_OF_OTHERS = frozenset(
    {"find_similar_cases", "classify_with_my_labels", "browse_library", "quiz", "save_case"}
)
_COUNTED = {"neighbours": "counts", "holdings": "labels"}
# Ours: shorter labels, and these, are words that sentences need for other things.
_LABEL_CHARS = 5
_EVERYDAY = frozenset(
    {"normal", "other", "others", "unknown", "healthy", "control", "image", "lesion", "finding"}
)
# Shares in records that people write in per cent.
_SHARES = frozenset({"precision", "chance"})


@dataclass(frozen=True)
class Said:
    """One thing that somebody said in this chat.

    Attributes:
        who: a tool of its own measuring, a reading model, the case library, or the user.
        text: the words.
        image_id: the image it is about; empty for none in particular.
        name: what said it.
        values: numbers that were said with more digits than the words show, with their unit.
    """

    who: Who
    text: str
    image_id: str = ""
    name: str = ""
    values: tuple[tuple[float, str], ...] = ()

    def is_of(self, images: tuple[str, ...]) -> bool:
        """Whether it may be of these images; of none in particular means of any."""
        return not images or not self.image_id or self.image_id in images


@dataclass(frozen=True)
class Known:
    """One claim of the evidence, with who made it."""

    claim: Claim
    said: Said

    def is_about(self, images: tuple[str, ...]) -> bool:
        """Whether it may be said of these images; of none in particular means of any."""
        own = self.claim.sentence.images or ((self.said.image_id,) if self.said.image_id else ())
        return not images or not own or bool(set(own) & set(images))


@dataclass(frozen=True)
class Facts:
    """The evidence of a chat, or of its last turns.

    Attributes:
        images: the chat's images.
        said: what was said, by whom.
        settled: sentences of Casebook's own, such as a definition, that may be repeated as they are.
        labels: names of findings that a collection or classifier of the user has, in lower case.
        label_count: how many labels the one with the most of them was seen to have.
    """

    images: tuple[ImageRef, ...] = ()
    said: tuple[Said, ...] = ()
    settled: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    label_count: int = 0

    @cached_property
    def known(self) -> Mapping[str, tuple[Known, ...]]:
        """Every claim in what was said, by kind."""
        found: dict[str, list[Known]] = defaultdict(list)
        for said in self.said:
            for claim in claims(said.text, self.labels):
                found[claim.kind].append(Known(claim, said))
                if claim.kind == "count":  # "two nodules" also backs a bare "2"
                    found["number"].append(Known(claim, said))
        return {kind: tuple(those) for kind, those in found.items()}

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the chat's images."""
        return frozenset(image.id for image in self.images)


def facts_of(
    images: Iterable[ImageRef],
    evidence: Iterable[Evidence],
    refused: Iterable[Refused] = (),
    questions: Iterable[str] = (),
) -> Facts:
    """The facts in a chat's images, evidence, refusals and the user's own words."""
    found: list[Said] = []
    labels: set[str] = set()
    label_count = 0
    for one in evidence:
        found += _of_evidence(one)
        labels |= _labels_of_others(one)
        label_count = max(
            label_count, len({record["label"] for record in one.records if record.get("label")})
        )
    found += [Said("tool", one.reason, one.image_id, one.tool) for one in refused]
    found += [Said("user", question) for question in questions]
    shown = tuple(images)
    found += _views(shown, found)
    found += [
        Said("tool", f"score {image.score:.2f}", image.id, "gate", ((image.score, ""),))
        for image in shown
        if image.score is not None
    ]
    return Facts(shown, tuple(found), settled(), frozenset(labels), label_count)


def _views(images: Iterable[ImageRef], found: Iterable[Said]) -> list[Said]:
    """What side of what a header's laterality is: of the body part that the image shows."""
    parts = {image.id: image.body_part for image in images if image.body_part}
    sides = [(one, re.match(r"laterality (left|right|both)\b", one.text.lstrip(". "), re.I)) for one in found]
    return [
        Said(
            one.who,
            f"{side[1]} {parts.get(one.image_id, 'side')}, {side[1]}-sided view",
            one.image_id,
            one.name,
        )
        for one, side in sides
        if side
    ]


@cache
def settled() -> tuple[str, ...]:
    """Casebook's own standing sentences: its glossary and its disclaimers."""
    from assistant.answers.disclaimers import BY_DOMAIN, GENERAL, SCORES

    return (GENERAL, SCORES, *BY_DOMAIN.values(), *definitions())


def _of_evidence(one: Evidence) -> Iterable[Said]:
    if one.tool in _READING:
        yield from _of_reader(one)
        return
    who: Who = "library" if one.tool in _OF_OTHERS else "tool"
    yield Said(who, one.content, one.image_id, one.model)
    for record in one.records:
        image_id = str(record.get("image_id") or one.image_id)
        yield Said(who, ". ".join(_words(record)), image_id, one.model, tuple(_values(record)))


def _labels_of_others(one: Evidence) -> set[str]:
    """Labels that a collection or classifier of the user has; words of every day among them name nothing."""
    if one.tool not in _OF_OTHERS:
        return set()
    named = {str(record["label"]).lower() for record in one.records if record.get("label")}
    return {label for label in named if len(label) >= _LABEL_CHARS} - _EVERYDAY


def _of_reader(one: Evidence) -> Iterable[Said]:
    """A reader's words and what they answer; what it was asked is not what it said."""
    for record in one.records:
        name = str(record.get("model", one.model))
        if record.get("kind") == "finding":
            text = str(record["text"])
            yield Said("reader", text, one.image_id, name)
            question = str(one.args.get("question", ""))
            answered = parse_yes_no(text, question) if re.match(r"\W*(?:yes|no)\b", text, re.I) else None
            if answered:
                asked = re.sub(r"\W*(?:is|are|does|do|has|can) |\?", "", question, flags=re.I)
                yield Said("reader", f"{'No ' if answered == 'no' else ''}{asked}", one.image_id, name)
        elif record.get("kind") == "measurement":
            yield Said("tool", ". ".join(_words(record)), one.image_id, name, tuple(_values(record)))
    yield Said("reader", one.content, one.image_id, one.model)


def _words(record: Mapping[str, Any]) -> Iterable[str]:
    if counted := _COUNTED.get(str(record.get("kind"))):
        yield ", ".join(f"{count} {label}" for label, count in dict(record.get(counted, {})).items())
        yield f"{record.get('size')} cases"
    if record.get("kind") == "view":
        yield f"slice {record['index'] + 1} of {record['frame_count']} slices"
    if record.get("kind") == "gate" and record.get("modality"):
        from store.records import MODALITY_WORDS

        yield MODALITY_WORDS.get(record["modality"], "")
    hidden = ("kind", "image_id", "key", "case_id", "group")
    named = [f"{key} {one:g}" for key, one in record.items() if _is_number(one) and key != "value"]
    if _is_number(record.get("value")):
        name, value, unit = record.get("name", ""), record["value"], record.get("unit", "")
        named.append(f"{name} {value:.6g} {unit}, {value:.6g} {unit or name}")
    yield ", ".join(named)
    fact = f"{record.get('name', '')} {record['value']}" if isinstance(record.get("value"), str) else ""
    yield fact
    yield from (str(value) for name, value in record.items() if isinstance(value, str) and name not in hidden)


def _values(record: Mapping[str, Any]) -> Iterable[tuple[float, str]]:
    for name, value in record.items():
        if _is_number(value):
            yield float(value), str(record.get("unit", "")) if name == "value" else ""
            if name in _SHARES:
                yield 100 * float(value), "%"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
