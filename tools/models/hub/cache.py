"""The standard cache of huggingface_hub: take over what lies there, and remove what was pulled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from store.errors import CaseError, SetupError
from tools.models.hub.errors import disk_error, offline, require_hub
from tools.models.hub.pulled import (
    Pulled,
    PulledFile,
    Repository,
    Role,
    forget_pulled,
    read_pulled,
    sha256_of,
    write_pulled,
)
from tools.models.systems.system import System, is_weights, setting_of


def is_offline() -> bool:
    """Whether HF_HUB_OFFLINE forbids to ask the hub."""
    from huggingface_hub import constants

    return bool(constants.is_offline_mode())


def adopt(system: System, home: Path, revision: str | None = None) -> Pulled:
    """Take over what another program left in the cache, without asking the hub.

    Raises:
        SetupError: it is not there, or not completely.
    """
    require_hub()
    found = [_cached(system, "checkpoint", system.checkpoint, revision or system.revision, system.needed)]
    names = [file.name for file in found[0].files]
    if system.base is not None and (choose := system.choice_of_base(names)) is not None:
        found.append(_cached(system, "base", system.base, "main", choose))
    pulled = Pulled(system.name, complete=True, repositories=tuple(found))
    write_pulled(pulled, home)
    return pulled


def remove(name: str, home: Path) -> tuple[int, list[str]]:
    """Remove what was pulled under `name` from the cache, and its record.

    What was in the cache before Casebook pulled it is left there.

    Returns:
        Bytes freed, and the repositories that were left.

    Raises:
        CaseError: it was not pulled.
        SetupError: the cache cannot be written.
    """
    require_hub()
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    pulled = read_pulled(name, home)
    if pulled is None:
        raise CaseError(f"{name} was not pulled; nothing was removed. See: casebook models list")
    ours = [one for one in pulled.repositories if not one.was_there]
    commits = {commit for one in pulled.repositories for commit in one.older} | {one.revision for one in ours}
    freed = 0
    try:
        for one in ours:
            for partial in cache_of(one.name).glob("blobs/*.incomplete"):
                freed += partial.stat().st_size
                partial.unlink()
        cache = scan_cache_dir(constants.HF_HUB_CACHE)
        known = {commit.commit_hash for repo in cache.repos for commit in repo.revisions}
        strategy = cache.delete_revisions(*(commits & known))
        freed += strategy.expected_freed_size
        strategy.execute()
    except CacheNotFound:
        pass
    except OSError as error:
        raise disk_error(error) from error
    forget_pulled(name, home)
    return freed, [one.name for one in pulled.repositories if one.was_there]


def cache_of(repository: str) -> Path:
    """A repository's folder in the cache. Source: the layout that huggingface_hub documents."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"


def require_weights(system: System, role: Role, name: str, wanted: Sequence[str]) -> None:
    """Raise unless there are weights among the files `wanted` of a checkpoint.

    Raises:
        SetupError: there are none; says what Casebook looks for.
    """
    if role == "checkpoint" and not any(is_weights(file) or file.endswith(".pb") for file in wanted):
        raise SetupError(
            f"{name} holds no weights that Casebook can read ({', '.join(system.files)}). Try another "
            "--revision, or give a folder: casebook models verify NAME --path DIR"
        )


def _cached(
    system: System, role: Role, name: str, asked: str, choose: Callable[[list[str]], list[str]]
) -> Repository:
    """The same from the cache alone."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, revision=asked, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise offline(name, setting_of(system, "path" if role == "checkpoint" else "base")) from error
    there = [path for path in folder.rglob("*") if path.is_file()]
    wanted = choose([path.relative_to(folder).as_posix() for path in there])
    require_weights(system, role, name, wanted)
    files = tuple(
        PulledFile(file, (folder / file).stat().st_size, sha256_of(folder / file)) for file in wanted
    )
    return Repository(name, role, asked, folder.name, folder, was_there=True, files=files)
