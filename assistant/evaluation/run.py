"""`evaluate`: ask the reader alone and the agent the same questions, and keep and count what they say.

`rescore` counts again what was kept, and asks nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.asking import Examinee, Replies
from assistant.evaluation.figure import draw_accuracy
from assistant.evaluation.made_with import NO_READER, chat_model_revision, made_with
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.remarks import another_question, remarks
from assistant.evaluation.report import report
from assistant.evaluation.results import (
    FIGURE,
    MARKS,
    REPORT,
    SUMMARY,
    Results,
    Row,
    open_results,
    reopen_results,
)
from assistant.evaluation.scoring import answered, left_out, marks_of, scored
from assistant.evaluation.summary import Summary, summarise
from store.errors import CaseError, SetupError

if TYPE_CHECKING:
    from assistant.chat import Assistant

Progress = Callable[[int, int], None]
Ask = Callable[[Sequence[Question]], Generator[Replies, None, None]]
"""Asks questions: for each, in their order, what both replied."""


@dataclass(frozen=True)
class Evaluation:
    """What came of it.

    Attributes:
        folder: holds every answer, the figures, a report, a picture, and what it was made with.
        summary: the figures, as in ``summary.json``.
        earlier: how many questions an earlier run had asked.
    """

    folder: Path
    summary: Summary
    earlier: int


def evaluate(
    questions: Path | str,
    *,
    out: Path | str | None = None,
    assistant: Assistant | None = None,
    reader: str | None = None,
    agent: bool = True,
    limit: int | None = None,
    again: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    over: Callable[[Examinee], Ask] | None = None,
) -> Evaluation:
    """Ask questions with known answers and count how many are right; goes on where it was cut off.

    Args:
        questions: a file with a JSON object per line: question, answer, and if you like image, choices,
            category, group, tool and id.
        out: folder of the results; by default NAME-results beside where you are.
        assistant: whom to ask; one with the settings of the environment by default.
        reader: the reader that both must ask; by default each picture's kind decides, as in a chat;
            ``none`` asks the agent alone.
        agent: whether to ask the agent.
        limit: ask only the first so many.
        again: throw away what is in the folder.
        progress: called with (questions done, questions in all) after each that is kept.
        tell: called before anything is asked with each remark on the file, such as a field not known.
        over: makes what asks; by default questions are asked here, one after the other.

    Raises:
        CaseError: the file or the folder cannot be used, or nobody is to be asked.
        SetupError: the reader is not set up.
    """
    from assistant.chat import Assistant

    path = Path(questions)
    wanted = read_questions(path)[:limit]
    odd = remarks(wanted, path.parent)
    if tell is not None:
        for remark in odd:
            tell(remark)
    folder = _folder(path, out)
    with nullcontext(assistant) if assistant is not None else closing(Assistant()) as whom:
        asked = _examinee(whom, reader, agent=agent)
        with open_results(folder, made_with(path, asked), again=again) as results:
            earlier = sum(one.id in results.rows for one in wanted)
            try:
                _ask_all(over(asked) if over else asked.ask_each, wanted, results, progress)
            finally:
                summary = _write(results, wanted, odd, path.name)
    return Evaluation(folder, summary, earlier)


def rescore(
    questions: Path | str,
    *,
    out: Path | str | None = None,
    limit: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> Evaluation:
    """Score the kept answers of a run again, by today's rules and right answers; asks nothing.

    Args:
        questions: the file; right answers, categories, groups and tools may have been mended in it.
        out: folder of the results; by default NAME-results beside where you are.
        limit: score only the first so many.
        tell: called with each remark on the file.

    Raises:
        CaseError: the file or the folder cannot be used, or there are no results to score.
    """
    path, folder = Path(questions), _folder(Path(questions), out)
    wanted = read_questions(path)[:limit]
    with reopen_results(folder) as results:
        others = left_out(wanted, results.rows)
        odd = [*remarks(wanted, path.parent), *another_question(others)]
        if tell is not None:
            for remark in odd:
                tell(remark)
        summary = _write(results, wanted, odd, path.name)
    return Evaluation(folder, summary, summary["asked"])


def _folder(path: Path, out: Path | str | None) -> Path:
    return Path(out) if out is not None else Path(f"{path.stem}-results")


def _examinee(assistant: Assistant, reader: str | None, *, agent: bool) -> Examinee:
    alone = reader != NO_READER
    named = None if reader in (None, NO_READER) else reader
    if not alone and not agent:
        raise CaseError("Nobody is to be asked. Leave out --reader none or --no-agent.")
    readers = assistant.services.readers
    if named is not None:
        readers.require(named)
    elif alone and not agent and not readers.set_up():
        raise SetupError("No reader is set up, so none can be asked alone. See casebook models list.")
    revision = chat_model_revision(assistant.services) if agent else None
    return Examinee(assistant, named, alone, agent, revision)


def _ask_all(ask: Ask, wanted: list[Question], results: Results, progress: Progress | None) -> None:
    """Ask what has no row yet, and what ended in an error."""
    open_ = {one.id for one in wanted if _is_open(results.rows.get(one.id))}
    with closing(ask([one for one in wanted if one.id in open_])) as replies:
        for done, one in enumerate(wanted, 1):
            if one.id in open_:
                results.add({"id": one.id, "line": one.line, "asked": one.asked, **next(replies)})
            if progress is not None:
                progress(done, len(wanted))


def _is_open(row: Row | None) -> bool:
    return row is None or any(row[who] and row[who]["error"] for who in ("reader", "agent"))


def _write(results: Results, wanted: list[Question], odd: list[str], name: str) -> Summary:
    done = answered(wanted, results.rows)
    rows = {one.id: scored(one, results.rows[one.id]) for one in done}
    marks = [json.dumps(marks_of(one, rows[one.id]), ensure_ascii=False) + "\n" for one in done]
    results.write(MARKS, "".join(marks))
    summary = {**summarise(wanted, rows), "remarks": odd}
    results.write(SUMMARY, json.dumps(summary, ensure_ascii=False, indent=2))
    if summary["asked"]:
        results.write(REPORT, report(summary, name))
        results.write(FIGURE, draw_accuracy(summary))
    return summary
