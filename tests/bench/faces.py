"""How many faces in photographs are found, and how often one is seen where there is none.

    python -m tests.bench.faces                     on faces that come with scikit-image
    python -m tests.bench.faces --without FOLDER …  and false alarms in real pictures that show no face

The faces: two photographs (a woman from the front, a man from aside), whole, turned, darkened, made smaller
and cut to a part of the face; and the 100 faces of 25 × 25 pixels of `skimage.data.lfw_subset`, made larger,
on grey. In whole photographs a face counts as found if the point between its eyes is masked.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from assistant.turn.private_pixels import may_show_a_face
from store.pictures.image import Image, Pixels
from tools.burned_in.faces import FaceFinder
from tools.burned_in.masking import covered

# By eye: the faces of `skimage.data.astronaut` and `camera`: left, top, right, bottom, and the eyes' middle.
FACES = {"astronaut": ((180, 58, 272, 178), (225, 103)), "camera": (((200, 118, 258, 198)), (244, 150))}
SIDES, DARK = (64, 128, 256, 512), 0.35
# Parts of a face, as shares of its box, that a close photograph of skin may show.
PARTS = {
    "upper half": (0, 0, 1, 0.5),
    "left half": (0, 0, 0.5, 1),
    "right half": (0.5, 0, 1, 1),
    "lower half, no eyes": (0, 0.5, 1, 1),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faces", description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--most", type=int, default=100, help="pictures of each folder")
    given = parser.parse_args()
    finder = FaceFinder()
    photographs(finder)
    lfw(finder)
    for folder in given.without:
        without(folder, finder, given.most)


def photographs(finder: FaceFinder) -> None:
    import skimage.data

    for name, (box, eyes) in FACES.items():
        picture = getattr(skimage.data, name)()
        found = {what: _hidden(finder, one, at) for what, one, at in _whole(picture, eyes)}
        found |= {f"part: {what}": bool(finder.find(part)) for what, part in _parts(picture, box)}
        missed = [what for what, hit in found.items() if not hit]
        print(f"{name}: found in {len(found) - len(missed)} of {len(found)}; missed: {missed}")


def _whole(picture: Pixels, eyes: tuple[int, int]) -> Iterator[tuple[str, Pixels, tuple[float, float]]]:
    (x, y), size = eyes, picture.shape[0]
    yield "whole", picture, (x, y)
    for quarter, at in ((1, (y, size - 1 - x)), (2, (size - 1 - x, size - 1 - y)), (3, (size - 1 - y, x))):
        yield f"turned by {90 * quarter}°", np.ascontiguousarray(np.rot90(picture, quarter)), at
    yield "dark", (picture * DARK).astype(np.uint8), (x, y)
    yield "mirrored", np.ascontiguousarray(picture[:, ::-1]), (size - 1 - x, y)
    for side in (128, 2048):
        scale = side / size
        resized = np.asarray(PillowImage.fromarray(picture).resize((side, side)))
        yield f"{side} pixels wide", resized, (x * scale, y * scale)


def _parts(picture: Pixels, box: tuple[int, int, int, int]) -> Iterator[tuple[str, Pixels]]:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    for name, (a, b, c, d) in PARTS.items():
        part = picture[top + int(b * high) : top + int(d * high), left + int(a * wide) : left + int(c * wide)]
        yield name, np.asarray(PillowImage.fromarray(part).resize((part.shape[1] * 6, part.shape[0] * 6)))


def _hidden(finder: FaceFinder, picture: Pixels, eyes: tuple[float, float]) -> bool:
    high, wide = picture.shape[:2]
    return bool(covered(finder.find(picture), (wide, high))[round(eyes[1]), round(eyes[0])])


def lfw(finder: FaceFinder) -> None:
    from skimage.data import lfw_subset

    small = (np.clip(lfw_subset(), 0, 1) * 255).astype(np.uint8)
    for side in SIDES:
        found, alarms, unsearched = 0, 0, 0
        for number, one in enumerate(small):
            ground = np.full((2 * side, 2 * side, 3), 60 + number % 120, np.uint8)
            face = np.asarray(PillowImage.fromarray(one).resize((side, side), PillowImage.Resampling.BICUBIC))
            ground[side // 2 : side // 2 + side, side // 2 : side // 2 + side] = face[:, :, None]
            searched = may_show_a_face(Image(frames=ground[None], file_type="PNG"))
            hit = searched and bool(finder.find(ground))
            found, alarms = found + (hit and number < 100), alarms + (hit and number >= 100)
            unsearched += not searched and number < 100
        print(f"lfw_subset at {side} pixels: {found} of 100 faces found, {unsearched} not looked for; "
              f"{alarms} alarms in 100 pieces without a face")  # fmt: skip


def without(folder: Path, finder: FaceFinder, most: int) -> None:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".png", ".jpg", ".jpeg"})[:most]
    searched, alarms = 0, []
    for path in files:
        pixels = np.asarray(PillowImage.open(path).convert("RGB"))
        if may_show_a_face(Image(frames=pixels[None], file_type="PNG")):
            searched += 1
            alarms += [path.name] * bool(finder.find(pixels))
    print(f"{folder.name}: {len(alarms)} alarms in {searched} searched of {len(files)} pictures {alarms}")


if __name__ == "__main__":
    main()
