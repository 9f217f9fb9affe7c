"""Real Ray on this machine, two workers: the same results as here, also when one is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from assistant.chat import Assistant
from assistant.cluster.cases import looking_over
from assistant.cluster.crew import DIED
from assistant.cluster.joining import Cluster, joined
from assistant.cluster.questions import asking_over
from assistant.cluster.vectors import encoding_over
from assistant.evaluation.results import RESULTS
from assistant.evaluation.run import evaluate
from assistant.examples import examples
from assistant.settings import load_settings
from store.cases import encoding, importing
from store.errors import SetupError
from tests.child import environment, hearing_ctrl_c
from tests.inputs.case_library import DARK, RED, mole, save, scan, write_csv
from tests.inputs.make_dicom import build, ramp
from tests.inputs.make_dicom import save as save_dicom
from tests.packages import needs
from tools.models.stand_ins import build_stand_in

pytestmark = [needs("ray"), pytest.mark.process, pytest.mark.timeout(900)]

NAME, FILE = "Quokkaberg^Ilse", "quokkaberg_ilse"
QUESTIONS = (
    "Is it an X-ray?",
    "Which body part is this?",
    "Is it a scan of the knee?",
    "What kind of image is it?",
)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def cluster(said: list[str]) -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEBOOK_BURNED_IN", "off")
        patch.setenv("CASEBOOK_FACES", "off")
        patch.setenv("CASEBOOK_DEVICE", "cpu")
        with joined("local:2", said.append) as here:
            yield here


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty-eight rows: moles, scans, one twice, a header with a name, and two that cannot be used."""
    folder, rows = tmp_path_factory.mktemp("set"), []
    for i in range(40):
        picture = mole(i, RED if i % 3 else DARK, side=300) if i % 2 else scan(i, side=300)
        rows.append(
            (save(folder, f"{i}.png", picture), f"label {i % 3}", "DMS" if i % 2 else "CT", f"p{i // 2}")
        )
    for i in range(5):
        dicom = build(ramp(64, 96 + i), PatientName=NAME, PatientID="QB-4711", BodyPartExamined="CHEST")
        save_dicom(dicom, folder / f"{FILE}{i}.dcm")
        rows.append((f"{FILE}{i}.dcm", "slice", "", "p99"))
    rows.append((save(folder, "again.png", mole(1, RED, side=300)), "other", "DMS", ""))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    rows += [("broken.png", "nevus", "DMS", ""), (save(folder, "noise.png", noise()), "what", "", "")]
    return write_csv(folder, rows)


def noise() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (80, 80, 3), dtype=np.uint8)


def assistant(home: Path, **more: Any) -> Assistant:
    return Assistant(load_settings(home=home, device="cpu", **more))


def held(there: Assistant) -> tuple[Any, dict[str, Any]]:
    """Everything that a library holds, in its order: cases, and vectors byte for byte."""
    library = there.library
    infos = library.collections()
    vectors = {info.name: library.vectors(info.name) for info in infos}
    told = {name: (*rest, found.tobytes()) for name, (*rest, found) in vectors.items()}
    return library.cases(limit=1_000), {"versions": [info.encoder for info in infos], **told}


def workers() -> list[psutil.Process]:
    """The workers that have begun to work: their titles are no longer those of a start."""
    titles = ("ray::Worker", "ray::Worker.do")
    return [one for one in psutil.Process().children(recursive=True) if title(one).strip() in titles]


def title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@pytest.fixture(scope="module")
def one_by_one(table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What an import on this machine alone keeps and reports."""
    with assistant(tmp_path_factory.mktemp("here")) as here:
        report = here.import_cases(table)
        return held(here), report


def test_an_import_keeps_the_same_as_here_though_a_worker_is_killed_in_the_middle(
    cluster: Cluster,
    said: list[str],
    table: Path,
    one_by_one: tuple[Any, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 4)
    kept, killed = [], []

    def kill_one(done: int, _total: int) -> None:
        kept.append(there.library.count())
        if not killed and workers():
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with assistant(tmp_path) as there:
        report = there.import_cases(table, progress=kill_one, over=looking_over(cluster))
        assert held(there) == one_by_one[0]
        again = there.import_cases(table, over=looking_over(cluster))
    assert killed
    assert DIED in said
    assert kept == sorted(kept)
    here = one_by_one[1]
    assert (report.added, report.duplicates) == (here.added, here.duplicates)
    assert (report.skipped, report.notices) == (here.skipped, here.notices)
    assert len(report.skipped) == 2
    assert (again.added, again.already_there) == (0, report.added)


def test_nothing_that_stood_in_a_header_or_name_is_in_the_files_of_ray(
    cluster: Cluster, table: Path, tmp_path: Path
) -> None:
    with assistant(tmp_path) as there:
        there.import_cases(table, over=looking_over(cluster))
    time.sleep(1)
    folders = [one for place in {tempfile.gettempdir(), "/tmp"} for one in Path(place).glob("casebook-ray-*")]
    logs = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any("raylet" in path.name for path in logs)
    for path in logs:
        data = path.read_bytes()
        assert not [word for word in (b"Quokka", b"quokka", b"QB-4711") if word in data], path.name


def test_only_this_machine_reaches_what_was_started(cluster: Cluster) -> None:
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = {
        at.laddr.ip
        for one in family
        for at in one.net_connections(kind="inet")
        if at.status == psutil.CONN_LISTEN
    }
    assert listening
    assert listening <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


@needs("torch")
def test_a_learned_encoder_gives_the_same_vectors_though_a_worker_is_killed(
    cluster: Cluster, said: list[str], table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "_BATCH", 1)
    path = build_stand_in("pubmedclip", tmp_path).path
    killed: list[int] = []

    def kill_one(done: int, _total: int) -> None:
        if not killed and workers():
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with (
        assistant(tmp_path / "here", pubmedclip_path=path) as here,
        assistant(tmp_path / "there", pubmedclip_path=path) as there,
    ):
        for one in (here, there):
            one.import_cases(table)
        encoders = here.services.encoders
        count = encoders.run("pubmedclip", here.library.encode)
        said.clear()
        with encoding_over(cluster, "pubmedclip", there.services.encoders.settings) as (about, by, stand_in):
            assert there.library.encode_by(about, by, progress=kill_one) == count
        assert stand_in
        assert killed
        assert said == [DIED]
        assert held(there) == held(here)


def asked(folder: Path) -> Path:
    """Questions on a drawn radiograph, one of them on a file that is no picture."""
    (chest,) = [example for example in examples() if example.name == "chest"]
    (folder / "chest.dcm").write_bytes(chest.draw())
    (folder / "text.png").write_text("no picture")
    rows = [{"image": "chest.dcm", "question": one, "answer": "yes"} for one in QUESTIONS]
    rows.append({"image": "text.png", "question": QUESTIONS[0], "answer": "yes"})
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(folder: Path) -> list[Any]:
    rows = [json.loads(line) for line in (folder / RESULTS).read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["agent"].pop("seconds")
    return rows


def test_questions_get_the_same_answers_in_the_same_order_and_no_chat_is_left(
    cluster: Cluster, tmp_path: Path
) -> None:
    path = asked(tmp_path)
    with assistant(tmp_path / "home") as one:
        here = evaluate(path, out=tmp_path / "here", assistant=one, reader="none")
        there = evaluate(
            path, out=tmp_path / "there", assistant=one, reader="none", over=asking_over(cluster)
        )
        assert not one.chats()
    assert rows_of(there.folder) == rows_of(here.folder)
    assert here.summary["asked"] == len(QUESTIONS) + 1
    kept = [{**one.summary, "agent": None, "remarks": None} for one in (here, there)]
    assert kept[0] == kept[1]


def test_machines_with_other_settings_are_refused_and_the_setting_is_named(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", "7")
    with assistant(tmp_path / "home") as one, pytest.raises(SetupError, match="differ in setting max_frames"):
        evaluate(
            asked(tmp_path), out=tmp_path / "out", assistant=one, reader="none", over=asking_over(cluster)
        )


def test_ctrl_c_stops_all_of_it_and_the_same_command_goes_on_from_there(table: Path, home: Path) -> None:
    words = [sys.executable, "-m", "assistant", "library", "import", str(table)]
    with hearing_ctrl_c():
        running = subprocess.Popen(
            [*words, "--ray", "local:2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
    family: list[psutil.Process] = []
    until = time.monotonic() + 400
    while not any("ray::Worker" in title(one) for one in family):
        assert time.monotonic() < until
        assert running.poll() is None
        time.sleep(0.05)
        family = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=200)
    assert running.returncode == 130
    assert b"Stopped. What was imported is kept" in err
    assert b"Traceback" not in err
    assert out == b""
    _, left = psutil.wait_procs(family, timeout=60)
    assert not [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    done = subprocess.run(words, capture_output=True, env=environment(), check=True, timeout=400)
    assert b"twice in the table" in done.stdout
    with assistant(home) as one:
        assert one.library.count() == 45
