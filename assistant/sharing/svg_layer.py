"""Regions of one slice as an SVG layer that lies over its picture, and the regions again from it.

Every shape carries its kind and its exact points beside the geometry that programs draw.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assistant.sharing.mirc_names import OURS, ours

if TYPE_CHECKING:
    from lxml.etree import _Element

    from store.teaching.region import Region

_SVG = "http://www.w3.org/2000/svg"
_STYLE = {"fill": "none", "stroke": "#ffd400", "stroke-width": "2"}


def svg_layer(size: tuple[int, int], regions: Iterable[tuple[int, Region]]) -> bytes:
    """The layer.

    Args:
        size: width and height of the picture, in pixels.
        regions: those of one slice, each with its number among those of the case, counted from 1.
    """
    from lxml import etree

    width, height = (str(side) for side in size)
    told = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    root = etree.Element(f"{{{_SVG}}}svg", told, nsmap={None: _SVG, "casebook": OURS})
    for number, one in regions:
        name, geometry = _drawn(one.shape, one.points)
        exact = " ".join(f"{x!r},{y!r}" for x, y in one.points)
        marks = {ours("number"): str(number), ours("shape"): one.shape, ours("points"): exact}
        shape = etree.SubElement(root, f"{{{_SVG}}}{name}", geometry | _STYLE | marks)
        etree.SubElement(shape, f"{{{_SVG}}}title").text = one.caption
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def regions_in(layer: _Element, image: int, at: int) -> list[tuple[int, dict[str, Any]]]:
    """Number and fields of each region of a layer that Casebook wrote; shapes of others are passed over.

    Raises:
        ValueError: its numbers are none.
    """
    found = []
    for shape in layer.iter(f"{{{_SVG}}}*"):
        exact = shape.get(ours("points"))
        if exact is None:
            continue
        points = [tuple(float(value) for value in pair.split(",")) for pair in exact.split()]
        told = {"image": image, "slice": at, "shape": shape.get(ours("shape")), "points": points}
        number = int(shape.get(ours("number"), "0"))
        found.append((number, told | {"caption": shape.findtext(f"{{{_SVG}}}title") or ""}))
    return found


def _drawn(shape: str, points: Any) -> tuple[str, dict[str, str]]:
    """Name and geometry of the SVG element that shows a shape."""
    (x0, y0), (x1, y1) = points[0], points[1]
    left, top, width, height = min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)
    if shape == "rectangle":
        return "rect", _texts(x=left, y=top, width=width, height=height)
    if shape == "ellipse":
        return "ellipse", _texts(cx=left + width / 2, cy=top + height / 2, rx=width / 2, ry=height / 2)
    if shape == "arrow":
        return "line", _texts(x1=x0, y1=y0, x2=x1, y2=y1)
    return "polygon", {"points": " ".join(f"{x:g},{y:g}" for x, y in points)}


def _texts(**numbers: float) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in numbers.items()}
