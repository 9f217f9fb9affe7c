"""A scripted model that follows Casebook's protocol, and says of the drawn `lesion` what the tools said."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.gguf.files import scripted_model
from tests.inputs.drawn_lesion import ellipse, paint, skin

LOOKED = ("img-1 looks like ", "a skin image", ", with a score of 0.90", ".")
MEASURED = ("The lesion in img-1 ", "covers 16.8 %", " of the picture", ".")
LONG = tuple(f"word-{n} " for n in range(1500))
LINES = {
    "look": ('{"tool":"inspect_image",', '"args":{"image_id":"img-1",', '"question":"what is it"}}'),
    "measure": ('{"tool":"measure_lesion",', '"args":{"image_id":"img-1', '","question":"how large"}}'),
    "looked": LOOKED,
    "measured": MEASURED,
    "long": LONG,
}
CHOOSE = (
    "{% if '[[result of measure_lesion' in last %}{% set line = 'measured' %}"
    "{% elif '[[result of' in last %}{% set line = 'looked' %}"
    "{% elif 'chatter on' in last %}{% set line = 'long' %}"
    "{% elif 'large' in last %}{% set line = 'measure' %}"
    "{% else %}{% set line = 'look' %}{% endif %}"
)


def follower(path: Path, *, layers: int = 1) -> Path:
    """Write the model's file."""
    return scripted_model(path, LINES, choose=CHOOSE, layers=layers, context=32768)


def lesion(path: Path) -> Path:
    """Draw the picture that `LOOKED` and `MEASURED` are true of."""
    Image.fromarray(paint(skin(), ellipse(90, 70))).save(path)
    return path
