"""Whether a number or a count of an answer is found in the evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations

from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts, Known
from tools.language.anatomy import stem
from tools.language.evidence import EVIDENCE
from tools.language.findings import LABEL, label_name
from tools.language.lists import whole
from tools.language.numbers import IN_ALL, LISTED, Number, axis_in

# Ours: a number this short stands in many sentences, so one about the same thing must hold it.
_SHORT = 100
_LENGTHS = {("cm", "mm"): 10.0, ("mm", "cm"): 0.1, ("cm²", "mm²"): 100.0, ("mm²", "cm²"): 0.01}
# Stems beside a number that may be written in per cent. Ours: a score or similarity is none of them.
_SHARES = frozenset({"ratio", "share", "fract", "propo"})
_APART, _WINDOW, _RULE = map(whole, (EVIDENCE.apart, EVIDENCE.window, EVIDENCE.rule))
_DECIMALS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\.?\d)")
SHARED = whole(EVIDENCE.shared)
_PIECE = re.compile(r"[,;]| and ")
_SET = re.compile(r"\b(width|level|thickness|spacing)(?: of| is| at|:)?\s*$", re.I)
_SLICES = re.compile(r"\b\d+ (?:slices|frames)\b", re.I)
# Ours: in millimetres, no pixel is wider.
_WIDEST = 2.0
_SCALE = (0.0, 1000.0)  # Hounsfield units of water and air. Source: DICOM PS3.3 C.11.1.1.2.
_OF_SCALE = re.compile(r"\b(?:water|air)\b.*\b(?:HU|hounsfield|0|1000)\b|\bhounsfield\b.*\bwater\b", re.I)
_LESION = re.compile(r"\blesion\b", re.I)


def number_is_known(
    number: Number, claim: Claim, facts: Facts, images: tuple[str, ...], known: Sequence[Known]
) -> bool:
    """Whether a number or count is among those known of these images, or worked out of them."""
    here = {one[0].lower() for one in SHARED.finditer(_piece(claim))}
    same = [one for one in known if not _is_of_another(number, here, one)] if len(here) == 1 else known
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
        or _is_exact(number, claim.clause, facts, images)
        or any(_same_number(number, one) for one in same)
        or _is_worked_out(number, known, _around(claim))
        or _is_of_a_pair(number, _around(claim), claim.clause)
        or _is_between_cases(number, claim.clause, facts)
    )


def _around(claim: Claim) -> str:
    """The sentence of a claim with the one before it."""
    return f"{claim.sentence.before} {claim.sentence.text}"


def _is_exact(number: Number, clause: str, facts: Facts, images: tuple[str, ...]) -> bool:
    """Whether it is a number that was said with all its digits, of nothing that the clause could mistake."""
    if _is_short(number) or number.axis or number.part or number.noun not in ("", *LISTED):
        return False
    given = (one for one in facts.said if one.is_of(images) and one.who != "user")
    values = (one for said in given for one in said.values)
    return SHARED.search(clause) is None and any(
        rounds(Number(value, 0, unit, "", frozenset()), number) for value, unit in values
    )


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
    how = re.compile(rf"\b{word}(?: of| is| at|:)?\s*([−-]?\d+(?:\.\d+)?)", re.I)
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
    whole = re.compile(rf"\b{number.value:.0f} (?:slices|frames)\b|\bof {number.value:.0f}\b", re.I)
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


def _is_of_a_pair(number: Number, passage: str, clause: str) -> bool:
    """Whether it is how far two numbers beside it are apart, where the passage says so."""
    if _is_short(number) or number.unit == "pp" or not _APART.search(clause):
        return False
    values = {float(one) for one in _DECIMALS.findall(passage)} - {number.value}
    return any(abs(abs(a - b) - number.value) <= 1e-6 + 10.0**-9 for a, b in combinations(values, 2))


def _is_between_cases(number: Number, clause: str, facts: Facts) -> bool:
    """Whether it is how far two look-alikes are apart in likeness, where the clause says so."""
    values = [round(value, number.decimals) for _, value in facts.likeness]
    apart = {round(abs(a - b), number.decimals) for a, b in combinations(values, 2)}
    said = number.decimals and not number.unit and _APART.search(clause)
    return bool(said) and number.value in apart


def _same_number(number: Number, known: Known) -> bool:
    other = known.claim.what
    if not isinstance(other, Number) or not rounds(other, number):
        return False
    sentence = known.claim.sentence.text
    if number.axis and (other.axis or axis_in(sentence)) not in ("", number.axis):
        return False
    if number.part and number.part not in sentence.lower():
        return False
    alike = bool(number.context & other.context) or not number.context
    if number.noun and number.noun not in LISTED:
        return number.noun in (other.noun, other.noun + IN_ALL)
    return alike or not _is_short(number)


def _is_worked_out(number: Number, known: Sequence[Known], passage: str) -> bool:
    """Whether a number is worked out of two in its sentence that are known themselves."""
    if _is_short(number) and not _WINDOW.search(passage):
        return False
    values = {one.claim.what.value for one in known if isinstance(one.claim.what, Number)}
    if any(abs(one - number.value) <= _half_a_digit(number) for one in _lengths(number.unit, known)):
        return True
    there = [one for one in number.beside if one[0] in values]
    made = {n for a, b in combinations(there, 2) for n in _made_of(a, b, number.unit)}
    return any(abs(one - number.value) <= _half_a_digit(number) for one in made)


def _lengths(unit: str, known: Sequence[Known]) -> set[float]:
    """How long so many pixels are at the spacings that are known, in millimetres or centimetres."""
    if unit not in ("mm", "cm"):
        return set()
    found = [one.claim.what for one in known if isinstance(one.claim.what, Number)]
    pixels = {side for one in found if one.unit == "px" for side in (one.value, one.times) if side}
    spacings = {one.value for one in found if one.unit == "mm" and one.value < _WIDEST}
    return {a * b / (10 if unit == "cm" else 1) for a in pixels for b in spacings}


def _made_of(a: tuple[float, str], b: tuple[float, str], unit: str) -> set[float]:
    """Sum and difference of numbers in a unit; in millimetres also how many times one is taken."""
    if a[1] == b[1] == unit:
        return {a[0] + b[0], abs(a[0] - b[0])}
    if unit == "pp" and a[1] == b[1] == "%":
        return {abs(a[0] - b[0])}
    times = unit in ("mm", "cm") and {a[1], b[1]} in ({unit, ""}, {unit, "px"})
    if "mm" in (a[1], b[1]) and unit == "cm" and "px" in (a[1], b[1]):
        return {a[0] * b[0] / 10}
    window = {a[0] + b[0] / 2, abs(a[0] - b[0] / 2), b[0] + a[0] / 2, abs(b[0] - a[0] / 2)}
    if unit in ("HU", "") and not (a[1] or b[1]):
        return window
    return {a[0] * b[0]} if times else set()


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


def _half_a_digit(number: Number) -> float:
    return 0.5 * 10.0**-number.decimals + 1e-9


def rounds(value: Number, number: Number) -> bool:
    """Whether `value` in the unit of `number` becomes it when it is rounded to the digits that it shows."""
    as_written = value.value
    if number.unit not in ("", value.unit):
        if (value.unit, number.unit) in _LENGTHS:
            as_written *= _LENGTHS[value.unit, number.unit]
        elif number.unit == "%" and _is_share(value):
            as_written *= 100
        else:
            return False
    return abs(as_written - number.value) <= _half_a_digit(number)


def _is_share(value: Number) -> bool:
    return bool(_SHARES & value.context) and not value.unit and bool(value.decimals) and 0 <= value.value <= 1


def _is_short(number: Number) -> bool:
    return not number.unit and not number.decimals and abs(number.value) < _SHORT


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


def _cases_counted(facts: Facts) -> set[int]:
    labels = [label for one in facts.cases.values() for label in one]
    return {len(labels), *map(len, facts.cases.values()), *(labels.count(one) for one in labels)}


def _images_counted(facts: Facts) -> set[int]:
    kinds = [kind for image in facts.images for kind in (image.modality, image.domain)]
    return {len(facts.images), *(kinds.count(kind) for kind in kinds)}
