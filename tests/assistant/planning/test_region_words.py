"""What a message says of a region, word by word: places, sizes, units, shapes, ways, in three languages."""

from __future__ import annotations

import pytest

from assistant.planning.region_words import only_measures, said_of


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("HU at x 200 y 143", ((200, 143),)),
        ("row 8, column 12", ((12, 8),)),
        ("Zeile 8, Spalte 12", ((12, 8),)),
        ("columna 12 y fila 8", ((12, 8),)),
        ("HU (60; 61)", ((60, 61),)),
        ("bei 120/85", ((120, 85),)),
        ("en el punto 300, 210", ((300, 210),)),
        ("HU at -5, 20", ((-5, 20),)),
        ("HU at 10,20 and at 30,40", ((10, 20), (30, 40))),
        ("mean in 20 x 20 px", ()),
        ("HU in 1,5 mm", ()),
    ],
)
def test_places_in_numbers(text, at):
    assert said_of(text).at == at


@pytest.mark.parametrize(
    ("text", "size", "unit"),
    [
        ("20x10 px", (20, 10), "px"),
        ("20 mal 10 Pixel", (20, 10), "px"),
        ("10 mm by 5 mm", (10, 5), "mm"),
        ("r=5mm", (10, 10), "mm"),
        ("radio de 5 píxeles", (10, 10), "px"),
        ("Durchmesser 1,5 cm", (15, 15), "mm"),
        ("Ø 8 mm", (8, 8), "mm"),
        ("a 2 cm circle", (20, 20), "mm"),
        ("100 mm² square", (10, 10), "mm"),
        ("a 1 cm2 circle", (11.28, 11.28), "mm"),
        ("-3 x 4 px", (-3, 4), "px"),
    ],
)
def test_sizes(text, size, unit):
    told = said_of(text)
    assert told.size == pytest.approx(size)
    assert told.unit == unit


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("noise in the upper left corner", "upper left"),
        ("Rauschen unten rechts", "lower right"),
        ("mitad derecha", "right half"),
        ("linke Bildhälfte", "left half"),
        ("Bildmitte", "centre"),
        ("of the whole slice", "whole picture"),
        ("mittlere Dichte", ""),
    ],
)
def test_places_in_words(text, place):
    assert said_of(text).place == place


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a box", "rectangle"),
        ("Kreis", "ellipse"),
        ("elipse", "ellipse"),
        ("radius 5", "ellipse"),
        ("HU", ""),
    ],
)
def test_shapes(text, shape):
    assert said_of(text).shape == shape


@pytest.mark.parametrize(
    ("text", "ways", "times"),
    [
        ("30 px to the right", (1, 0), 1),
        ("20 Pixel weiter oben", (0, -1), 1),
        ("hacia abajo", (0, 1), 1),
        ("twice as big", (0, 0), 2),
        ("halb so groß", (0, 0), 0.5),
        ("3 veces más grande", (0, 0), 3),
    ],
)
def test_changes(text, ways, times):
    told = said_of(text)
    assert (told.ways, told.times) == (ways, times)


def test_what_is_said_besides_is_left() -> None:
    assert said_of("is the density in the right upper lobe increased?").rest == "lobe increased"
    assert not only_measures("is the density in the right upper lobe increased?")
    assert only_measures("¿cuántas UH hay en 110,95?")
    assert not only_measures("bigger")
