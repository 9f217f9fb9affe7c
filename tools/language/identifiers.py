"""What tells who somebody is, taken out of words before they are kept. The rules: ``identifiers.toml``.

Rules find what stands in a usual form or beside a word that announces it; a bare surname in the middle of a
sentence is not found. Phone numbers are known by a library; numbers of persons by the digit that checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.language.rules import heard
from tools.language.sayings import say

_FILE = "identifiers"
# Ours: the first digits of a phone number that are too few for one.
_FEW_DIGITS = 7
_DIGIT = re.compile(r"\d")
# Ours: shorter parts of a name are words of their own.
_PART = re.compile(r"[A-ZÄÖÜÁÉÍÓÚÑ][\w'’-]{3,}")


@dataclass(frozen=True)
class Hidden:
    """A text without what told who somebody is.

    Attributes:
        text: with stand-ins such as ``[name 1]``; the same words have the same one.
        stand_ins: those in it, in their order.
    """

    text: str
    stand_ins: tuple[str, ...] = ()

    def notice(self, language: str) -> tuple[str, ...]:
        """What the user is told of it; nothing if nothing was taken out."""
        if not self.stand_ins:
            return ()
        return (say("turn.hidden", language, stand_ins=", ".join(self.stand_ins)),)


def hidden(text: str, *, credit: bool = False) -> Hidden:
    """A text without names, numbers, dates of birth, phones, addresses and e-mails of persons.

    Args:
        text: a question, caption, cell or title.
        credit: it names a source; names stay.
    """
    spans = [found for found in _spans(text) if found[2] != "name" or not credit]
    names = [text[start:end] for start, end, kind in spans if kind == "name"]
    spans += _named_again(text, names, spans)
    given: dict[tuple[str, str], str] = {}
    pieces, last = [], 0
    for start, end, kind in sorted(spans):
        words = _same(text[start:end], names) if kind == "name" else text[start:end].casefold()
        number = 1 + len({key for key in given if key[0] == kind and key[1] != words})
        stand_in = given.setdefault((kind, words), f"[{kind} {number}]")
        pieces += [text[last:start], stand_in]
        last = end
    return Hidden("".join([*pieces, text[last:]]), tuple(dict.fromkeys(given.values())))


def without_persons(text: str, *, credit: bool = False) -> str:
    """The text of `hidden` alone."""
    return hidden(text, credit=credit).text


def _spans(text: str) -> list[tuple[int, int, str]]:
    """What is taken out, first come first served."""
    found: list[tuple[int, int, str]] = []
    for finder, kind in _FINDERS:
        for start, end in finder(text):
            if all(end <= other[0] or start >= other[1] for other in found):
                found.append((start, end, kind))
    return found


def _named_again(
    text: str, names: list[str], taken: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """Parts of a name that stand alone elsewhere."""
    parts = {part for name in names for part in _PART.findall(name)}
    for part in parts:
        for found in re.finditer(rf"\b{re.escape(part)}\b", text):
            if all(found.end() <= start or found.start() >= end for start, end, _ in taken):
                yield (*found.span(), "name")


def _same(words: str, names: list[str]) -> str:
    """The first name that a name or a part of it belongs to."""
    parts = set(_PART.findall(words))
    return next((name for name in names if parts & set(_PART.findall(name))), words).casefold()


def _rule(name: str, is_one: Callable[[str], bool] = bool) -> Callable[[str], Iterator[tuple[int, int]]]:
    pattern = heard(_FILE, name)

    def finder(text: str) -> Iterator[tuple[int, int]]:
        for found in pattern.finditer(text):
            if is_one(found[found.lastindex or 0]):
                yield found.span(found.lastindex or 0)

    return finder


def _name() -> Callable[[str], Iterator[tuple[int, int]]]:
    """Names; their long rows are not even read for a text without anything that one stands with."""
    named, finder = heard(_FILE, "named"), _rule("name")
    return lambda text: finder(text) if named.search(text) else iter(())


def _international(text: str) -> Iterator[tuple[int, int]]:
    """Phone numbers with the code of their country."""
    if "+" not in text or len(_DIGIT.findall(text)) < _FEW_DIGITS:
        return
    import phonenumbers

    # What is possible is taken: a number of nobody costs nothing.
    for found in phonenumbers.PhoneNumberMatcher(text, None, phonenumbers.Leniency.POSSIBLE):
        yield found.start, found.end


def _is_local_phone(digits: str) -> bool:
    import phonenumbers

    for region in ("US", "GB", "DE", "ES"):
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return True
    return False


def _is_nhs(number: str) -> bool:
    """Whether the last digit checks the others. Source: NHS Data Dictionary, NHS NUMBER (modulus 11)."""
    *digits, check = map(int, _DIGIT.findall(number))
    left = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11
    return left % 11 == check


def _is_dni(number: str) -> bool:
    """Whether the letter checks the digits. Source: Spanish Royal Decree 1553/2005, article 11."""
    digits = number[:-1].rstrip("-").translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


_FINDERS: tuple[tuple[Callable[[str], Iterator[tuple[int, int]]], str], ...] = (
    (_rule("email"), "e-mail"),
    (_rule("uid"), "number"),
    (_rule("address"), "address"),
    (_rule("birth"), "date"),
    (_rule("record"), "number"),
    (_international, "phone"),
    (_rule("phone"), "phone"),
    (_rule("ssn"), "number"),
    (_rule("nhs", _is_nhs), "number"),
    (_rule("dni", _is_dni), "number"),
    (_rule("local", _is_local_phone), "phone"),
    (_name(), "name"),
)
