"""One file shown by Casebook and by other programs: a row of the table, and how far two pictures differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from store.pictures.image import Image

# dcmtk maps levels by cutting off and Casebook by rounding, and decoders of lossy JPEG differ by as much.
SAME_WITHIN = 2

Shown = NDArray[np.uint8]


@dataclass
class Row:
    """One file in the table.

    Attributes:
        name: of the file.
        what: how it is encoded.
        casebook: the window, or why it was refused.
        others: what each other program gives, by its name.
        differs: whether one of them shows another picture.
        why: what explains that, or ``""``.
    """

    name: str
    what: str
    casebook: str = ""
    others: dict[str, str] | None = None
    differs: bool = False
    why: str = ""

    @property
    def refused(self) -> bool:
        """Whether Casebook shows nothing."""
        return self.casebook.startswith("refused")

    def note(self, program: str, told: str, *, differs: bool = False) -> None:
        """Remember what a program gives."""
        self.others = {**(self.others or {}), program: told}
        self.differs = self.differs or differs

    def __str__(self) -> str:
        cells = [self.name, self.what, self.casebook]
        cells += [f"{program} {told}" for program, told in (self.others or {}).items()]
        return " | ".join([*cells, *([f"because {self.why}"] if self.why else [])])


def difference(ours: Shown, theirs: Shown | str, *, squared: bool = False) -> tuple[str, bool]:
    """In words, and whether it is one.

    Args:
        ours: as Casebook shows it.
        theirs: as another program does, or why it does not.
        squared: Casebook made its pixels square, so that the other picture is made as large first.
    """
    if isinstance(theirs, str):
        return theirs, False
    if theirs.ndim == 3 and ours.ndim == 2:
        theirs = theirs[..., 0]
    if squared and ours.shape != theirs.shape:
        size = (ours.shape[1], ours.shape[0])
        picture = PillowImage.fromarray(np.ascontiguousarray(theirs))
        theirs = np.asarray(picture.resize(size, PillowImage.Resampling.BILINEAR))
    if ours.shape != theirs.shape:
        return f"{theirs.shape} for {ours.shape}", True
    gap = np.abs(ours.astype(int) - theirs)
    most, share = int(gap.max()), float((gap > SAME_WITHIN).mean())
    return (f"{most}, {100 * share:.2g} % over {SAME_WITHIN}" if share else str(most)), share > 0


def is_squared(image: Image) -> bool:
    """Whether Casebook resampled it to square pixels."""
    return any("not square" in note for note in image.notes)
