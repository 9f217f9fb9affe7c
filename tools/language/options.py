"""Which option of a multiple-choice question an answer names, by rules that never take an article for “A”.

What counts, in this order: a stated choice (“the answer is B”), a mark at the beginning (“B.”, “(b)”), one
mark in the text (“option B”, “(B)”), the words of exactly one option. Where rules cannot tell, or several are
named, the answer is None: it is counted as wrong, and counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tools.language.content import answers
from tools.language.lists import Heard
from tools.language.rules import heard
from tools.language.standing import is_denied, without_idioms

_STATED = (heard("answers", "stated"), heard("answers", "chosen"), heard("answers", "called_right"))
_LEADING = heard("answers", "leading")
_MENTIONED = heard("answers", "mentioned")
# Not B but A.
_BUT = heard("answers", "but")
_DOUBTED = Heard(
    lambda: re.compile(rf"\b(?:{'|'.join(answers().doubted)})\b(?:(?!\bbut\b)[^.;:]){{0,50}}$", re.I)
)
_DOUBTED_AFTER = Heard(lambda: re.compile(rf"^[)\]]?\s+(?:{'|'.join(answers().doubted_after)})\b", re.I))
_SENTENCE_END = re.compile(r"[.;!?\n](?:\s|$)")
# Ours: how many characters a denial reaches over, of a mark and of words, and how far is looked for the ends
# of a sentence.
_REACH, _WORDS_REACH, _LOOK = 50, 30, 100
_LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")


def parse_option(text: str, choices: Mapping[str, str], *, stated_only: bool = False) -> str | None:
    """The letter of the option that `text` names.

    Args:
        text: an answer, as written.
        choices: what each letter stands for.
        stated_only: take marks alone, not the words of an option.

    Returns:
        A letter of `choices`; None where no option or more than one is named.
    """
    plain = _plain(text)
    if (alone := plain.strip(" .()[]:").upper()) in choices:
        return alone
    for found in (_stated(plain), _leading(plain), _mentioned(plain)):
        letters = {letter for letter, _ in found if letter in choices}
        if len(letters) > 1:
            return None
        if letters:
            letter = letters.pop()
            return None if any(_names_another(tail, letter, choices) for _, tail in found) else letter
    return None if stated_only else option_in_words(plain, choices)


def normalise(text: str) -> str:
    """A text as it is compared: lower case, no punctuation, no articles, single blanks."""
    words = re.findall(r"[^\W_]+(?:[.,]\d+)*", text.casefold().replace("’", "'").replace("'s", ""))
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def _plain(text: str) -> str:
    """Without Markdown, boxes and line breaks."""
    text = re.sub(r"\\boxed\{([^}]*)\}|[*`_#]+", lambda found: found[1] or "", text.replace("’", "'"))
    return " ".join(text.split())


def _stated(text: str) -> list[tuple[str, str]]:
    found = (one for pattern in (*_STATED, _BUT) for one in pattern.finditer(text))
    return [pair for one in found if not _denied(text, *one.span("marks")) for pair in _marks(one, text)]


def _leading(text: str) -> list[tuple[str, str]]:
    found = _LEADING.search(text)
    return list(_marks(found, text)) if found and not _denied(text, *found.span("marks")) else []


def _mentioned(text: str) -> list[tuple[str, str]]:
    return [
        pair
        for found in _MENTIONED.finditer(text)
        if not _denied(text, *found.span())
        for pair in _marks(found, text)
    ]


def _marks(found: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """Each letter with the words behind the marks up to the end of their sentence."""
    tail = re.split(r"[.;\n](?:\s|$)", text[found.end("marks") :].lstrip(" .):,;–—-]"))[0]
    for letter in _LETTER.findall(found["marks"]):
        yield letter.upper(), tail


def _names_another(tail: str, letter: str, choices: Mapping[str, str]) -> bool:
    """“B. Pneumonia” where pneumonia is not B."""
    said = normalise(tail)
    own = normalise(choices[letter])
    return said != own and any(said == normalise(words) for words in choices.values() if normalise(words))


def option_in_words(text: str, choices: Mapping[str, str]) -> str | None:
    """The key of the one option whose words are there and not denied; longer options are looked for first."""
    rest = f" {_in_words(text)} "
    found = []
    for key, words in sorted(choices.items(), key=lambda one: -len(one[1])):
        looked_for = _in_words(words).strip(" .;:,-").replace(",", " ").split()
        if not looked_for:
            continue
        pattern = re.compile(rf"(?<![\w-]){r'[ ,]+'.join(map(re.escape, looked_for))}(?![\w-])")
        if any(not _denied(rest, *one.span(), reach=_WORDS_REACH) for one in pattern.finditer(rest)):
            found.append(key)
        rest = pattern.sub(lambda one: "·" * len(one[0]), rest)
    return found[0] if len(found) == 1 else None


def _denied(text: str, start: int, end: int, *, reach: int = _REACH) -> bool:
    """Whether the words of a place in the text are denied; looking further costs time alone."""
    least = max(0, start - _LOOK)
    since = max((one.end() for one in _SENTENCE_END.finditer(text, least, start)), default=least)
    close = _SENTENCE_END.search(text, end, end + _LOOK)
    sentence = text[since : close.start() if close else end + _LOOK]
    start, end = start - since, end - since
    doubted = _DOUBTED.search(without_idioms(sentence[:start])) or _DOUBTED_AFTER.match(sentence[end:])
    return bool(doubted) or is_denied(sentence, start, end, reach=reach)


def _in_words(text: str) -> str:
    """Words, and the marks that part them."""
    return re.sub(r"[^\w.,;:'-]+", " ", text.casefold().replace("’", "'"))
