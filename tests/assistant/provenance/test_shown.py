"""Settings that are kept with an answer hold no secret and no place of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import load_settings
from assistant.provenance.shown import shown


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:s3cret@10.0.0.1:8000/v1",
        "http://10.0.0.1:8000/v1?token=s3cret",
        "http://10.0.0.1:8000/s3cret/v1",
        "http://10.0.0.1:8000/v1#s3cret",
    ],
)
def test_of_an_address_only_the_server_is_kept(url: str) -> None:
    found = shown(load_settings(llm_server=url))["llm_server"]
    assert found.startswith("http://10.0.0.1:8000 (#")
    assert found != shown(load_settings(llm_server=url.replace("s3cret", "another")))["llm_server"]


def test_no_key_no_folder_and_no_database_is_kept(tmp_path: Path) -> None:
    settings = load_settings(
        home=tmp_path / "jane.doe",
        llm_key="s3cret",
        server_key="s3cret",
        database_url="postgresql://ann:s3cret@db/x",
        import_folders="/srv/jane.doe",
        llm_path=tmp_path / "jane.doe" / "chat.gguf",
    )
    kept = json.dumps(shown(settings))
    assert "s3cret" not in kept
    assert "doe" not in kept
    assert "chat.gguf (#" in kept


def test_what_changes_answers_is_kept_and_where_things_lie_is_not() -> None:
    kept = shown(load_settings(llm_context=4096))
    assert kept["llm_context"] == 4096
    assert not {"home", "import_folders"} & kept.keys()
