"""Whether a number or a count of an answer is found in the evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts, Known
from assistant.grounding.worked_out import is_short, is_worked_out, rounds
from tools.language.anatomy import stem
from tools.language.content import singular
from tools.language.evidence import EVIDENCE
from tools.language.findings import LABEL, label_name
from tools.language.lists import whole
from tools.language.number_words import places
from tools.language.numbers import IN_ALL, LISTED, Number, axis_in
from tools.language.rules import heard
from tools.language.vocabulary import even

_RULE, _CHANCE = map(whole, (EVIDENCE.rule, EVIDENCE.chance))
SHARED = whole(EVIDENCE.shared)
_PIECE = re.compile(r"[,;]| and ")
_SET = heard("checking", "set_to")
_SLICES = re.compile(r"\b\d+ (?:slices|frames)\b", re.I)
_SCALE = (0.0, 1000.0)  # Hounsfield units of water and air. Source: DICOM PS3.3 C.11.1.1.2.
_OF_SCALE = heard("checking", "of_the_scale")
_SET_AT = heard("checking", "set_at")
_LESION = re.compile(r"\blesion\b", re.I)
_LIST, _ITEM_ENDS = heard("checking", "list_of"), heard("checking", "item_ends")


def number_is_known(
    number: Number, claim: Claim, facts: Facts, images: tuple[str, ...], known: Sequence[Known]
) -> bool:
    """Whether a number or count is among those known of these images, or worked out of them."""
    here = {one[0].lower() for one in SHARED.finditer(_piece(claim))}
    if number.unit == "%" and _CHANCE.search(_piece(claim)):  # a score is no chance
        known = [
            one for one in known if one.claim.what.unit == "%" or _CHANCE.search(one.claim.sentence.text)
        ]
    same = (
        [one for one in known if not _is_of_another(number, here, one)]
        if len(here) == 1 and not is_short(number)
        else known
    )
    if _is_turned(number, known) or _is_measure_of_another(number, claim.clause, facts, images):
        return False
    if number.noun == "slice" and _SLICES.search(claim.clause) and not _ends_at(number, same):
        return False
    if _is_set_otherwise(number, claim, facts, images):
        return False
    if number.unit == "MP" and any(
        rounds(Number(a * b / 1e6, 0, "MP", "", frozenset()), number) for a, b in _sizes(known)
    ):
        return True
    return (
        bool(number.noun and _count_is_known(number, facts, known))
        or bool(number.noun and number.value in _listed(number.noun, facts, images))
        or _is_exact(number, claim.clause, facts, images)
        or any(_same_number(number, one) for one in same)
        or _is_place(number, facts, images)
        or is_worked_out(number, claim, facts)
    )


def _is_exact(number: Number, clause: str, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether it is a number that was said with all its digits, of nothing that the clause could mistake."""
    if is_short(number) or number.axis or number.part or number.noun not in ("", *LISTED):
        return False
    given = (one for one in facts.said if one.is_of(images) and one.who != "user")
    values = (one for said in given for one in said.values)
    return SHARED.search(clause) is None and any(
        rounds(Number(value, 0, unit, "", frozenset()), number) for value, unit in values
    )


def _is_place(number: Number, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether it names one of a row that a reader names by its place: MCP 2 is the second one."""
    if not is_short(number) or number.noun:
        return False
    words = [word for word, place in places().items() if place == number.value]
    said = [one.text for one in facts.said if one.who == "reader" and one.is_of(images)]
    return any(re.search(rf"\b{word}\b", text, re.I) for word in words for text in said)


def _is_of_another(number: Number, here: set[str], known: Known) -> bool:
    """Whether the evidence gives a number of another tissue or colour than the answer does."""
    if not isinstance(known.claim.what, Number) or not rounds(known.claim.what, number):
        return False
    sentence, piece = known.claim.sentence, _piece(known.claim)
    there = {one[0].lower() for one in SHARED.finditer(piece)}
    if not there:
        before = SHARED.findall(sentence.text[: known.claim.start - sentence.start])
        there = {before[-1].lower()} if before and number.unit == "%" else set()
    return bool(there) and not here & there


def _is_set_otherwise(number: Number, claim: Claim, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether a width, level or the like right before a number is said to be another one."""
    before = _SET.search(claim.sentence.text[: claim.start - claim.sentence.start])
    if not before:
        return False
    word = before[1].lower()
    how = re.compile(rf"\b{word}(?:{_SET_AT.pattern})?\s*([−-]?\d+(?:\.\d+)?)", re.I)
    told = {
        float(one.replace("−", "-"))
        for said in facts.said
        if said.is_of(images)
        for one in how.findall(said.text)
    }
    return bool(told) and number.value not in told


def _piece(claim: Claim) -> str:
    """The part of its sentence between marks and “and” that a number stands in."""
    since, until = piece_at(claim)
    return claim.sentence.text[since:until]


def piece_at(claim: Claim) -> tuple[int, int]:
    """Where the part of its sentence between marks and “and” that a number stands in begins and ends."""
    text, at = claim.sentence.text, claim.start - claim.sentence.start
    since = max((one.end() for one in _PIECE.finditer(text, 0, at)), default=0)
    until = _PIECE.search(text, at)
    return since, until.start() if until else len(text)


def _ends_at(number: Number, known: Sequence[Known]) -> bool:
    """Whether the evidence counts slices up to this number, and does not only show this one."""
    n, many = f"{number.value:.0f}", "(?:slices|frames)"
    whole = re.compile(rf"\b{n} {many}\b|\bof {n}\b|\b{many}:? {n}\b", re.I)
    return any(whole.search(one.claim.sentence.text) for one in known)


def _is_measure_of_another(number: Number, clause: str, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether the clause names one measure of these images alone, and the number is not its value."""
    values = [
        (name, value)
        for image, those in facts.measures.items()
        if not images or image in images
        for name, value in those.items()
    ]
    words = frozenset(stem(one) for one in re.findall(r"[a-z]{5,}", clause.lower()))
    named = [(name, value) for name, value in values if words & {stem(one) for one in name.split()}]
    if (
        len({name for name, _ in named}) != 1
        or number.noun
        or number.value in (0, 1)
        or len(number.beside) > 1
    ):
        return False
    shown = [Number(value, 0, number.unit, "", frozenset()) for _, value in named]
    return number.unit == "" and bool(number.decimals) and not any(rounds(one, number) for one in shown)


def is_rule_of_thumb(number: Number, clause: str, sentence: str) -> bool:
    """Whether a length is the mark of a rule or a usual limit, and no measure of an image."""
    of_scale = abs(number.value) in _SCALE and _OF_SCALE.search(sentence) is not None
    return of_scale or bool(number.unit in ("mm", "cm") and _RULE.search(clause))


def _same_number(number: Number, known: Known) -> bool:
    other = known.claim.what
    if not isinstance(other, Number) or not rounds(other, number):
        return False
    sentence = known.claim.sentence.text
    if number.axis and (other.axis or axis_in(sentence)) not in ("", number.axis):
        return False
    if number.axis and number.unit != other.unit:  # the axis of a share is said beside it
        return False
    if number.part and number.part not in sentence.lower():
        return False
    alike = bool(number.context & other.context) or not number.context
    if number.noun and number.noun not in LISTED:
        return number.noun in (other.noun, other.noun + IN_ALL)
    return alike or not is_short(number)


def _sizes(known: Sequence[Known]) -> set[tuple[float, float]]:
    """Width and height of the pictures in pixels."""
    found = (one.claim.what for one in known if isinstance(one.claim.what, Number))
    return {(one.value, one.times) for one in found if one.times and one.unit == "px"}


def _is_turned(number: Number, known: Sequence[Known]) -> bool:
    """Whether it is a picture's height given for its width."""
    if number.unit != "px" or number.times is None:
        return False
    sizes = _sizes(known)
    return (number.times, number.value) in sizes and (number.value, number.times) not in sizes


def _count_is_known(number: Number, facts: Facts, known: Sequence[Known]) -> bool:
    counts = [one.claim.what for one in known if isinstance(one.claim.what, Number)]
    same = [one for one in counts if number.noun in (one.noun, one.noun + IN_ALL)]
    if number.value in _counted_here(number.noun, facts):
        return True
    cases = [label for those in facts.cases.values() for label in those]
    if cases and number.value == sum(
        any(label_name(one) == number.noun for one in LABEL.finditer(label)) for label in cases
    ):
        return True
    same = counts if number.noun in EVIDENCE.anything else same
    if any(one.noun and one.value == number.value for one in same):
        return True
    # "one nodule" of "a nodule": nobody counted another number. "One slice of 88" is the one shown.
    return number.value == 1 and (not same or number.noun in LISTED)


def _counted_here(noun: str, facts: Facts) -> set[int]:
    """How many there are in this chat of what it has itself."""
    ways: dict[str, Callable[[Facts], set[int]]] = {
        "case": _cases_counted,
        "image": _images_counted,
        "reader": lambda one: {len(one.readers)},
        "label": lambda one: {*range(1, one.label_count + 1)},
        "tool": lambda one: {*range(1, len({(s.name, s.image_id) for s in one.said if s.who != "user"}) + 1)},
        "lesion": lambda one: {
            len({s.image_id for s in one.said if s.who == "tool" and _LESION.search(s.text)})
        },
        "question": lambda one: {sum(s.who == "user" for s in one.said)},
    }
    count = ways.get(noun)
    return count(facts) if count else set()


def _listed(noun: str, facts: Facts, images: tuple[str, ...]) -> set[int]:
    """How many of a thing the evidence lists: “Colours: brown, black” are two."""
    told = (one.text for one in facts.said if one.who != "user" and one.is_of(images))
    lists = [found for text in told for found in _LIST.finditer(text)]
    return {len(_ITEM_ENDS.split(one["list"])) for one in lists if even(singular(one["of"])) == even(noun)}


def _cases_counted(facts: Facts) -> set[int]:
    labels = [label for one in facts.cases.values() for label in one]
    return {len(labels), *map(len, facts.cases.values()), *(labels.count(one) for one in labels)}


def _images_counted(facts: Facts) -> set[int]:
    kinds = [kind for image in facts.images for kind in (image.modality, image.domain)]
    return {len(facts.images), *(kinds.count(kind) for kind in kinds)}
