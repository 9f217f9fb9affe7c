"""Which of several images an answer means by what it is: "the first lesion", "the foot film", "the CT"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answers.answer import ImageRef
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.modalities import MODALITY
from tools.language.number_words import places
from tools.language.rules import heard

_PICTURE = whole(EVIDENCE.picture)
_NTH = re.compile(
    rf"\b(?:the|your) (?P<nth>{'|'.join(places())}) "
    rf"(?:\w+ )??(?:{'|'.join(EVIDENCE.picture + EVIDENCE.on_skin)})\b",
    re.I,
)
_BARE = re.compile(
    rf"{heard('checking', 'before_the_nth').pattern}(?P<the>the (?P<nth>{'|'.join(places())}))"
    rf"(?=\W*$|{heard('checking', 'nth_ends').pattern})",
    re.I,
)
_THE = heard("checking", "the_one")
_SAID = heard("checking", "named_by_id")
_NUMBERED = heard("checking", "image_by_number")
_ALIKE = {"CR": "DX"}


def by_id(text: str, images: Sequence[ImageRef]) -> str:
    """The text with ids in the place of what describes one image alone, as long as it was.

    Args:
        text: an answer.
        images: the chat's images; of one alone nothing needs to be told apart.
    """
    text = _NUMBERED.sub(lambda found: f"img-{found[1]}".ljust(len(found[0])), text)
    if len(images) > 1:
        for start, end, name in _described(text, images):
            if len(name) <= end - start and not _SAID.search(text[:start]):
                text = text[:start] + name.ljust(end - start) + text[end:]
    return text


def _described(text: str, images: Sequence[ImageRef]) -> Iterator[tuple[int, int, str]]:
    ids = {image.id for image in images}
    for pattern, group in ((_NTH, 0), (_BARE, "the")):
        for found in pattern.finditer(text):
            name = f"img-{places()[found['nth'].lower()]}"
            if name in ids:
                yield *found.span(group), name
    for found in _THE.finditer(text):
        yield from _by_kind(text, found, images)


def _by_kind(text: str, found: re.Match[str], images: Sequence[ImageRef]) -> Iterator[tuple[int, int, str]]:
    """The one image of this kind, or of this part of the body."""
    word = (found["word"] or "").lower()
    parts = {(image.body_part or "").lower() for image in images}
    for part, at in ((word, found.end()), ("", found.end() - len(word) - bool(word))):
        if part and part not in parts:
            continue
        kind, picture = MODALITY.match(text, at), _PICTURE.match(text, at)
        if not (kind or (picture and part)):
            continue
        code = str(kind.lastgroup) if kind else ""
        those = [
            image.id
            for image in images
            if code in ("", _ALIKE.get(image.modality or "", image.modality))
            and part in ("", (image.body_part or "").lower())
        ]
        last = kind or picture
        if len(those) == 1 and last:
            yield found.start(), last.end(), those[0]
        return
