"""The model card of a few-shot classifier, in Markdown."""

from __future__ import annotations

from tools.few_shot.head import CALIBRATION_FILE, CONFUSION_FILE, NUMBERS_FILE, Head
from tools.few_shot.measures import FOLDS, LEAST_EVENTS, LEAST_GROUPS, MEASURED_WELL

DISCLAIMERS = (
    "A classifier that you trained on your own library sorts pictures into your labels; it is not a "
    "diagnosis, and a picture of none of these labels gets one of them all the same unless it looks unlike "
    "every training case.",
    "Its figures hold for this collection: its cameras, its patients, its way of labelling. Pictures from "
    "elsewhere usually fare worse.",
)


def card(head: Head) -> str:
    """The card of a head: what it was trained on, what was measured, and where it ends."""
    figures, calibrated = head.figures, calibration_sentence(head)
    listed = "\n".join(f"- {text}" for text in cautions(head))
    rows = "\n".join(
        f"| {_cell(label)} | {cases} | {groups} | {share:.0f} % |"
        for label, cases, groups, share in recognised(head)
    )
    return f"""# {head.name}

A logistic regression on the vectors of **{head.encoder}** ({head.domain}), trained on the collection
`{head.collection}` of a case library. For research and education only; not a medical device.

## What it chooses among

| label | cases | groups | recognised in cross-validation |
|---|---|---|---|
{rows}

## What was measured

Balanced accuracy {100 * figures.balanced_accuracy:.0f} %
(95 % interval {100 * figures.low:.0f} to {100 * figures.high:.0f} %);
guessing would give {100 * figures.chance:.0f} %. {FOLDS} folds split by group (patient or lesion),
{figures.n} cases; interval: a bootstrap over groups, Wilson's where every answer is right. {calibrated}

![Confusion table]({CONFUSION_FILE})

![Calibration curve]({CALIBRATION_FILE})

## When it does not answer

- on pictures that are not of {head.domain}, and after the encoder has changed;
- on a picture whose most similar training case is less alike than {head.near:.2f}: 95 % of the training cases
  have six of other groups that are more alike;
- it is not trained at all with fewer than {LEAST_GROUPS} groups of a label.

## Cautions

{listed}
"""


def recognised(head: Head) -> list[tuple[str, int, int, float]]:
    """Each label with its cases, its groups, and the percentage recognised in cross-validation."""
    figures = head.figures
    rows = enumerate(zip(head.labels, figures.cases, figures.groups, figures.confusion, strict=True))
    return [(label, cases, groups, 100 * row[i] / cases) for i, (label, cases, groups, row) in rows]


def calibration_sentence(head: Head) -> str:
    """What its scores may be called, and why."""
    figures = head.figures
    if figures.calibrated:
        return f"Scores are calibrated on this collection, n={figures.n}, and on no other."
    right = sum(row[i] for i, row in enumerate(figures.confusion))
    wrong = figures.n - right
    if min(right, wrong) < LEAST_EVENTS:
        takes = f"a calibration curve takes {LEAST_EVENTS} right and {LEAST_EVENTS} wrong answers"
        why = f"{takes}; here are {right} and {wrong}"
    else:
        why = "the calibration curve leaves the diagonal"
    return f"Scores are uncalibrated: {why}."


def trust(head: Head) -> str:
    """How well the head did in cross-validation, and what its scores may be called."""
    return (
        f"{measured(head)} {calibration_sentence(head)} It chooses among your labels only; that is not a "
        "diagnosis."
    )


def measured(head: Head) -> str:
    """How well the head did in cross-validation."""
    f = head.figures
    luck = " The interval includes guessing, so nothing follows from its answers." * (f.low <= f.chance)
    return (
        f"In cross-validation by group its balanced accuracy was {100 * f.balanced_accuracy:.0f} % (95 % "
        f"interval {100 * f.low:.0f} to {100 * f.high:.0f} %; guessing gives {100 * f.chance:.0f} %), "
        f"n={f.n}.{luck}"
    )


def cautions(head: Head) -> list[str]:
    """What its figures do not say, and what it keeps."""
    told = list(DISCLAIMERS)
    few = [label for label, n in zip(head.labels, head.figures.groups, strict=True) if n < MEASURED_WELL]
    if few:
        named = ", ".join(_cell(label) for label in few)
        told.append(f"Measured on fewer than {MEASURED_WELL} groups, so roughly: {named}.")
    if head.figures.low <= head.figures.chance:
        told.append("The interval includes guessing: it was not shown to recognise anything.")
    told.append(
        f"The file `{NUMBERS_FILE}` keeps the vectors of the training cases, also after they are removed "
        "from the library. Remove the classifier to forget them."
    )
    return told


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
