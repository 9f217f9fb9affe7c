"""Train a few-shot classifier on the vectors of one collection, and measure it group by group.

Every figure comes from cross-validation in which no group (patient or lesion) is on both sides. The only
importer of scikit-learn. Nothing here reads a picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from store.cases.quality import measure_quality
from store.errors import CaseError, SetupError
from tools.few_shot.head import (
    CALIBRATION_FILE,
    CARD_FILE,
    CONFUSION_FILE,
    Head,
    HeadShelf,
    Vectors,
    check_name,
)
from tools.few_shot.measures import FOLDS, LEAST_GROUPS, Codes, Figures, measure
from tools.intervals import Floats
from tools.models.systems.packages import INSTALL

if TYPE_CHECKING:
    from store.cases.library import CollectionInfo, Library

# Inverse strength of the regularisation. Ours, found with tests/bench/few_shot.py: on small collections of
# photographs, dermoscopy, ultrasound and mixed scans, 0.1 to 1,000 differ by less than the intervals.
_C = 10.0
# Ours: as many as a confusion table shows legibly.
MOST_LABELS = 20


STEPS = FOLDS + 1
"""Trainings that make a head: one for each fold that it is measured on, and one on all cases."""
Progress = Callable[[int], None]
"""Told how many of the `STEPS` are done, after each."""


def _unwatched(_done: int) -> None:
    """Nobody looks how far it is."""


def train(
    library: Library,
    shelf: HeadShelf,
    name: str,
    collection: str,
    labels: Sequence[str] = (),
    *,
    progress: Progress = _unwatched,
) -> Head:
    """Train a head, measure it, and keep it with its card and pictures.

    Args:
        library: the case library.
        shelf: where heads are kept; an earlier head of this name is replaced.
        name: what to call it.
        collection: the collection to train on.
        labels: only cases with these labels; empty for all.
        progress: told how far it is.

    Raises:
        CaseError: the name, the collection or a label cannot be used, or a label has too few groups.
        SetupError: scikit-learn is not installed.
    """
    from tools.few_shot.card import card
    from tools.few_shot.pictures import draw_calibration, draw_confusion, png

    check_name(name)
    info = _collection(library, collection)
    head = _train(name, info, library, labels, progress)
    files = {
        CONFUSION_FILE: png(draw_confusion(head)),
        CALIBRATION_FILE: png(draw_calibration(head)),
        CARD_FILE: card(head).encode(),
    }
    shelf.keep(head, files)
    return head


def _collection(library: Library, name: str) -> CollectionInfo:
    infos = {info.name: info for info in library.collections()}
    if name in infos:
        return infos[name]
    known = ", ".join(f"{info.name} ({info.domain}, {info.size} cases)" for info in infos.values())
    raise CaseError(
        f"There is no collection {name!r} with cases in the library. "
        + (f"Collections: {known}." if known else "Import cases first: casebook library import CSV_OR_FOLDER")
    )


def _train(
    name: str, info: CollectionInfo, library: Library, labels: Sequence[str], progress: Progress = _unwatched
) -> Head:
    ids, named, groups, vectors = library.vectors(info.name)
    names, keys = _chosen(named, labels)
    rows = [i for i, label in enumerate(named) if label.casefold() in keys]
    truth = np.array([keys.index(named[i].casefold()) for i in rows], np.int64)
    chosen = [groups[i] for i in rows]
    _check_groups(names, truth, chosen)
    x = vectors[rows].astype(np.float32)
    quality = measure_quality(x, [keys[code] for code in truth], chosen)
    if quality is None:
        raise CaseError(
            "The cases share too few groups to say how far apart they are: it takes 20 in all. Import more."
        )
    figures = _figures(x, truth, chosen, len(names), progress)
    weights, bias = _fit(x, truth)
    progress(STEPS)
    return Head(
        name=name,
        collection=info.name,
        encoder=info.encoder,
        domain=info.domain,
        labels=names,
        weights=weights,
        bias=bias,
        ids=tuple(ids[i] for i in rows),
        vectors=x,
        near=quality.near,
        figures=figures,
    )


def _chosen(named: Sequence[str], labels: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The labels to choose among as most often written, and as compared: capitals do not matter."""
    written: dict[str, str] = {}
    for label, _ in Counter(named).most_common():
        written.setdefault(label.casefold(), label)
    wanted = list(dict.fromkeys(label.casefold() for label in labels)) or sorted(written)
    unknown = [label for label in labels if label.casefold() not in written]
    if unknown:
        known = ", ".join(list(written.values())[:MOST_LABELS])
        raise CaseError(f"No case has the label {unknown[0]!r}. Labels: {known}.")
    if len(wanted) < 2:
        raise CaseError("A classifier chooses among labels, so it takes cases with at least two.")
    if len(wanted) > MOST_LABELS:
        raise CaseError(
            f"The collection has {len(wanted)} labels; a classifier takes at most {MOST_LABELS}. "
            "Choose some with --label LABEL, once for each."
        )
    return tuple(written[key] for key in wanted), wanted


def _check_groups(names: Sequence[str], truth: Codes, groups: Sequence[str]) -> None:
    counts = [len({g for g, t in zip(groups, truth, strict=True) if t == i}) for i in range(len(names))]
    few = [f"“{name}” has {n}" for name, n in zip(names, counts, strict=True) if n < LEAST_GROUPS]
    if few:
        raise CaseError(
            f"Too few groups (patients or lesions) to train and to measure: {', '.join(few)}; every label "
            f"takes {LEAST_GROUPS}, two in each of five folds. Import more cases, or choose labels that have "
            "enough with --label LABEL, once for each."
        )


def _figures(
    x: Vectors, truth: Codes, groups: Sequence[str], count: int, progress: Progress = _unwatched
) -> Figures:
    splitter = _sklearn("model_selection").StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    _, codes = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    logits: Floats = np.zeros((len(x), count))
    folds = np.zeros(len(x), np.int64)
    for fold, (seen, unseen) in enumerate(splitter.split(x, truth, codes)):
        if len(np.unique(truth[seen])) < count:
            raise CaseError(
                "The groups cannot be split: nearly all cases of a label are in one fifth of them. Check "
                "the column group, or import cases of more patients."
            )
        weights, bias = _fit(x[seen], truth[seen])
        logits[unseen] = x[unseen] @ weights.T + bias
        folds[unseen] = fold
        progress(fold + 1)
    return measure(logits, truth, codes.astype(np.int64), folds, count)


def _fit(x: Vectors, truth: Codes) -> tuple[Vectors, Vectors]:
    """Weights ``(L, D)`` and bias ``(L,)`` whose softmax is the score of each label."""
    model = _sklearn("linear_model").LogisticRegression(C=_C, class_weight="balanced", max_iter=2_000)
    model.fit(x.astype(np.float64), truth)
    weights, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(weights) == 1:  # two labels: one row, for the second against the first
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.append(np.float32(0), bias)
    return weights, bias


def _sklearn(part: str) -> Any:
    import importlib

    try:
        return importlib.import_module(f"sklearn.{part}")
    except ImportError as error:
        raise SetupError(
            f"Training a classifier needs scikit-learn, which is not installed. It comes with: {INSTALL}"
        ) from error
