"""The pictures of a head show its numbers."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from tests.inputs.few_shot_heads import head
from tools.few_shot.pictures import draw_calibration, draw_confusion, png

BLUE = (0, 114, 178)


def test_a_perfect_table_is_blue_on_the_diagonal_alone() -> None:
    made = head()
    perfect = replace(made, figures=replace(made.figures, confusion=((24, 0), (0, 24))))
    mixed = replace(made, figures=replace(made.figures, confusion=((0, 24), (24, 0))))
    one, other = ((draw_confusion(h) == BLUE).all(axis=2) for h in (perfect, mixed))
    assert one.sum() == other.sum() > 4_000
    assert not (one & other).any()
    rows, columns = np.nonzero(one)
    assert np.corrcoef(rows, columns)[0, 1] > 0.5


def test_a_long_label_and_many_labels_fit_on_the_paper() -> None:
    made = head()
    labels = tuple(f"a very long label of a rare disease {i}" for i in range(20))
    table = tuple(tuple(1 for _ in labels) for _ in labels)
    drawn = draw_confusion(replace(made, labels=labels, figures=replace(made.figures, confusion=table)))
    assert min(drawn.shape[:2]) > 20 * 64
    assert (drawn[-5:] == 255).all() and (drawn[:, -5:] == 255).all()


def test_the_curve_passes_through_its_bins() -> None:
    made = head()
    low, high = (
        replace(
            made.figures,
            bins=tuple(
                replace(one, score=0.5, right=right, low=right, high=right) for one in made.figures.bins
            ),
        )
        for right in (0.1, 0.9)
    )

    def height(figures):
        blue = (draw_calibration(replace(made, figures=figures)) == BLUE).all(axis=2)
        return np.nonzero(blue)[0].mean()

    assert height(low) - height(high) > 300


def test_a_picture_is_kept_as_png() -> None:
    drawn = draw_calibration(head())
    back = np.asarray(Image.open(io.BytesIO(png(drawn))))
    assert (back == drawn).all()
