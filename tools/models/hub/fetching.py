"""Fetch a published system from the hub into the standard cache.

Order of a pull: look up commits and files → check the disk → fetch file by file → link. The record of what
has arrived is written after each file, so that a pull that was killed goes on with the same commits.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from store.errors import SetupError
from tools.models.hub.cache import cache_of, require_weights
from tools.models.hub.errors import no_hub, require_hub, told
from tools.models.hub.pulled import (
    Progress,
    Pulled,
    PulledFile,
    Repository,
    Role,
    read_pulled,
    write_pulled,
)
from tools.models.hub.transfer import RemoteFile, fetch, look_up
from tools.models.systems.system import System
from tools.models.weights.fit import size

RESERVE = 1 << 28
"""Bytes that stay free on the disk with the cache. Ours."""


@dataclass(frozen=True)
class Plan:
    """What is to be fetched.

    Attributes:
        system: the card.
        pulled: the record so far.
        files: what each repository needs, in the record's order.
    """

    system: System
    pulled: Pulled
    files: tuple[tuple[RemoteFile, ...], ...]

    @property
    def nbytes(self) -> int:
        """Bytes of all files, those that are there included."""
        return sum(file.nbytes for group in self.files for file in group)


def here(system: System, home: Path, revision: str | None = None) -> Pulled | None:
    """What was pulled, if it is complete and of `revision`; None if there is something to fetch.

    Raises:
        SetupError: the record cannot be read.
    """
    pulled = read_pulled(system.name, home)
    if pulled is None or not pulled.complete or pulled.missing():
        return None
    return pulled if revision in (None, pulled.checkpoint.revision) else None


def plan(system: System, home: Path, revision: str | None = None) -> Plan:
    """Look up what `system` needs, without fetching weights.

    Args:
        system: the card.
        home: the Casebook folder.
        revision: branch, tag or commit of the checkpoint; None takes the one pulled before, else the card's.

    Raises:
        CaseError: there is no such revision.
        SetupError: the hub refuses or cannot be reached, or the disk is too small; says what to do.
    """
    require_hub()
    before = read_pulled(system.name, home)
    asked = revision or (before.checkpoint.revision if before else system.revision)
    found = [_look(system, "checkpoint", system.checkpoint, asked, system.needed)]
    names = [file.name for file in found[0][1]]
    if system.base is not None and (choose := system.choice_of_base(names)) is not None:
        pinned = before.base.revision if before and before.base else "main"
        found.append(_look(system, "base", system.base, pinned, choose))
    repositories = tuple(_with_done(repository, before) for repository, _ in found)
    made = Plan(
        system, Pulled(system.name, complete=False, repositories=repositories), tuple(f for _, f in found)
    )
    _require_room(made)
    return made


def pull(made: Plan, home: Path, progress: Progress = lambda _: None) -> Pulled:
    """Fetch everything in the plan; files that are there and right are not fetched again.

    Args:
        made: from `plan`.
        home: the Casebook folder, for the record.
        progress: called with the bytes just done; they add up to ``made.nbytes``.

    Raises:
        SetupError: the hub, the connection or the disk fails; says what to do. What arrived is kept.
    """
    from huggingface_hub import hf_hub_download

    pulled = made.pulled
    write_pulled(pulled, home)
    for place, group in enumerate(made.files):
        for file in group:
            repository = pulled.repositories[place]
            done = {one.name: one for one in repository.files}
            if file.name in done and (repository.folder / file.name).is_file():
                progress(file.nbytes)
                continue
            with told(repository.name, repository.revision):
                sha256 = fetch(file, progress)
                hf_hub_download(repository.name, file.name, revision=repository.revision)
            done[file.name] = PulledFile(file.name, file.nbytes, sha256)
            pulled = _with(pulled, place, replace(repository, files=tuple(done.values())))
            write_pulled(pulled, home)
    pulled = replace(pulled, complete=True)
    write_pulled(pulled, home)
    return pulled


def _look(
    system: System, role: Role, name: str, asked: str, choose: Callable[[list[str]], list[str]]
) -> tuple[Repository, tuple[RemoteFile, ...]]:
    """Commit and needed files of one repository."""
    with told(name, asked):
        commit, names = _listing(name, asked)
        wanted = choose(names)
        require_weights(system, role, name, wanted)
        files = tuple(look_up(name, commit, file, cache_of(name)) for file in wanted)
    folder = cache_of(name) / "snapshots" / commit
    was_there = all((folder / file.name).is_file() for file in files)
    return Repository(name, role, asked, commit, folder, was_there), files


def _listing(name: str, asked: str) -> tuple[str, list[str]]:
    """The commit that `asked` stands for, and the names of its files."""
    from huggingface_hub import HfApi, constants

    try:
        info = HfApi().model_info(name, revision=asked, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    except (ValueError, TypeError, KeyError) as error:
        raise no_hub() from error
    if info.sha is None:
        raise no_hub()
    return info.sha, [one.rfilename for one in info.siblings or ()]


def _require_room(made: Plan) -> None:
    """Raise if the disk cannot take what is outstanding."""
    from huggingface_hub import constants

    need = sum(file.outstanding for group in made.files for file in group)
    place = Path(constants.HF_HUB_CACHE)
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    if need and need + RESERVE > free:
        raise SetupError(
            f"{size(need)} of {made.system.name} are still to be fetched, and {size(RESERVE)} must stay free "
            f"after that; the disk with the model cache has {size(free)} free. Make room for "
            f"{size(need + RESERVE - free)} more, or set HF_HOME to a folder on a larger disk."
        )


def _with_done(repository: Repository, before: Pulled | None) -> Repository:
    """`repository` with what earlier pulls have brought: of the same commit, or of others."""
    one = next((one for one in before.repositories if one.name == repository.name), None) if before else None
    if one is None:
        return repository
    if one.revision == repository.revision:
        return replace(repository, was_there=one.was_there, older=one.older, files=one.files)
    ours = () if one.was_there else (one.revision,)
    return replace(repository, older=tuple({*one.older, *ours} - {repository.revision}))


def _with(pulled: Pulled, place: int, repository: Repository) -> Pulled:
    changed = list(pulled.repositories)
    changed[place] = repository
    return replace(pulled, repositories=tuple(changed))
