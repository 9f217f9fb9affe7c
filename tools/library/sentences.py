"""What is said of the case library, from ``library_tools.toml``: counts, cases shown, a case kept, a quiz.

In English, as tools speak to models and to the evidence; an answer in another language says it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from store.records import Holdings, LibraryCase, Quiz
from tools.language import sayings
from tools.language.sayings import FIRST

_LISTED = 12
_HOW = {"at random": "at_random", "newest first": "newest_first", "as imported": "as_imported"}


def told(name: str, /, **fields: object) -> str:
    """A sentence of ``library_tools.toml`` in English."""
    return sayings.say(f"library_tools.{name}", FIRST, **fields)


def quoted(label: str) -> str:
    """A label as words of somebody else."""
    return f"“{' '.join(label.split())}”"


def counted(labels: Mapping[str, int]) -> str:
    """How many cases there are of each label, the most first."""
    ordered = sorted(labels.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = len(ordered) - _LISTED
    counts = [f"{number:,} {quoted(label)}" for label, number in ordered]
    if rest <= 1:
        return ", ".join(counts)
    return told("more_labels", labels=", ".join(counts[:_LISTED]), number=rest)


def cases(number: int) -> str:
    """“1 case”, “12 cases”."""
    return told("one_case") if number == 1 else told("cases", number=f"{number:,}")


def number_of(holdings: Holdings) -> str:
    """How many cases fit, and of which labels."""
    held = cases(holdings.size)
    first = told("holds", cases=held)
    if holdings.chosen:
        first = told("chosen", cases=held, among=f"{holdings.among:,}", chosen=holdings.chosen)
    where = ", ".join(
        told("in_collection", number=f"{number:,}", name=name)
        for name, number in holdings.collections.items()
    )
    several = len(holdings.labels) > 1 or not holdings.chosen
    by = told("by_label", labels=counted(holdings.labels)) if several else ""
    by_collection = told("by_collection", collections=where) if len(holdings.collections) > 1 else ""
    return " ".join(filter(None, (first, by, by_collection, told("not_a_diagnosis"))))


def shown(holdings: Holdings, found: Sequence[LibraryCase]) -> str:
    """Which cases are shown, and how they were taken."""
    seed: dict[str, object] = {"seed": holdings.seed} if holdings.order == "at random" else {}
    labels: dict[str, int] = {}
    for one in found:
        labels[one.label] = labels.get(one.label, 0) + 1
    said = partial(
        told,
        count=len(found),
        cases=cases(holdings.size),
        how=told(_HOW[holdings.order], **seed),
        labels=counted(labels),
    )
    first = said("shown_chosen", chosen=holdings.chosen) if holdings.chosen else said("shown")
    bare = told("bare") if any(not one.key for one in found) else ""
    return " ".join(filter(None, (first, bare, told("not_a_diagnosis"))))


def none_fit(chosen: str, unknown: Sequence[str], labels: Mapping[str, int]) -> str:
    """That no case is what was asked for, and which labels there are."""
    words = chosen or " ".join(quoted(word) for word in unknown)
    return told("none_fit", chosen=words, labels=counted(labels))


def not_used(unknown: Sequence[str]) -> str:
    """Words of the question that chose nothing."""
    return told("not_used", words=", ".join(map(quoted, unknown)))


def saved(image_id: str, label: str, meant: str) -> str:
    """That a picture is a case now."""
    if meant.casefold() == label.casefold():
        return told("saved", image=image_id, label=quoted(label))
    return told("saved_same", image=image_id, label=quoted(label), meant=quoted(meant))


def already_there(image_id: str, label: str) -> str:
    """That the very picture was a case before."""
    return told("already_there", image=image_id, label=quoted(label))


def too_few(chosen: str, held: Mapping[str, int] | int) -> str:
    """That a quiz needs more cases than so many, or more labels than these."""
    of: dict[str, object] = {"chosen": chosen} if chosen else {}
    which = "_of" if chosen else ""
    if isinstance(held, int):
        return told(f"too_few_cases{which}", number=cases(held), **of)
    return told(f"too_few_labels{which}", held=counted(held), **of)


def options(labels: Sequence[str]) -> str:
    """The options with their letters."""
    return ", ".join(f"{letter}) {' '.join(label.split())}" for letter, label in lettered(labels).items())


def lettered(labels: Sequence[str]) -> dict[str, str]:
    """Options by letter."""
    return {chr(ord("A") + at): label for at, label in enumerate(labels)}


def question(quiz: Quiz) -> str:
    """The question of a case, its label hidden."""
    return told("question", number=quiz.number, count=len(quiz.cases), options=options(quiz.options))


def which(quiz: Quiz) -> str:
    """That one of the options is to be named."""
    return told("which", options=options(quiz.options))


def hint(quiz: Quiz, label: str) -> str:
    """Two options, the right one among them; none where there are no more."""
    letters = lettered(quiz.options)
    wrong = [one for one in quiz.options if one != label]
    if len(wrong) < 2:
        return told("no_hint")
    kept = {label, wrong[(quiz.seed + quiz.number) % len(wrong)]}
    two = ", ".join(f"{letter}) {' '.join(one.split())}" for letter, one in letters.items() if one in kept)
    return told("hint", options=two)


def begun(quiz: Quiz) -> str:
    """What a quiz is made of."""
    made = {"cases": cases(len(quiz.cases)), "collection": quiz.collection, "seed": quiz.seed}
    return told("begun_chosen", chosen=quiz.chosen, **made) if quiz.chosen else told("begun", **made)


def verdict(case: LibraryCase, given: str, right: bool) -> str:
    """Whether the guess was the label, and what the library tells of the case."""
    label = quoted(case.label)
    if not given:
        first = told("the_label", label=label)
    else:
        first = told("right", label=label) if right else told("wrong", given=quoted(given), label=label)
    caption = told("caption", caption=quoted(case.caption)) if case.caption else told("no_caption")
    source = " · ".join(filter(None, (case.source, case.licence)))
    from_where = told("source", source=source) if source else told("no_source")
    return f"{first} {caption} {from_where}"


def score(quiz: Quiz) -> str:
    """How the quiz stands."""
    return told("score", right=quiz.right, answered=quiz.answered) if quiz.answered else told("no_score")


def ended(quiz: Quiz) -> str:
    """The end of a quiz. What was revealed or skipped does not count as right."""
    left = len(quiz.cases) - quiz.answered
    unasked = (told("one_left") if left == 1 else told("left", number=left)) if left else ""
    return " ".join(filter(None, (told("ended"), score(quiz), unasked, told("not_a_diagnosis"))))
