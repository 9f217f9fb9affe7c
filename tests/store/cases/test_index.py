"""The index heals itself: a torn graph, a write that was cut off, a database that is gone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from store.cases import index as case_index
from store.cases.index import CaseIndex, open_index
from store.cases.ledger import Entries
from store.encoders import built_in_encoders
from store.errors import CaseError, SetupError
from store.whole_file import write_whole

SKIN = built_in_encoders()[0]


def vectors(count: int) -> np.ndarray:
    points = np.random.default_rng(0).normal(size=(count, SKIN.dimension)).astype(np.float32)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def fill(index: CaseIndex, start: int, stop: int, batch: int = 200) -> None:
    points = vectors(stop)
    for first in range(start, stop, batch):
        chunk = range(first, min(first + batch, stop))
        entries = Entries(
            [str(i) for i in chunk], points[first : chunk.stop], [{"label": str(i)} for i in chunk]
        )
        with index.writing() as session:
            session.add(session.make_collection(SKIN), entries)


def found(index: CaseIndex, count: int) -> int:
    """How many of `count` vectors find themselves."""
    with index.reading() as session:
        collection = session.collection(SKIN)
        assert collection is not None
        got = collection.query(query_embeddings=vectors(count), n_results=1, include=["metadatas"])
    return sum(ids == [str(i)] for i, ids in enumerate(got["ids"]))


def tear(root: Path) -> None:
    """Leave the folder as a writer does that was killed while Chroma wrote its graph."""
    (pickle,) = (root / "index").glob("*/index_metadata.pickle")
    pickle.write_bytes(pickle.read_bytes()[: pickle.stat().st_size // 2])
    write_whole(root / "state", "writing 1")


def test_a_graph_torn_by_kill_is_made_again_with_every_case(tmp_path: Path) -> None:
    fill(open_index(tmp_path), 0, 1_200)
    tear(tmp_path)
    fill(open_index(tmp_path), 1_200, 1_300)
    assert found(open_index(tmp_path), 1_300) == 1_300


def test_without_the_ledger_a_torn_graph_would_be_lost(tmp_path: Path) -> None:
    """Guards the test above: the tear is one that Chroma does not mend by itself."""
    fill(open_index(tmp_path), 0, 1_200)
    tear(tmp_path)
    write_whole(tmp_path / "state", "as if nothing had happened")
    with pytest.raises(SetupError, match="database cannot be used"):
        found(open_index(tmp_path), 1_200)
    open_index(tmp_path).rebuild()
    assert found(open_index(tmp_path), 1_200) == 1_200


def test_an_error_in_the_middle_of_a_write_leaves_all_of_a_batch_or_none(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    entries = Entries(["20"], vectors(21)[20:], [{"label": "20"}])
    with pytest.raises(RuntimeError), index.writing() as session:
        session.add(session.make_collection(SKIN), entries)
        raise RuntimeError
    assert found(index, 21) == 21


def test_a_case_in_the_ledger_that_chroma_never_saw_is_found(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    index._ledger.add(SKIN.name, Entries(["20"], vectors(21)[20:], [{"label": "20"}]))
    write_whole(tmp_path / "state", "writing 1")
    assert found(index, 21) == 21


def test_an_index_that_is_gone_or_garbage_is_made_again_on_demand(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    index._close()
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(SetupError, match=r"Library\.rebuild"):
        found(index, 20)
    index.rebuild()
    assert found(index, 20) == 20
    shutil.rmtree(tmp_path / "index")
    index.rebuild()
    assert found(index, 20) == 20


def test_a_damaged_ledger_costs_nothing_of_the_index(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 300)
    ledger = tmp_path / "cases.sqlite3"
    whole = ledger.read_bytes()
    half = len(whole) // 2 // 4096 * 4096
    ledger.write_bytes(whole[:half] + b"\xa5" * 8192 + whole[half + 8192 :])
    with pytest.raises(SetupError):
        index.rebuild()
    assert found(index, 300) == 300
    ledger.write_bytes(whole)
    index.rebuild()
    assert found(index, 300) == 300


def test_a_ledger_that_is_gone_costs_nothing_of_the_index_and_is_not_begun_anew(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    ledger = tmp_path / "cases.sqlite3"
    kept = ledger.rename(tmp_path / "copy")
    with pytest.raises(SetupError, match="table of cases is gone"):
        index.rebuild()
    with pytest.raises(SetupError, match="table of cases is gone"):
        fill(index, 20, 21)
    assert not ledger.exists()
    assert found(index, 20) == 20
    kept.rename(ledger)
    fill(index, 20, 21)
    assert found(index, 21) == 21


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe\x00", b"{}" * 1000])
def test_garbage_in_the_file_of_the_token_costs_nothing(tmp_path: Path, garbage: bytes) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 20)
    (tmp_path / "state").write_bytes(garbage)
    assert found(index, 20) == 20
    fill(index, 20, 21)
    assert found(index, 21) == 21


def test_labels_changed_and_cases_deleted_survive_a_rebuild(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 5)
    with index.writing() as session:
        collection = session.make_collection(SKIN)
        session.change(collection, "1", {"label": "wart"})
        session.delete(collection, ["0", "4"])
    index.rebuild()
    with index.reading() as session:
        collection = session.make_collection(SKIN)
        got = collection.get(include=["metadatas"])
    labels = {i: dict(m)["label"] for i, m in zip(got["ids"], got["metadatas"] or [], strict=True)}
    assert labels == {"1": "wart", "2": "2", "3": "3"}


def test_a_dropped_collection_does_not_come_back(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    fill(index, 0, 5)
    with index.writing() as session:
        session.drop(SKIN.name)
    index.rebuild()
    with index.reading() as session:
        assert session.any_collection(SKIN.name) is None


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


@pytest.mark.process
def test_a_library_kept_busy_by_another_process_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_index, "_LOCK_TIMEOUT_S", 0.2)
    holder = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    tmp_path.joinpath("lock").touch()
    command = [sys.executable, "-c", holder, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(CaseError, match="busy"), open_index(tmp_path).reading():
            pass
        child.kill()
    with FileLock(tmp_path / "lock", timeout=5), pytest.raises(CaseError), open_index(tmp_path).reading():
        pass


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
    assert holds(tmp_path, b"removedword") and holds(tmp_path, gone)
    with open_index(tmp_path).writing() as session:
        collection = session.make_collection(SKIN)
        session.delete(collection, ["0"])
        session.change(collection, "1", {"label": "otherword"})
    assert holds(tmp_path, b"removedword") == holds(tmp_path, b"changedword") == holds(tmp_path, gone) == []
    assert "chroma.sqlite3" in holds(tmp_path, b"stayingword")
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
        collection = session.collection(SKIN)
        assert collection is not None
        got = collection.query(query_embeddings=vectors(1), n_results=400, include=[])
    assert sorted(map(int, got["ids"][0])) == list(range(400))
