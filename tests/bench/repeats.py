"""What a tool costs that the chat has run before on the same image, over what it cost the first time.

Both tools are asked by a scripted model, on a drawn photograph of 12 megapixels, in a chat of forty turns.

    python -m tests.bench.repeats
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.figures import Figure, show

COMMAND = "python -m tests.bench.repeats"
TARGET = 0.05
_TOOLS = ("inspect_image", "measure_lesion")
_TURNS, _AGAIN = 40, 5


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print; 1 when a target is missed."""
    del argv
    figures = measure()
    show(figures)
    return 0 if all(one.met is not False for one in figures) else 1


def measure() -> list[Figure]:
    """The first call of each tool, and the median of later ones."""
    with tempfile.TemporaryDirectory() as folder:
        times = {name: _times(name, Path(folder) / name) for name in _TOOLS}
    figures = []
    for name, (first, again) in times.items():
        figures += [
            Figure(f"{name}, first time", first, "ms", None, COMMAND),
            Figure(f"{name}, again ÷ first time", again / first, "×", TARGET, COMMAND),
        ]
    return figures


def _times(name: str, home: Path) -> tuple[float, float]:
    from langchain_core.messages import AIMessage

    from assistant import Assistant, load_settings
    from assistant.middleware.kept import KeptMiddleware
    from tests.scripted.chat_model import ScriptedModel, call

    spent: list[float] = []
    with _timed(KeptMiddleware, spent):
        model = ScriptedModel(replies=[call(name, image_id="img-1", question="and?"), AIMessage("Done.")])
        with Assistant(load_settings(home=home), model=model) as assistant:
            warm = assistant.chat()
            warm.ask("what is this?", [_photo(400, 300)])  # imports and builds
            chat = assistant.chat()
            spent.clear()
            chat.ask("what is this?", [_photo(4000, 3000)])
            for _ in range(_TURNS + _AGAIN):
                chat.ask("and again?")
    return spent[0], float(np.median(spent[-_AGAIN:]))


def _photo(width: int, height: int) -> Any:
    from store.pictures.image import Image
    from tests.inputs.drawn_lesion import ellipse, paint, skin

    lesion = ellipse(width / 5, height / 5, centre=(height / 2, width / 2), size=(height, width))
    pixels = paint(skin(height, width), lesion)
    return Image(pixels[None], "DICOM", modality="DMS", facts={"modality": "DMS, dermoscopy"})


class _timed:  # noqa: N801 - read as a statement
    """While open, every tool call through a middleware is timed, in milliseconds."""

    def __init__(self, middleware: type, spent: list[float]) -> None:
        self._middleware, self._spent, self._plain = middleware, spent, middleware.wrap_tool_call

    def __enter__(self) -> None:
        plain, spent = self._plain, self._spent

        def timed(this: Any, request: Any, handler: Callable[[Any], Any]) -> Any:
            start = time.perf_counter()
            result = plain(this, request, handler)
            spent.append(1e3 * (time.perf_counter() - start))
            return result

        self._middleware.wrap_tool_call = timed

    def __exit__(self, *_: object) -> None:
        self._middleware.wrap_tool_call = self._plain


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
