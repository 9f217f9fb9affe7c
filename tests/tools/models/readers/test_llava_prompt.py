from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.errors import SetupError
from tests.packages import needs
from tools.models.readers.llava_prompt import TEMPLATES, build_prompt, control_words
from tools.models.stand_ins import llava_v1

pytestmark = needs("torch", "sentencepiece")


QUESTION = "Is there a fracture of the left wrist?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return llava_v1.build(tmp_path_factory.mktemp("babydoctor"))


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    from transformers import LlamaTokenizer

    return LlamaTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def pieces(folder: Path) -> Any:
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))


@pytest.mark.parametrize(
    ("template", "start", "end"),
    [
        ("vicuna_v1", "A chat between a curious user and", " USER: <image>\n{} ASSISTANT:"),
        ("llava_v0", "A chat between a curious human and", "###Human: <image>\n{}###Assistant:"),
        ("llava_llama_2", "[INST] <<SYS>>\nYou are a helpful language", "\n<</SYS>>\n\n<image>\n{} [/INST]"),
    ],
)
def test_a_template_puts_the_picture_before_the_question(
    tokenizer: Any, template: str, start: str, end: str
) -> None:
    prompt = build_prompt(tokenizer, QUESTION, template=template, im_start_end=False)
    assert prompt.text.startswith(start)
    assert prompt.text.endswith(end.format(QUESTION))
    assert prompt.template == template


def test_the_training_template_is_the_default_and_only_the_old_one_stops_at_its_mark() -> None:
    assert next(iter(TEMPLATES)) == "vicuna_v1"
    assert {name: template.stop for name, template in TEMPLATES.items() if template.stop} == {
        "llava_v0": "###"
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_half_is_tokenized_by_itself(tokenizer: Any, pieces: Any, template: str) -> None:
    prompt = build_prompt(tokenizer, QUESTION, template=template, im_start_end=False)
    before, after = prompt.text.split("<image>")
    assert prompt.before == [1, *pieces.encode(before)]
    assert prompt.after == pieces.encode(after)


def test_tokenized_in_one_piece_the_ids_would_differ(tokenizer: Any, pieces: Any) -> None:
    prompt = build_prompt(tokenizer, QUESTION, template="vicuna_v1", im_start_end=False)
    assert prompt.before + prompt.after != [1, *pieces.encode(prompt.text.replace("<image>", ""))]


def test_around_the_start_and_end_tokens_blanks_fall_away_as_in_training(tokenizer: Any, pieces: Any) -> None:
    prompt = build_prompt(tokenizer, QUESTION, template="vicuna_v1", im_start_end=True)
    assert "<im_start><image><im_end>\n" in prompt.text
    size = pieces.get_piece_size()
    before, after = prompt.text.split("<im_start><image><im_end>")
    assert prompt.before == [1, *pieces.encode(before.rstrip()), size + 2]
    assert prompt.after == [size + 3, *pieces.encode(after.lstrip())]


def test_the_part_before_the_picture_does_not_depend_on_the_question(tokenizer: Any) -> None:
    prompts = [
        build_prompt(tokenizer, question, template="llava_llama_2", im_start_end=True)
        for question in ("One?", "Two?")
    ]
    assert prompts[0].before == prompts[1].before
    assert prompts[0].after != prompts[1].after


def test_the_tokens_of_the_checkpoint_are_control_words(tokenizer: Any) -> None:
    assert {"<image>", "<im_start>", "<im_end>", "<im_patch>", "<pad>", "<s>", "</s>"} <= set(
        control_words(tokenizer)
    )


def test_an_unknown_template_is_refused_with_those_there_are(tokenizer: Any) -> None:
    with pytest.raises(SetupError, match="vicuna_v1, llava_v0, llava_llama_2"):
        build_prompt(tokenizer, QUESTION, template="mpt", im_start_end=False)


def test_start_and_end_tokens_that_the_checkpoint_lacks_are_refused(folder: Path, tmp_path: Path) -> None:
    from transformers import LlamaTokenizer

    for file in ("tokenizer.model", "tokenizer_config.json"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    with pytest.raises(SetupError, match="<im_start>"):
        build_prompt(
            LlamaTokenizer.from_pretrained(tmp_path), QUESTION, template="vicuna_v1", im_start_end=True
        )
