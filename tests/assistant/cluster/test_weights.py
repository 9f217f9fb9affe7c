"""How many processes find room: the models that questions may load, counted by their files."""

from __future__ import annotations

from pathlib import Path

from assistant.chat import Assistant
from assistant.cluster.weights import weights_bytes
from assistant.evaluation.asking import Examinee
from assistant.settings import load_settings


def test_the_files_of_readers_and_of_the_language_model_are_counted_and_servers_are_not(
    tmp_path: Path,
) -> None:
    for name, size in (("reader", 300), ("base", 500)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"x" * size)
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + b"x" * 66)
    given = {"babydoctor_path": tmp_path / "reader", "llm_path": tmp_path / "model.gguf"}

    def counted(*, agent: bool, **more: object) -> int:
        with Assistant(load_settings(home=tmp_path / "home", **given, **more)) as one:
            return weights_bytes(Examinee(one, None, True, agent))

    assert counted(agent=False) == 300
    assert counted(agent=True) == 370
    assert (
        counted(agent=False, radiographer_path=tmp_path / "reader", radiographer_base=tmp_path / "base")
        == 1100
    )
    assert counted(agent=False, babydoctor_server="http://127.0.0.1:1/v1") == 0
