"""A teaching case with its images as one JSON text, and the case again from it, without loss.

Images lie in it as they are kept: frames and stored values as NumPy arrays, packed. Nothing in it runs.
"""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Limited

from store.errors import CaseError
from store.pictures.image import Image, Slice
from store.pictures.window import Function, Window
from store.teaching.case import TeachingCase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.pictures.image_store import ImageStore

FORMAT = "casebook-teaching-case"
VERSION = 1
_REFUSED = "This is no teaching case that Casebook can read: {why}. Give a file that Casebook wrote."


_Window = tuple[float, float, Function]


class _Packed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    frames: str
    values: str | None
    unit: str | None
    spacing_mm: tuple[float, float] | None
    slices_mm: tuple[tuple[float, float] | None, ...]
    scale_caution: str
    modality: str | None
    body_part: str | None
    file_type: str
    volumes: Annotated[int, Limited(ge=1)]
    # Files of before have neither; their images are shown as their frames are.
    windows: tuple[_Window | None, ...] = ()
    inverted: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["casebook-teaching-case"]
    version: Literal[1]
    case: TeachingCase
    images: tuple[_Packed, ...]


def write_case(case: TeachingCase, images: ImageStore) -> str:
    """The JSON text of a case.

    Args:
        case: which.
        images: where its images are kept.

    Raises:
        CaseError: an image is no longer kept.
    """
    return write_copy(case, [images.get(one.key) for one in case.images])


def write_copy(case: TeachingCase, images: Sequence[Image]) -> str:
    """The JSON text of a case and its images, in their order."""
    packed = [_pack(image) for image in images]
    told = {"format": FORMAT, "version": VERSION, "case": case.model_dump(), "images": packed}
    return json.dumps(told, ensure_ascii=False, indent=1)


def read_case_file(text: bytes, most_bytes: int) -> tuple[TeachingCase, list[Image]]:
    """The case and its images that a JSON text holds.

    Args:
        text: what `write_case` wrote.
        most_bytes: that all arrays may take unpacked.

    Raises:
        CaseError: it is no such text, or its images are larger than that.
    """
    try:
        held = _File.model_validate_json(text)
        if len(held.images) != len(held.case.images):
            raise CaseError(_REFUSED.format(why="its images are not those of the case"))
        left, images = most_bytes, []
        for one in held.images:
            frames, left = _array(one.frames, left)
            values, left = _array(one.values, left) if one.values is not None else (None, left)
            images.append(_unpacked(one, frames, values))
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "the text"
        raise CaseError(_REFUSED.format(why=f"{where} is not as it should be")) from error
    except (ValueError, zlib.error) as error:
        raise CaseError(_REFUSED.format(why="an image in it is damaged")) from error
    return held.case, images


def write_image(image: Image) -> str:
    """The JSON text of one image by itself."""
    return json.dumps(_pack(image), ensure_ascii=False)


def read_image(text: bytes, most_bytes: int) -> Image:
    """The image that a JSON text holds; raises as `read_case_file`."""
    try:
        held = _Packed.model_validate_json(text)
        frames, left = _array(held.frames, most_bytes)
        return _unpacked(held, frames, None if held.values is None else _array(held.values, left)[0])
    except (ValueError, zlib.error) as error:
        raise CaseError(_REFUSED.format(why="an image in it is damaged")) from error


def _pack(image: Image) -> dict[str, Any]:
    return {
        "frames": _text(image.frames),
        "values": None if image.values is None else _text(image.values),
        "unit": image.unit,
        "spacing_mm": image.spacing_mm,
        "slices_mm": [one.spacing_mm for one in image.slices],
        "scale_caution": image.scale_caution,
        "modality": image.modality,
        "body_part": image.body_part,
        "file_type": image.file_type,
        "volumes": image.volumes,
        "windows": [_told(one) for one in (image.window, *(one.window for one in image.slices))],
        "inverted": image.inverted,
    }


def _told(window: Window | None) -> _Window | None:
    return None if window is None else (window.level, window.width, window.function)


def _unpacked(one: _Packed, frames: NDArray[Any], values: NDArray[Any] | None) -> Image:
    every = [None if told is None else Window(*told) for told in one.windows]
    whole, *windows = every or [None]
    windows = windows or [None] * len(one.slices_mm)
    return Image(
        frames=frames,
        file_type=one.file_type,
        values=values,
        unit=one.unit,
        spacing_mm=one.spacing_mm,
        scale_caution=one.scale_caution,
        modality=one.modality,
        body_part=one.body_part,
        slices=tuple(
            Slice(spacing_mm=spacing, window=window)
            for spacing, window in zip(one.slices_mm, windows, strict=True)
        ),
        volumes=one.volumes,
        window=whole,
        inverted=one.inverted,
    )


def _text(array: NDArray[Any]) -> str:
    import numpy as np

    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return base64.b64encode(zlib.compress(buffer.getvalue(), 6)).decode()


def _array(text: str, most_bytes: int) -> tuple[NDArray[Any], int]:
    """An array, and the bytes that are left for others."""
    import numpy as np

    opened = zlib.decompressobj()
    data = opened.decompress(base64.b64decode(text, validate=True), max(1, most_bytes))
    if opened.unconsumed_tail or not opened.eof:
        raise CaseError(_REFUSED.format(why=f"its images are larger than {most_bytes} bytes or cut off"))
    return np.load(io.BytesIO(data), allow_pickle=False), most_bytes - len(data)
