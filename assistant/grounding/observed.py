"""What a text says of a picture or person beyond findings: that nothing is wrong, colours, focus, tone, sex.

The lists are ours. "Normal" alone is a word of every day, so it is read only where it is said of something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tools.language.reassurance import reassurances

Group = Literal["well", "colour", "quality", "tone", "sex"]
_PATTERNS: dict[Group, dict[str, str]] = {
    "colour": {
        "light brown": "light[- ]brown",
        "dark brown": "dark[- ]brown",
        "blue-grey": "blue(?:[- ]gr[ea]y)?(?![- ]white)|gr[ea]y[- ]blue",
        "black": "black(?![- ](?:and[- ]white|skin|patients?|people))",
        "white": "(?<!blue-)(?<!and-)white(?! (?:balance|light|skin))",
        "red": r"red(?:dish)?(?! flags?)|erythem\w+",
    },
    "quality": {
        "blur": r"blur(?:red|ry)?|out of focus|unsharp",
        "sharp": r"(?:is|it[’']s|looks|are) (?:\w+ ){0,2}?"
        r"(?:(?<!\d is )(?<!\d = )sharp|in focus|crisp|well[- ]exposed)",
        "overexposure": r"over-?expos(?:ed|ure)(?! share)|too bright",
        "underexposure": r"under-?expos(?:ed|ure)(?! share)|too dark",
    },
    "tone": {
        name: rf"class(?:ed as| is| of)? \W?{name}\b|(?<!very ){name}\W? (?:skin )?class"
        for name in ("very light", "light", "intermediate", "tan", "brown", "dark")
    },
    "sex": {"female": "female|woman|girl|lady", "male": "male|man|boy|gentleman"},
}
_NAMED = [
    (group, name, re.compile(rf"\b(?:{how})\b", re.I))
    for group, those in _PATTERNS.items()
    for name, how in those.items()
]
_ANY = re.compile(rf"\b(?:{'|'.join(how for those in _PATTERNS.values() for how in those.values())})\b", re.I)
# Ours: a sentence with this many of the six colours lists those that the rule knows.
_LISTING = 5
SAYS_WELL = re.compile(
    r"\b(?:normal|unremarkable|healthy|harmless|clear|benign|fine|nothing|"
    r"no (?:\w+ ){0,3}(?:abnormal\w*|findings?|patholog\w+|disease))\b",
    re.I,
)
"""What somebody says who finds nothing wrong; others may then be said to find nothing wrong."""


@dataclass(frozen=True)
class Observed:
    """One such thing; `name` is one of its group."""

    group: Group
    name: str


def observed(text: str) -> Iterator[tuple[Observed, int, int]]:
    """Everything of the kind in a text, and where it begins and ends."""
    yield from ((Observed("well", name), start, end) for name, start, end in reassurances(text))
    if not _ANY.search(text):
        return
    found = [
        (Observed(group, name), *one.span()) for group, name, how in _NAMED for one in how.finditer(text)
    ]
    lists_all = len({what.name for what, _, _ in found if what.group == "colour"}) >= _LISTING
    yield from (one for one in found if not (lists_all and one[0].group == "colour"))
