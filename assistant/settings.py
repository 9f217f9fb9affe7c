"""Everything a user can set: ``CASEBOOK_*`` variables, or ``settings.toml`` in `CASEBOOK_HOME`.

Variables win over the file. Where a setting may be missing, one that is empty counts as missing. A name that
is not a setting is refused, so a misspelt one is noticed.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.keeping_settings import KeepingSettings
from assistant.library_settings import LibrarySettings
from assistant.visitor_settings import VisitorSettings
from store.errors import SetupError

if TYPE_CHECKING:
    from sqlalchemy import URL

_PREFIX = "CASEBOOK_"
# Ours: a letter too many, too few or swapped stays above it; another word of the same length does not.
_ALIKE = 0.75


class _Place(BaseModel):
    """Where an installation lies; by itself, because it says where the file with the other settings is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("casebook", appauthor=False)),
        description="folder that holds everything Casebook keeps",
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if not _counts_as_missing(name, value)}


class Settings(KeepingSettings, LibrarySettings, VisitorSettings, _Place):
    """The settings of one installation; immutable."""

    database_url: str | None = Field(
        default=None,
        repr=False,
        description="SQLAlchemy URL of the conversations; default: SQLite in the home folder",
    )
    max_file_mb: int = Field(default=512, gt=0, description="largest file or folder accepted, MiB")
    max_pixels: int = Field(default=64_000_000, gt=0, description="largest picture or slice, pixels")
    max_frames: int = Field(default=2048, gt=0, description="most slices or frames of one image")
    max_voxels: int = Field(default=536_870_912, gt=0, description="most pixels of a file, colour thrice")
    max_nesting: int = Field(
        default=8, ge=1, description="deepest archive in archive, and DICOM sequence in sequence"
    )
    decode_memory_mb: int = Field(default=768, ge=256, description="memory to decode one file, MiB")
    decode_timeout_s: float = Field(default=8.0, gt=0, description="time that decoding one file may compute")
    max_images_per_turn: int = Field(default=20, gt=0, description="most images in one question")
    max_question_chars: int = Field(default=8000, gt=0, description="longest question, characters")
    turn_timeout_s: float = Field(default=300.0, gt=0, description="longest time one answer may take")
    history_turns: int = Field(default=12, ge=1, description="turns the chat model sees again")
    radiographer_path: Path | None = Field(
        default=None, description="folder of the radiographer's adapter or weights, instead of pulled ones"
    )
    radiographer_base: Path | None = Field(
        default=None, description="folder of the Llama 3.2 Vision under the radiographer's adapter"
    )
    derm_captioner_path: Path | None = Field(
        default=None, description="folder of the derm-captioner's adapter or weights, instead of pulled ones"
    )
    derm_captioner_base: Path | None = Field(
        default=None, description="folder of the PaliGemma under the derm-captioner's adapter"
    )
    derm_foundation_path: Path | None = Field(
        default=None, description="folder of Derm Foundation's SavedModel, instead of the pulled one"
    )
    derm_foundation_python: Path | None = Field(
        default=None, description="Python that has TensorFlow, if not the one that runs Casebook"
    )
    derm_foundation_input: Literal["448", "original"] = Field(
        default="448",
        description="how Derm Foundation is sent a picture: 448 (448 × 448, its card) or original (as kept)",
    )
    pubmedclip_path: Path | None = Field(
        default=None, description="folder of PubMedCLIP's weights, instead of pulled ones"
    )
    pubmedclip_pad: bool = Field(
        default=False,
        description="whether PubMedCLIP sees the whole of a wide or tall picture, with black bars, as it was "
        "not trained, instead of its centre square; encode the library again after a change",
    )
    babydoctor_path: Path | None = Field(
        default=None, description="folder of BabyDoctor's weights, instead of pulled ones"
    )
    babydoctor_template: Literal["vicuna_v1", "llava_v0", "llava_llama_2"] = Field(
        default="vicuna_v1",
        description="words around a question to BabyDoctor: vicuna_v1 (its training), llava_v0 (its authors' "
        "scripts) or llava_llama_2 (the model it was made from)",
    )
    babydoctor_im_start_end: bool | None = Field(
        default=None,
        description="whether BabyDoctor's pictures stand between <im_start> and <im_end>; by default as its "
        "config.json says",
    )
    device: str = Field(default="auto", description="where models run: auto, cpu, cuda or cuda:NUMBER")
    precision: Literal["auto", "float32", "bfloat16", "float16", "8bit", "4bit"] = Field(
        default="auto",
        description="number format of models: auto, float32, bfloat16, float16, 8bit or 4bit; the last two "
        "are for radiographer, derm-captioner and babydoctor, on a CUDA device with bitsandbytes",
    )
    radiographer_server: str | None = Field(
        default=None, description="URL of an OpenAI-style API that runs the radiographer, instead of a folder"
    )
    radiographer_served_as: str | None = Field(
        default=None, description="the radiographer's name on that server, if it has several models"
    )
    derm_captioner_server: str | None = Field(
        default=None, description="URL of an OpenAI-style API that runs the derm-captioner"
    )
    derm_captioner_served_as: str | None = Field(
        default=None, description="the derm-captioner's name on that server, if it has several models"
    )
    babydoctor_server: str | None = Field(
        default=None, description="URL of an OpenAI-style API that runs BabyDoctor"
    )
    babydoctor_served_as: str | None = Field(
        default=None, description="BabyDoctor's name on that server, if it has several models"
    )
    server_key: str | None = Field(
        default=None, repr=False, description="key for those servers, if they ask for one"
    )
    reader_at_once: int = Field(
        default=4, gt=0, description="questions that one reader server is asked at once; others wait in turn"
    )
    ray_remote: bool = Field(
        default=False, description="let --ray send pictures to a cluster beyond this machine"
    )
    reader_remote: bool = Field(
        default=False,
        description="true allows reader servers elsewhere: pictures and questions leave this machine",
    )
    model_memory_gb: float = Field(
        default=0.0, ge=0, description="most memory for models on a device, GB; 0 takes most of what is free"
    )
    reading_timeout_s: float = Field(
        default=120.0, gt=0, description="longest time one answer of a reading model may take"
    )
    samples: int = Field(
        default=0, ge=0, le=20, description="further answers drawn, to see if a reader agrees with itself"
    )
    agreement: float = Field(
        default=0.8, ge=0, le=1, description="share of them that must agree for its answer to be given"
    )

    llm_path: Path | None = Field(
        default=None, description="GGUF file of a chat model, instead of the planner"
    )
    llm_repo: str | None = Field(
        default=None, description="hub repository (owner/name) of a chat model; with CASEBOOK_LLM_FILE"
    )
    llm_file: str | None = Field(default=None, description="GGUF file in that repository")
    llm_server: str | None = Field(
        default=None, description="URL of an OpenAI-style API that runs the chat model"
    )
    llm_served_as: str | None = Field(
        default=None, description="the chat model's name on that server, if it has several models"
    )
    llm_key: str | None = Field(default=None, repr=False, description="key for that server")
    llm_remote: bool = Field(
        default=False,
        description="true allows a server elsewhere: text and what is found in images leave this machine",
    )
    llm_context: int = Field(default=8192, ge=1024, description="tokens that the chat model sees at once")
    llm_plain: bool = Field(default=False, description="true takes a GGUF file without a chat template")
    llm_gpu_layers: int = Field(default=0, ge=-1, description="layers of it on the GPU; -1 for all")
    llm_threads: int = Field(default=0, ge=0, description="CPU threads of it; 0: llama.cpp chooses")
    llm_kv: Literal["f16", "q8_0", "q4_0"] = Field(
        default="f16", description="number format of the chat model's memory: f16, q8_0 or q4_0"
    )
    llm_role: Literal["auto", "agent", "words", "off"] = Field(
        default="auto",
        description="what the chat model may do: auto (as its audition found), agent (call tools), words "
        "(phrase what the planner found) or off; all but auto are said with every answer",
    )
    llm_max_tokens: int = Field(default=1024, ge=16, description="longest answer of the chat model, tokens")

    @property
    def conversations_url(self) -> str | URL:
        """URL of the conversation database."""
        if self.database_url is None:
            from sqlalchemy import URL

            # Put together and not written down: a path may hold what means something else in a URL.
            return URL.create("sqlite", database=str(self.home / "conversations.db"))
        head, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if head in ("postgres", "postgresql") else self.database_url

    def folders_of(self, system: str) -> tuple[Path | None, Path | None]:
        """The folders set for a published system: its checkpoint's and its base's; None where none is set."""
        stem = system.replace("-", "_")
        return getattr(self, f"{stem}_path", None), getattr(self, f"{stem}_base", None)

    def server_of(self, system: str) -> tuple[str | None, str | None]:
        """The server set for a published system: its URL and the system's name there; None where not set."""
        stem = system.replace("-", "_")
        return getattr(self, f"{stem}_server", None), getattr(self, f"{stem}_served_as", None)


def load_settings(**given: Any) -> Settings:
    """Read the settings.

    Args:
        given: settings by name; they win over variables and file.

    Raises:
        SetupError: a name is unknown or a value is not acceptable; says which and what is.
    """
    _refuse_unknown((name.upper() for name in os.environ if name.upper().startswith(_PREFIX)), _PREFIX)
    _refuse_unknown(given)
    try:
        outside = {
            k[len(_PREFIX) :].lower(): v for k, v in os.environ.items() if k.upper().startswith(_PREFIX)
        }
        set_outside = {k: v for k, v in outside.items() if not _counts_as_missing(k, v)}
        home = _Place(**_only({**set_outside, **given}, "home")).home.expanduser().absolute()
        return Settings(**{**_read_file(home / "settings.toml"), **set_outside, **given, "home": home})
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise SetupError(_not_acceptable(name)) from error


def _counts_as_missing(name: str, value: Any) -> bool:
    about = Settings.model_fields.get(name)
    return value == "" and about is not None and (name == "home" or about.default is None)


def _not_acceptable(name: str) -> str:
    about = Settings.model_fields[name]
    flag, whole = "true or false", "a whole number"
    kinds: dict[Any, str] = {int: whole, int | None: whole, float: "a number", bool: flag, bool | None: flag}
    named = ", ".join(map(str, get_args(about.annotation))) if get_origin(about.annotation) is Literal else ""
    kind = f"one of {named}" if named else kinds.get(about.annotation, "text")
    default = about.get_default(call_default_factory=True)
    least = [f" above {m.gt}" for m in about.metadata if hasattr(m, "gt")]
    least += [f" of at least {m.ge}" for m in about.metadata if hasattr(m, "ge")]
    return (
        f"{_PREFIX}{name.upper()} (or {name} in settings.toml) takes {kind}{''.join(least)} "
        f"({about.description}); without it {'nothing' if default is None else default} is used."
    )


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"settings.toml in the Casebook folder is not TOML: {error}.") from error
    except (UnicodeDecodeError, OSError) as error:
        raise SetupError(
            "settings.toml in the Casebook folder cannot be read. Check its permissions and save it as UTF-8."
        ) from error
    _refuse_unknown(data)
    if "home" in data:
        raise SetupError("settings.toml cannot set home: it lies in that folder. Set CASEBOOK_HOME instead.")
    return data


def _refuse_unknown(names: Iterable[str], prefix: str = "") -> None:
    known = {f"{prefix}{field}".upper() if prefix else field for field in Settings.model_fields}
    for name in names:
        if name not in known:
            # What all names begin with makes none of them alike.
            close = difflib.get_close_matches(
                name[len(prefix) :], [one[len(prefix) :] for one in known], n=1, cutoff=_ALIKE
            )
            hint = f"Did you mean {prefix}{close[0]}?" if close else "Remove it."
            raise SetupError(
                f"{name} is not a setting of Casebook. {hint} Once it is gone, casebook doctor --all lists "
                "all of them."
            )


def _only(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k in names}
