"""What a whole message asks for before its clauses are looked at: moves, windows, facts, earlier answers."""

from __future__ import annotations

from assistant.planning.card_quiz import task_of as quiz_task
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.goes_on import of_what_is_told
from assistant.planning.harked import harked
from assistant.planning.judge import HALF
from assistant.planning.kind_told import of_the_kind
from assistant.planning.library import move_in
from assistant.planning.looked_back import looked_back
from assistant.planning.looks import only_looks, retouched
from assistant.planning.named_facts import named_facts
from assistant.planning.of_a_card import of_the_card
from assistant.planning.possible import surely
from assistant.planning.reference import BRINGS
from assistant.planning.regions import regions
from assistant.planning.task import Task
from assistant.planning.told_scale import scale_given
from assistant.planning.windows_shown import of_windows
from assistant.planning.words import Intent, intent_of
from tools.language.rules import heard

POLITE: tuple[Intent, ...] = ("thanks", "greeting")
_TOLD = heard("questions", "only_tells")


def said_of_no_picture(talk: Conversation) -> Task | None:
    """A move in a quiz, or what of a picture is told or only supposed."""
    if answer := move_in(talk):
        return Task("library", answer, detail="quiz")
    if quiz := quiz_task(talk):
        return quiz
    return of_what_is_told(talk) or of_the_kind(talk.said or talk.question, talk.question, talk)


def stated(talk: Conversation) -> list[Task]:
    """What is asked of a region's values, of windows, of facts by name, or of earlier answers; else none."""
    said = talk.said or talk.question
    found = regions(talk) or of_windows(talk) or only_looks(said, talk) or retouched(said, talk)
    found = found or scale_given(talk) or named_facts(talk) or looked_back(talk)
    return found or [one for one in (of_the_card(talk),) if one] or harked(talk)


def without_telling(tasks: list[Task]) -> list[Task]:
    """The tasks without what is only told where another asks for the kind: “got this. What is it?”."""
    kind = any(one.intent == "what_is" for one in tasks)
    return [one for one in tasks if not (kind and _only_tells(one))]


def _only_tells(task: Task) -> bool:
    """Whether the clause of a task about a picture neither asks nor orders."""
    if task.clause.rstrip().endswith("?"):
        return False
    if _TOLD.search(task.clause):
        return task.intent in ("read", "describe", "recall", "claim", "capabilities")
    wishes = ("read", "describe")
    unknown = intent_of(task.clause)[0] == "unclear" and surely(task.clause, HALF) not in wishes
    return task.intent in wishes and unknown


def with_picture(tasks: list[Task], talk: Conversation) -> list[Task]:
    """What a picture is that came with thanks alone: “ok thx. here's my scan”."""
    only_polite = bool(talk.attached) and all(one.intent in POLITE for one in tasks)
    brought = any(BRINGS.search(one) for one in clauses(talk.question))
    return [Task("what_is", talk.question, talk.attached)] if only_polite and brought else tasks
