"""The loss curve as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Points = Sequence[tuple[int, float]]

SIZE = (900, 500)
MARGIN = 60
TRAINING, VALIDATION, INK, GRID = (33, 102, 172), (178, 24, 43), (40, 40, 40), (220, 220, 220)


def draw_curve(path: Path, training: Points, validation: Points) -> None:
    """Write a PNG of the losses.

    Args:
        path: the file.
        training: (step, loss), at least one.
        validation: the same, or none.
    """
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", SIZE, "white")
    canvas, font = ImageDraw.Draw(picture), ImageFont.load_default(14)
    last = max(step for step, _ in (*training, *validation))
    top = 1.05 * max(loss for _, loss in (*training, *validation)) or 1.0
    right, bottom = SIZE[0] - MARGIN, SIZE[1] - MARGIN

    def place(step: float, loss: float) -> tuple[float, float]:
        return MARGIN + (right - MARGIN) * step / last, bottom - (bottom - MARGIN) * loss / top

    for part in range(5):
        loss, step = top * part / 4, last * part // 4
        height, across = place(0, loss)[1], place(step, 0)[0]
        canvas.line([(MARGIN, height), (right, height)], fill=GRID)
        canvas.text((8, height - 8), f"{loss:.3g}", fill=INK, font=font)
        canvas.text((across, bottom + 8), str(step), fill=INK, font=font)
    for points, colour in ((training, TRAINING), (validation, VALIDATION)):
        spots = [place(step, loss) for step, loss in points]
        canvas.line(spots, fill=colour, width=2)
        if points is validation:
            for across, height in spots:
                canvas.ellipse([across - 4, height - 4, across + 4, height + 4], fill=colour)
    canvas.text((MARGIN, 16), "Loss on the training rows", fill=TRAINING, font=font)
    canvas.text((MARGIN + 220, 16), "Loss on the validation rows", fill=VALIDATION, font=font)
    canvas.text((right - 40, bottom + 30), "step", fill=INK, font=font)
    picture.save(path, format="PNG")
