"""The cards of the five systems, which of a repository's files are theirs, and the licences."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from store.errors import CaseError, SetupError
from tools.models.readers import llava_v1, mllama, paligemma
from tools.models.readers.llava_prompt import TEMPLATES
from tools.models.systems.cards import READERS, SYSTEMS, system_named
from tools.models.systems.licences import accept, accepted_on, licence_text

CLIP = SYSTEMS["pubmedclip"]
DERM = SYSTEMS["derm-foundation"]


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_card_is_complete(name: str) -> None:
    system = SYSTEMS[name]
    for field in dataclasses.fields(system):
        if field.name not in (
            "base",
            "disk_gb",
            "values_b",
            "gated",
            "prompts",
            "templates",
            "authors_sampling",
        ):
            assert getattr(system, field.name), field.name
    assert all(sentence.endswith(".") for sentence in (*system.conditions, *system.limits))
    assert system.licence_url.startswith("https://")
    assert set(system.gated) <= {system.checkpoint, system.base}


def test_readers_have_prompts_and_templates_and_encoders_have_none() -> None:
    for system in SYSTEMS.values():
        assert bool(system.prompts) == bool(system.templates) == (system.kind == "reader")
    assert {name for names in READERS.values() for name in names} == {
        name for name, system in SYSTEMS.items() if system.kind == "reader"
    }
    assert all(SYSTEMS[name].domain == domain for domain, names in READERS.items() for name in names)


def test_the_cards_say_what_the_readers_do() -> None:
    radiographer, captioner, doctor = (
        SYSTEMS[name] for name in ("radiographer", "derm-captioner", "babydoctor")
    )
    assert radiographer.prompts == (mllama.DEFAULT_QUESTION,)
    assert radiographer.templates == mllama.TEMPLATES
    assert radiographer.authors_sampling == {"notebook": mllama.NOTEBOOK}
    assert captioner.prompts == (
        paligemma.ANY_DISEASE,
        paligemma.WHICH_DISEASE,
        paligemma.WHERE_DISEASE,
    )
    assert captioner.templates == paligemma.TEMPLATES
    assert doctor.prompts == (llava_v1.DEFAULT_QUESTION,)
    assert doctor.templates == tuple(TEMPLATES)


def test_every_reader_is_greedy_unless_it_is_told_otherwise() -> None:
    assert all(system.sampling.temperature == 0 for system in SYSTEMS.values())


def test_the_terms_that_exclude_users_are_told() -> None:
    assert "European Union" in licence_text(SYSTEMS["radiographer"])
    assert "Academic research only" in licence_text(SYSTEMS["babydoctor"])
    assert "Clinical use" in licence_text(DERM)
    assert "Gemma" in licence_text(SYSTEMS["derm-captioner"])


def test_a_card_can_be_written_as_json() -> None:
    for system in SYSTEMS.values():
        assert json.loads(json.dumps(system.to_dict()))["name"] == system.name


def test_evidence_gets_the_card_with_the_commit_that_is_used() -> None:
    card = SYSTEMS["radiographer"].card("abc123")
    assert card.revision == "abc123"
    assert card.checkpoint == "Bala9669/unsloth_finetune on unsloth/Llama-3.2-11B-Vision-Instruct"


def test_a_misspelt_system_is_refused_with_the_right_one() -> None:
    assert system_named("pubmedclip") is CLIP
    with pytest.raises(CaseError, match=r"'pubmed-clip'.*Did you mean pubmedclip\?.*babydoctor"):
        system_named("pubmed-clip")
    with pytest.raises(CaseError, match="There are: radiographer"):
        system_named("x")


@pytest.mark.parametrize(
    ("names", "needed"),
    [
        (["model.safetensors", "pytorch_model.bin", "config.json"], ["config.json", "model.safetensors"]),
        (
            ["pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"],
            ["pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"],
        ),
        (
            ["pytorch_model.bin.index.json", "model.safetensors.index.json", "model-1-of-1.safetensors"],
            ["model-1-of-1.safetensors", "model.safetensors.index.json"],
        ),
        (["adapter_model.safetensors", "adapter_model.bin"], ["adapter_model.safetensors"]),
        (["adapter_model.bin", "model.safetensors"], ["adapter_model.bin", "model.safetensors"]),
        (["checkpoint-100/model.safetensors", "original/params.json", "tf_model.h5", "optimizer.pt"], []),
        (["training_args.bin", "model.gguf", "code.py", "README.md"], []),
        (
            ["tokenizer.model", "merges.txt", "chat_template.jinja"],
            ["chat_template.jinja", "merges.txt", "tokenizer.model"],
        ),
    ],
)
def test_the_needed_files_of_a_repository_are_told_by_name(names: list[str], needed: list[str]) -> None:
    assert CLIP.needed(names) == needed


def test_a_saved_model_keeps_its_folders() -> None:
    names = ["saved_model.pb", "variables/variables.index", "assets/words.txt", "variables/deep/x", "a.npz"]
    assert DERM.needed(names) == ["assets/words.txt", "saved_model.pb", "variables/variables.index"]


def test_a_licence_is_accepted_once_and_its_words_are_recorded(home: Path) -> None:
    assert accepted_on(CLIP, home) is None
    accept(CLIP, home)
    accept(DERM, home)
    entry = json.loads((home / "models" / "licences.json").read_text())["pubmedclip"]
    assert entry["licence"] == "MIT"
    assert entry["accepted_at"].endswith("Z")
    assert accepted_on(CLIP, home) == entry["accepted_at"][:10]


def test_the_day_of_a_licence_is_that_of_the_first_time(home: Path) -> None:
    record = home / "models" / "licences.json"
    accept(CLIP, home)
    record.write_text(record.read_text().replace(str(accepted_on(CLIP, home)), "2026-01-31"))
    accept(CLIP, home)
    assert accepted_on(CLIP, home) == "2026-01-31"
    assert accepted_on(DERM, home) is None


def test_other_conditions_must_be_accepted_again(home: Path) -> None:
    accept(CLIP, home)
    assert accepted_on(dataclasses.replace(CLIP, conditions=("Something new applies.",)), home) is None


@pytest.mark.parametrize("text", ["{", "[]", "\udc80"])
def test_a_broken_record_of_licences_is_told(text: str, home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "licences.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SetupError, match=r"licences\.json"):
        accepted_on(CLIP, home)
