"""Which images a clause means: by id, by order, by kind, by side, or by what was last talked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.lexicon import SAME_MODALITY, modalities_named
from tools.language.findings import FINDINGS
from tools.language.number_words import number_of, places
from tools.language.rules import heard
from tools.language.subjects import subject_of

_RUN = heard("reference", "run")
_ID, _LEFT_OUT = heard("reference", "id"), heard("reference", "left_out")
# “Is number two rounder?”, not “rib number two”.
_NUMBERED = heard("reference", "numbered")
_ORDINAL = heard("reference", "ordinal")
_PLACES = ("penultimate", "first", "second", "third", "last", "other")
_ELSEWHERE = {one: heard("reference", f"{one}_elsewhere") for one in _PLACES}
_SIDE = heard("reference", "side")
_SEVERAL = heard("reference", "several")
_NEW, _BOTH = heard("reference", "new"), heard("reference", "both")
_ALL, _NEXT = heard("reference", "all"), heard("reference", "next_picture")
BRINGS = heard("reference", "brings")
"""Tells that a picture comes, and asks nothing of it."""
_ONLY_IDS = re.compile(r"img-\d+(?: and img-\d+)*\.")
_FILLER = heard("reference", "filler")
_POINTED_KIND, _OF_SCAN = heard("reference", "pointed_kind"), heard("reference", "of_scan")
_TO_ALL, _SIDE_WORD = heard("reference", "to_all"), heard("reference", "side_word")


@dataclass(frozen=True)
class Reference:
    """The images meant. `explicit` tells whether the clause itself named them; `note` explains a reading."""

    ids: tuple[str, ...]
    explicit: bool = False
    note: str = ""


def resolve(clause: str, talk: Conversation, before: Sequence[str] = ()) -> Reference:
    """The images that a clause means.

    Args:
        clause: part of the question.
        talk: the conversation.
        before: images of the clause before it in the same question.
    """
    clause = _LEFT_OUT.sub(" ", clause)
    named = _named(clause, talk)
    if named.ids or named.note:
        return named
    if _SEVERAL.search(clause) and len(talk.ids) > 1:
        return Reference(_several(clause, talk), explicit=True)
    if talk.attached:
        return Reference(_of_subject(clause, talk.attached, talk.attached, talk))
    return Reference(_of_subject(clause, tuple(before) or focus(talk) or talk.ids[-1:], talk.ids, talk))


def _of_subject(
    clause: str, meant: tuple[str, ...], among: tuple[str, ...], talk: Conversation
) -> tuple[str, ...]:
    """Those of the images meant that the words fit, or the newest one that they fit; else all meant."""
    subject = subject_of(clause)
    fit = [image_id for image_id in among if subject and talk.image(image_id).domain == subject]
    return tuple(i for i in meant if i in fit) or tuple(fit[-1:]) or meant


def focus(talk: Conversation) -> tuple[str, ...]:
    """The images that the last turn with any image was about."""
    for turn in reversed(talk.past):
        ids = images_of(turn)
        if ids:
            return tuple(image_id for image_id in ids if image_id in talk.ids)
    return ()


def images_of(turn: PastTurn) -> tuple[str, ...]:
    """The images a past turn was about: those a tool looked at, else those attached."""
    looked = tuple(dict.fromkeys(result.image_id for result in turn.results if result.image_id))
    only_named = _ONLY_IDS.fullmatch(turn.text) is not None
    return looked or turn.attached or (tuple(re.findall(r"img-\d+", turn.text)) if only_named else ())


def pair(clause: str, talk: Conversation, before: Sequence[str] = ()) -> Reference:
    """The two or more images that a comparison is about, the subject first."""
    named = _named(clause, talk)
    if named.note or len(named.ids) > 1:
        return named
    if len(kin := _of_kind(clause, talk)) > 1 and {*named.ids} <= {*kin}:
        return Reference(kin, explicit=True)
    every = _ALL.search(clause)
    if every and len(talk.ids) > 2 and not named.ids:
        count = every["of"] or every["count"]
        return Reference(talk.ids[-number_of(count) :] if count else talk.ids, explicit=True)
    subject = talk.attached or tuple(before) or focus(talk)
    if len(named.ids) == 1:
        others = [i for i in (*reversed(subject), *reversed(talk.ids)) if i not in named.ids]
        return Reference((*others[:1], *named.ids), explicit=True)
    if len(subject) > 1:
        return Reference(tuple(i for i in talk.ids if i in subject))
    earlier = [i for turn in reversed(talk.past) for i in images_of(turn) if i not in subject]
    rest = [i for i in (*earlier, *reversed(talk.ids)) if i not in subject]
    return Reference((*subject, *rest[:1]) if subject else talk.ids[-2:])


def _of_kind(clause: str, talk: Conversation) -> tuple[str, ...]:
    """The images of a kind that a clause names, where there are others too: “compare both X-rays”."""
    codes = modalities_named(clause)
    rows = ((row.id, SAME_MODALITY.get(row.modality or "", row.modality)) for row in talk.images)
    ids = tuple(image_id for image_id, code in rows if code in codes)
    return ids if len(ids) < len(talk.ids) else ()


def names_image(clause: str, talk: Conversation) -> bool:
    """Whether a clause names an image by its id, its place or its kind."""
    return bool(_named(clause, talk).ids)


def is_elliptical(clause: str, talk: Conversation) -> bool:
    """Whether a clause only names an image ("and the second one?") and so repeats the last question."""
    if talk.attached and talk.past and _NEXT.search(clause):
        return all(re.match(r"mole|lesion", word, re.I) for word in FINDINGS.findall(clause))
    for place, elsewhere in _ELSEWHERE.items():
        clause = elsewhere.sub(f" the {place} ", clause)
    has_side = _SIDE_WORD.search(clause) is not None
    has_new = bool(talk.attached and talk.past) and _NEW.search(clause) is not None
    named = _named(clause, talk).ids or _ID.search(clause) or _ORDINAL.search(clause)
    all_of_them = len(talk.ids) > 1 and _BOTH.search(clause) is not None
    if not (named or all_of_them or has_side or has_new):
        return False
    rest = _BOTH.sub(" ", _ORDINAL.sub(" ", _RUN.sub(" ", _ID.sub(" ", clause))))
    if _by_kind(clause, talk):
        rest = re.sub(r"[\w-]+", lambda word: "" if modalities_named(word[0]) else word[0], rest)
    return not re.search(r"[a-z]{2,}", _FILLER.sub(" ", rest), re.I)


def picture_first(parts: Sequence[str], talk: Conversation) -> tuple[Sequence[str], tuple[str, ...]]:
    """The parts of a question, and the images of a first part that only names some: “second one.”."""
    alone = len(parts) > 1 and is_elliptical(parts[0], talk)
    return (parts[1:], resolve(parts[0], talk).ids) if alone else (parts, ())


def _named(clause: str, talk: Conversation) -> Reference:
    for place, said in _ELSEWHERE.items():
        clause = said.sub(f" the {place} ", clause)
    run = _RUN.search(clause)
    if run:
        count = number_of(run["count"])
        ids = talk.ids[:count] if run["end"].lower() == "first" else talk.ids[-count:]
        return Reference(ids, explicit=True)
    found = [_id_of(a or b) for a, b in _ID.findall(clause)]
    numbers = (a or b for a, b in _NUMBERED.findall(clause))
    found += [_id_of(n) for n in numbers if _id_of(n) in talk.ids]
    for match in _ORDINAL.finditer(clause):
        image_id = _by_order(match["order"].lower(), talk, _kin(clause[match.end() :], talk))
        if image_id is None:
            return Reference((), explicit=True, note=_no_such(match["order"], talk))
        found.append(image_id)
    side = _SIDE.search(clause)
    shown = _side_by_side(talk)
    if side and len(shown) > 1:
        image_id = shown[0] if side["side"].lower() == "left" else shown[1]
        note = talk.say("which.by_side", side=side["side"].lower(), image=image_id)
        return Reference((image_id,), explicit=True, note=note)
    if not found:
        found = _by_kind(clause, talk)
    return Reference(tuple(dict.fromkeys(found)), explicit=bool(found))


def _id_of(number: str) -> str:
    return f"img-{number_of(number)}"


def _side_by_side(talk: Conversation) -> tuple[str, ...]:
    """The two images that were last talked about together."""
    together = (images_of(turn) for turn in reversed(talk.past))
    return next((ids[:2] for ids in together if len(ids) > 1), ())


def _kin(rest: str, talk: Conversation) -> tuple[str, ...]:
    """The images of the kind that is named right behind a place, “the other CT”; all where none is."""
    return _of_kind(" ".join(re.findall(r"[\w-]+", rest)[:2]), talk) or talk.ids


def _by_order(word: str, talk: Conversation, ids: tuple[str, ...]) -> str | None:
    """The image at a place among some."""
    if place := places().get(word):
        return ids[place - 1] if place <= len(ids) else None
    if word in ("last", "latest", "newest"):
        return ids[-1] if ids else None
    if word == "penultimate":
        return ids[-2] if len(ids) > 1 else None
    if word == "middle":
        return ids[len(ids) // 2] if len(ids) % 2 and len(ids) > 1 else None
    now = focus(talk) or talk.ids[-1:]
    rest = [i for i in ids if i not in now]
    if not rest and word == "previous":
        rest = list(ids[:-1])
    return rest[-1] if rest else None


def _by_kind(clause: str, talk: Conversation) -> list[str]:
    """Images of a kind that the clause points at ("the x-ray"), if there are some of another kind too."""
    if not _POINTED_KIND.search(clause):
        return []
    codes = modalities_named(clause)
    ids = [
        row.id
        for row in talk.images
        if row.modality and SAME_MODALITY.get(row.modality, row.modality) in codes
    ]
    if not ids and _OF_SCAN.search(clause):
        ids = [row.id for row in talk.images if row.domain == "radiology"]
    return ids[-1:] if 0 < len(ids) < len(talk.ids) else []


def _several(clause: str, talk: Conversation) -> tuple[str, ...]:
    if _TO_ALL.search(clause):
        return talk.ids
    if len(talk.attached) > 1:
        return talk.attached
    now = focus(talk)
    return now if len(now) > 1 else talk.ids[-2:]


def _no_such(word: str, talk: Conversation) -> str:
    count, images = len(talk.ids), ", ".join(talk.ids)
    if word.lower() == "other" and count > 1:
        return talk.say("which.other_of_several", images=images)
    if word.lower() in ("other", "previous") and count:
        return talk.say("which.only_one", word=word, image=talk.ids[-1])
    if not count:
        return talk.say("which.none", word=word)
    if count == 1:
        return talk.say("which.none_of_one", word=word, images=images)
    return talk.say("which.none_of", word=word, count=count, images=images)
