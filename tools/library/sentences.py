"""What is said of the case library: counts, cases shown, a case kept, a quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.records import Holdings, LibraryCase, Quiz

EMPTY = (
    "The case library is empty. Cases come in with `casebook library import FOLDER_OR_CSV`: a CSV with the "
    "columns image and label, or one sub-folder of images per label."
)
NOT_A_DIAGNOSIS = "The labels are those that the cases were imported with."
_LISTED = 12


def quoted(label: str) -> str:
    """A label as words of somebody else."""
    return f"“{' '.join(label.split())}”"


def counted(labels: Mapping[str, int]) -> str:
    """How many cases there are of each label, the most first."""
    ordered = sorted(labels.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = len(ordered) - _LISTED
    more = f" and {rest} more labels" if rest > 1 else f", {ordered[-1][1]} {quoted(ordered[-1][0])}"
    shown = ", ".join(f"{number:,} {quoted(label)}" for label, number in ordered[:_LISTED])
    return shown + (more if rest > 0 else "")


def cases(number: int) -> str:
    """“1 case”, “12 cases”."""
    return f"{number:,} case" if number == 1 else f"{number:,} cases"


def number_of(holdings: Holdings) -> str:
    """How many cases fit, and of which labels."""
    if holdings.chosen:
        first = f"{cases(holdings.size)} of the {holdings.among:,} in the case library: {holdings.chosen}."
    else:
        first = f"The case library holds {cases(holdings.size)}."
    where = ", ".join(f"{number:,} in {name}" for name, number in holdings.collections.items())
    by = f"By label: {counted(holdings.labels)}." if len(holdings.labels) > 1 or not holdings.chosen else ""
    by_collection = f"By collection: {where}." if len(holdings.collections) > 1 else ""
    return " ".join(filter(None, (first, by, by_collection, NOT_A_DIAGNOSIS)))


def shown(holdings: Holdings, found: Sequence[LibraryCase]) -> str:
    """Which cases are shown, and how they were taken."""
    of = f" that fit {holdings.chosen}" if holdings.chosen else " of the case library"
    how = {
        "at random": f"taken at random with seed {holdings.seed} (the same seed takes the same ones)",
        "newest first": "those put in last first",
        "as imported": "in the order they were put in",
    }[holdings.order]
    labels: dict[str, int] = {}
    for one in found:
        labels[one.label] = labels.get(one.label, 0) + 1
    bare = " Some came without a picture." if any(not one.key for one in found) else ""
    first = f"Shown: {len(found)} of {cases(holdings.size)}{of}, {how}: {counted(labels)}."
    return f"{first}{bare} {NOT_A_DIAGNOSIS}"


def none_fit(chosen: str, unknown: Sequence[str], labels: Mapping[str, int]) -> str:
    """That no case is what was asked for, and which labels there are."""
    said = chosen or " ".join(quoted(word) for word in unknown)
    return f"No case of the library fits {said}. It holds: {counted(labels)}."


def not_used(unknown: Sequence[str]) -> str:
    """Words of the question that chose nothing."""
    return f"Nothing in the library goes by {', '.join(map(quoted, unknown))}, so that chose nothing."


SAVE_BY_COMMAND = (
    "Whoever runs Casebook brings it in on the command line: put the picture into a folder named for its "
    "label and run `casebook library import FOLDER`, with the folder above that one."
)
MAY_NOT_SAVE = (
    "This picture was not saved: the case library is shared, and visitors of the page only read it. "
    f"{SAVE_BY_COMMAND} CASEBOOK_SAVE_CASES=true lets everybody who opens the page add pictures."
)
NO_KIND = (
    "{image} is not known to be a radiology or skin picture, so it was not saved. If it is one, say so "
    "first: “treat {image} as dermoscopy”."
)
NO_ORDER = "Nothing was saved: only the user's own order, such as “save this as normal”, adds a picture."


def saved(image_id: str, label: str, meant: str) -> str:
    """That a picture is a case now."""
    same = f" (the library's word for {quoted(meant)})" if meant.casefold() != label.casefold() else ""
    return (
        f"{image_id} is now a case of the library, labelled {quoted(label)}{same} on your word alone. "
        "Everybody who opens this Casebook can see it there. To take it out or label it anew, open it on the "
        "library page."
    )


def already_there(image_id: str, label: str) -> str:
    """That the very picture was a case before."""
    return f"{image_id} is in the library already, labelled {quoted(label)}; nothing was changed."


TOO_FEW_LABELS = (
    "A quiz needs pictures of at least two labels in one collection, and the library has none{of}. "
    "Its cases: {held}."
)
TOO_FEW_CASES = "A quiz needs at least two cases with pictures, and the library has {number}{of}."
NO_QUIZ = "No quiz is under way in this chat. Say “quiz me”, “quiz me on skin” or “quiz me on five X-rays”."
WHICH = "Name one of the options, by its letter or in words: {options}. Or say “reveal”, “next” or “stop”."
GONE = "That case was taken out of the library, or labelled anew, since the question; it does not count."


def options(labels: Sequence[str]) -> str:
    """The options with their letters."""
    return ", ".join(f"{letter}) {' '.join(label.split())}" for letter, label in lettered(labels).items())


def lettered(labels: Sequence[str]) -> dict[str, str]:
    """Options by letter."""
    return {chr(ord("A") + at): label for at, label in enumerate(labels)}


def question(quiz: Quiz) -> str:
    """The question of a case, its label hidden."""
    return (
        f"Case {quiz.number} of {len(quiz.cases)}: which label does it carry? {options(quiz.options)}. "
        "Answer by letter or in words, or say “reveal”, “next” or “stop”."
    )


def begun(quiz: Quiz) -> str:
    """What a quiz is made of."""
    of = f" ({quiz.chosen})" if quiz.chosen else ""
    return f"A quiz on {cases(len(quiz.cases))} of {quiz.collection}{of}, drawn with seed {quiz.seed}."


def verdict(case: LibraryCase, given: str, right: bool) -> str:
    """Whether the guess was the label, and what the library tells of the case."""
    if not given:
        first = f"The label is {quoted(case.label)}."
    elif right:
        first = f"Right: the label is {quoted(case.label)}."
    else:
        first = f"Not right: you said {quoted(given)}, and the label is {quoted(case.label)}."
    caption = f"Its caption: {quoted(case.caption)}." if case.caption else "It came without a caption."
    source = " · ".join(filter(None, (case.source, case.licence)))
    from_where = f"Source: {source}." if source else "Its source is not named."
    return f"{first} {caption} {from_where}"


def score(quiz: Quiz) -> str:
    """How the quiz stands."""
    return f"Score: {quiz.right} of {quiz.answered} right." if quiz.answered else "Score: no answer yet."


def ended(quiz: Quiz) -> str:
    """The end of a quiz. What was revealed or skipped does not count as right."""
    left = len(quiz.cases) - quiz.answered
    unasked = f" {cases(left)} of it {'was' if left == 1 else 'were'} not answered." if left else ""
    return f"The quiz is over. {score(quiz)}{unasked} {NOT_A_DIAGNOSIS}"


GO_ON = "Say “next” for the next case, or “stop”."
