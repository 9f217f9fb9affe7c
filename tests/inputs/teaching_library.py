"""A case library to teach from: drawn moles of three labels with captions and sources, and a few scans."""

from __future__ import annotations

from pathlib import Path

from tests.inputs.case_library import DARK, RED, mole, save, scan, write_csv

CAPTION, SOURCE = "Told only afterwards, number", "the hidden drawer"
KINDS = {"nevus": DARK, "angioma": RED, "melanoma": (30, 25, 40)}


def write_teaching_cases(folder: Path, each: int = 4) -> list[Path]:
    """Tables of `each` moles a label, and of three scans, with their pictures."""
    rows, n = [], 0
    for label, colour in KINDS.items():
        for _ in range(each):
            picture = save(folder / "skin", f"{n}.png", mole(n, colour))
            rows.append((picture, label, "DMS", f"{CAPTION} {n}", SOURCE, "CC0"))
            n += 1
    scans = [
        (save(folder / "grey", f"{n}.png", scan(n)), "fracture" if n % 2 else "normal", "CT", "", "", "")
        for n in range(3)
    ]
    head = "image,label,modality,caption,source,licence"
    return [write_csv(folder / "skin", rows, head), write_csv(folder / "grey", scans, head)]
