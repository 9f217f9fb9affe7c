"""Settings: from variables and one file, and a misspelt one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings, load_settings
from store.errors import SetupError


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")


def test_everything_has_a_default(home: Path) -> None:
    settings = load_settings()
    assert settings.home == home
    assert str(settings.conversations_url) == f"sqlite:///{home}/conversations.db"
    assert settings.max_images_per_turn == 20


def test_without_casebook_home_a_platform_folder_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CASEBOOK_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    home = load_settings().home
    assert home.name == "casebook"
    assert tmp_path in home.parents


def test_a_variable_sets_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_TURN_TIMEOUT_S", "12.5")
    assert load_settings().turn_timeout_s == 12.5


def test_the_file_sets_a_value_and_a_variable_wins_over_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, "turn_timeout_s = 20\nmax_frames = 7\n")
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", "8")
    settings = load_settings()
    assert (settings.turn_timeout_s, settings.max_frames) == (20, 8)


@pytest.mark.parametrize(
    "name", [name for name, about in Settings.model_fields.items() if about.default is None]
)
def test_an_empty_setting_counts_as_missing_where_it_may_be_missing(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CASEBOOK_{name.upper()}", "")
    assert getattr(load_settings(), name) is None
    write(home, f'{name} = ""\n')
    assert getattr(load_settings(), name) is None
    assert name not in load_settings().model_fields_set


def test_an_empty_variable_leaves_the_file_its_say(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'llm_path = "chat.gguf"\n')
    monkeypatch.setenv("CASEBOOK_LLM_PATH", "")
    assert load_settings().llm_path == Path("chat.gguf")


def test_an_empty_home_is_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CASEBOOK_HOME", "")
    assert load_settings().home.name == "casebook"


def test_what_the_program_gives_wins_over_both(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "max_frames = 7\n")
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", "8")
    assert load_settings(max_frames=9).max_frames == 9


def test_a_home_given_by_the_program_is_where_the_file_is_read(tmp_path: Path) -> None:
    write(tmp_path / "other", "max_frames = 7\n")
    settings = load_settings(home=tmp_path / "other")
    assert (settings.home, settings.max_frames) == (tmp_path / "other", 7)


@pytest.mark.parametrize("where", ["variable", "file", "program"])
def test_a_misspelt_name_is_refused_with_the_right_one(
    where: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {}
    if where == "variable":
        monkeypatch.setenv("CASEBOOK_MAX_FRAME", "8")
    elif where == "file":
        write(home, "max_frame = 8\n")
    else:
        given = {"max_frame": 8}
    with pytest.raises(SetupError, match=r"(?i)max_frame is not a setting.*Did you mean \w*max_frames\?"):
        load_settings(**given)


@pytest.mark.parametrize("name", ["FOO", "TIME", "COLOUR"])
def test_a_name_like_no_setting_gets_no_guess_and_no_list(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CASEBOOK_{name}", "8")
    with pytest.raises(SetupError, match="casebook doctor") as told:
        load_settings()
    assert "Did you mean" not in str(told.value)
    assert "MAX_FRAMES" not in str(told.value)


@pytest.mark.parametrize("value", ["many", "0", "-3", "1.5", ""])
def test_a_value_that_makes_no_sense_names_its_setting(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", value)
    with pytest.raises(SetupError, match="CASEBOOK_MAX_FRAMES"):
        load_settings()


@pytest.mark.parametrize("text", ["max_frames = ", "max_frames = 'seven'", "[max_frames]\na = 1"])
def test_a_file_that_cannot_be_used_says_what_is_wrong(text: str, home: Path) -> None:
    write(home, text)
    with pytest.raises(SetupError, match=r"settings\.toml|MAX_FRAMES"):
        load_settings()


def test_a_file_in_another_encoding_is_refused_in_a_sentence(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(SetupError, match=r"settings\.toml"):
        load_settings()


def test_the_file_cannot_move_the_folder_it_lies_in(home: Path) -> None:
    write(home, "home = '/elsewhere'\n")
    with pytest.raises(SetupError, match="CASEBOOK_HOME"):
        load_settings()


def test_a_tilde_means_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CASEBOOK_HOME", "~/cases")
    assert load_settings().home == tmp_path / "cases"


@pytest.mark.parametrize("head", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_url_gets_the_driver_we_have(head: str) -> None:
    settings = load_settings(database_url=f"{head}://ada@db.example/casebook")
    assert settings.conversations_url == "postgresql+psycopg://ada@db.example/casebook"


def test_the_password_of_the_database_is_never_shown() -> None:
    settings = load_settings(database_url="postgresql://ada:secret@db.example/casebook")
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().max_frames = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PUBMEDCLIP_PAD", "perhaps", "takes true or false"),
        ("BABYDOCTOR_IM_START_END", "perhaps", "takes true or false"),
        ("BABYDOCTOR_TEMPLATE", "v2", r"vicuna_v1.*llava_v0.*llava_llama_2"),
    ],
)
def test_a_way_of_loading_that_does_not_exist_is_refused_with_those_that_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"CASEBOOK_{name}", value)
    with pytest.raises(SetupError, match=rf"CASEBOOK_{name}.*{said}"):
        load_settings()
