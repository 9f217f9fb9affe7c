"""Who helps before the commit: the built-in planner over the pictures alone, and the teacher's hints.

It is made without the library, without readers and without anything of the case but pixels, scale and kind of
picture, so it has nothing to give away, whatever it is asked. No language model is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain.tools import ToolRuntime

from assistant.chat import Assistant
from assistant.planning.planner import Planner
from store.errors import ToolUseError
from tools.catalogue import build_tools
from tools.context import CaseContext, case_tool
from tools.language.sayings import say

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from assistant.answers.answer import Answer
    from assistant.build import Services
    from assistant.teaching.learner import Learner

MAY = ("inspect_image", "measure_lesion", "show_slice", "treat_image_as")
"""Tools that tell of pixels alone."""


class Tutor:
    """Answers learners' questions on the case before them. Close it at the end.

    Args:
        services: the installation; the tutor keeps its chats there and shares nothing else.
    """

    def __init__(self, services: Services) -> None:
        # Text in the pixels was looked for when the case was made: not again with every first question.
        settings = services.settings.model_copy(update={"burned_in": "off", "faces": "off"})
        self._assistant = Assistant(settings, model=Planner(), tools=tutor_tools())

    def ask(self, learner: Learner, question: str, language: str) -> str:
        """What the tutor answers, with the disclaimers that belong to it.

        Args:
            learner: who asks; the case in view is theirs.
            question: in words.
            language: of what is said beside the answer.

        Raises:
            CaseError: there is no case to read, it is committed already, or the question cannot be used.
        """
        learner.note_question(question)
        answer = self._answer(learner, question)
        said = _without_closed_doors(answer.text, language)
        told = (say("teach.tutor_knows_nothing", language), *said, *answer.notices, *answer.disclaimers)
        return "\n\n".join(told)

    def close(self) -> None:
        """Let go of processes and connections."""
        self._assistant.close()

    def _answer(self, learner: Learner, question: str) -> Answer:
        """The chat of a learner on a case goes on; its pictures come with the first question."""
        mine = self._assistant.for_owner(f"learner-{learner.who.id}-{learner.place}")
        for row in mine.chats():
            return mine.chat(row.id).ask(question)
        return mine.chat().ask(question, [learner.image(number) for number in range(learner.image_count)])


def _without_closed_doors(text: str, language: str) -> list[str]:
    """The paragraphs of an answer; those that tell of closed tools become one sentence."""
    parts = text.split("\n\n")
    told = [part for part in parts if say("teach.closed") not in part]
    return told if len(told) == len(parts) else [*told, say("teach.closed", language)]


def tutor_tools() -> list[BaseTool]:
    """The planner's tools for a learner: those on pixels, and closed doors in place of all others."""
    every = build_tools()
    return [tool if tool.name in MAY else _closed(tool.name) for tool in every]


def _closed(name: str) -> BaseTool:
    def closed(
        runtime: ToolRuntime[CaseContext],  # noqa: ARG001 - given by the loop, as to every tool
        image_id: str = "",  # noqa: ARG001 - taken so that a call can be refused in words
        question: str = "",  # noqa: ARG001 - as above
    ) -> tuple[str, dict[str, Any]]:
        """Closed until the learner has committed to an answer.

        Args:
            runtime: given by the loop.
            image_id: any.
            question: the user's own words.
        """
        raise ToolUseError(say("teach.closed"))

    return case_tool(closed, name)
