"""The viewer as a component of the page: one or two series in, marks and view out.

Its script and style lie in ``page/`` and are served by Streamlit from this installation; pixels come slice by
slice from `SLICES`, to the browser that they are lent to (`assistant.viewer.lent`), and never with the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

import streamlit as st

from assistant.viewer.series import described
from assistant.viewer.state import Mark, MarkKind, ShownWindow, ViewerState, viewer_state
from store.pictures.image import Image
from tools.language.sayings import sayings
from tools.windows import windows_for

SLICES = "/slices"
"""Where slices are asked for: ``SLICES/token/number`` gives values, ``…/shown`` what is shown of them."""

_DISTRIBUTION, _VIEWER = "casebook", "viewer"
# Each a script of this name in the folder below.
_NAMES = (_VIEWER, "clock")
_FILES = Path(__file__).with_name("page")


@dataclass(frozen=True)
class Shown:
    """One series for the viewer.

    Attributes:
        image: what is shown; its `index` is the slice that is seen first.
        token: of the loan (`Lent.lend`) by which the browser asks for its slices.
        title: what it is called: an image id such as ``img-1``.
        kind: what it is, in a few words; told to screen readers.
        marks: on it from the beginning.
    """

    image: Image
    token: str
    title: str
    kind: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Order:
    """What the page wants seen from now on. A viewer follows each number once, in rising order.

    Attributes:
        number: from 1 on.
        pane: which series, 0-based.
        slice: 0-based, or None to stay.
        window: or None to leave it.
        marks: in place of all marks there, or None to leave them.
    """

    number: int
    pane: int = 0
    slice: int | None = None
    window: ShownWindow | None = None
    marks: tuple[Mark, ...] | None = None


@dataclass(frozen=True)
class Options:
    """How a viewer is set up.

    Attributes:
        language: of its words, a folder of ``prompts/sayings``.
        marking: the kinds of marks that can be drawn; without any, none can be changed either.
        outlines: whether a freehand line surrounds an area, so that its end is joined to its beginning.
        note: a sentence below it, such as what the scale rests on.
        orders: what the page wants seen.
    """

    language: str = "en"
    marking: tuple[MarkKind, ...] = get_args(MarkKind)
    outlines: bool = False
    note: str = ""
    orders: tuple[Order, ...] = field(default=())


def viewer(
    series: Sequence[Shown],
    *,
    key: str,
    options: Options = Options(),
) -> ViewerState | None:
    """Draw the viewer.

    Args:
        series: one, or two side by side, whose slices scroll together.
        key: names it on the page. With the same key and the same tokens it keeps zoom, window and marks over
            runs of the page; what is lent anew begins anew.
        options: how it is set up.

    Returns:
        The view and all marks, as the browser told them last; None before anything was changed.

    Raises:
        ValueError: there are no series or more than two.
    """
    if not 1 <= len(series) <= 2:
        raise ValueError(f"a viewer shows one or two series, not {len(series)}")
    told = mounted(_VIEWER)(
        key=key,
        data=_data(series, options),
        on_view_change=_nothing,
        height="content",
    )
    return viewer_state(told.get("view"))


def _data(series: Sequence[Shown], options: Options) -> dict[str, Any]:
    texts = sayings(options.language).texts
    names = [name.partition(".")[2] for name in texts if name.startswith("viewer.")]
    words = {name: texts[f"viewer.{name}"] for name in names}
    presets = {name: window for one in series for name, window in windows_for(one.image).items()}
    return {
        "series": [_series(one) for one in series],
        "title": ", ".join(one.title for one in series),
        "presets": [
            {"name": name, "words": words[f"preset_{name}"], "level": window.level, "width": window.width}
            for name, window in presets.items()
        ],
        "orders": [_order(one) for one in options.orders],
        "marking": list(options.marking),
        "outlines": options.outlines,
        "note": options.note,
        "language": options.language,
        "words": words,
    }


def _series(shown: Shown) -> dict[str, Any]:
    where = {"url": f"{SLICES}/{shown.token}", "title": shown.title, "modality": shown.kind}
    return {**described(shown.image), **where, "marks": _marks(shown.marks)}


def _order(order: Order) -> dict[str, Any]:
    window = order.window.model_dump() if order.window else None
    return {**asdict(order), "window": window, "marks": _marks(order.marks)}


def _marks(marks: tuple[Mark, ...] | None) -> list[dict[str, Any]] | None:
    return None if marks is None else [one.model_dump(mode="json", exclude={"measure"}) for one in marks]


def _nothing() -> None:
    """The page runs again by itself."""


def mounted(name: str) -> Callable[..., Any]:
    """Streamlit's mounting command for one of our components, with our files known to the server that runs.

    Streamlit finds the files of a component through the name of an installed package. Ours is made of
    packages of other names, so the manifest is given by hand; a script in the page itself would have to be
    run from a ``blob:`` address, which the page refuses.
    """
    from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
    from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_DISTRIBUTION}.{name}") is None:
        ours = [ComponentConfig(name=one, asset_dir=_FILES.name) for one in _NAMES]
        manager.register_from_manifest(ComponentManifest(_DISTRIBUTION, "", ours), _FILES.parent)
    return _registered(name)


@cache
def _registered(name: str) -> Callable[..., Any]:
    mount: Callable[..., Any] = st.components.v2.component(
        f"{_DISTRIBUTION}.{name}", js=f"{name}.js", css="viewer.css"
    )
    return mount
