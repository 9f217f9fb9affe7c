"""What the estimator is trained on: medical pictures by a manifest, other pictures by folder, drawings.

Only `tools.gate.train` and the benchmark import this; the estimator in use needs none of it.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.gate.drawn import KINDS, draw
from tools.gate.modality import SMALLEST_SIDE
from tools.gate.slices import SCANS, read_slice, slices

Row = NDArray[np.float64]

OTHER = "other"

_MODALITY_CODES = {
    "X-ray": "DX",
    "CT": "CT",
    "MRI": "MR",
    "ultrasound": "US",
    "clinical photo": "XC",
    "dermoscopy": "DMS",
}
_HELD_OUT_SETS = {"ood_images", "hostile_images", "dicom", "nifti"}
_PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
# Ours: enough of one folder and of one package; a thousand icons or nebulae teach nothing new.
_MOST_PER_FOLDER = 25
_MOST_PER_PACKAGE = 360
# Ours: thumbnails that correlate more than this show the same thing (the 300th class diagram).
_SAME_LOOK = 0.95
_DRAWN_PER_KIND = 40


@dataclass(frozen=True)
class Sample:
    """One picture to learn from.

    Attributes:
        name: path from its root, or kind and seed of a drawing.
        label: ``modality body_part`` for medical pictures, or ``other``.
        group: pictures that must not be split between training and test.
        source: the set, package or ``drawn``.
        root: folder `name` starts from, or None for a drawing.
    """

    name: str
    label: str
    group: str
    source: str
    root: Path | None = None

    @property
    def origin(self) -> str:
        """The collection: sets of the manifest that share the first two words of their names are one."""
        return self.source if self.label == OTHER else "_".join(self.source.split("_")[:2])

    @property
    def seed(self) -> int:
        """A number that depends on the name only, so results do not depend on order."""
        return int.from_bytes(hashlib.sha256(f"{self.source}/{self.name}".encode()).digest()[:4], "big")

    def read(self) -> Pixels:
        """The picture as ``(H, W, 3)`` uint8, at most 640 pixels a side."""
        if self.root is None:
            kind, _, number = self.name.rpartition(" ")
            return draw(kind, int(number))
        if self.source in SCANS:
            return read_slice(self.root, self.name, self.seed)
        return read_picture(self.root / self.name, self.seed)


def read_picture(path: Path, seed: int = 0) -> Pixels:
    """A picture file as ``(H, W, 3)`` uint8, at most 640 pixels a side.

    Transparent parts become white, black or a shade that `seed` decides.
    """
    from PIL import Image as PillowImage

    with PillowImage.open(path) as picture:
        picture.draft("RGB", (640, 640))
        picture.thumbnail((640, 640))
        layered = picture.convert("RGBA")
    shade = (255, 255, 0, seed % 256)[seed % 4]
    ground = PillowImage.new("RGBA", layered.size, (shade, shade, shade, 255))
    ground.alpha_composite(layered)
    return np.array(ground.convert("RGB"), np.uint8)


def medical(folder: Path) -> list[Sample]:
    """The medical pictures of a folder with a ``manifest.csv``, without masks and files.

    Pictures without a group of their own share one with the rest of their set and label unless they
    are the only pictures of their kind; those are grouped by look (see `group_by_look`).
    """
    samples = []
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = _MODALITY_CODES.get(row["modality"])
            if code is None or row["set"] in _HELD_OUT_SETS or "mask" in row["path"]:
                continue
            if _smaller_side(folder / row["set"] / row["path"]) < SMALLEST_SIDE:
                continue
            part = _body_part(row["body_site"])
            name = f"{row['set']}/{row['path']}"
            group = f"{row['set']}/{row['group_id'] or f'{code} {part}'}"
            samples.append(Sample(name, f"{code} {part}", group, row["set"], folder))
    return group_by_look(samples)


def _smaller_side(path: Path) -> int:
    from PIL import Image as PillowImage

    with PillowImage.open(path) as picture:
        return min(picture.size)


def scans(folders: list[Path]) -> list[Sample]:
    """Slices of the scans among the packages; see `tools.gate.slices`."""
    return [
        Sample(name, label, group, folder.name, folder)
        for folder in folders
        for name, label, group in slices(folder)
    ]


def _body_part(site: str) -> str:
    if site in {"hand", "limb"}:
        return "limb"
    return site if site.islower() else "skin"


def group_by_look(samples: list[Sample]) -> list[Sample]:
    """Split a group that holds a whole ultrasound set into sets of near duplicates.

    Two pictures belong together when their 16×16 thumbnails correlate above 0.9 (ours: found by
    looking at pairs on either side).
    """
    crowd = [index for index, sample in enumerate(samples) if sample.group == f"{sample.source}/US breast"]
    if len(crowd) < 2:
        return samples
    thumbnails = np.array([_standard(samples[index].read()) for index in crowd])
    alike = thumbnails @ thumbnails.T > 0.9
    leader = np.arange(len(crowd))
    for first, second in np.argwhere(alike):
        leader[leader == leader[second]] = leader[first]
    renamed = list(samples)
    for place, index in enumerate(crowd):
        old = samples[index]
        renamed[index] = Sample(old.name, old.label, f"{old.group} {leader[place]}", old.source, old.root)
    return renamed


def _standard(pixels: Pixels) -> Row:
    """A 16×16 grey thumbnail as a unit vector with mean 0, so that a dot product is a correlation."""
    from PIL import Image as PillowImage

    grey = np.asarray(PillowImage.fromarray(pixels).convert("L").resize((16, 16)), np.float64).ravel()
    centred = grey - grey.mean()
    return np.asarray(centred / max(float(np.linalg.norm(centred)), 1e-9))


def others(folders: list[Path], forbidden: list[Path]) -> list[Sample]:
    """Pictures of desktop packages, none of one look twice, none that is in the `forbidden` folders.

    Args:
        folders: one folder per package; its name becomes the source.
        forbidden: folders whose pictures must not be trained on, at any size.
    """
    banned = [_standard(read_picture(path)) for folder in forbidden for path in picture_files(folder)]
    return [sample for folder in folders for sample in _package(folder, banned)]


def _package(folder: Path, banned: list[Row]) -> list[Sample]:
    samples: list[Sample] = []
    seen = list(banned)
    per_place: dict[str, int] = defaultdict(int)
    for path in picture_files(folder):
        if len(samples) == _MOST_PER_PACKAGE:
            break
        place = path.parent.relative_to(folder).as_posix()
        row = _usable(path) if per_place[place] < _MOST_PER_FOLDER else None
        if row is None or (seen and float((np.array(seen) @ row).max()) > _SAME_LOOK):
            continue
        seen.append(row)
        per_place[place] += 1
        name = path.relative_to(folder).as_posix()
        samples.append(Sample(name, OTHER, f"{folder.name}/{place}", folder.name, folder))
    return samples


def picture_files(folder: Path) -> Iterator[Path]:
    """Picture files below a folder in an order that depends on their paths' hashes only."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in _PICTURE_ENDINGS and path.is_file()]
    key = {path: hashlib.sha256(path.relative_to(folder).as_posix().encode()).digest() for path in found}
    return iter(sorted(found, key=key.__getitem__))


def _usable(path: Path) -> Row | None:
    """The look of a picture file, or None if it is too small, empty or unreadable."""
    from PIL import Image as PillowImage
    from PIL import UnidentifiedImageError

    try:
        with PillowImage.open(path) as picture:
            if min(picture.size) < SMALLEST_SIDE or max(picture.size) > 8 * min(picture.size):
                return None
        pixels = read_picture(path)
    except (UnidentifiedImageError, OSError, ValueError):
        return None
    row = _standard(pixels)
    return row if np.isfinite(row).all() and row.any() else None


def drawings() -> list[Sample]:
    """The drawn pictures; one group per kind."""
    return [
        Sample(f"{kind} {seed}", OTHER, f"drawn/{kind}", "drawn")
        for kind in KINDS
        for seed in range(_DRAWN_PER_KIND)
    ]
