"""Who helps before the commit: the built-in planner over the pictures alone, and the teacher's hints.

It is made without the library, without readers and without anything of the case but pixels, scale and kind of
picture, so it has nothing to give away, whatever it is asked. A language model is asked only in the arm
“model” of a study, with the same tools and no more to know.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from assistant.chat import Assistant
from assistant.planning.planner import Planner
from store.errors import ToolUseError
from store.pictures.seen import Drawn, Seen
from tools.catalogue import case_tools
from tools.context import CaseTool, ToolTurn, case_tool
from tools.language.sayings import say, was_said

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.build import Services
    from assistant.teaching.learner import Learner
    from store.teaching.options import Arm

MAY = (
    "inspect_image",
    "measure_lesion",
    "measure_region",
    "compare_regions",
    "show_slice",
    "treat_image_as",
    "describe_view",
)
"""Tools that tell of pixels alone."""
# A learner can do nothing about a reader that is not set up, and none would be asked before the commit.
_CLOSED = ("teach.closed", "reading.cannot_tell", "reading.none_here")
_IMAGE = re.compile(r"\bimg-(\d+)\b")


class Tutor:
    """Answers learners' questions on the case before them. Close it at the end.

    Args:
        services: the installation; the tutor keeps its chats there and shares nothing else.
    """

    def __init__(self, services: Services) -> None:
        # Text in the pixels was looked for when the case was made: not again with every first question.
        off = {"burned_in": "off", "faces": "off"}
        self._settings = services.settings.model_copy(update=off)
        self._services = services
        self._lock = threading.Lock()
        self._made: dict[Arm, Assistant] = {}
        # Of chats in which something is asked now; a lock that nobody holds goes by itself.
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

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
        for assistant in self._made.values():
            assistant.close()

    def _of(self, arm: Arm) -> Assistant:
        """Who helps in an arm, made when it is first asked."""
        with self._lock:
            if arm not in self._made:
                model = self._services.speaker[0] if arm == "model" else Planner()
                self._made[arm] = Assistant(self._settings, model=model or Planner(), tools=tutor_tools())
            return self._made[arm]

    def _answer(self, learner: Learner, question: str) -> Answer:
        """The chat of a learner on a case goes on; its pictures come with the first question.

        A question that is sent while the one before is answered waits for it.
        """
        with self._lock:
            turn = self._turns.setdefault(learner.who.helped_at(learner.place), threading.Lock())
        with turn:
            return self._answered(learner, question)

    def _answered(self, learner: Learner, question: str) -> Answer:
        mine = self._of(learner.arm).for_owner(learner.who.helped_at(learner.place))
        seen = drawn_by(learner)
        for row in mine.chats():
            return mine.chat(row.id).start(question, seen=seen).answer()
        images = [learner.image(number) for number in range(learner.image_count)]
        return mine.chat().start(question, images, seen=seen).answer()


def drawn_by(learner: Learner) -> dict[str, Seen]:
    """What a learner drew, as the tutor's chat takes it: each picture at the slice of its last mark."""
    found: dict[str, Seen] = {}
    for one in learner.marks:
        name = f"img-{one.image}"
        before = found[name].marks if name in found else ()
        mark = Drawn(one.shape, one.slice - 1, one.points, one.caption)
        found[name] = Seen(mark.slice, marks=(*before, mark))
    return found


def _without_closed_doors(text: str, language: str) -> list[str]:
    """The paragraphs of an answer; those that tell of closed tools or of missing readers become one sentence.

    Pictures are called as the learner's page calls them.
    """
    parts = _IMAGE.sub(lambda one: say("teach.picture_name", language, number=one[1]), text).split("\n\n")
    told = [part for part in parts if not any(was_said(name, part) for name in _CLOSED)]
    return told if len(told) == len(parts) else [*told, say("teach.closed", language)]


def tutor_tools() -> list[CaseTool]:
    """The planner's tools for a learner: those on pixels, and closed doors in place of all others."""
    every = case_tools()
    return [tool if tool.name in MAY else _closed(tool.name) for tool in every]


def _closed(name: str) -> CaseTool:
    def closed(
        runtime: ToolTurn,  # noqa: ARG001 - given by the loop, as to every tool
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
