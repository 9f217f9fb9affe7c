"""How the built-in planner hears what strangers wrote: dangers, wishes, yes/no questions, what not to do.

    python -m tests.bench.strangers [-v]

Each round in ``blind`` beside this was written by somebody who had seen neither the code nor an earlier
round. It was run once before anything was mended; README holds the figures of those first runs. What is
printed here is how a round does now, after it was learned from. ``-v`` prints what went wrong.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.hearing.harks import harks
from assistant.hearing.talk import OTHER
from assistant.planning.calls import calls_for
from assistant.planning.conversation import Conversation, ImageRow
from assistant.planning.danger import danger_in, danger_of
from assistant.planning.glossed import in_english
from assistant.planning.looks import looks_in
from assistant.planning.plan import make_tasks
from assistant.planning.slices import window_wished
from assistant.planning.tongue import language_of
from tools.language.kind_questions import kind_question
from tools.language.sayings import FIRST, languages

FOLDER = Path(__file__).with_name("blind")
ROUNDS = tuple(range(1, 17))
CHEST = ImageRow("img-1", "radiology", "DX", "chest", "file header")
HEAD = ImageRow("img-1", "radiology", "CT", "head", "file header", index=10, frames=30)
BRAIN = ImageRow("img-1", "radiology", "MR", "head", "file header", index=10, frames=30)
BREAST = ImageRow("img-1", "radiology", "MG", "breast", score=0.95)
LIVER = ImageRow("img-1", "radiology", "US", "abdomen", score=0.95)
PHOTO = ImageRow("img-1", "dermatology", "XC", "skin", score=0.95)
DERMOSCOPY = ImageRow("img-1", "dermatology", "DMS", "skin", score=0.95)
IMAGES = {
    "none": (), "radiograph": (CHEST,), "chest radiograph": (CHEST,), "ct": (HEAD,), "head ct": (HEAD,),
    "liver ultrasound": (LIVER,), "photo": (PHOTO,), "mole photo": (PHOTO,), "dermoscopy": (DERMOSCOPY,),
    "us": (LIVER,), "mr": (BRAIN,), "mammogram": (BREAST,),
    "two": (CHEST, ImageRow("img-2", "dermatology", "XC", "skin", score=0.95)),
}  # fmt: skip
READERS = {"radiology": "read_radiograph", "dermatology": "read_skin_image"}
CALLED = {
    "facts": "file_facts", "header": "file_facts", "textbook": "teach", "unclear": "other",
    "danger": "personal", "which_is": "what_is", "total_score": "measure", "photographing": "teach",
    "add_cases": "library", "change_cases": "library", "material": "teach", "language": "manage",
    "instructions": "capabilities",
    "level": "slice",
    "reader_quality": "why", "skin_tone": "capabilities", "sent": "privacy", "claim": "why", "limit": "teach",
    "for_care": "capabilities", "matches": "similar", "disagree": "other", "greeting": "thanks",
}  # fmt: skip
"""What the rounds call the planner's intents."""
TALKED = {
    **dict.fromkeys(("story", "bye", "remark", "sorry"), "thanks"),
    **dict.fromkeys(("from_cd", "who_for", "who_made", "human_behind", "worst_at", "what_reads", "scope",
                     "programs", "cost", "without_picture", "error_rates"), "capabilities"),
    **dict.fromkeys(("learns", "may_i_send"), "privacy"),
    **dict.fromkeys(("dose", "for_somebody", "why_no_dose"), "advice"),
    **dict.fromkeys(("at_home", "report"), "harm"),
}  # fmt: skip
"""The same of the kinds of talk that want no tool; the others are called other."""
TOOLS = {
    "measure": {"measure_lesion"}, "read": {*READERS.values()}, "similar": {"find_similar_cases"},
    "treat_as": {"treat_image_as"}, "slice": {"show_slice"}, "classify": {"classify_with_my_labels"},
}  # fmt: skip

NONE = "none"
"""What asks nothing of an answer."""

Row = dict[str, str]


def rows(kind: str, number: int) -> list[Row]:
    """The rows of one file of a round; none where it has no such file."""
    if not (FOLDER / f"{kind}_{number}.csv").exists():
        return []
    with (FOLDER / f"{kind}_{number}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pictures(image: str) -> tuple[ImageRow, ...]:
    """The pictures of a chat, by what the rounds call them."""
    return IMAGES.get(image.strip(), (CHEST,) if "radiograph" in image else (PHOTO,))


def talk(row: Row, image: str) -> Conversation:
    """The chat in which a message comes with its picture."""
    shown = pictures(image)
    ids = tuple(one.id for one in shown)
    spoken = language_of(row["text"])
    language = spoken if spoken in languages() else FIRST
    return in_english(
        Conversation(row["text"], ids, shown, readers=READERS, spoken=spoken, language=language)
    )


def dangers(number: int) -> Iterator[tuple[str, bool]]:
    """Whether each message is taken for what it is; real dangers are named."""
    for row in rows("danger", number):
        real = row["label"] != "no"
        yield f"{'danger' if real else 'none'}: {row['text']}", bool(danger_of(row["text"])) == real


def remembered(number: int) -> Iterator[tuple[str, bool]]:
    """Whether each message is a danger, or none, for the questions after it."""
    for row in rows("danger", number):
        real = row["label"] != "no"
        before = Conversation("hm", before=(row["text"],))
        yield f"{'danger' if real else 'none'}: {row['text']}", bool(danger_in(before)) == real


def wishes(number: int) -> Iterator[tuple[str, bool]]:
    """Whether one of the tasks, or of the two readings that are asked back, is what was wished."""
    for row in rows("questions", number):
        now = talk(row, row["images"])
        tasks = make_tasks(now)
        heard = {CALLED.get(one, one) for task in tasks for one in (task.intent, *task.either)}
        heard |= {TALKED.get(task.detail, "other") for task in tasks if task.intent == "talk"}
        orders = [task.clause for task in tasks if task.intent == "slice"]
        if any(window_wished(one) or looks_in(one) for one in orders):
            heard.add("display")  # set by the tool that shows slices
        if "other" in heard and not now.ids:
            heard.add("declined")  # what is outside is declined as well
        yield (
            f"{row['right']}, not {'/'.join(sorted(heard))}: {row['text']}",
            bool(heard & {*row["right"].split("/")}),
        )


def medical(number: int) -> Iterator[tuple[str, bool]]:
    """Whether no yes or no is said to what no file and no gate can know."""
    for row in rows("yesno", number):
        if row["right"] == "cannot tell":
            question = kind_question(row["text"])
            tasks = make_tasks(talk(row, row["image"]))
            said = any(task.intent == "what_is" for task in tasks) and question and not question.rest
            yield row["text"], not said


def undone(number: int) -> Iterator[tuple[str, bool]]:
    """Whether what is not to be done is left undone."""
    for row in rows("negation", number):
        now = talk(row, row["image"])
        # A picture that is drawn otherwise stays at its slice.
        called = {call.tool for call in calls_for(make_tasks(now), now) if not call.args.get("looks")}
        forbidden = {tool for one in row["not_done"].split("/") for tool in TOOLS.get(one, ())}
        yield f"{row['not_done']}: {row['text']}", not called & forbidden


def small_talk(number: int) -> Iterator[tuple[str, bool]]:
    """Whether a message without a picture is answered as the kind of talk that it is, and others are not."""
    for language, kind, said in _by_kind("talk", number):
        now = in_english(Conversation(said, spoken=language, language=language))
        told = {task.detail for task in make_tasks(now) if task.intent == "talk"}
        yield f"{kind}, not {'/'.join(told) or OTHER}: {said}", kind in told if kind != OTHER else not told


def asked_of_answers(number: int) -> Iterator[tuple[str, bool]]:
    """Whether what is asked of an answer is heard as what it is, and what asks nothing of it is not."""
    for language, kind, said in _by_kind("harks", number):
        scores = harks(said, language)
        told = max(scores, key=lambda one: scores[one])
        yield f"{kind}, not {told}: {said}", told == kind


def _by_kind(name: str, number: int) -> Iterator[tuple[str, str, str]]:
    """Language, kind and words of each message of a file of them."""
    held = json.loads((FOLDER / f"{name}_{number}.json").read_text(encoding="utf-8"))
    for language, kinds in held.items():
        for kind, messages in kinds.items():
            yield from ((language, kind, said) for said in messages)


def main() -> None:
    """Print a line a round and kind."""
    for name, judged, none in (
        ("small talk answered by its kind", [*small_talk(1)], OTHER),
        ("what is asked of answers heard by its kind", [*asked_of_answers(1)], NONE),
    ):
        _show(name, [one for one in judged if not one[0].startswith(f"{none}, ")])
        _show(f"others not taken for it: {name}", [one for one in judged if one[0].startswith(f"{none}, ")])
    for number in ROUNDS:
        told, later = [*dangers(number)], [*remembered(number)]
        for name, judged in (
            ("dangers heard", [one for one in told if one[0].startswith("danger")]),
            ("others left in peace", [one for one in told if one[0].startswith("none")]),
            ("dangers remembered", [one for one in later if one[0].startswith("danger")]),
            ("others not remembered", [one for one in later if one[0].startswith("none")]),
            ("wishes heard", [*wishes(number)]),
            ("medical yes/no questions not answered by the kind", [*medical(number)]),
            ("left undone as wished", [*undone(number)]),
        ):
            if judged:
                _show(f"round {number}: {name}", judged)


def _show(name: str, judged: Sequence[tuple[str, bool]]) -> None:
    right = sum(ok for _, ok in judged)
    print(f"{name}: {right} of {len(judged)} ({right / len(judged):.3f})")
    if "-v" in sys.argv:
        print("".join(f"    {text[:150]}\n" for text, ok in judged if not ok), end="")


if __name__ == "__main__":
    main()
