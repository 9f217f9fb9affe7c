"""What this chat has in evidence: who said what of which image."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from assistant.grounding.claims import Claim, by_sentence
from assistant.grounding.records import add_measures, likeness_of, values_of, words_of
from tools.language.evidence import EVIDENCE
from tools.language.glossary import definitions
from tools.language.lists import whole
from tools.language.rules import heard
from tools.language.yes_no import parse_yes_no

if TYPE_CHECKING:
    from assistant.answers.answer import Evidence, ImageRef, Refused

Who = Literal["tool", "reader", "library", "user"]
# Whatever a reading model reads, its tool is named for it: read_radiograph, read_ct.
_READING = "read_"
# What these say is known of other pictures: a label of theirs is not one of this image.
_OF_OTHERS = frozenset(
    {"find_similar_cases", "classify_with_my_labels", "browse_library", "quiz", "save_case"}
)
_LATERALITY = heard("checking", "laterality")
_SIDES = {"l": "left", "r": "right"}
_ASKING = heard("checking", "asking")
_HEADED, _HEADLESS = whole(EVIDENCE.headed), whole(EVIDENCE.headless)


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
    """One number of the evidence, with who said it."""

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
        label_count: how many labels the one with the most of them was seen to have.
        measures: numbers that tools measured, by image and by what they are of.
        cases: labels of the look-alikes of each image, the nearest first.
        likeness: labels of look-alikes with their similarity.
    """

    images: tuple[ImageRef, ...] = ()
    said: tuple[Said, ...] = ()
    settled: tuple[str, ...] = ()
    label_count: int = 0
    measures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    likeness: tuple[tuple[str, float], ...] = ()

    @cached_property
    def numbers(self) -> tuple[Known, ...]:
        """Every number in what was said."""
        return tuple(known for said in self.said for known in _numbers_of(said))

    @cached_property
    def unread(self) -> tuple[Said, ...]:
        """What was said by anybody but a reading model."""
        return tuple(one for one in self.said if one.who != "reader")

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """The reading models that said something."""
        return tuple(dict.fromkeys(one.name for one in self.said if one.who == "reader"))

    @cached_property
    def quotes_header(self) -> bool:
        """Whether a tool says what a file says of itself."""
        own = (_HEADLESS.sub("", one.text) for one in self.said if one.who == "tool")
        return any(_HEADED.search(text) for text in own)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the chat's images."""
        return frozenset(image.id for image in self.images)


@lru_cache(maxsize=2048)
def _numbers_of(said: Said) -> tuple[Known, ...]:
    """The numbers of one thing said; kept, since all that was said in a chat is read again at every turn."""
    return tuple(Known(claim, said) for _, those in by_sentence(said.text) for claim in those)


def facts_of(
    images: Iterable[ImageRef],
    evidence: Iterable[Evidence],
    refused: Iterable[Refused] = (),
    questions: Iterable[str] = (),
) -> Facts:
    """The facts in a chat's images, evidence, refusals and the user's own words."""
    found: list[Said] = []
    label_count = 0
    measures: dict[str, dict[str, float]] = {}
    cases: dict[str, tuple[str, ...]] = {}
    likeness: list[tuple[str, float]] = []
    for one in evidence:
        add_measures(measures, one)
        if matches := [str(r["label"]) for r in one.records if r.get("kind") == "match" and r.get("label")]:
            cases[one.image_id] = tuple(matches)
        likeness += likeness_of(one)
        found += _of_evidence(one)
        label_count = max(label_count, len({r["label"] for r in one.records if r.get("label")}))
    found += [Said("tool", one.reason, one.image_id, one.tool) for one in refused]
    found += [Said("user", question) for question in questions]
    shown = tuple(images)
    found += _views(shown, found)
    found += [said for image in shown for said in _of_image(image)]
    return Facts(shown, tuple(found), settled(), label_count, measures, cases, tuple(likeness))


def _views(images: Iterable[ImageRef], found: Iterable[Said]) -> list[Said]:
    """What side of what a header's laterality is: of the body part that the image shows."""
    parts = {image.id: image.body_part for image in images if image.body_part}
    sides = [(one, _LATERALITY.search(one.text)) for one in found]
    return [
        Said(
            one.who, f"{which} {parts.get(one.image_id, 'side')}, {which}-sided view", one.image_id, one.name
        )
        for one, side in sides
        if side and (which := _SIDES.get(side[1].lower(), side[1].lower()))
    ]


def _of_image(image: ImageRef) -> Iterable[Said]:
    """What kind of picture an image is, of what, and how sure that is."""
    from store.records import MODALITY_WORDS

    kind = MODALITY_WORDS.get(image.modality or "", "picture")
    yield Said("tool", f"{kind} of the {image.body_part or 'body'}", image.id, "gate")
    if image.score is not None:
        yield Said("tool", f"score {image.score:.2f}", image.id, "gate", ((image.score, ""),))


@cache
def settled() -> tuple[str, ...]:
    """Casebook's own standing sentences: its glossary and its disclaimers."""
    from assistant.answers.disclaimers import of_casebook

    return (*of_casebook(), *definitions())


def _of_evidence(one: Evidence) -> Iterable[Said]:
    if one.tool.startswith(_READING):
        yield from _of_reader(one)
        return
    who: Who = "library" if one.tool in _OF_OTHERS else "tool"
    yield Said(who, one.content, one.image_id, one.model)
    for record in one.records:
        image_id = str(record.get("image_id") or one.image_id)
        yield Said(who, ". ".join(words_of(record)), image_id, one.model, tuple(values_of(record)))


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
                asked = _ASKING.sub("", question)
                yield Said("reader", f"{'No ' if answered == 'no' else ''}{asked}", one.image_id, name)
        elif record.get("kind") == "measurement":
            yield Said("tool", ". ".join(words_of(record)), one.image_id, name, tuple(values_of(record)))
    if not any(record.get("kind") == "finding" for record in one.records):
        yield Said("reader", one.content, one.image_id, one.model)
