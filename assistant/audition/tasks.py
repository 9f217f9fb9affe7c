"""The tasks of an audition, read from ``prompts/audition`` and checked."""

from __future__ import annotations

import tomllib
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prompts import words_file
from store.errors import SetupError


class Phrase(BaseModel):
    """What tools found is to be phrased, with nothing added and nothing lost.

    Attributes:
        pictures: names of drawings, added with the first question.
        question: the task.
        reader: what a reading model says of every picture; empty where none is set up.
        before: what is asked before, in the same chat.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pictures: tuple[str, ...] = Field(min_length=1)
    question: str = Field(min_length=1)
    reader: str = ""
    before: tuple[str, ...] = ()


class Call(BaseModel):
    """A tool is to be chosen.

    Attributes:
        pictures: names of drawings, added with the question.
        question: the task.
        tools: those that fit; empty where none must be called.
        image: id of the image that it must be called for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pictures: tuple[str, ...] = ()
    question: str = Field(min_length=1)
    tools: tuple[str, ...]
    image: str = ""


class _Tasks(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    phrase: tuple[Phrase, ...] = Field(min_length=1)
    call: tuple[Call, ...] = Field(min_length=1)


@cache
def tasks() -> tuple[tuple[Phrase, ...], tuple[Call, ...]]:
    """The tasks: to phrase, and to choose tools.

    Raises:
        SetupError: the file of tasks is damaged.
    """
    path = words_file("tasks", "audition")
    try:
        read = _Tasks.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, ValueError) as error:
        raise SetupError(f"{path.name} of prompts/audition is damaged: {error}. Install again.") from error
    return read.phrase, read.call
