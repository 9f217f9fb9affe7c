"""Pictures as CLIP sees them: shortest edge to 224, centre cropped, scaled by CLIP's mean and spread.

The arithmetic is Pillow's and the same as transformers' Pillow backend, in fewer steps and without guessing
which axis holds the colours. What lies outside the centre square is lost: see `ClipPictures.pad`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from store.errors import SetupError
from store.pictures.image import Pixels

if TYPE_CHECKING:
    from torch import Tensor

# Source: preprocessor_config.json of openai/clip-vit-large-patch14 and of PubMedCLIP.
CLIP_EDGE = 224
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

LONGEST = 16
"""Up to this ratio of the edges a picture is resized whole and then cropped, as in training; beyond it only
the centre square is resized, or a strip of a few pixels would grow to gigabytes. Ours."""


@dataclass(frozen=True)
class ClipPictures:
    """How pictures are prepared for one CLIP tower.

    Attributes:
        edge: edge of the square the tower sees, in pixels.
        mean: subtracted from each colour in [0, 1].
        std: each colour is then divided by it.
        pad: black bars make the picture square before it is resized, so that no border is lost and things
            are smaller. CLIP was trained without.
    """

    edge: int = CLIP_EDGE
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD
    pad: bool = False

    @classmethod
    def of(cls, folder: Path, *, system: str, pad: bool = False) -> ClipPictures:
        """As ``preprocessor_config.json`` in `folder` says, in its old or its new form.

        Raises:
            SetupError: the file is missing, broken, or asks for another way of preparing pictures.
        """
        try:
            settings = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
            edge, crop = _length(settings["size"], "shortest_edge"), _length(settings["crop_size"], "height")
            mean, std = (_three(settings[name]) for name in ("image_mean", "image_std"))
            usual = all(settings.get(f"do_{step}", True) for step in ("resize", "center_crop", "normalize"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SetupError(f"preprocessor_config.json of {system} is missing or incomplete.") from error
        # 3 is bicubic in Pillow.
        if edge != crop or not usual or settings.get("resample", 3) != 3:
            raise SetupError(
                f"preprocessor_config.json of {system} asks for another way of preparing pictures than "
                "CLIP's: bicubic to the shortest edge, centre crop of the same size, mean and spread."
            )
        return cls(edge, mean, std, pad)

    def square(self, pixels: Pixels) -> Pixels:
        """`pixels`, ``(H, W, 3)`` uint8, as the ``(edge, edge, 3)`` uint8 the tower sees."""
        from PIL import Image, ImageOps

        # Three equal channels, as in most radiographs, are resized once.
        grey = bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 0] == pixels[..., 2]).all())
        picture = Image.fromarray(np.ascontiguousarray(pixels[..., 0]) if grey else pixels)
        if self.pad:
            picture = ImageOps.pad(picture, (max(picture.size),) * 2, color=0)
        small = np.asarray(self._resized(picture))
        top, left = ((length - self.edge) // 2 for length in small.shape[:2])
        crop = small[top : top + self.edge, left : left + self.edge]
        return np.repeat(crop[:, :, None], 3, axis=2) if grey else crop

    def tensor(self, squares: list[Pixels]) -> Tensor:
        """``(N, 3, edge, edge)`` float32 for the tower."""
        import torch

        stacked = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).to(torch.float32)
        mean, std = (torch.tensor(values)[:, None, None] for values in (self.mean, self.std))
        return (stacked / 255 - mean) / std

    def _resized(self, picture: Any) -> Any:
        from PIL import Image

        width, height = picture.size
        short, long = sorted(picture.size)
        if long > LONGEST * short:
            left, top = (width - short) / 2, (height - short) / 2
            box = (left, top, left + short, top + short)
            return picture.resize((self.edge, self.edge), Image.Resampling.BICUBIC, box=box)
        longer = int(self.edge * long / short)
        size = (self.edge, longer) if width <= height else (longer, self.edge)
        return picture.resize(size, Image.Resampling.BICUBIC)


def _length(value: Any, name: str) -> int:
    """A length given as a number or, in newer files, by name."""
    return int(value[name] if isinstance(value, dict) else value)


def _three(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
