"""One file of any type, without what it carries of persons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from tools.files.file_type import read_head, recognise
from tools.privacy.copy import Copy
from tools.privacy.dicom import clean_dicom
from tools.privacy.nifti import clean_nifti
from tools.privacy.pictures import drawn_again, strip_picture
from tools.privacy.secret import Secret

if TYPE_CHECKING:
    from tools.files.decoding import Decoder

# Ours: a volume may unpack to that many times the largest file.
_UNPACKED = 4


@dataclass(frozen=True)
class Cleaner:
    """Makes copies.

    Attributes:
        secret: makes the stand-ins.
        decoder: reads pictures that are drawn again.
        most_bytes: the largest file.
        move_dates: dates of examinations are moved instead of removed.
    """

    secret: Secret
    decoder: Decoder
    most_bytes: int
    move_dates: bool = False

    def copy(self, path: Path) -> Copy:
        """The copy of a file.

        Raises:
            CaseError: none can be made; says why.
        """
        refuse_no_file(path, path.name)
        size = path.stat().st_size
        if size > self.most_bytes:
            raise CaseError(
                f"This file takes {size / 2**20:.4g} MB; up to {self.most_bytes / 2**20:.4g} MB are read. "
                "Raise CASEBOOK_MAX_FILE_MB."
            )
        file_type = recognise(read_head(path))
        if file_type == "zip":
            raise CaseError("This is a zip file. Unpack it and give the folder.")
        if file_type == "DICOM":
            return clean_dicom(path, self.secret, move_dates=self.move_dates)
        if file_type in ("NIfTI", "gzip"):
            return clean_nifti(path.read_bytes(), _UNPACKED * self.most_bytes)
        if file_type in ("JPEG", "PNG"):
            return strip_picture(path.read_bytes(), file_type)
        return drawn_again(self.decoder.read(path)[0])
