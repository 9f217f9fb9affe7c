"""`quiz`: cases of the library to be guessed, their labels hidden until the answer.

How it stands is in the newest `Quiz` record of the chat, which never holds the label of a case in question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from store.cases.library import Library
from store.errors import ToolUseError
from store.records import LibraryCase, Modality, Picture, Quiz, Record
from tools.cards import Card
from tools.context import CaseTool, ToolTurn, case_tool, evidence
from tools.language.library import seed_in, seed_of
from tools.language.quiz import Said, meant_in_quiz, said_in_quiz
from tools.library import sentences
from tools.library.choosing import Held, held_cases, record_of
from tools.library.drawing_lots import asking, new_quiz

CARD = Card(
    name="library quiz",
    checkpoint="built in",
    revision="1",
    modalities=get_args(Modality),
    input_contract="words: what to be asked about, an answer, or reveal, next, stop",
    labels=(),
    licence="Apache-2.0; every case keeps the licence of its source",
    intended_use="Ask for the hidden label of cases of the user's own library, and tell it after the answer.",
    limits=(
        "Right is what the library's label says; nobody here checks that label.",
        "It asks only for cases that came with a picture, two labels at least.",
    ),
    disclaimers=(),
    source="",
)

# What is said of a quiz that leaves it as it stands.
_KEPT = {"level": "no_levels", "subject": "other_cases"}


@dataclass(frozen=True)
class Step:
    """What a quiz says next, with how it stands, and the case that was answered or is asked."""

    said: tuple[str, ...]
    quiz: Quiz
    told: LibraryCase | None = None
    asked: LibraryCase | None = None

    def records(self) -> list[Record]:
        """As evidence. Of the case in question only its picture is told."""
        found: list[Record] = [self.quiz, *([self.told] if self.told else [])]
        if self.asked:
            caption = f"Case {self.quiz.number} of {len(self.quiz.cases)}: which label?"
            alt = f"{caption} Its label is hidden."
            found.append(Picture(image_id="", key=self.asked.key, caption=caption, alt=alt))
        return found


def next_step(library: Library, clause: str, state: Quiz | None, seed: int) -> Step:
    """What follows on what somebody said.

    Args:
        library: the user's case library.
        clause: what they said.
        state: how the quiz of the chat stands; None without one.
        seed: of a new quiz where the words name none.

    Raises:
        ToolUseError: no quiz is under way, or there is too little in the library for one.
    """
    going = state if state and not state.over else None
    said = said_in_quiz(clause, going.options if going and going.open else ())
    if said and said.move == "begin":
        return _begun(clause, held_cases(library), seed_in(clause, seed))
    if said and said.move == "score" and state:
        return _scored(state)
    if going is None:
        raise ToolUseError(sentences.told("no_quiz"))
    held = [one for one in held_cases(library) if one.collection == going.collection]
    if not going.open and (meant := meant_in_quiz(clause, going.options)):
        return _corrected(meant, going, held)
    return _aside(said, going, held) or _gone_on(said or Said("unclear"), going, held)


def _begun(clause: str, held: Sequence[Held], seed: int) -> Step:
    if not held:
        raise ToolUseError(sentences.told("empty"))
    quiz, unknown = new_quiz(clause, held, seed)
    noted = (sentences.not_used(unknown),) if unknown else ()
    said = (sentences.begun(quiz), *noted, sentences.question(quiz))
    return Step(said, quiz, asked=_case(quiz, held))


def _scored(quiz: Quiz) -> Step:
    """How a quiz stands, or stood."""
    if quiz.over:
        return Step((sentences.ended(quiz),), quiz)
    return Step((sentences.score(quiz), _how_to_go_on(quiz)), quiz)


def _how_to_go_on(quiz: Quiz) -> str:
    return sentences.which(quiz) if quiz.open else sentences.told("go_on")


def _aside(said: Said | None, quiz: Quiz, held: Sequence[Held]) -> Step | None:
    """What is said of a case with the quiz left as it stands; None for a move that changes it."""
    move, case = said.move if said else "", _case(quiz, held)
    if move in _KEPT:
        return Step((sentences.told(_KEPT[move]), _how_to_go_on(quiz)), quiz)
    if move in ("repeat", "meaning"):
        asked = (sentences.question(quiz), case) if quiz.open else (_how_to_go_on(quiz), None)
        return Step((asked[0],), quiz, asked=asked[1])
    if move == "hint":
        hints = (sentences.hint(quiz, case.label),) if quiz.open and case else (_how_to_go_on(quiz),)
        return Step(hints, quiz)
    if move == "explain" and quiz.open:
        return Step((sentences.told("told_after"), _how_to_go_on(quiz)), quiz)
    if move == "explain" and case:
        verdict = sentences.verdict(case, "", False)
        return Step((verdict, sentences.told("no_reasons"), sentences.told("go_on")), quiz, case)
    return None


def _corrected(meant: str, quiz: Quiz, held: Sequence[Held]) -> Step:
    """The last answer counted anew, by the option that was meant."""
    case = _case(quiz, held)
    if case is None:
        return Step((sentences.told("gone"), sentences.told("go_on")), quiz)
    if not quiz.given:
        told = sentences.told("not_counted", given=sentences.quoted(meant))
        return Step((told, sentences.score(quiz), sentences.told("go_on")), quiz, case)
    right = quiz.right - (quiz.given == case.label) + (meant == case.label)
    anew = quiz.model_copy(update={"right": right, "given": meant})
    counted = sentences.told("counted_anew", given=sentences.quoted(meant))
    verdict = sentences.verdict(case, meant, meant == case.label)
    return Step((counted, verdict, sentences.score(anew), sentences.told("go_on")), anew, case)


def _gone_on(said: Said, quiz: Quiz, held: Sequence[Held]) -> Step:
    """What follows in a quiz that is under way."""
    if said.move == "unclear":
        return Step((_how_to_go_on(quiz),), quiz)
    if said.move == "reveal" and not quiz.open:
        case, _, verdict = _told(said, quiz, held)
        return Step((*verdict, sentences.score(quiz), sentences.told("go_on")), quiz, case)
    told, quiz, verdict = _told(said, quiz, held) if quiz.open else (None, quiz, ())
    if said.move == "stop" or quiz.number == len(quiz.cases):
        over = quiz.model_copy(update={"over": True})
        return Step((*verdict, sentences.ended(over)), over, told)
    if said.move != "next":
        return Step((*verdict, sentences.score(quiz), sentences.told("go_on")), quiz, told)
    return _asked_next(quiz, held, told, verdict)


def _told(said: Said, quiz: Quiz, held: Sequence[Held]) -> tuple[LibraryCase | None, Quiz, tuple[str, ...]]:
    """The case in question with its label, the quiz after it, and what is said of it."""
    case = _case(quiz, held)
    closed = quiz.model_copy(update={"open": False})
    if case is None or case.label not in quiz.options:
        return None, closed, (sentences.told("gone"),)
    right = said.option == case.label
    if said.option:
        counts = {"answered": quiz.answered + 1, "right": quiz.right + right, "given": said.option}
        closed = closed.model_copy(update=counts)
    return case, closed, (sentences.verdict(case, said.option, right),)


def _asked_next(quiz: Quiz, held: Sequence[Held], told: LibraryCase | None, verdict: tuple[str, ...]) -> Step:
    """The next case that is still in the library."""
    there = {one.case.id for one in held}
    left = [n for n in range(quiz.number + 1, len(quiz.cases) + 1) if quiz.cases[n - 1] in there]
    if not left:
        over = quiz.model_copy(update={"over": True})
        return Step((*verdict, sentences.told("gone"), sentences.ended(over)), over, told)
    after = asking(quiz, left[0], held)
    return Step((*verdict, sentences.question(after)), after, told, _case(after, held))


def _case(quiz: Quiz, held: Sequence[Held]) -> LibraryCase | None:
    wanted = quiz.cases[quiz.number - 1]
    return next((record_of(one.case) for one in held if one.case.id == wanted), None)


def build_quiz() -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def quiz(question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use for a quiz on the case library: to begin one, and for each answer, "reveal", "next", "stop".

        Never guess the hidden label yourself.

        Args:
            question: the user's own words.
            runtime: given by the loop.
        """
        context = runtime.context
        state = context.last("quiz")
        step = next_step(
            context.library(), question, state if isinstance(state, Quiz) else None, seed_of(context.turn_id)
        )
        content = " ".join(step.said)
        return evidence(content, step.records(), image_id="", model=CARD.name, revision=CARD.revision)

    return quiz
