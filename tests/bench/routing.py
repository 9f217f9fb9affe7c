"""Where the built-in planner sends questions, against the routes that others and we gave them.

    python -m tests.bench.routing FOLDER/text/routing_questions.csv

FOLDER alone does as well. The file has the columns ``text``, ``route``, ``needs_image`` and ``source``. Some
of the planner's phrases were written with these questions at hand, so its figure says how well they are
covered, not how well unseen questions would be. ``routing_questions.csv`` beside this file holds questions of
ours that were written after the planner and before it was asked any of them; BLIND is the figure of that
first time.

What counts as right is what a user would see. A picture that came with the question: a tool is called on the
picture that the route is about, or it is asked back whether one should be. No picture: a radiology or skin
question from a textbook is declined as a medical question, as every such question is, and a person's own
complaint is sent to a clinician whatever organ it is about. Exit 1 below TARGET on rows whose route is
radiology, dermatology, non-medical or refuse.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.planning.calls import calls_for
from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.judge import ANSWERED
from assistant.planning.plan import make_tasks
from assistant.planning.task import NEEDS_IMAGE
from assistant.planning.tongue import language_of
from tools.language.subjects import MEDICAL

TARGET = 0.9
BLIND = "70.3 % of 155 scored questions"
OURS = Path(__file__).with_name("routing_questions.csv")
READERS = {"radiology": "read_radiograph", "dermatology": "read_skin_image"}
SCORED = ("radiology", "dermatology", "non_medical", "refuse")

RADIOGRAPH = ImageRow("img-1", "radiology", "DX", "chest", "file header")
PHOTOGRAPH = ImageRow("img-2", "dermatology", "XC", "skin")
IMAGES = {
    "none": (),
    "radiograph": (RADIOGRAPH,),
    "photograph": (PHOTOGRAPH,),
    "both": (RADIOGRAPH, PHOTOGRAPH),
}


@dataclass(frozen=True)
class Row:
    """One question: its route as labelled, the images it comes with, and whether a person complains in it."""

    text: str
    route: str
    images: str
    source: str
    complaint: bool = False

    @property
    def right(self) -> set[str]:
        """The planner's routes that are right."""
        if self.complaint:
            return {"person"}
        if self.route in ("radiology", "dermatology", "other_medical"):
            return {self.route} if self.images != "none" else {"medical"}
        return {"outside", "about Casebook"} if self.route == "non_medical" else {self.route}


def route(text: str, images: str) -> str:
    """Where the planner sends a question, in a chat to which these images were just added."""
    rows = IMAGES[images]
    ids = tuple(row.id for row in rows)
    talk = Conversation(text, ids, rows, readers=READERS, spoken=language_of(text))
    tasks = make_tasks(talk)
    intents = [task.intent for task in tasks]
    if "harm" in intents:
        return "refuse"
    if {"danger", "personal", "advice"} & set(intents):
        return "person"
    calls = [call for call in calls_for(tasks, talk) if "image_id" in call.args]
    asked = {talk.image(str(call.args["image_id"])).domain for call in calls}
    if asked:
        return asked.pop() if len(asked) == 1 else "both"
    if talk.ids and any({*task.either} & NEEDS_IMAGE for task in tasks):
        return talk.image(talk.ids[-1]).domain
    return _without_tools(text, intents[0])


def _without_tools(text: str, intent: str) -> str:
    if intent == "unclear" and language_of(text) not in ANSWERED:
        return "another language"
    if intent in ("textbook", "teach", "glossary", "limit", *NEEDS_IMAGE) or (
        intent == "unclear" and MEDICAL.search(text)
    ):
        return "medical"
    return "outside" if intent == "unclear" else "about Casebook"


def report(name: str, rows: list[Row]) -> float:
    """Print shares, the confusion table and the misses; returns the share on the scored rows."""
    routed = [(row, route(row.text, row.images)) for row in rows]
    scored = [(row, to) for row, to in routed if row.route in SCORED]
    share = sum(to in row.right for row, to in scored) / len(scored)
    print(f"\n{name}: {len(rows)} questions; right on {100 * share:.1f} % of the {len(scored)} scored ones")
    for label in dict.fromkeys(row.route for row in rows):
        here = [(row, to) for row, to in routed if row.route == label]
        where = Counter(to for _, to in here).most_common()
        right = sum(to in row.right for row, to in here)
        print(f"  {label:14} {right:3} of {len(here):3} right: {', '.join(f'{to} {n}' for to, n in where)}")
    for row, to in routed:
        if row.route in SCORED and to not in row.right:
            print(f"    {row.route} ({row.source or 'ours'}, {row.images}) → {to}: {row.text[:110]!r}")
    return share


def given(path: Path) -> list[Row]:
    """The rows of the given file; every picture in it is a radiology image or a pathology slide."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                one["text"],
                "person" if one["route"].startswith("triage") else one["route"],
                "radiograph" if one["needs_image"] == "yes" else "none",
                one["source"],
                complaint=one["source"] == "Symptom2Disease",
            )
            for one in csv.DictReader(file)
        ]


def ours() -> list[Row]:
    """Our own questions."""
    with OURS.open(encoding="utf-8", newline="") as file:
        return [Row(one["text"], one["route"], one["images"], "") for one in csv.DictReader(file)]


def main() -> int:
    """Print both reports."""
    if len(sys.argv) != 2:
        print("Say where the questions are: python -m tests.bench.routing FOLDER/text/routing_questions.csv")
        return 2
    path = Path(sys.argv[1])
    path = path / "text" / "routing_questions.csv" if path.is_dir() else path
    if not path.is_file():
        print(f"There are no questions in {path}.")
        return 2
    share = report("given questions, some of which the planner's phrases were written for", given(path))
    report("questions of ours", ours())
    print(f"\nThe first time, before anything was mended for them, ours were right on {BLIND}.")
    print(f"Target {100 * TARGET:.0f} % on the given questions: {'met' if share >= TARGET else 'MISSED'}.")
    return 0 if share >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
