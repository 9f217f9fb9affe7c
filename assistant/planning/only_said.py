"""Words that tell or ask less than they seem to: a supposition, and whether it is bad."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.lexicon import modalities_named
from tools.language.pictures import names_picture
from tools.language.rules import heard

_SUPPOSES, _IS_IT_BAD = heard("judging", "supposes"), heard("judging", "is_it_bad")
_OF_CHECKS, _OF_KIND = heard("basis", "of_checks"), heard("basis", "of_kind")
_ASPECT = heard("measures", "aspect")
_SUPPOSED = 9  # ours: more words ask for something besides


def only_supposes(said: str, talk: Conversation) -> bool:
    """Whether words only imagine a picture to be of another kind: “suppose it's a CT”."""
    few = talk.ids and len(said.split()) <= _SUPPOSED and _SUPPOSES.search(said)
    return bool(few and (modalities_named(said) or _OF_KIND.search(said)))


def asks_if_bad(clause: str) -> bool:
    """Whether “but is it bad?” asks what a picture shows, and not how good the picture is."""
    of_picture = _OF_CHECKS.search(clause) or _ASPECT.search(clause) or names_picture(clause)
    return bool(_IS_IT_BAD.search(clause)) and not of_picture
