"""Readers on stand-ins: found, loaded when first asked, sharing memory among chats, or refused."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.chat import Assistant
from assistant.settings import load_settings
from assistant.settings_for_models import reader_settings
from store.errors import CaseError, SetupError
from tests.child import environment
from tests.packages import needs
from tests.servers.chat_server import ChatServer
from tools.models.installed_readers import Readers, ReaderSettings, Server
from tools.models.memory.in_memory import read_loaded
from tools.models.memory.residency import Residency
from tools.models.stand_ins import StandIn, build_stand_in
from tools.models.systems.reading import Request, Sampling
from tools.models.weights.fit import size

pytestmark = needs("torch")

NAMES = ("radiographer", "babydoctor", "derm-captioner")


@pytest.fixture(scope="session")
def stand_ins(tmp_path_factory) -> dict[str, StandIn]:
    folder = tmp_path_factory.mktemp("readers")
    return {name: build_stand_in(name, folder) for name in NAMES}


@pytest.fixture(scope="module")
def all_loaded(stand_ins, tmp_path_factory) -> tuple[Readers, Residency]:
    """All three in memory, each asked once about a picture that no test asks about."""
    given = {f"{name.replace('-', '_')}_path": one.path for name, one in stand_ins.items()}
    bases = {f"{name.replace('-', '_')}_base": one.base for name, one in stand_ins.items() if one.base}
    settings = load_settings(home=tmp_path_factory.mktemp("home"), device="cpu", **given, **bases)
    residency = Residency()
    known = Readers(reader_settings(settings), residency)
    for name in NAMES:
        known.read(name, request(seed=99))
    return known, residency


@pytest.fixture
def set_up(stand_ins, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of an operator who has all three."""
    for name, one in stand_ins.items():
        stem = f"CASEBOOK_{name.replace('-', '_').upper()}"
        monkeypatch.setenv(f"{stem}_PATH", str(one.path))
        if one.base:
            monkeypatch.setenv(f"{stem}_BASE", str(one.base))
    monkeypatch.setenv("CASEBOOK_DEVICE", "cpu")


def request(question: str = "Is there a fracture?", seed: int = 0) -> Request:
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    return Request(pixels=pixels, image_key=f"k{seed}", question=question, sampling=Sampling(6))


def readers(**more: object) -> Readers:
    return Readers(reader_settings(load_settings(**more)), Residency())


def test_what_is_set_up_is_known_without_loading(set_up) -> None:
    known = readers()
    assert known.set_up("radiology") == ("radiographer", "babydoctor")
    assert known.set_up("dermatology") == ("derm-captioner",)
    assert known.set_up() == NAMES
    assert Readers(ReaderSettings(Path("nowhere")), Residency()).set_up() == ()


def test_each_reader_answers_says_it_is_random_and_stays_in_memory(all_loaded) -> None:
    known, residency = all_loaded
    for name in NAMES:
        first, second = known.read(name, request()), known.read(name, request())
        assert first is not None and second is not None
        assert first.reading.text == second.reading.text
        assert (first.reading.reused, second.reading.reused) == (False, True)
        assert first.stand_in
        assert "random weights" in first.who
    assert {one.name for one in residency.status()} == set(NAMES)
    assert all(one.nbytes > 0 and one.device == "cpu" for one in residency.status())


def test_the_need_computed_before_loading_covers_what_is_loaded(all_loaded) -> None:
    _, residency = all_loaded
    for one in residency.status():
        need = residency._slots[next(k for k in residency._slots if k.startswith(one.name))].source.need
        assert 0.95 * one.nbytes <= need.weights <= 1.25 * one.nbytes, f"{one.name}: {size(need.weights)}"


def test_a_reader_that_cannot_fit_is_refused_before_it_is_loaded(set_up) -> None:
    residency = Residency(lambda *_: 1000)
    known = Readers(reader_settings(load_settings()), residency)
    with pytest.raises(SetupError, match=r"radiographer needs about .*CASEBOOK_RADIOGRAPHER_SERVER"):
        known.read("radiographer", request())
    assert residency.status() == []


def test_an_unknown_name_an_encoder_and_a_missing_reader_are_told_apart(set_up) -> None:
    with pytest.raises(CaseError, match="Did you mean radiographer"):
        readers().require("radiografer")
    with pytest.raises(CaseError, match="pubmedclip is no reader"):
        readers().require("pubmedclip")
    with pytest.raises(SetupError, match="casebook models pull babydoctor"):
        Readers(ReaderSettings(Path("nowhere")), Residency()).require("babydoctor")


def test_a_reader_on_a_server_needs_no_files_and_no_memory(tmp_path) -> None:
    server = ChatServer("No.")
    try:
        residency = Residency()
        settings = ReaderSettings(tmp_path, servers={"babydoctor": Server(server.url)})
        known = Readers(settings, residency)
        assert known.set_up("radiology") == ("babydoctor",)
        said = known.read("babydoctor", request())
        assert said is not None
        assert (said.reading.text, said.where) == ("No.", "server 127.0.0.1")
        assert residency.status() == []
    finally:
        server.close()


@pytest.mark.process
def test_eight_chats_over_three_readers_with_room_for_one(set_up, tmp_path, monkeypatch) -> None:
    """Every chat gets the answer it would get alone, and no two readers are ever in memory."""
    photos = [tmp_path / f"{n}.png" for n in range(8)]
    for n, photo in enumerate(photos):
        Image.fromarray(request(seed=n).pixels).save(photo)
    questions = [
        ("radiographer", "radiograph"),
        ("babydoctor", "radiograph"),
        ("derm-captioner", "dermoscopy"),
    ]

    def talk(assistant: Assistant, n: int) -> str:
        chat, (reader, kind) = assistant.chat(), questions[n % 3]
        chat.ask("what is this?", [photos[n]])
        chat.ask(f"treat img-1 as {kind}")
        answer = chat.ask("Is there anything dark?", reader=reader)
        assert answer.state == "answered", answer.notices
        return answer.text

    with Assistant() as alone:
        expected = [talk(alone, n) for n in range(8)]
        room = max(slot.source.need.nbytes for slot in alone.services.residency._slots.values())
    assert len(set(expected)) == 8
    most: list[int] = []
    with Assistant() as shared:
        shared.services.__dict__["residency"] = Residency(
            lambda *_: room, lambda rows: most.append(len(rows))
        )
        said: dict[int, str] = {}
        chats = [threading.Thread(target=lambda n=n: said.update({n: talk(shared, n)})) for n in range(8)]
        for one in chats:
            one.start()
        for one in chats:
            one.join(100)
    assert [said.get(n) for n in range(8)] == expected
    assert max(most) == 1


def test_three_readers_that_are_loaded_at_once_do_not_break_each_other(set_up, all_loaded) -> None:
    known, said = readers(), {}
    threads = [
        threading.Thread(target=lambda name=name: said.update({name: known.read(name, request())}))
        for name in NAMES
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    alone = {name: all_loaded[0].read(name, request()) for name in NAMES}
    assert {name: one.reading.text for name, one in said.items()} == {
        name: one.reading.text for name, one in alone.items() if one
    }


def test_other_processes_see_what_is_in_memory(set_up, home: Path) -> None:
    with Assistant() as assistant:
        assistant.services.readers.read("radiographer", request())
        (one,) = read_loaded(home)
        assert (one.name, one.device, one.in_use) == ("radiographer", "cpu", False)
        assert one.load_s is not None
    assert read_loaded(home) == []


@pytest.mark.process
def test_a_reader_pulled_while_the_chat_is_open_is_used_from_the_next_question(
    stand_ins, tmp_path, home: Path
) -> None:
    folder = tmp_path / "later"
    photo = tmp_path / "photo.png"
    Image.fromarray(request().pixels).save(photo)
    with Assistant(load_settings(babydoctor_path=folder, device="cpu")) as assistant:
        chat = assistant.chat()
        chat.ask("what is this?", [photo])
        chat.ask("treat img-1 as radiograph")
        assert "No reading model is set up" in chat.ask("is there a fracture?").text
        folder.symlink_to(stand_ins["babydoctor"].path)
        assert "babydoctor (a stand-in" in chat.ask("is there a fracture?").text


@pytest.mark.process
def test_casebook_ask_lets_the_named_reader_answer(set_up, tmp_path) -> None:
    photo = tmp_path / "photo.png"
    grey = np.repeat(np.linspace(0, 255, 200, dtype=np.uint8)[:, None], 200, axis=1)
    Image.fromarray(grey).save(photo)
    words = ["ask", "treat img-1 as radiograph. Is there a fracture?", "--image", str(photo)]
    run = [sys.executable, "-m", "assistant", *words]
    done = subprocess.run(
        run, capture_output=True, encoding="utf-8", check=False, env=environment(), timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (
        "radiographer (a stand-in with random weights: its words mean nothing) says of img-1" in done.stdout
    )
    assert done.stderr == ""


@pytest.mark.process
def test_nothing_heavy_is_imported_before_a_reader_is_asked(set_up) -> None:
    program = (
        "import sys\n"
        "from assistant.chat import Assistant\n"
        "with Assistant() as a:\n"
        "    a.chat().ask('what can you do?')\n"
        "    assert a.services.readers.set_up()\n"
        "    print([m for m in ('torch', 'transformers', 'tensorflow') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(),
        timeout=120,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_a_reader_on_another_machine_is_asked_only_with_leave() -> None:
    # A documentation address (RFC 5737): nobody answers there, and nothing may be sent there.
    servers = {"babydoctor": Server("http://192.0.2.1:8000/v1")}
    without = Readers(ReaderSettings(Path("nowhere"), servers=servers), Residency())
    with pytest.raises(SetupError, match=r"192\.0\.2\.1 of babydoctor is not this machine.*READER_REMOTE"):
        without.require("babydoctor")
    with_leave = Readers(ReaderSettings(Path("nowhere"), servers=servers, remote=True), Residency())
    assert with_leave.require("babydoctor").name == "babydoctor"


def test_every_answer_says_where_pictures_go_once_that_is_allowed(tmp_path: Path) -> None:
    url = "http://192.0.2.1:8000/v1"
    with Assistant(load_settings(home=tmp_path / "a", babydoctor_server=url)) as casebook:
        assert casebook.chat().ask("hello").notices == ()
    allowed = load_settings(home=tmp_path / "b", babydoctor_server=url, reader_remote=True)
    with Assistant(allowed) as casebook:
        (notice,) = casebook.chat().ask("hello").notices
        (german,) = casebook.chat().ask("Hallo, was kannst du mir über Bilder sagen?").notices
    assert "leave this machine: to babydoctor on 192.0.2.1" in notice
    assert "verlassen diesen Rechner: an babydoctor auf 192.0.2.1" in german
    here = load_settings(
        home=tmp_path / "c", babydoctor_server="http://127.0.0.1:8000/v1", reader_remote=True
    )
    with Assistant(here) as casebook:
        assert casebook.chat().ask("hello").notices == ()
