"""`casebook eval`: how often the reader alone and the agent are right, on questions of one's own."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console, over_ray
from assistant.commands.opening import opened, readable

if TYPE_CHECKING:
    from assistant.evaluation.run import Evaluation


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "eval", help="ask questions with known answers, and count; goes on where it was cut off"
    )
    parser.add_argument("questions", metavar="QUESTIONS.jsonl", help="question, answer, image, choices, …")
    parser.add_argument(
        "--reader",
        metavar="NAME",
        help="the reader that both must ask; by default each picture's kind decides, as in a chat; "
        "none asks the agent alone",
    )
    parser.add_argument(
        "--agent", action=argparse.BooleanOptionalAction, default=True, help="ask the agent; it is by default"
    )
    parser.add_argument("--out", metavar="DIR", help="folder of the results; by default ./NAME-results")
    parser.add_argument("--limit", metavar="N", type=_above_zero, help="ask only the first N")
    anew = parser.add_mutually_exclusive_group()
    anew.add_argument("--again", action="store_true", help="throw away earlier results and start over")
    anew.add_argument(
        "--rescore",
        action="store_true",
        help="ask nothing: score the kept answers by the rules and right answers of today",
    )
    over_ray.add_to(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Ask or score again, show the figures, say where the report lies."""
    from assistant.evaluation.report import headline

    try:
        done = _rescored(given) if given.rescore else _asked(given)
    except KeyboardInterrupt:
        console.note("\nStopped. What was asked is kept; the same command goes on from there.")
        return console.STOPPED
    if given.json:
        console.write_json({"folder": str(done.folder), "earlier": done.earlier, **done.summary})
        return console.DONE
    console.write(headline(done.summary))
    console.note(f"Report, figure and every answer are in {done.folder}.")
    return console.DONE


def _asked(given: argparse.Namespace) -> Evaluation:
    from assistant.evaluation.run import evaluate

    path = readable(given.questions)
    with (
        opened() as assistant,
        over_ray.cluster_of(given, assistant) as cluster,
        console.progress_bar("questions") as progress,
    ):
        over = None
        if cluster is not None:
            from assistant.cluster.questions import asking_over

            over = asking_over(cluster)
        return evaluate(
            path,
            out=given.out,
            assistant=assistant,
            reader=given.reader,
            agent=given.agent,
            limit=given.limit,
            again=given.again,
            progress=progress,
            tell=console.note,
            over=over,
        )


def _rescored(given: argparse.Namespace) -> Evaluation:
    from assistant.evaluation.run import rescore
    from store.errors import CaseError

    if given.reader or not given.agent or given.ray:
        raise CaseError("--rescore asks nobody. Leave out --reader, --no-agent and --ray.")
    return rescore(readable(given.questions), out=given.out, limit=given.limit, tell=console.note)


def _above_zero(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return number
