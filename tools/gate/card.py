"""Write ``CARD.md``: what the estimator was trained on, what it reaches, and what it cannot do."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from tools.gate.data import OTHER, Sample
from tools.gate.figures import FOLDS, Held, Rules, Summary, reliability, summarise
from tools.gate.verdict import Verdict

# Source: each package's debian/copyright in Debian 12 (bookworm), main.
_PACKAGE_LICENCES = {
    "colobot-common-textures": "GPL-3+",
    "desktop-base": "GPL-2+, GPL-3+, CC BY-SA 3.0",
    "gcompris-qt-data": "GPL-3+, CC BY-SA, CC BY, CC0, public domain",
    "gimp-data": "GPL-3+, LGPL-3+, CC BY-SA, CC0",
    "gnome-backgrounds": "CC BY-SA 3.0",
    "invesalius-examples": "GPL-2, others",
    "marble-data": "LGPL-2.1+, CC BY 3.0, CC0",
    "mate-backgrounds": "GPL-2+, CC BY-SA 4.0",
    "mricron-data": "BSD-3-Clause, GPL, LGPL-2.1+",
    "openclipart-png": "CC0, public domain",
    "opencv-doc": "Apache-2.0, BSD-3-Clause",
    "plasma-workspace-wallpapers": "GPL-2+",
    "stellarium-data": "GPL-2+",
    "supertuxkart-data": "CC BY-SA 3.0/4.0, CC BY 3.0, CC0, GPL, public domain",
    "tuxpaint-stamps-default": "GPL-2",
    "ukui-wallpapers": "CC BY-SA 3.0",
    "drawn": "ours (tools/gate/drawn.py)",
}
_TRUTHS = ("CT", "DX", "MR", "US", "XC", "DMS", OTHER)

_INTENDED = """\
# The gate's pixel estimator

Version `{version}`. Written by `python -m tools.gate.train`; every number below comes from that run.

**What for.** To say what kind of picture a file without a header is, before any tool looks at it: radiology,
dermatology, other (neither), or unknown; then the modality and, where it can be told, the body part. It
is no reading of the picture, and it says nothing about health or disease.

**How.** {features} numbers of colour, histogram, frame, texture, spectrum, layout and lettering; a
multinomial logistic regression and a network with one hidden layer, averaged; a guard that refuses
pictures far from all medical training pictures. NumPy only at run time. The score is of what is named: the
modality, else the domain. It was calibrated on collections left out of the fit (below); it is no
probability for your picture. The file holds numbers only: no picture and no name of one.
"""

_LIMITS = """\
## Known limits

- All skin photographs come from one Brazilian smartphone collection of close-ups, mostly of lighter skin
  (Fitzpatrick types I to III); photographs from further away, of darker skin, or with clothes and rooms in
  view are likely to be called unknown or other. All dermoscopy is of ISIC 2017. All ultrasound is of the
  breast and from one collection, in grey. MRI is of the head, CT of the abdomen and of four heads, X-ray of
  the chest but for three pictures. The tables show how much that matters.
- CT and MRI are easily taken for each other where the body part or the weighting is new: then the score is
  low, or only radiology is said.
- Pictures under 96 pixels a side are unknown: thumbnails were called by wrong kinds.
- Mammography is not trained, for want of pictures: it is known from file headers only, and unknown without
  one.
- CR and DX cannot be told apart from pixels; both are answered as DX.
- Body parts are named only where more than one was trained for the modality; the part is that of the training
  pictures nearest by, so a CT of the chest is likely to be called one of the abdomen.
- A screenshot of a viewer is answered as what fills it when the interface takes up to a tenth of the
  height; with more interface in view, expect unknown or other.
- Grey-scale skin pictures, inverted radiographs, several pictures on one sheet, colour Doppler,
  nuclear medicine, microscopy, endoscopy and pictures of the eye were not trained.
- Textures such as rock, planets, wood and nebulae come nearest to being mistaken for skin or scans.
- Groups are patients or lesions where the set tells them; ultrasound was grouped by look, and each kind
  of thumbnail is one group.
"""


@dataclass(frozen=True)
class Measured:
    """All results of one training run."""

    version: str
    samples: list[Sample]
    features: int
    rows: int
    rules: Rules
    checked: list[str]
    by_group: list[Held]
    by_collection: list[Held]
    uncalibrated: tuple[int, int]
    last_test: list[tuple[str, Verdict]]


def write_card(path: Path, measured: Measured, data: Path) -> None:
    """Write the card.

    Args:
        path: the Markdown file.
        measured: the results.
        data: the folder whose ``manifest.csv`` states the medical sets' licences.
    """
    sections = [
        _INTENDED.format(version=measured.version, features=measured.features),
        _data_section(measured, data),
        _held_out_section(measured),
        _calibration_section(measured),
        _collection_section(measured),
        _last_test_section(measured),
        _LIMITS,
    ]
    path.write_text("\n".join(sections), encoding="utf-8")


def _data_section(measured: Measured, data: Path) -> str:
    licences = {**_PACKAGE_LICENCES, **_set_licences(data)}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for sample in measured.samples:
        kinds[sample.source][sample.label] += 1
    lines = [
        "## Data\n",
        f"{len(measured.samples)} pictures; with changed copies (cropped, resized, saved as JPEG, tinted, "
        f"framed, grey) {measured.rows} rows. Packages are those of Debian 12; of each folder at most 25 "
        "pictures, of each package at most 360, none of one look twice.\n",
        "| source | pictures | licence |",
        "|---|---|---|",
    ]
    for source in sorted(kinds, key=lambda name: (OTHER in kinds[name], name)):
        told = ", ".join(f"{count} {label}" for label, count in sorted(kinds[source].items()))
        lines.append(f"| {source} | {told} | {licences.get(source, 'see the source')} |")
    return "\n".join(lines) + "\n"


def _set_licences(data: Path) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["set"]].add(row["licence"])
    return {name: "; ".join(sorted(licences)) for name, licences in found.items()}


def _held_out_section(measured: Measured) -> str:
    chosen = ", ".join(f"{name} {value:.2f}" for name, value in sorted(measured.rules.thresholds.items()))
    lines = [
        f"## Held-out folds by group ({FOLDS} folds)\n",
        f"Thresholds were chosen on these folds and on the collections left out (below): {chosen}.\n",
        "A domain's threshold is what 0.3 % of the pictures that are not medical reach.\n",
        *_summary_lines(summarise(measured.by_group)),
        "\nRows: what it is; columns: what was answered.\n",
        *confusion(measured.by_group),
    ]
    return "\n".join(lines) + "\n"


def _summary_lines(summary: Summary) -> list[str]:
    return [
        f"- medical pictures: {summary.medical}; called unknown: {percent(summary.unknown)}",
        f"- domain right, of those answered: {percent(summary.domain)}",
        f"- modality right, of those answered with one: {percent(summary.modality)} "
        f"(answered without one: {percent(summary.unnamed)})",
        f"- body part right, where named: {percent(summary.body_part)}",
        f"- pictures that are not medical: {summary.others}; called medical: {percent(summary.false_alarm)}",
    ]


def confusion(held: list[Held]) -> list[str]:
    """A Markdown table of truth against answer."""
    answers = [*_TRUTHS, "no modality", "unknown"]
    lines = ["| | " + " | ".join(answers) + " |", "|---" * (len(answers) + 1) + "|"]
    for truth in _TRUTHS:
        counts = Counter(_answer(one.verdict) for one in held if one.modality == truth)
        lines.append(f"| **{truth}** | " + " | ".join(str(counts[answer]) for answer in answers) + " |")
    return lines


def _answer(verdict: Verdict) -> str:
    if verdict.domain in ("other", "unknown"):
        return verdict.domain
    return verdict.modality or "no modality"


def _calibration_section(measured: Measured) -> str:
    count, wrong = measured.uncalibrated
    lines = [
        "## What a score is worth\n",
        "Raw scores become scores by a curve for each kind (isotonic regression), from pictures whose group "
        "or whose whole collection the fit had not seen; both count as much. A curve goes above 0.9 only "
        "where at most 1 in 100 answers about collections left out were wrong. Kinds that only one "
        f"collection has (all but {', '.join(measured.checked)}) cannot be tried on another, and stay at 0.9 "
        "or below. A kind that was right less than 3 times in 10 is not named; then only the domain is.\n",
        "Each collection below was left out of the fit, of the thresholds and of the curves. Wrong: the kind "
        "or the domain that was named.\n",
        "| score | answers | wrong |",
        "|---|---|---|",
        *(
            f"| {low:g} to {high:g} | {n} | {bad} |"
            for low, high, n, bad in reliability(measured.by_collection)
        ),
        f"\nUncalibrated, {wrong} of {count} answers with a domain's score above 0.9 were wrong.\n",
    ]
    return "\n".join(lines)


def _collection_section(measured: Measured) -> str:
    lines = [
        "## One collection left out at a time\n",
        "The harder question: a whole collection or package is left out. Where it is the only one of its "
        "modality, its modality cannot be right; the shares then show how it fails.\n",
        "| left out | medical | unknown | domain right | modality right | not medical | called medical |",
        "|---|---|---|---|---|---|---|",
    ]
    by_origin = defaultdict(list)
    for one in measured.by_collection:
        by_origin[one.sample.origin].append(one)
    for origin, held in sorted(by_origin.items()):
        told = summarise(held)
        shares = [told.unknown, told.domain, told.modality]
        lines.append(
            f"| {origin} | {told.medical} | {' | '.join(map(percent, shares))} | {told.others} "
            f"| {percent(told.false_alarm)} |"
        )
    return "\n".join(lines) + "\n"


def _last_test_section(measured: Measured) -> str:
    passed = sum(verdict.domain in ("other", "unknown") for _, verdict in measured.last_test)
    lines = [
        "## Last test: well-known photographs, never trained on\n",
        f"{passed} of {len(measured.last_test)} are not called medical. An earlier version with one lower "
        "threshold for both domains called a cat's face skin; after that, parts of pictures (fur, wood, "
        "food) and a threshold for each domain were added, so this test is no longer wholly blind.\n",
        "| picture | answer | score |",
        "|---|---|---|",
        *(f"| {name} | {verdict.domain} | {verdict.score:.2f} |" for name, verdict in measured.last_test),
    ]
    return "\n".join(lines) + "\n"


def percent(share: float | None) -> str:
    """``0.123`` as ``12.3 %``; a dash where there is nothing to count."""
    return "–" if share is None else f"{100 * share:.1f} %"
