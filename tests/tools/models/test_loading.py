"""Every system by its name: from folders, from a pull, and what is said when it cannot be loaded."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from assistant.__main__ import main
from assistant.settings import load_settings
from store.errors import SetupError
from tests.packages import needs
from tests.servers.hub_server import HubServer, point_client
from tools.models.loading import PRECISIONS, load
from tools.models.systems.cards import SYSTEMS
from tools.models.systems.reading import Request, Sampling
from tools.models.verifying import try_out

pytestmark = needs("torch")

Capsys = pytest.CaptureFixture[str]
OTHER_PYTHON = os.environ.get("CASEBOOK_DERM_FOUNDATION_PYTHON")
needs_tensorflow = pytest.mark.skipif(
    OTHER_PYTHON is None and importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is missing: install the extra derm-foundation, or name a Python that has it in "
    "CASEBOOK_DERM_FOUNDATION_PYTHON",
)
SYSTEMS_HERE = [
    "radiographer",
    "derm-captioner",
    pytest.param("derm-foundation", marks=needs_tensorflow),
    "pubmedclip",
    "babydoctor",
]


@pytest.fixture(scope="module")
def made(process: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand-ins for every system that this machine can make one for."""
    folder = tmp_path_factory.mktemp("stand-ins")
    assert main(["models", "stand-ins", str(folder)]) == 0
    return folder


@pytest.fixture
def hub(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub with the stand-ins under the systems' own names."""
    with HubServer.of_stand_ins(made) as server:
        point_client(server, tmp_path / "hf", monkeypatch)
        yield server


def base_of(made: Path) -> Path:
    return made / "radiographer-base"


def facts(capsys: Capsys, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["models", "verify", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_precision_nobody_knows_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"'3bit' is not known\. There are: auto, "):
        load("radiographer", tmp_path, None, device="cpu", precision="3bit")


@pytest.mark.parametrize("name", SYSTEMS_HERE)
def test_a_system_is_pulled_verified_and_says_that_it_is_a_stand_in(
    name: str, hub: HubServer, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    if OTHER_PYTHON:
        monkeypatch.setenv("CASEBOOK_DERM_FOUNDATION_PYTHON", OTHER_PYTHON)
    assert main(["models", "pull", name, "--accept-licence"]) == 0
    found = facts(capsys, name)
    assert found["revision"] == hub.commit(SYSTEMS[name].checkpoint)
    assert found["stand_in"]
    assert found["nbytes"] > 100_000
    assert main(["models", "verify", name]) == 0
    said = capsys.readouterr().out
    assert f"{name} works" in said
    assert "random" in said
    assert main(["models", "status"]) == 0
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith(name))
    assert "pulled (stand-in)" in line


def test_the_weights_of_other_frameworks_stay_on_the_hub(hub: HubServer, tmp_path: Path) -> None:
    assert main(["models", "pull", "pubmedclip", "--accept-licence"]) == 0
    assert not {"tf_model.h5", "flax_model.msgpack"} & {path.name for path in (tmp_path / "hf").rglob("*")}


@pytest.mark.parametrize("name", ["radiographer", "derm-captioner"])
def test_an_adapter_and_a_base_are_loaded_from_folders(name: str, made: Path, capsys: Capsys) -> None:
    found = facts(capsys, name, "--path", str(made / name), "--base", str(made / f"{name}-base"))
    assert found["revision"] == "local"
    assert "adapter is in place" in " ".join(found["notes"])
    assert found["device"] in ("cpu", "cuda:0")


def test_a_folder_given_beside_what_was_pulled_is_told_apart(
    hub: HubServer, made: Path, capsys: Capsys
) -> None:
    assert main(["models", "pull", "radiographer", "--accept-licence"]) == 0
    system = SYSTEMS["radiographer"]
    adapter, base = str(made / "radiographer"), str(base_of(made))
    said = " ".join(facts(capsys, "radiographer", "--path", adapter)["notes"])
    assert f"Adapter: {adapter}, revision local." in said
    assert f"revision {hub.commit(str(system.base))}." in said
    said = " ".join(facts(capsys, "radiographer", "--base", base)["notes"])
    assert f"Base: {base}, revision local." in said
    assert f"revision {hub.commit(system.checkpoint)}." in said


def test_folders_that_were_swapped_are_noticed(made: Path, capsys: Capsys) -> None:
    words = ["--path", str(base_of(made)), "--base", str(made / "radiographer")]
    assert main(["models", "verify", "radiographer", *words]) == 3
    assert "Were --path and --base swapped?" in capsys.readouterr().err


def test_an_adapter_without_its_base_is_refused(made: Path, capsys: Capsys) -> None:
    assert main(["models", "verify", "radiographer", "--path", str(made / "radiographer")]) == 3
    assert "base" in capsys.readouterr().err


def test_a_broken_adapter_is_refused_with_the_reason(made: Path, capsys: Capsys, tmp_path: Path) -> None:
    broken = shutil.copytree(made / "radiographer", tmp_path / "broken")
    weights = broken / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    words = ["--path", str(broken), "--base", str(base_of(made))]
    assert main(["models", "verify", "radiographer", *words]) == 3
    assert "adapter_model.safetensors" in capsys.readouterr().err


@pytest.mark.process
def test_the_folders_in_the_settings_are_used(made: Path, home: Path, capsys: Capsys, tmp_path: Path) -> None:
    assert main(["models", "stand-ins", str(tmp_path / "new")]) == 0
    printed = capsys.readouterr().out.split("settings.toml:\n")[1]
    assert set(tomllib.loads(printed)) >= {"radiographer_path", "radiographer_base", "pubmedclip_path"}
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(printed, encoding="utf-8")
    assert facts(capsys, "pubmedclip")["stand_in"]
    assert load_settings().folders_of("radiographer") == (
        tmp_path / "new" / "radiographer",
        tmp_path / "new" / "radiographer-base",
    )


def test_a_folder_of_another_system_is_refused(made: Path) -> None:
    with pytest.raises(SetupError, match="pubmedclip"):
        load("pubmedclip", made / "babydoctor")


def test_an_unknown_precision_is_refused_with_those_there_are(made: Path) -> None:
    with pytest.raises(SetupError, match=r"'int3'.*float32.*4bit"):
        load("pubmedclip", made / "pubmedclip", precision="int3")


def test_the_precisions_are_those_of_the_settings() -> None:
    assert set(PRECISIONS) == {load_settings(precision=name).precision for name in PRECISIONS}


def test_a_precision_reaches_the_weights_and_bits_are_only_for_those_that_can(made: Path) -> None:
    whole = load("babydoctor", made / "babydoctor", device="cpu", precision="float32")
    half = load("babydoctor", made / "babydoctor", device="cpu", precision="bfloat16")
    assert whole.nbytes == 2 * half.nbytes
    bits, plain = (load("pubmedclip", made / "pubmedclip", precision=name) for name in ("4bit", "auto"))
    assert bits.nbytes == plain.nbytes
    with pytest.raises(SetupError, match="4 bits"):
        load("radiographer", made / "radiographer", base_of(made), device="cpu", precision="4bit")
    with pytest.raises(SetupError, match="4 bits"):
        load("babydoctor", made / "babydoctor", device="cpu", precision="4bit")


def test_the_settings_of_how_a_system_is_loaded_reach_its_loader(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_BABYDOCTOR_TEMPLATE", "llava_llama_2")
    monkeypatch.setenv("CASEBOOK_BABYDOCTOR_IM_START_END", "true")
    monkeypatch.setenv("CASEBOOK_BABYDOCTOR_PATH", str(made / "babydoctor"))
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PAD", "true")
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(made / "pubmedclip"))
    with Assistant() as assistant:
        asked = Request(np.zeros((40, 60, 3), np.uint8), "k", "What is it?", Sampling(max_new_tokens=2))
        said = assistant.services.readers.read("babydoctor", asked)
        framing = assistant.services.encoders.run("pubmedclip", lambda encoder: encoder.model.framing)
        version = assistant.services.encoders.version("pubmedclip")
    assert said is not None
    assert said.reading.template == "llava_llama_2"
    assert "<im_start><image><im_end>" in said.reading.prompt
    assert framing == "padded"
    assert "padded" in version


def test_verify_loads_a_system_as_the_settings_say(
    made: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    def watched(*given: Any, **how: Any) -> Any:
        seen.append(how["options"])
        return load(*given, **how)

    monkeypatch.setattr("tools.models.verifying.load", watched)
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PAD", "true")
    facts(capsys, "pubmedclip", "--path", str(made / "pubmedclip"))
    assert seen == [{"pad": True}]


def test_a_system_larger_than_the_memory_is_refused_before_it_is_loaded(
    made: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.models.weights.fit.free_bytes", lambda _: 1000)
    assert main(["models", "verify", "babydoctor", "--path", str(made / "babydoctor")]) == 3
    assert "CASEBOOK_BABYDOCTOR_SERVER" in capsys.readouterr().err


def test_memory_that_runs_out_on_the_way_is_told(
    made: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("tools.models.verifying.load", full)
    assert main(["models", "verify", "babydoctor", "--path", str(made / "babydoctor")]) == 3
    assert "Memory ran out" in capsys.readouterr().err


def test_a_model_that_gives_no_numbers_does_not_pass_its_trial(made: Path) -> None:
    model = load("pubmedclip", made / "pubmedclip", device="cpu")
    assert "512 numbers" in try_out(model)
    model.encode_images = lambda _: np.full((1, 512), np.nan, np.float32)
    with pytest.raises(SetupError, match="no usable vector"):
        try_out(model)
