"""The index heals itself: a torn graph, a write that was cut off, a database that is gone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from store.cases import index as case_index
from store.cases.graph import OpenGraph
from store.cases.held import HeldCollections
from store.cases.index import CaseIndex, open_index
from store.cases.ledger import Entries
from store.encoders import built_in_encoders
from store.errors import CaseError, SetupError

SKIN = built_in_encoders()[0]


def vectors(count: int) -> np.ndarray:
    points = np.random.default_rng(0).normal(size=(count, SKIN.dimension)).astype(np.float32)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def told(identity: int) -> dict[str, str]:
    return {"label": str(identity), "key": ""}


def fill(index: CaseIndex, start: int, stop: int, batch: int = 200) -> None:
    points = vectors(stop)
    for first in range(start, stop, batch):
        chunk = range(first, min(first + batch, stop))
        entries = Entries([str(i) for i in chunk], points[first : chunk.stop], [told(i) for i in chunk])
        with index.writing() as session:
            session.add(session.make_collection(SKIN), entries)


def found(index: CaseIndex, count: int, step: int = 1) -> int:
    """How many of `count` vectors, or of every `step`-th of them, find themselves by the graph alone."""
    with index.reading() as session:
        held = session.collection(SKIN)
        assert held is not None
        hits = 0
        points = vectors(count)
        for i in range(0, count, step):
            answer = index.near(held, points[i], 1)
            hits += answer is not None and answer[0] == [str(i)]
        return hits


def labels(index: CaseIndex) -> dict[str, str]:
    with index.reading() as session:
        held = session.collection(SKIN)
        return {case.id: case.label for case in held.cases} if held is not None else {}


def forget_open(index: CaseIndex) -> None:
    """Let go of the graphs, as the end of the process does."""
    index._graphs.close()


def covered(index: CaseIndex) -> int:
    graph = index._graphs.held(SKIN.name)
    return 0 if graph is None else graph.covers


def change(root: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(root / "cases.sqlite3")) as db, db:
        db.execute(statement, values)


def tear(root: Path) -> None:
    """Leave the folder as a writer does that was killed while Chroma wrote its graph."""
    forget_open(open_index(root))
    (pickle,) = (root / "index").rglob("index_metadata.pickle")
    pickle.write_bytes(pickle.read_bytes()[: pickle.stat().st_size // 2])
    change(root, "UPDATE collections SET busy = 1")


def test_a_graph_torn_by_kill_is_made_again_with_every_case(tmp_path: Path) -> None:
    fill(open_index(tmp_path), 0, 1_200)
    tear(tmp_path)
    assert len(labels(open_index(tmp_path))) == 1_200
    assert found(open_index(tmp_path), 20) == 0  # not asked; a search compares number by number
    fill(open_index(tmp_path), 1_200, 1_300)
    assert found(open_index(tmp_path), 1_300, 50) == 26


def test_a_torn_graph_is_one_that_chroma_does_not_mend(tmp_path: Path) -> None:
    """Guards the test above."""
    fill(open_index(tmp_path), 0, 1_200)
    tear(tmp_path)
    change(tmp_path, "UPDATE collections SET busy = 0")
    with pytest.raises(SetupError, match="casebook library rebuild"):
        found(open_index(tmp_path), 1)
    open_index(tmp_path).rebuild()
    assert found(open_index(tmp_path), 1_200, 50) == 24


def test_an_error_in_the_middle_of_a_write_leaves_all_of_a_batch_or_none(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    entries = Entries(["20"], vectors(21)[20:], [told(20)])
    with pytest.raises(RuntimeError), index.writing() as session:
        session.add(session.make_collection(SKIN), entries)
        raise RuntimeError
    assert len(labels(index)) == 21
    fill(index, 21, 22)
    assert found(index, 22) == 22


def test_an_index_that_is_gone_or_garbage_is_made_again_on_demand(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    forget_open(index)
    (database,) = (tmp_path / "index").rglob("chroma.sqlite3")
    database.write_bytes(b"no database" * 100)
    with pytest.raises(SetupError, match="casebook library rebuild"):
        found(index, 20)
    assert len(labels(index)) == 20
    assert index.rebuild() == ({SKIN.name: 20}, [])
    assert found(index, 20) == 20
    forget_open(index)
    shutil.rmtree(tmp_path / "index")
    index.rebuild()
    assert found(index, 20) == 20


@pytest.mark.parametrize("file", ["cases.sqlite3", "*.f32"])
def test_a_damaged_ledger_costs_nothing_of_the_index(tmp_path: Path, file: str) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 900)
    (ledger,) = tmp_path.rglob(file)
    whole = ledger.read_bytes()
    half = len(whole) // 2 // 4096 * 4096
    ledger.write_bytes(whole[:half] + b"\xa5" * 8192 + whole[half + 8192 :])
    with pytest.raises(SetupError, match="damaged"):
        index.rebuild()
    ledger.write_bytes(whole)
    assert found(index, 300, 50) == 6
    index.rebuild()
    assert found(index, 900, 50) == 18


def test_a_ledger_that_is_gone_costs_nothing_of_the_index_and_is_not_begun_anew(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    ledger = tmp_path / "cases.sqlite3"
    kept = ledger.rename(tmp_path / "copy")
    for use in (index.rebuild, lambda: fill(index, 20, 21), lambda: labels(index)):
        with pytest.raises(SetupError, match="table of cases is gone"):
            use()
    assert not ledger.exists()
    kept.rename(ledger)
    fill(index, 20, 21)
    assert found(index, 21) == 21


def test_a_file_of_vectors_that_is_gone_is_a_sentence_until_it_is_back(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    (vectors_file,) = (tmp_path / "vectors").iterdir()
    kept = vectors_file.rename(tmp_path / "copy")
    index._held = HeldCollections(index._ledger)  # as a new process begins
    for use in (lambda: labels(index), index.rebuild):
        with pytest.raises(SetupError, match="damaged"):
            use()
    kept.rename(vectors_file)
    assert len(labels(index)) == 20


def test_an_index_that_holds_other_cases_than_the_ledger_is_seen_and_made_again(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    assert found(index, 20) == 20
    with index.still():
        graph = index._graphs.held(SKIN.name)
        assert graph is not None
        graph.put(["99"], vectors(1))
        graph.settle(SKIN.dimension)
    assert index.differing() == {SKIN.name: (set(), {"99"})}
    index.rebuild()
    assert index.differing() == {}


def test_an_index_that_does_not_give_back_what_was_put_in_does_not_replace_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    put = OpenGraph.put

    def put_less(graph: OpenGraph, ids: list[str], points: Any) -> None:
        put(graph, ids, np.where(np.arange(len(ids))[:, None] == 7, points[::-1], points))

    monkeypatch.setattr(OpenGraph, "put", put_less)
    with pytest.raises(SetupError, match="does not hold what was put into it"):
        index.rebuild()
    monkeypatch.undo()
    assert found(index, 20) == 20
    fill(index, 20, 21)
    assert len([*(tmp_path / "index").iterdir()]) == 1


def test_labels_changed_and_cases_deleted_survive_a_rebuild(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 5)
    with index.writing() as session:
        collection = session.make_collection(SKIN)
        session.change(collection, "1", {"label": "wart"})
        session.delete(collection, ["0", "4"])
    index.rebuild()
    assert labels(index) == {"1": "wart", "2": "2", "3": "3"}
    assert found(index, 5) == 3


def test_a_new_label_leaves_the_graph_as_it_is(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 5)
    graph = index._graphs.held(SKIN.name)
    with index.writing() as session:
        session.change(session.make_collection(SKIN), "1", {"label": "wart"})
    assert labels(index)["1"] == "wart"
    assert index._graphs.held(SKIN.name) is graph


def test_a_dropped_collection_does_not_come_back(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 5)
    with index.writing() as session:
        session.drop(SKIN.name)
    index.rebuild()
    with index.reading() as session:
        assert session.any_collection(SKIN.name) is None
    assert [*(tmp_path / "index").iterdir()] == [*(tmp_path / "vectors").iterdir()] == []


def test_one_folder_has_one_index_per_process(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    assert open_index(tmp_path) is open_index(tmp_path / "inner" / "..")


def test_threads_take_turns(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 8, batch=1)
    workers = [threading.Thread(target=fill, args=(index, 8 * i, 8 * i + 8, 2)) for i in range(1, 4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found(index, 32) == 32


def test_readers_wait_neither_for_each_other_nor_for_a_writer(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    assert found(index, 20) == 20
    seen: list[int] = []
    together = threading.Barrier(3, timeout=30)

    def look() -> None:
        with index.reading() as session:
            held = session.collection(SKIN)
            assert held is not None
            together.wait()  # all three are in here at once
            seen.append(found(index, 20))

    with index.still():
        workers = [threading.Thread(target=look) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
    assert seen == [20, 20, 20]


@pytest.mark.process
def test_a_library_kept_busy_by_another_process_is_read_and_writing_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_index, "_LOCK_TIMEOUT_S", 0.2)
    index = open_index(tmp_path)
    fill(index, 0, 5)
    assert found(index, 5) == 5
    holder = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holder, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(CaseError, match="busy"), index.writing():
            pass
        assert len(labels(index)) == found(index, 5) == 5
        child.kill()
    with FileLock(tmp_path / "lock", timeout=5), pytest.raises(CaseError), index.writing():
        pass


WRITER = """
import sys
from pathlib import Path
from store.cases.index import open_index
from tests.store.cases.test_index import fill
fill(open_index(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
"""


@pytest.mark.process
def test_what_another_process_writes_is_seen_and_its_graph_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 300)
    assert found(index, 300, 50) == 6
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path), "300", "1500"], check=True, timeout=300)
    files = {path: path.read_bytes() for path in (tmp_path / "index").rglob("*.bin")}
    assert len(labels(index)) == 1_500
    assert found(index, 300, 50) == 6
    assert covered(index) == 300
    assert {path: path.read_bytes() for path in files} == files
    monkeypatch.setattr(case_index, "FEW_NUMBERS", 1)
    assert found(index, 1_500, 50) == 30
    assert covered(index) == 1_500


def holds(root: Path, word: bytes) -> list[str]:
    """The files below a folder that hold a word."""
    return [path.name for path in root.rglob("*") if path.is_file() and word in path.read_bytes()]


def kept(root: Path, identity: str, label: str, vector: np.ndarray) -> None:
    with open_index(root).writing() as session:
        session.add(session.make_collection(SKIN), Entries([identity], vector, [{"label": label}]))


def test_what_was_removed_is_in_no_file_any_more(tmp_path: Path) -> None:
    points = vectors(3)
    gone = points[:1].tobytes()
    for place, label in enumerate(("removedword", "changedword", "stayingword")):
        kept(tmp_path, str(place), label, points[place : place + 1])
    # Until something is removed, a graph's file may hold what the process had in its memory.
    assert "cases.sqlite3" in holds(tmp_path, b"removedword")
    assert holds(tmp_path, gone)
    with open_index(tmp_path).writing() as session:
        collection = session.make_collection(SKIN)
        session.delete(collection, ["0"])
        session.change(collection, "1", {"label": "otherword"})
    assert holds(tmp_path, b"removedword") == holds(tmp_path, b"changedword") == holds(tmp_path, gone) == []
    assert holds(tmp_path, b"stayingword") == ["cases.sqlite3"]
    assert found(open_index(tmp_path), 3) == 2


def test_what_the_process_had_in_its_memory_is_in_no_file_once_something_was_removed(tmp_path: Path) -> None:
    fill(open_index(tmp_path), 0, 3)
    with open_index(tmp_path).writing() as session:
        session.delete(session.make_collection(SKIN), ["0"])
    graphs = [*tmp_path.rglob("data_level0.bin")]
    assert graphs and not any(any(graph.read_bytes()) for graph in graphs)
    assert found(open_index(tmp_path), 3) == 2


def test_after_many_were_removed_and_came_back_a_query_for_all_finds_all(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 400)
    for _ in range(2):
        with index.writing() as session:
            session.delete(session.make_collection(SKIN), [str(i) for i in range(50, 400)])
        fill(index, 50, 400)
    with index.reading() as session:
        held = session.collection(SKIN)
        assert held is not None
        answer = index.near(held, vectors(1)[0], 400)
    assert answer is not None
    assert sorted(map(int, answer[0])) == list(range(400))
