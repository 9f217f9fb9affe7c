"""One file of any type, without what it carries of persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from tools.burned_in.masking import masked
from tools.files.file_type import read_head, recognise
from tools.privacy.copy import Copy
from tools.privacy.dicom import MaskPixels, clean_dicom
from tools.privacy.nifti import clean_nifti
from tools.privacy.pictures import drawn_again, strip_picture
from tools.privacy.pixels import LEFT, found_in_pixels, mask_dicom
from tools.privacy.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom import Dataset

    from store.pictures.image import Image
    from tools.burned_in.seekers import Seeker
    from tools.files.decoding import Decoder
    from tools.privacy.header import Change

# Ours: a volume may unpack to that many times the largest file.
_UNPACKED = 4
_IN_VOLUME = (
    "Something like text is found in its pixels, which in a NIfTI volume is not masked: no copy is written. "
    "Mask it by hand."
)


@dataclass(frozen=True)
class Cleaner:
    """Makes copies.

    Attributes:
        secret: makes the stand-ins.
        decoder: reads pictures that are drawn again.
        most_bytes: the largest file.
        move_dates: dates of examinations are moved instead of removed.
        descriptors: text that describes examinations is cleaned instead of removed.
        finder: gives what finds text and faces in an image; they are masked. None leaves pixels alone.
    """

    secret: Secret
    decoder: Decoder
    most_bytes: int
    move_dates: bool = False
    descriptors: bool = False
    finder: Callable[[Image], Seeker] | None = None

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
            return clean_dicom(
                path,
                self.secret,
                move_dates=self.move_dates,
                descriptors=self.descriptors,
                mask=self._mask(path),
            )
        if file_type in ("NIfTI", "gzip"):
            return self._volume(path)
        return self._picture(path, file_type)

    def _mask(self, path: Path) -> MaskPixels | None:
        finder = self.finder
        if finder is None:
            return None

        def mask(ds: Dataset) -> list[Change]:
            if "PixelData" not in ds:
                return []
            image = self.decoder.read(path)[0]
            return mask_dicom(ds, image, finder(image), path)

        return mask

    def _volume(self, path: Path) -> Copy:
        copy = clean_nifti(path.read_bytes(), _UNPACKED * self.most_bytes)
        if self.finder is None:
            return copy
        image = self.decoder.read(path)[0]
        if masked(image, self.finder(image)).places:
            raise CaseError(_IN_VOLUME)
        return replace(copy, pixels_seen=True)

    def _picture(self, path: Path, file_type: str) -> Copy:
        keeps_bytes = file_type in ("JPEG", "PNG")
        if self.finder is None:
            return strip_picture(path.read_bytes(), file_type) if keeps_bytes else self._drawn(path)
        image = self.decoder.read(path)[0]
        done = masked(image, self.finder(image))
        if done.left:
            raise CaseError(LEFT)
        if done.places or not keeps_bytes:
            return replace(drawn_again(done.image, found_in_pixels(done.places)), pixels_seen=True)
        return replace(strip_picture(path.read_bytes(), file_type), pixels_seen=True)

    def _drawn(self, path: Path) -> Copy:
        return drawn_again(self.decoder.read(path)[0])
