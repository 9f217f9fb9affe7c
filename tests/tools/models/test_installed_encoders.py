"""Encoders in the memory that models share: found, loaded when used, let go, their version known first."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.build import Services
from assistant.settings import load_settings
from store.errors import CaseError, SetupError
from tests.packages import needs
from tests.tools.models.small_derm import NBYTES, small_derm
from tools.models.installed_encoders import Encoders, EncoderSettings
from tools.models.learned_encoder import LearnedEncoder
from tools.models.memory.residency import Residency
from tools.models.stand_ins import build_stand_in, clip

pytestmark = needs("torch")


PICTURE = np.random.default_rng(3).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stand_in("pubmedclip", tmp_path_factory.mktemp("clip")).path


@pytest.fixture
def derm(tmp_path: Path) -> dict[str, Path]:
    return small_derm(tmp_path, 8)


def encoders(**settings: object) -> Encoders:
    return Services(load_settings(device="cpu", **settings)).encoders


def vector(encoder: LearnedEncoder) -> np.ndarray:
    return encoder.encode(PICTURE)


def test_what_is_set_up_is_known_without_loading(weights: Path, derm: dict[str, Path]) -> None:
    assert encoders().set_up() == ()
    both = encoders(pubmedclip_path=weights, **derm)
    assert both.set_up() == ("pubmedclip", "derm-foundation")
    assert both.set_up("dermatology") == ("derm-foundation",)
    assert both.set_up("other") == ()


@pytest.mark.process
def test_the_version_known_before_loading_is_that_of_the_vectors(
    weights: Path, derm: dict[str, Path]
) -> None:
    both = encoders(pubmedclip_path=weights, **derm)
    for name in both.set_up():
        told = both.run(name, lambda e: (e.name, e.version, e.stand_in))
        assert told == (name, both.version(name), True)
        assert both.version(name).endswith(", stand-in")
    framing = both.run("pubmedclip", lambda e: str(e.model.framing))
    assert framing is not None and framing in both.version("pubmedclip")
    assert "input 448" in both.version("derm-foundation")
    original = encoders(derm_foundation_input="original", **derm)
    assert "input original" in original.version("derm-foundation")


def test_changed_weights_are_another_version(tmp_path: Path) -> None:
    folder = clip.build(tmp_path / "one")
    known = encoders(pubmedclip_path=folder)
    first = known.version("pubmedclip")
    assert known.version("pubmedclip") == first
    clip.build(folder, seed=5)
    assert known.version("pubmedclip") != first


@pytest.mark.process
def test_an_encoder_is_loaded_once_and_counts_with_the_readers(weights: Path, derm: dict[str, Path]) -> None:
    services = Services(load_settings(device="cpu", pubmedclip_path=weights, **derm))
    for name in ("pubmedclip", "derm-foundation"):
        first, second = services.encoders.run(name, vector), services.encoders.run(name, vector)
        assert first is not None and second is not None and np.array_equal(first, second)
        assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    held = {one.name: one for one in services.residency.status()}
    assert set(held) == {"pubmedclip", "derm-foundation"}
    assert held["derm-foundation"].nbytes == NBYTES
    services.close()


@pytest.mark.process
def test_the_process_of_derm_foundation_ends_when_another_model_takes_its_room(
    weights: Path, derm: dict[str, Path]
) -> None:
    services = Services(load_settings(device="cpu", pubmedclip_path=weights, **derm))
    room = Residency(lambda device, held: 598_100_000)
    tight = Encoders(services.encoders.settings, room)
    process = tight.run("derm-foundation", lambda e: e.model._process)
    assert process is not None and process.poll() is None
    tight.run("pubmedclip", vector)
    assert process.poll() is not None
    assert [one.name for one in room.status()] == ["pubmedclip"]


def test_an_encoder_that_cannot_fit_is_refused_without_naming_a_server(weights: Path) -> None:
    known = Encoders(
        EncoderSettings(Path("nowhere"), {"pubmedclip": weights}, device="cpu"),
        Residency(lambda device, held: 1000),
    )
    with pytest.raises(SetupError, match="needs about") as told:
        known.run("pubmedclip", vector)
    assert "server" not in str(told.value)


def test_who_has_stopped_leaves_the_line(weights: Path) -> None:
    known = encoders(pubmedclip_path=weights)
    stopped, entered = threading.Event(), threading.Event()
    leave = threading.Event()
    stopped.set()

    def hold(_: LearnedEncoder) -> None:
        entered.set()
        leave.wait(30)

    other = threading.Thread(target=known.run, args=("pubmedclip", hold))
    other.start()
    assert entered.wait(30)
    assert known.run("pubmedclip", vector, cancelled=stopped) is None
    leave.set()
    other.join(30)


def test_a_reader_is_no_encoder_and_what_is_not_here_is_told_with_the_way_to_get_it() -> None:
    with pytest.raises(CaseError, match="radiographer is no encoder"):
        encoders().run("radiographer", vector)
    with pytest.raises(SetupError, match="casebook models pull pubmedclip"):
        encoders().version("pubmedclip")
