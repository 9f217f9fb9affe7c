"""Reading models on the page: pulled from a hub, named with what they say, streamed and stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.answers.disclaimers import general
from assistant.examples import examples
from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.child import casebook
from tests.packages import needs
from tests.servers.chat_server import ChatServer
from tests.servers.hub_server import HubServer
from tools.models.stand_ins import build_stand_in

pytestmark = [pytest.mark.browser, needs("torch")]
PULLED = ("radiographer", "derm-captioner")
RANDOM = "(a stand-in with random weights: its words mean nothing) says of img-1"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    for example in examples():
        (folder / f"{example.name}.file").write_bytes(example.draw())
    return {path.stem: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def reading_server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook with two pulled stand-ins, and a BabyDoctor on a server that begins and falls silent."""
    folder = tmp_path_factory.mktemp("readers")
    slow = ChatServer("The lungs ", "are clear.")
    slow.fault, slow.replies = "silent", [("A disc.",)] * 2  # to the fixed question, which comes first
    home, cache = folder / "home", folder / "hf"
    home.mkdir()
    (home / "settings.toml").write_text(f'babydoctor_server = "{slow.url}"\n')
    for name in PULLED:
        build_stand_in(name, folder / "stand-ins")
    with HubServer.of_stand_ins(folder / "stand-ins") as hub, pytest.MonkeyPatch.context() as patch:
        variables = hub.environment(cache) | {"CASEBOOK_HOME": str(home)}
        for name in PULLED:
            done = casebook("models", "pull", name, "--accept-licence", env=variables)
            assert done.returncode == 0, done.stderr
        patch.setenv("HF_HOME", str(cache))
        running = Server(home, ROOT / "streamlit_app.py")
        yield running
        running.stop()
    slow.close()


def test_readers_answer_under_their_names_stream_and_stop(
    visit: Callable[..., View], reading_server: Server, files: dict[str, Path]
) -> None:
    view = visit(reading_server)
    view.drop(files["chest"])
    view.ask("Is there a fracture?")
    first = view.answers(1)
    expect(first).to_contain_text(f"radiographer {RANDOM}")
    expect(first.get_by_role("note")).to_contain_text(general())

    view.ask("Ask babydoctor too")
    both = view.page.get_by_label("Chat message from assistant").last
    expect(both).to_contain_text("The lungs")
    view.press("Stop")
    stopped = view.answers(2)
    expect(stopped).to_contain_text("It was stopped before its answer was complete.")
    expect(stopped).not_to_contain_text("are clear")


def test_a_skin_photo_goes_to_the_reader_of_skin(
    visit: Callable[..., View], reading_server: Server, files: dict[str, Path]
) -> None:
    view = visit(reading_server, phone=True)
    view.drop(files["skin"])
    view.ask("Is it benign?")
    expect(view.answers(1)).to_contain_text(f"derm-captioner {RANDOM}")
