"""What the user tells of a picture's kind in a message of its own: said, denied or taken back."""

from __future__ import annotations

from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.lexicon import SAME_MODALITY
from assistant.planning.reference import names_image, resolve
from assistant.planning.task import Task
from store.records import MODALITY_WORDS, Gate
from tools.language.kind_told import BEFORE, KindTold, kind_told

TOOL = "treat_image_as"


def of_the_kind(said: str, clause: str, talk: Conversation) -> Task | None:
    """The task of words that only tell what kind a picture is; None for words that tell anything else.

    Args:
        said: the words as written.
        clause: the same as rules hear them.
        talk: the conversation.
    """
    told = kind_told(said, talk.language)
    if told is None or not talk.ids:
        return None
    meant = resolve(clause, talk)
    rows = [talk.image(one) for one in meant.ids[-1:]]
    if meant.note or not rows or (told.bare and not _may_be_bare(clause, rows[0], talk)):
        return None
    return _task(told, clause, rows[0], talk)


def _may_be_bare(clause: str, row: ImageRow, talk: Conversation) -> bool:
    """Whether a kind that is named alone tells of a picture: of one that came now, or of an unknown kind."""
    return bool(talk.attached) or (row.domain == "unknown" and not names_image(clause, talk))


def _task(told: KindTold, clause: str, row: ImageRow, talk: Conversation) -> Task | None:
    known = SAME_MODALITY.get(row.modality or "", row.modality or "")
    if told.code:
        new = told.code != known or (told.part and not row.body_part and row.known_from != "file header")
        kind = f"{MODALITY_WORDS[told.code]} {told.part}".strip()
        return Task("treat_as", clause, (row.id,), detail=kind) if new else Task("what_is", clause, (row.id,))
    if told.back:
        kind = _before(row, talk)
        return Task("treat_as", clause, (row.id,), detail=kind) if kind else None
    return Task("treat_as" if known in (*told.denied, "") else "what_is", clause, (row.id,))


def _before(row: ImageRow, talk: Conversation) -> str:
    """What a picture was taken for before the user's last word on it; empty where they said nothing of it."""
    words = [one for result in talk.of_image(row.id) if result.tool == TOOL for one in result.records]
    gates = [one for one in words if isinstance(one, Gate)]
    if row.known_from != "user" or not gates:
        return ""
    earlier = gates[-2] if len(gates) > 1 else None
    by_user = earlier and earlier.known_from == "user" and earlier.modality
    return MODALITY_WORDS[by_user] if by_user else BEFORE
