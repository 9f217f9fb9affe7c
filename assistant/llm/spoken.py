"""A message as a chat template knows it: all of a conversation that the process with llama.cpp needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Spoken:
    """One message: who speaks, and what is said."""

    role: Role
    content: str
