"""What tests ask for again and again, found out once in a run. Loaded by `tests/conftest.py`.

Only answers that cannot change within a run, to the very same question: what an encoder makes of the same
pixels, where a lesion measured in a chat ends in them (tests of the outline itself compute it), which of the
installed packages bring parts of a page, which certificates are trusted, and that this is not a hosted
notebook.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache, wraps
from hashlib import blake2b
from typing import Any
from weakref import WeakSet

import httpcore2
import numpy as np
import pytest

from store import class_code
from store.cases.graphs import Graphs
from store.encoders.blocks import BlockEncoder
from tests.processes import is_quick
from tools.lesion.segment import segment

# Chroma looks for it with each client it makes, and looks through every folder of packages.
_NOTEBOOK = "google.colab"


@pytest.fixture(scope="session", autouse=True)
def the_same_is_found_once() -> Iterator[None]:
    """Remember for the run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, _NOTEBOOK, None)
        patch.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        patch.setattr(BlockEncoder, "encode", _remembering(BlockEncoder.encode))
        patch.setattr("tools.lesion.segment.segment", _outlined_once(segment))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_decoding_process_for_the_same_limits(pytestconfig: pytest.Config) -> Iterator[None]:
    """Assistants of this process share what reads their files: they would each start it anew.

    Not in the quick run, which is to notice every test that starts a process.
    """
    if is_quick(pytestconfig):
        yield
        return
    from assistant.build import Services
    from tools.files.decoding import Decoder, ReadLimits

    class Lent(Decoder):
        def close(self) -> None:
            """An assistant is closed, and the next one reads with it."""

    lent: dict[ReadLimits, Lent] = {}
    own = Services.__dict__["decoder"]
    made = own.func

    def decoder(services: Services) -> Decoder:
        limits = made(services).limits
        return lent.setdefault(limits, Lent(limits))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "func", decoder)
        yield
    for one in lent.values():
        Decoder.close(one)


@pytest.fixture(scope="session")
def every_graph() -> Iterator[WeakSet[Graphs]]:
    """The search indexes of this process: one a library folder, which keeps it open for good."""
    made: WeakSet[Graphs] = WeakSet()
    begin = Graphs.__init__

    def remembered(graphs: Graphs, *given: Any) -> None:
        begin(graphs, *given)
        made.add(graphs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Graphs, "__init__", remembered)
        yield made


@pytest.fixture(scope="module", autouse=True)
def search_indexes_are_closed(every_graph: WeakSet[Graphs]) -> Iterator[None]:
    """Close those of a file of tests after it, a dozen descriptors each; one that is needed opens again."""
    yield
    for graphs in list(every_graph):
        graphs.close()


@pytest.fixture
def cheap_class_codes() -> Iterator[None]:
    """For tests of what a class code opens: a try costs little. What one costs users is tested by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(class_code._COST, "n", 2**4)
        yield


@pytest.fixture(scope="session")
def packages_searched_once() -> Iterator[None]:
    """For tests of the page: each page that is opened reads what all installed packages say of themselves."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


def _remembering(encode: Any) -> Any:
    kept: dict[tuple[str, tuple[int, ...], bytes], Any] = {}

    @wraps(encode)
    def once(self: BlockEncoder, pixels: Any) -> Any:
        asked = (self.name, pixels.shape, blake2b(np.ascontiguousarray(pixels)).digest())
        if asked not in kept:
            kept[asked] = encode(self, pixels)
        return kept[asked].copy()

    return once


def _outlined_once(outline: Any) -> Any:
    kept: dict[tuple[tuple[int, ...], bytes], Any] = {}

    @wraps(outline)
    def once(pixels: Any) -> Any:
        asked = (pixels.shape, blake2b(np.ascontiguousarray(pixels)).digest())
        if asked not in kept:
            kept[asked] = outline(pixels)
        return kept[asked]

    return once
