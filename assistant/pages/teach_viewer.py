"""The viewer in teaching: a case's pictures to read and to mark, and its regions to draw or to see.

What the browser is given of a picture is its pixels, its scale and window, and a number for a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.words import language, said, told
from assistant.viewer.component import Options, Shown, viewer
from assistant.viewer.state import Mark, MarkKind, Tone, ViewerState
from store.errors import CasebookError, CaseError
from store.pictures.image import Image
from store.teaching.region import Region, Shape
from tools.language.retold import retell
from tools.language.sayings import sayings

AREAS: tuple[MarkKind, ...] = ("rectangle", "ellipse", "freehand")
"""What surrounds a region."""
LEARNERS: tuple[MarkKind, ...] = ("distance", "angle", *AREAS, "arrow")
"""What a learner draws and measures with; lengths and angles are no part of the answer."""

Keep = Callable[[Sequence[Region]], None]


@dataclass(frozen=True)
class Pictures:
    """The pictures of one case, for the viewer.

    Attributes:
        name: names the case on the page and among the pictures lent to this browser; it says nothing.
        count: of its images.
        load: an image by its number, counted from 0.
    """

    name: str
    count: int
    load: Callable[[int], Image]


@st.fragment
def draw_viewer(
    desk: Desk,
    pictures: Pictures,
    marks: Callable[[], Sequence[Region]],
    *,
    truth: Sequence[Region] = (),
    marking: tuple[MarkKind, ...] = (),
    keep: Keep | None = None,
) -> None:
    """Draw one image of a case, with another beside it if the reader wants.

    Args:
        desk: whose browser it is.
        pictures: of the case.
        marks: gives the reader's as they are now; asked again while the rest of the page stays as it is.
        truth: regions that are shown as the case's.
        marking: what can be drawn; without any, nothing can be changed.
        keep: takes all marks of the case when they change.
    """
    if not desk.remembered:
        st.info(said("viewer.no_cookies"), icon=":material/info:")
        return
    numbers = _chosen(pictures)
    try:
        images = [pictures.load(number) for number in numbers]
    except CasebookError as error:
        st.caption(told(error))
        return
    there = marks()
    series = [
        _shown(desk, pictures, at, one, (*_marks(at, there, "own"), *_marks(at, truth, "truth")))
        for at, one in zip(numbers, images, strict=True)
    ]
    options = Options(
        language=language(), marking=marking, outlines=True, note=_note(images[0], truth, marking)
    )
    view = viewer(series, key=f"viewer-{pictures.name}-{'-'.join(map(str, numbers))}", options=options)
    if keep is not None and view is not None and len(view.panes) == len(numbers):
        _keep(keep, view, numbers, there)


def _keep(keep: Keep, view: ViewerState, numbers: Sequence[int], marks: Sequence[Region]) -> None:
    drawn = [
        region for at, pane in zip(numbers, view.panes, strict=True) for region in _regions(at, pane.marks)
    ]
    others = [one for one in marks if one.image - 1 not in numbers]
    try:
        keep(sorted([*others, *drawn], key=lambda one: one.image))
    except CaseError as error:
        st.warning(told(error), icon=":material/info:")


def _chosen(pictures: Pictures) -> list[int]:
    """The numbers of the images to show, counted from 0."""
    if pictures.count == 1:
        return [0]
    every = range(pictures.count)
    with st.container(horizontal=True):
        first = st.selectbox(
            said("teach.which_picture"), every, format_func=_title, key=f"which-{pictures.name}"
        )
        beside = st.selectbox(
            said("viewer.beside"),
            [None, *(one for one in every if one != first)],
            format_func=lambda one: said("viewer.nothing_beside") if one is None else _title(one),
            key=f"beside-{pictures.name}-{first}",
        )
    return [first] if beside is None else [first, beside]


def _title(number: int) -> str:
    return said("teach.picture_name", number=number + 1)


def _shown(
    desk: Desk,
    pictures: Pictures,
    number: int,
    image: Image,
    marks: tuple[Mark, ...],
) -> Shown:
    def load() -> Image:
        return pictures.load(number)

    token = desk.lent.lend(desk.assistant.owner, f"teaching/{pictures.name}/{number}", load)
    kind = sayings(language()).texts.get(f"kinds.{image.modality}", image.modality or "")
    return Shown(image, token, title=_title(number), kind=kind, marks=marks)


def _marks(number: int, regions: Sequence[Region], tone: Tone) -> tuple[Mark, ...]:
    return tuple(
        Mark(kind=one.shape, slice=one.slice - 1, points=one.points, caption=one.caption, tone=tone)
        for one in regions
        if one.image == number + 1
    )


def _regions(number: int, marks: Sequence[Mark]) -> list[Region]:
    """Marks as regions; lengths and angles are none, and what is the case's already is left out."""
    return [
        Region(image=number + 1, slice=one.slice + 1, shape=one.kind, points=one.points, caption=one.caption)
        for one in marks
        if one.kind in get_args(Shape) and one.tone == "own"
    ]


def _note(image: Image, truth: Sequence[Region], marking: tuple[MarkKind, ...]) -> str:
    to_do = said("teach.how_to_mark") if marking == LEARNERS else ""
    colours = said("teach.colours") if truth else ""
    scale = said("viewer.with_scale" if image.spacing_mm else "viewer.without_scale")
    caution = retell(image.scale_caution, language()) if image.spacing_mm else ""
    return " ".join(filter(None, (to_do, colours, scale, caution)))
