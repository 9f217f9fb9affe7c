"""Whether the agent is ever worse than the reader it asks, whatever language model is set.

    python -m tests.bench.never_worse QA.json                  VQA-RAD, its pictures beside it
    python -m tests.bench.never_worse QA.json --sample 60 --gguf OTHER.gguf --sample-of-files 12

A scripted reader gives a share of the closed questions rightly, always the same ones. The agent is asked the
same over a model that repeats what the tools said, one that says the opposite, one that never calls a tool,
over SmolLM2-135M-Instruct and over any GGUF file named. Files have the role “agent”, the most they may have.
Where no reader is named, a picture whose kind nobody can tell and which does not lean to radiology is read by
the reader alone only.
Fails where the paired difference agent − reader is below zero.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from assistant import Assistant, Settings, evaluate, load_settings
from assistant.evaluation.layouts import convert
from assistant.evaluation.report import shown, signed
from assistant.evaluation.run import Evaluation
from assistant.evaluation.summary import Summary
from tests.assistant.llm.test_smollm2 import smollm2
from tests.bench.fidelity import KnowingPictures, answers
from tests.scripted.chat_model import ScriptedModel
from tests.scripted.evaluation import reading

SEED = 11
"""Of the sample. Ours."""
SAME: dict[str, Any] = {"burned_in": "off"}
"""A picture whose text was masked would be another than the reader alone gets."""


class Repeating(ScriptedModel):
    """Says what the latest tool said."""

    replies: list[AIMessage] = []  # noqa: RUF012  a pydantic field

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        found = [one.text for one in messages if isinstance(one, ToolMessage)]
        return AIMessage(re.sub("</?data>", "", found[-1]) if found else "I cannot tell.")


class Lying(Repeating):
    """Says the opposite, and more."""

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        said = super()._next(messages).text
        opposite = "Yes, there is, 12 mm wide." if re.search(r"\bno\b", said, re.I) else "No, there is none."
        return AIMessage(f"{opposite} The reading model says “{opposite.partition(',')[0]}.”")


def scripted() -> dict[str, ScriptedModel]:
    """The models that stand in for good and bad ones."""
    return {
        "repeats the tools": Repeating(),
        "says the opposite": Lying(),
        "never calls a tool": ScriptedModel(replies=[AIMessage("Yes, I think so.")]),
    }


def sampled(source: Path, folder: Path, most: int | None) -> Path:
    """The closed questions of the set, by its own word, or a sample of so many, as a file for `evaluate`.

    Those about one picture follow one another, so that it is read once.
    """
    everything = folder / "all.jsonl"
    if not everything.exists():
        convert("vqa-rad", source, everything)
    closed = {
        str(row["qid"])
        for row in json.loads(source.read_text(encoding="utf-8"))
        if row["answer_type"].strip().upper() == "CLOSED"
    }
    lines = everything.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line for line in lines if json.loads(line)["id"] in closed]
    if most is not None:
        lines = random.Random(SEED).sample(lines, min(most, len(lines)))
    lines.sort(key=lambda line: str(json.loads(line)["image"]))
    path = folder / f"closed-{most}.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def asked(given: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Evaluation]]:
    """What came of each model."""
    path = sampled(given.questions, folder, given.sample)
    with Assistant(load_settings(home=folder / "answers", **SAME)) as assistant:
        readers = KnowingPictures(answers(assistant, path), given.share)
    chosen = {name: model for name, model in scripted().items() if given.only is None or name in given.only}
    for name, model in chosen.items():
        yield (
            name,
            _evaluated(
                path, folder, name, readers, load_settings(home=folder / name, **SAME), model, given.reader
            ),
        )
    path = sampled(given.questions, folder, given.sample_of_files or given.sample)
    for file in (smollm2(), *given.gguf):
        if given.only is not None and file.name not in given.only:
            continue
        settings = load_settings(
            home=folder / file.name,
            llm_path=file,
            llm_role="agent",
            llm_plain=True,
            llm_max_tokens=96,
            llm_threads=1,
            **SAME,
        )
        yield file.name, _evaluated(path, folder, file.name, readers, settings, None, given.reader)


def _evaluated(
    path: Path,
    folder: Path,
    name: str,
    readers: KnowingPictures,
    settings: Settings,
    model: ScriptedModel | None,
    reader: str | None,
) -> Evaluation:
    with Assistant(settings, model=model) as assistant, reading(readers):
        return evaluate(path, out=folder / f"{name} results", assistant=assistant, reader=reader)


def main() -> int:
    """Ask, show a line per model; 1 when one makes the agent worse than its reader."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.never_worse", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QA.json", help="VQA-RAD, its pictures beside it")
    parser.add_argument("--share", type=int, default=70, help="of a hundred, how many the reader gets right")
    parser.add_argument("--sample", type=int, help="ask so many of the closed questions instead of all")
    parser.add_argument("--reader", help="name the reader in every question, as somebody may")
    parser.add_argument("--only", nargs="*", help="only these models, by the name in their line")
    parser.add_argument("--sample-of-files", type=int, help="so many where a GGUF file is asked")
    parser.add_argument("--gguf", type=Path, nargs="*", default=[], help="further GGUF files to ask")
    given = parser.parse_args()
    worse = False
    with tempfile.TemporaryDirectory() as folder:
        for name, done in asked(given, Path(folder)):
            sys.stdout.write(f"{name}: {told(done.summary)}\n")
            sys.stdout.flush()
            worse |= done.summary["difference"]["all"]["value"] < 0
    return 1 if worse else 0


def told(summary: Summary) -> str:
    """The figures of one model in a line."""
    agent, difference = summary["agent"], summary["difference"]["all"]
    by_planner = (summary["by_planner"] or {"answered": 0})["answered"]
    return (
        f"{difference['items']} closed questions; reader {shown(summary['reader']['accuracy']['all'])}, "
        f"agent {shown(agent['accuracy']['all'])}, strict {shown(agent['strict']['all'])}; agent − reader "
        f"{signed(difference)}; right alone: reader {summary['only_reader_right']}, agent "
        f"{summary['only_agent_right']}; the planner in the model's place {by_planner}; errors "
        f"{agent['errors']}; median {agent['seconds_median']:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
