from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.stand_ins import clip, llava_v1
from tools.models.weights.tokenizer_files import load_tokenizer

pytestmark = needs("torch")


CLIP_FILES = (("vocab.json", "merges.txt"), ("tokenizer.json",))
LLAMA_FILES = (("tokenizer.model",), ("tokenizer.json",))


@pytest.fixture
def clip_folder(tmp_path: Path) -> Path:
    return clip.build(tmp_path / "clip")


@pytest.fixture
def llama_folder(tmp_path: Path) -> Path:
    return llava_v1.build(tmp_path / "llama")


def load_clip(folder: Path, rows: int) -> Any:
    from transformers import CLIPTokenizer

    return load_tokenizer(CLIPTokenizer, folder, system="x", files=CLIP_FILES, rows=rows)


def load_llama(folder: Path, rows: int) -> Any:
    from transformers import LlamaTokenizer

    return load_tokenizer(LlamaTokenizer, folder, system="x", files=LLAMA_FILES, rows=rows)


def test_the_checkpoints_own_tokenizer_is_loaded(clip_folder: Path, llama_folder: Path) -> None:
    known = load_clip(clip_folder, 904)
    assert known.decode(known("chest x-ray").input_ids, skip_special_tokens=True) == "chest x - ray"
    assert load_llama(llama_folder, 645)("USER: ").input_ids[0] == 1


@pytest.mark.parametrize("file", ["vocab.json", "merges.txt"])
def test_a_missing_file_is_said_and_no_empty_vocabulary_made_up(clip_folder: Path, file: str) -> None:
    (clip_folder / file).unlink()
    with pytest.raises(SetupError, match=r"vocab\.json and merges\.txt or tokenizer\.json"):
        load_clip(clip_folder, 904)


@pytest.mark.parametrize(
    ("file", "content"),
    [("vocab.json", "{"), ("merges.txt", "#version: 0.2\na b c d\n"), ("tokenizer_config.json", "{")],
)
def test_a_damaged_file_is_a_sentence(clip_folder: Path, file: str, content: str) -> None:
    (clip_folder / file).write_text(content)
    with pytest.raises(SetupError, match="damaged"):
        load_clip(clip_folder, 904)


def test_a_damaged_sentencepiece_model_is_a_sentence(llama_folder: Path) -> None:
    (llama_folder / "tokenizer.model").write_bytes(b"garbage" * 50)
    with pytest.raises(SetupError, match="damaged"):
        load_llama(llama_folder, 645)


def test_an_empty_sentencepiece_model_does_not_pass_for_one(llama_folder: Path) -> None:
    (llama_folder / "tokenizer.model").write_bytes(b"")
    with pytest.raises(SetupError, match="do not belong together"):
        load_llama(llama_folder, 645)


def test_a_vocabulary_larger_than_the_weights_is_refused(llama_folder: Path) -> None:
    with pytest.raises(SetupError, match="do not belong together"):
        load_llama(llama_folder, 300)
