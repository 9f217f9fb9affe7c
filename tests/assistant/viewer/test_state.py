"""What a browser tells of its viewer is checked before it is used."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.viewer.state import viewer_state


def told(**more: Any) -> dict[str, Any]:
    mark = {"kind": "distance", "slice": 1, "points": [[0, 0], [3, 4]], "caption": "", "measure": None}
    window = {"level": 40, "width": 400, "function": "LINEAR"}
    pane = {"slice": 1, "window": window, "inverted": False, "zoom": 1, "marks": [mark]}
    return {"order": 0, "shown": 0, "panes": [{**pane, **more}]}


def test_a_view_with_its_marks_is_read() -> None:
    state = viewer_state(told())
    assert state is not None
    assert state.panes[0].marks[0].points == ((0.0, 0.0), (3.0, 4.0))


@pytest.mark.parametrize(
    "given",
    [
        None,
        "view",
        {},
        told(slice=-1),
        told(slice="<script>"),
        told(window={"level": float("nan"), "width": 400, "function": "LINEAR"}),
        told(window={"level": 1, "width": 0, "function": "LINEAR"}),
        told(window={"level": 1, "width": 1, "function": "MAGIC"}),
        told(marks=[{"kind": "distance", "slice": 0, "points": [[0, 0]]}]),
        told(marks=[{"kind": "text", "slice": 0, "points": [[0, 0], [1, 1]]}]),
        told(marks=[{"kind": "arrow", "slice": 0, "points": [[0, 0], [1, 1]], "caption": "x" * 201}]),
        told(marks=[{"kind": "arrow", "slice": 0, "points": [[0, 0], [1, 1]]}] * 201),
        told(name="Roe"),
        {"order": 0, "shown": 0, "panes": []},
    ],
)
def test_anything_else_is_no_view(given: Any) -> None:
    assert viewer_state(given) is None
