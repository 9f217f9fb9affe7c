"""Pulling from a hub on the loopback with the real client: what arrives, what is refused, what is kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.errors import CaseError, SetupError
from tests.child import ROOT, environment
from tests.packages import needs
from tests.servers.hub_server import GRANTED, NOT_GRANTED, HubServer, point_client
from tests.tools.models import hub_repositories as repositories
from tools.models.hub import cache as hub_cache
from tools.models.hub import fetching as client
from tools.models.hub import transfer as hub_transfer
from tools.models.hub.pulled import Pulled, check_files, read_pulled
from tools.models.systems.cards import SYSTEMS

pytestmark = needs("huggingface_hub")

WEIGHTS = "pytorch_model.bin"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub with three systems, and this process's client pointed at it."""
    made = {
        repositories.CLIP: repositories.clip(tmp_path / "clip"),
        repositories.ADAPTER: repositories.adapter(tmp_path / "adapter"),
        repositories.BASE: repositories.base(tmp_path / "base"),
        repositories.DERM: repositories.derm(tmp_path / "derm"),
    }
    monkeypatch.setattr(hub_transfer, "PAUSE_S", 0.01)
    with HubServer(made, gated=(repositories.DERM,)) as server:
        point_client(server, tmp_path / "hf", monkeypatch)
        yield server


def pull(name: str, home: Path, revision: str | None = None) -> Pulled:
    system = SYSTEMS[name]
    return client.pull(client.plan(system, home, revision), home)


def pull_counted(name: str, home: Path) -> Pulled:
    """A pull whose progress adds up to the size of everything, however it went."""
    plan = client.plan(SYSTEMS[name], home)
    done: list[int] = []
    pulled = client.pull(plan, home, done.append)
    assert sum(done) == plan.nbytes == pulled.nbytes
    return pulled


def names(pulled: Pulled) -> set[str]:
    return {file.name for file in pulled.checkpoint.files}


def refused(name: str, home: Path, revision: str | None = None) -> str:
    with pytest.raises(SetupError) as caught:
        pull(name, home, revision)
    return str(caught.value)


def blobs(tmp_path: Path, repository: str = repositories.CLIP) -> Path:
    return tmp_path / "hf" / "hub" / f"models--{repository.replace('/', '--')}" / "blobs"


def served(hub: HubServer, name: str = WEIGHTS) -> bytes:
    return hub.files(repositories.CLIP)[name].read_bytes()


def test_only_the_files_a_system_needs_are_pulled(hub: HubServer, home: Path) -> None:
    pulled = pull("pubmedclip", home)
    assert pulled.complete
    assert names(pulled) == repositories.NEEDED_OF_CLIP
    assert hub.fetched() == [WEIGHTS]
    assert {path.name for path in pulled.checkpoint.folder.iterdir()} == repositories.NEEDED_OF_CLIP


def test_a_saved_model_is_pulled_with_its_folder_and_without_the_embeddings_beside_it(
    hub: HubServer, home: Path
) -> None:
    pulled = pull("derm-foundation", home)
    assert "variables/variables.data-00000-of-00001" in names(pulled)
    assert not {"scin_dataset_precomputed_embeddings.npz", "README.md"} & names(pulled)


def test_the_commit_and_the_hash_of_every_file_are_recorded(hub: HubServer, home: Path) -> None:
    pull("pubmedclip", home)
    pulled = read_pulled("pubmedclip", home)
    assert pulled is not None
    assert pulled.checkpoint.revision == hub.commit(repositories.CLIP)
    for file in pulled.checkpoint.files:
        body = served(hub, file.name)
        assert (file.nbytes, file.sha256) == (len(body), hashlib.sha256(body).hexdigest())
        assert (pulled.checkpoint.folder / file.name).read_bytes() == body
    check_files(pulled, home)


def test_an_adapter_brings_its_base_and_merged_weights_do_not(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    pulled = pull("radiographer", home)
    assert pulled.base is not None
    assert {file.name for file in pulled.base.files} >= {"config.json", "model-00002-of-00002.safetensors"}
    assert not any(file.name.startswith("original/") for file in pulled.base.files)
    merged = {"config.json": 300, "model-00001-of-00001.safetensors": 5000, "preprocessor_config.json": 300}
    hub.repositories[repositories.ADAPTER] = repositories.write(tmp_path / "merged", merged)
    assert pull("radiographer", home, "main").base is None


def test_merged_weights_without_a_processor_get_only_the_small_files_of_the_base(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    merged = {"config.json": 300, "model-00001-of-00001.safetensors": 5000}
    hub.repositories[repositories.ADAPTER] = repositories.write(tmp_path / "merged", merged)
    found = pull("radiographer", home).base
    assert found is not None
    assert {file.name for file in found.files} == {
        "config.json",
        "preprocessor_config.json",
        "tokenizer.json",
    }


def test_safetensors_make_pickled_weights_superfluous(hub: HubServer, home: Path, tmp_path: Path) -> None:
    both = {"model.safetensors": 5000, WEIGHTS: 5000, f"{WEIGHTS}.index.json": 50, "config.json": 30}
    hub.repositories[repositories.CLIP] = repositories.write(tmp_path / "both", both)
    assert names(pull("pubmedclip", home)) == {"model.safetensors", "config.json"}


def test_a_second_pull_keeps_the_commit_although_the_branch_has_moved(hub: HubServer, home: Path) -> None:
    first = pull("pubmedclip", home)
    hub.asked.clear()
    system = SYSTEMS["pubmedclip"]
    assert client.here(system, home) == first
    assert hub.asked == []
    (hub.repositories[repositories.CLIP] / "config.json").write_text("{}")
    assert client.here(system, home, hub.commit(repositories.CLIP)) is None
    moved = pull("pubmedclip", home, "main")
    assert moved.checkpoint.revision == hub.commit(repositories.CLIP) != first.checkpoint.revision
    assert hub.fetched() == []  # the weights are the same bytes


@pytest.mark.process
def test_a_pull_killed_with_no_warning_goes_on_where_it_was(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = served(hub)
    hub.faults.pause_s = 0.05
    words = [sys.executable, "-m", "assistant", "models", "pull", "pubmedclip", "--accept-licence"]
    variables = environment(**hub.environment(tmp_path / "hf"))
    child = subprocess.Popen(words, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    partial = blobs(tmp_path) / f"{hashlib.sha256(body).hexdigest()}.incomplete"
    until = time.monotonic() + 30
    while time.monotonic() < until and not (partial.exists() and partial.stat().st_size > 0):
        time.sleep(0.02)
    child.kill()
    child.wait()
    kept = partial.stat().st_size
    assert 0 < kept < len(body)
    begun = read_pulled("pubmedclip", home)
    assert begun is not None
    assert not begun.complete
    hub.faults.pause_s = 0
    hub.asked.clear()
    done = subprocess.run(words, env=variables, check=False, capture_output=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert [one.range for one in hub.asked if one.server == "storage"] == [f"bytes={kept}-"]
    pulled = read_pulled("pubmedclip", home)
    assert pulled is not None
    check_files(pulled, home)
    assert not partial.exists()


def test_a_connection_that_breaks_now_and_then_is_taken_up_again(hub: HubServer, home: Path) -> None:
    hub.faults.cut_after[WEIGHTS] = 100_000
    hub.faults.cuts = 2
    pulled = pull("pubmedclip", home)
    ranges = [one.range for one in hub.asked if one.server == "storage"]
    assert len(ranges) == 3
    assert ranges[0] is None
    assert all(one for one in ranges[1:])
    check_files(pulled, home)


def test_a_connection_that_breaks_often_is_taken_up_as_long_as_something_comes(
    hub: HubServer, home: Path
) -> None:
    hub.faults.cut_after[WEIGHTS] = 40_000
    check_files(pull("pubmedclip", home), home)
    assert len(hub.fetched()) == 8


def test_a_pull_that_was_cut_off_keeps_its_commits_although_the_branches_moved(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    first = hub.commit(repositories.ADAPTER), hub.commit(repositories.BASE)
    hub.faults.status["model-00002-of-00002.safetensors"] = 404
    refused("radiographer", home)
    hub.faults.status.clear()
    for name in (repositories.ADAPTER, repositories.BASE):
        later = shutil.copytree(hub.repositories[name], tmp_path / "later" / name)
        hub.move(name, repositories.write(later, {"config.json": 444}))
    pulled = pull("radiographer", home)
    assert pulled.base is not None
    assert (pulled.checkpoint.revision, pulled.base.revision) == first
    check_files(pulled, home)
    assert pull("radiographer", home, "main").checkpoint.revision == hub.commit(repositories.ADAPTER)


def test_a_server_that_knows_no_ranges_is_read_from_the_beginning(hub: HubServer, home: Path) -> None:
    hub.faults.cut_after[WEIGHTS] = 200_000
    hub.faults.cuts = 1
    hub.faults.no_ranges.add(WEIGHTS)
    check_files(pull_counted("pubmedclip", home), home)


def test_a_connection_that_gives_nothing_more_is_told_and_what_came_is_kept(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    hub.faults.cut_after[WEIGHTS] = 0
    partial = blobs(tmp_path) / f"{hashlib.sha256(served(hub)).hexdigest()}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(served(hub)[:150_000])
    said = refused("pubmedclip", home)
    assert "50%" in said
    assert "again" in said
    assert partial.stat().st_size == 150_000


@pytest.mark.parametrize(("status", "tries"), [(503, 5), (404, 1)])
def test_a_server_in_trouble_is_asked_again_and_one_that_refuses_is_not(
    status: int, tries: int, hub: HubServer, home: Path
) -> None:
    hub.faults.status[WEIGHTS] = status
    assert "again" in refused("pubmedclip", home) or status == 404
    assert hub.fetched() == [WEIGHTS] * tries


def test_bytes_that_do_not_match_their_hash_are_thrown_away(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    hub.faults.wrong.add(WEIGHTS)
    said = refused("pubmedclip", home)
    assert WEIGHTS in said
    assert "hash" in said
    assert not list(blobs(tmp_path).glob("*.incomplete"))
    assert client.here(SYSTEMS["pubmedclip"], home) is None
    hub.faults.wrong.clear()
    check_files(pull("pubmedclip", home), home)


def test_a_beginning_that_is_not_of_this_file_ends_in_a_hash_mismatch(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    partial = blobs(tmp_path) / f"{hashlib.sha256(served(hub)).hexdigest()}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"x" * 1000)
    assert "hash" in refused("pubmedclip", home)
    check_files(pull("pubmedclip", home), home)


def test_a_file_changed_after_the_pull_is_found_and_fetched_again(hub: HubServer, home: Path) -> None:
    pulled = pull("pubmedclip", home)
    weights = pulled.checkpoint.folder / WEIGHTS
    body = weights.read_bytes()
    weights.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(SetupError, match=f"{WEIGHTS}.*hash.*casebook models pull pubmedclip"):
        check_files(pulled, home)
    hub.asked.clear()
    check_files(pull_counted("pubmedclip", home), home)
    assert hub.fetched() == [WEIGHTS]
    assert weights.read_bytes() == body


def test_a_file_that_left_the_cache_is_put_back(hub: HubServer, home: Path) -> None:
    pulled = pull("pubmedclip", home)
    weights = pulled.checkpoint.folder / WEIGHTS
    weights.resolve().unlink()
    assert client.here(SYSTEMS["pubmedclip"], home) is None
    check_files(pull("pubmedclip", home), home)
    assert weights.read_bytes() == served(hub)


def test_a_gated_repository_without_a_token_names_page_and_variable(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_client(hub, tmp_path / "hf", monkeypatch, token=None)
    said = refused("derm-foundation", home)
    assert "gated" in said
    assert f"{hub.url}/google/derm-foundation" in said
    assert "HF_TOKEN" in said


def test_a_token_whose_account_accepted_nothing_is_sent_to_the_page(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_client(hub, tmp_path / "hf", monkeypatch, token=NOT_GRANTED)
    said = refused("derm-foundation", home)
    assert "token in use may not read" in said
    assert f"{hub.url}/google/derm-foundation" in said


def test_a_token_nobody_knows_is_told(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_client(hub, tmp_path / "hf", monkeypatch, token="hf_misspelt")
    said = refused("pubmedclip", home)
    assert "does not accept the token" in said
    assert "hf_misspelt" not in said


def test_the_token_stays_with_the_hub_and_is_not_sent_to_the_storage(hub: HubServer, home: Path) -> None:
    pull("derm-foundation", home)
    assert {(one.server, one.token) for one in hub.asked} == {("hub", GRANTED), ("storage", None)}


@pytest.mark.parametrize("token", [None, GRANTED])
def test_a_repository_that_is_not_there_is_named(
    token: str | None, hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_client(hub, tmp_path / "hf", monkeypatch, token=token)
    said = refused("babydoctor", home)
    assert "photonmz/llava-roco-8bit is not on the hub" in said
    assert ("HF_TOKEN" in said) == (token is None)


def test_a_revision_that_is_not_there_is_for_the_user(hub: HubServer, home: Path) -> None:
    with pytest.raises(CaseError, match=r"no revision 'v9'.*--revision"):
        pull("pubmedclip", home, "v9")


def test_a_repository_without_usable_weights_is_told(hub: HubServer, home: Path, tmp_path: Path) -> None:
    only = {"config.json": 30, "model.gguf": 9000}
    hub.repositories[repositories.CLIP] = repositories.write(tmp_path / "gguf", only)
    assert "holds no weights that Casebook can read" in refused("pubmedclip", home)


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(
    hub: HubServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    said = refused("pubmedclip", home)
    assert "302 kB of pubmedclip are still to be fetched, and 268 MB must stay free after that" in said
    assert "has 1 kB free. Make room for 269 MB more" in said
    assert "HF_HOME" in said
    assert hub.fetched() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_disk_that_fills_up_on_the_way_is_told(hub: HubServer, home: Path, tmp_path: Path) -> None:
    partial = blobs(tmp_path) / f"{hashlib.sha256(served(hub)).hexdigest()}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.symlink_to("/dev/full")  # the kernel answers every write with "no space left"
    said = refused("pubmedclip", home)
    assert "disk with the model cache is full" in said
    assert "HF_HOME" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_cache_that_cannot_be_written_is_told(hub: HubServer, home: Path, tmp_path: Path) -> None:
    (tmp_path / "hf").mkdir(mode=0o500)
    assert "cannot be written" in refused("pubmedclip", home)


def test_a_cache_that_is_a_file_is_told(hub: HubServer, home: Path, tmp_path: Path) -> None:
    (tmp_path / "hf").write_text("")
    assert "HF_HOME" in refused("pubmedclip", home)


def test_a_hub_that_is_not_there_is_told(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = SimpleNamespace(url="http://127.0.0.1:9")
    point_client(gone, tmp_path / "hf", monkeypatch)  # type: ignore[arg-type]
    said = refused("pubmedclip", home)
    assert "cannot be reached" in said
    assert "HF_ENDPOINT" in said


def test_a_web_page_in_place_of_a_hub_is_told(hub: HubServer, home: Path) -> None:
    hub.faults.not_a_hub = True
    assert "does not answer like a hub" in refused("pubmedclip", home)


def test_a_hub_that_says_no_hash_of_a_file_is_told_and_nothing_is_kept(hub: HubServer, home: Path) -> None:
    hub.faults.unhashed = True
    with pytest.raises(SetupError, match=r"does not say size and hash of pytorch_model\.bin"):
        pull("pubmedclip", home)
    assert not hub.fetched()


def test_two_pulls_of_one_file_do_not_write_over_each_other(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    from filelock import FileLock

    lock = blobs(tmp_path).parents[1] / ".locks" / blobs(tmp_path).parent.name
    lock.mkdir(parents=True)
    with FileLock(lock / f"{hashlib.sha256(served(hub)).hexdigest()}.lock"):
        assert "another program" in refused("pubmedclip", home)


def test_progress_adds_up_to_the_size_of_everything(hub: HubServer, home: Path) -> None:
    assert pull_counted("radiographer", home).complete


def test_what_another_program_left_in_the_cache_is_taken_over_without_the_hub(
    hub: HubServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants, hf_hub_download

    for name in repositories.NEEDED_OF_CLIP:
        hf_hub_download(repositories.CLIP, name)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub.asked.clear()
    pulled = hub_cache.adopt(SYSTEMS["pubmedclip"], home)
    assert hub.asked == []
    assert names(pulled) == repositories.NEEDED_OF_CLIP
    assert client.here(SYSTEMS["pubmedclip"], home) == pulled
    freed, left = hub_cache.remove("pubmedclip", home)
    assert (freed, left) == (0, [repositories.CLIP])
    assert (pulled.checkpoint.folder / WEIGHTS).is_file()


def test_offline_with_an_empty_cache_is_told(
    hub: HubServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(SetupError, match=r"HF_HUB_OFFLINE.*weights in CASEBOOK_PUBMEDCLIP_PATH\."):
        hub_cache.adopt(SYSTEMS["pubmedclip"], home)
    with pytest.raises(SetupError, match="HF_HUB_OFFLINE"):
        pull("pubmedclip", home)


def test_removing_frees_the_disk_and_forgets(hub: HubServer, home: Path, tmp_path: Path) -> None:
    pulled = pull("pubmedclip", home)
    freed, left = hub_cache.remove("pubmedclip", home)
    assert (freed, left) == (pulled.nbytes, [])
    assert not pulled.checkpoint.folder.exists()
    assert sum(path.stat().st_size for path in (tmp_path / "hf").rglob("*") if path.is_file()) < 1000
    with pytest.raises(CaseError, match="was not pulled"):
        hub_cache.remove("pubmedclip", home)


def test_removing_takes_the_commits_that_were_pulled_before_along(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    pull("pubmedclip", home)
    repositories.write(hub.repositories[repositories.CLIP], {WEIGHTS: 200_000})
    pull("pubmedclip", home, "main")
    freed, _ = hub_cache.remove("pubmedclip", home)
    assert freed > 500_000
    assert not [path for path in (tmp_path / "hf" / "hub").glob("models--*/**/*") if path.is_file()]


def test_removing_a_pull_that_was_cut_off_frees_what_had_come(
    hub: HubServer, home: Path, tmp_path: Path
) -> None:
    hub.faults.cut_after[WEIGHTS] = 0
    partial = blobs(tmp_path) / f"{hashlib.sha256(served(hub)).hexdigest()}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(served(hub)[:50_000])
    refused("pubmedclip", home)
    begun = read_pulled("pubmedclip", home)
    assert begun is not None
    freed, _ = hub_cache.remove("pubmedclip", home)
    assert freed == 50_000 + begun.nbytes > 50_000
    assert not [path for path in (tmp_path / "hf" / "hub").glob("models--*/**/*") if path.is_file()]


def test_without_the_client_the_extra_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(SetupError, match=r"\.\[models\]"):
        client.plan(SYSTEMS["pubmedclip"], home)
