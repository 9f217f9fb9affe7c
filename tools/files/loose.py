"""Files chosen one by one: DICOM slices of one series among them become one image, all others stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits
from tools.files.dicom.headers import Header, read_header
from tools.files.dicom.reader import read_series
from tools.files.file_type import read_head, recognise
from tools.files.series import check_total, grouped


@dataclass
class Loose:
    """What became of files given together; every position is in exactly one of the three.

    Attributes:
        images: each with the positions of its files.
        refusals: position → reason in words.
        others: positions of files that are no DICOM and are to be read each for itself.
    """

    images: list[tuple[Image, list[int]]] = field(default_factory=list)
    refusals: dict[int, str] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)


def read_loose(paths: Sequence[Path], limits: ReadLimits, allocate: Allocate = np.empty) -> Loose:
    """Read the DICOM files among `paths`.

    Args:
        paths: files and folders, in the order given.
        limits: for all of them together.
        allocate: makes the arrays of frames and values.
    """
    told = Loose()
    headers: dict[int, Header] = {}
    for position, path in enumerate(paths):
        try:
            if path.is_dir() or recognise(read_head(path)) != "DICOM":
                told.others.append(position)
            else:
                headers[position] = read_header(path, limits)
        except CaseError as refusal:
            told.refusals[position] = str(refusal)
    positions = {id(header): position for position, header in headers.items()}
    for stack in grouped(list(headers.values())):
        where = [positions[id(header)] for header in stack]
        try:
            check_total(list(headers.values()), limits)
            told.images.append((read_series(stack, limits, allocate), where))
        except CaseError as refusal:
            told.refusals |= dict.fromkeys(where, str(refusal))
    return told
