"""`Head`: a few-shot classifier on a collection of the case library, and the folder that keeps such heads.

A head is a logistic regression on the vectors of one encoder. It is kept as plain numbers (``head.npz``,
``head.json``) beside its model card, and answers with numpy alone. How it is trained: `few_shot_training`.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from tools.few_shot.measures import Figures

Vectors = NDArray[np.float32]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NUMBERS_FILE, _FACTS, CARD_FILE = "head.npz", "head.json", "CARD.md"
CONFUSION_FILE, CALIBRATION_FILE = "confusion.png", "calibration.png"


@dataclass(frozen=True)
class Answer:
    """What a head says of one picture.

    Attributes:
        scores: by label, highest first; they add up to 1. Empty when the head abstains.
        similarity: cosine to the nearest training case, in [−1, 1].
        trained_on: the picture itself is one of the training cases.
    """

    scores: dict[str, float]
    similarity: float
    trained_on: bool


@dataclass(frozen=True, eq=False)
class Head:
    """A trained classifier.

    Attributes:
        name: as the user named it.
        collection: the collection it was trained on.
        encoder: that collection's encoder with its version; vectors of another say nothing to it.
        domain: ``radiology`` or ``dermatology``.
        labels: what it chooses among.
        weights: ``(L, D)`` float32.
        bias: ``(L,)`` float32.
        ids: the ids of its training cases.
        vectors: ``(N, D)`` float32 unit vectors of them.
        near: similarity to the nearest training case under which it abstains.
        figures: what cross-validation measured.
    """

    name: str
    collection: str
    encoder: str
    domain: str
    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    ids: tuple[str, ...]
    vectors: Vectors
    near: float
    figures: Figures

    def answer(self, vector: Vectors, case_id: str = "") -> Answer:
        """Score the labels for a picture's unit vector ``(D,)``, or abstain."""
        similarity = float((self.vectors @ vector).max())
        trained_on = case_id in self.ids
        if similarity < self.near:
            return Answer({}, similarity, trained_on)
        logits = (self.weights @ vector + self.bias) / self.figures.temperature
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return Answer({self.labels[i]: float(shares[i]) for i in order}, similarity, trained_on)


class HeadShelf:
    """The heads of one installation, a folder each.

    Args:
        root: the folder; made when the first head is kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        """Names of the heads, the one trained last first."""
        found = [path.parent for path in self._root.glob(f"*/{_FACTS}") if _NAME.fullmatch(path.parent.name)]
        return [path.name for path in sorted(found, key=lambda p: (p / _FACTS).stat().st_mtime, reverse=True)]

    def domains(self) -> frozenset[str]:
        """Domains of images that a head here was shown to sort better than guessing; without damaged ones."""
        found = set()
        for name in self.names():
            try:
                facts = json.loads((self._root / name / _FACTS).read_text("utf-8"))
                if facts["figures"]["low"] > facts["figures"]["chance"]:
                    found.add(str(facts["domain"]))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return frozenset(found)

    def folder(self, name: str) -> Path:
        """Where the head called `name` lies with its card and pictures.

        Raises:
            CaseError: there is no such head.
        """
        if name not in self.names():
            known = ", ".join(self.names()) or "none yet"
            raise CaseError(f"There is no classifier {name!r}. Trained: {known}.")
        return self._root / name

    def trained(self, name: str) -> datetime:
        """When the head called `name` was trained, in this machine's time.

        Raises:
            CaseError: there is no such head.
        """
        return datetime.fromtimestamp((self.folder(name) / _FACTS).stat().st_mtime).astimezone()

    def read(self, name: str) -> Head:
        """The head called `name`.

        Raises:
            CaseError: there is no such head, or its files are damaged.
        """
        folder = self.folder(name)
        try:
            facts = json.loads((folder / _FACTS).read_text("utf-8"))
            with np.load(folder / NUMBERS_FILE, allow_pickle=False) as numbers:
                arrays = {key: numbers[key] for key in ("weights", "bias", "ids", "vectors")}
            return _join(name, facts, arrays)
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise CaseError(
                f"The files of the classifier {name!r} are damaged. Remove it with `casebook library heads "
                f"--remove {name}` and train it again."
            ) from error

    def keep(self, head: Head, files: dict[str, bytes]) -> Path:
        """Keep a head with its card and pictures, in place of an earlier one of this name.

        Args:
            head: the head.
            files: further files by name.

        Returns:
            Its folder.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        folder = self._root / check_name(head.name)
        # Dots are no part of a name, so a half-written head is never found.
        with tempfile.TemporaryDirectory(dir=self._root, prefix=".new-") as made:
            new = Path(made) / head.name
            new.mkdir()
            np.savez(
                new / NUMBERS_FILE,
                weights=head.weights,
                bias=head.bias,
                ids=np.array(head.ids, dtype=np.str_),
                vectors=head.vectors,
            )
            for name, data in files.items():
                (new / name).write_bytes(data)
            (new / _FACTS).write_text(json.dumps(_facts(head), ensure_ascii=False, indent=2), "utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            new.replace(folder)
        return folder

    def remove(self, name: str) -> None:
        """Forget a head with its card, its pictures, and the vectors of its training cases.

        Raises:
            CaseError: there is no such head.
        """
        shutil.rmtree(self.folder(name))


def check_name(name: str) -> str:
    """The name, if a head may be called so.

    Raises:
        CaseError: it may not.
    """
    if not _NAME.fullmatch(name):
        raise CaseError(
            f"{name[:60]!r} cannot be the name of a classifier. Use up to 40 small letters, digits and "
            "hyphens, such as nevus-or-melanoma."
        )
    return name


def _facts(head: Head) -> dict[str, Any]:
    kept = ("collection", "encoder", "domain", "labels", "near")
    return {**{name: getattr(head, name) for name in kept}, "figures": asdict(head.figures)}


def _join(name: str, facts: dict[str, Any], arrays: dict[str, Any]) -> Head:
    labels, vectors = tuple(str(label) for label in facts["labels"]), arrays["vectors"]
    count, length = vectors.shape
    shapes = {"weights": (len(labels), length), "bias": (len(labels),), "ids": (count,)}
    if not count or any(arrays[key].shape != shape for key, shape in shapes.items()):
        raise ValueError("arrays do not fit each other")
    return Head(
        name=name,
        collection=str(facts["collection"]),
        encoder=str(facts["encoder"]),
        domain=str(facts["domain"]),
        labels=labels,
        weights=arrays["weights"].astype(np.float32),
        bias=arrays["bias"].astype(np.float32),
        ids=tuple(str(one) for one in arrays["ids"]),
        vectors=vectors.astype(np.float32),
        near=float(facts["near"]),
        figures=Figures.from_json(facts["figures"]),
    )
