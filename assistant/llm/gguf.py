"""The GGUF file of a hub repository: fetched by ``casebook models pull chat-model``, recorded, found again.

The transfer and the record are those of the reading models: it goes on where it was cut off, every file's
hash is checked, and the commit is kept, so later pulls fetch the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.llm.loading import parts_of
from assistant.settings import Settings
from store.errors import SetupError
from tools.models.hub.cache import cache_of, is_offline
from tools.models.hub.errors import no_hub, require_hub, told
from tools.models.hub.pulled import Progress, Pulled, PulledFile, Repository, read_pulled, write_pulled
from tools.models.hub.transfer import RemoteFile, fetch, look_up

NAME = "chat-model"
PULL = f"casebook models pull {NAME}"


@dataclass(frozen=True)
class GgufPlan:
    """What is to be fetched: the file, or all parts of it, at one commit."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of all files, those that are there included."""
        return sum(file.nbytes for file in self.files)


def find_pulled(settings: Settings) -> Path:
    """The file that ``llm_repo`` and ``llm_file`` name, as it was pulled.

    Raises:
        SetupError: it was not pulled, or only in part.
    """
    repository, name = asked_for(settings)
    pulled = read_pulled(NAME, settings.home)
    if pulled and pulled.complete and not pulled.missing() and pulled.checkpoint.name == repository:
        path = pulled.checkpoint.folder / name
        if path.is_file():
            return path
    raise SetupError(f"The chat model {name} of {repository} is not here. Fetch it: {PULL}")


def asked_for(settings: Settings) -> tuple[str, str]:
    """Repository and file of the chat model.

    Raises:
        SetupError: one of them is not set, or the file is no GGUF.
    """
    repository, name = settings.llm_repo, settings.llm_file
    if not repository or not name or not name.endswith(".gguf"):
        raise SetupError(
            "A chat model from a hub is named by CASEBOOK_LLM_REPO (owner/name) and CASEBOOK_LLM_FILE (a "
            f"file there that ends in .gguf). They are {repository!r} and {name!r}."
        )
    return repository, name


def plan(settings: Settings) -> GgufPlan:
    """Look up what is to be fetched: at the commit pulled before, else at the newest.

    Raises:
        CaseError: the commit is gone.
        SetupError: the settings name nothing, or the hub refuses or cannot be reached.
    """
    from huggingface_hub import HfApi

    require_hub()
    repository, name = asked_for(settings)
    if is_offline():
        raise SetupError(
            "HF_HUB_OFFLINE is set, so nothing is fetched. Unset it, or set CASEBOOK_LLM_PATH to a GGUF file."
        )
    before = read_pulled(NAME, settings.home)
    known = before.checkpoint.revision if before and before.checkpoint.name == repository else "main"
    with told(repository, known):
        commit = HfApi().model_info(repository, revision=known).sha
        if commit is None:
            raise no_hub()
        files = tuple(look_up(repository, commit, part, cache_of(repository)) for part in parts_of(name))
    return GgufPlan(repository, commit, files)


def pull(made: GgufPlan, home: Path, progress: Progress = lambda _: None) -> Pulled:
    """Fetch what is planned; what is there and right is not fetched again.

    Raises:
        SetupError: the hub, the connection or the disk fails; what arrived is kept.
    """
    from huggingface_hub import hf_hub_download

    folder = cache_of(made.repository) / "snapshots" / made.commit
    before, done = read_pulled(NAME, home), []
    if before and before.checkpoint.folder == folder:
        was_there = before.checkpoint.was_there
    else:
        was_there = folder.is_dir()
    with told(made.repository, made.commit):
        for file in made.files:
            sha256 = fetch(file, progress)
            hf_hub_download(made.repository, file.name, revision=made.commit)
            done.append(PulledFile(file.name, file.nbytes, sha256))
    repository = Repository(
        made.repository, "checkpoint", "main", made.commit, folder, was_there=was_there, files=tuple(done)
    )
    pulled = Pulled(NAME, complete=True, repositories=(repository,))
    write_pulled(pulled, home)
    return pulled
