"""What a language model may do here: found out in its audition and kept in the home, or set.

*agent*: it may call tools. *words*: it may only phrase what the planner found. *off*: it is not asked. One
that has not been auditioned phrases, for what it writes is held against the evidence anyway.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.llm.chat_models import model_file
from assistant.settings import Settings
from prompts import prompts, words_file
from store.hashes import file_digest
from store.whole_file import write_json
from tools.language.sayings import FIRST, Saying

Role = Literal["agent", "words", "off"]

MAY = {
    "agent": "It may call tools and phrase answers",
    "words": "It may only phrase what the built-in planner found",
    "off": "It is not used; the built-in planner answers",
}
AUDITION = "casebook llm audition"
_NOT_YET = "It was not auditioned yet."


@dataclass(frozen=True)
class Casting:
    """A role, and how it came about.

    Attributes:
        role: what the model may do.
        why: a sentence.
        notice: what every answer must say of it; None if nothing.
        auditioned: whether an audition found it.
    """

    role: Role
    why: str
    notice: Saying | None = None
    auditioned: bool = False

    @property
    def sentence(self) -> str:
        """What the model may do, and why."""
        return f"{MAY[self.role]} (role “{self.role}”). {self.why}"


def casting(settings: Settings) -> Casting:
    """The role of the model that the settings name.

    Raises:
        SetupError: its file is not there.
    """
    if settings.llm_role != "auto":
        notice = Saying("models.role_is_set", {"role": settings.llm_role})
        return Casting(settings.llm_role, notice.words(FIRST), notice)
    return read(settings) or Casting("words", _NOT_YET)


def read(settings: Settings) -> Casting | None:
    """What an audition of this model found; None where there was none, or it cannot be read."""
    try:
        kept = json.loads(_path(settings).read_text(encoding="utf-8"))
        role, why = kept["role"], str(kept["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Casting(role, why, auditioned=True) if role in MAY else None


def keep(settings: Settings, found: Casting) -> None:
    """Keep what an audition found.

    Raises:
        SetupError: the home cannot be written.
    """
    write_json(_path(settings), {"model": _name(settings), "role": found.role, "why": found.why})


def _path(settings: Settings) -> Path:
    """Kept by weights or served name, by release and by the texts that a model is given."""
    about = [_name(settings), importlib.metadata.version("casebook"), sorted(prompts().items())]
    about.append(words_file("tasks", "audition").read_text(encoding="utf-8"))
    key = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
    return settings.home / "models" / "auditions" / f"{key}.json"


def _name(settings: Settings) -> str:
    if settings.llm_server:
        return f"{settings.llm_served_as or 'the model'} of {settings.llm_server}"
    return file_digest(model_file(settings))
