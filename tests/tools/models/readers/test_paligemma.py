"""The derm-captioner: as plain transformers answers on merged weights; the author's three questions."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from tests.packages import needs
from tests.tools.models.adapter_files import merged_by_hand
from tools.models.readers import paligemma as paligemma_module
from tools.models.readers.generation import Generated
from tools.models.readers.paligemma import (
    ANY_DISEASE,
    STAGED,
    WHERE_DISEASE,
    WHICH_DISEASE,
    load_derm_captioner,
)
from tools.models.stand_ins import paligemma
from tools.models.systems.reading import Request, Sampling

pytestmark = needs("torch", "transformers", "peft")

QUESTIONS = ("What does this show?", "Is it on the left elbow?", "describe en")
TOKENS = 8
SHORT = Sampling(max_new_tokens=TOKENS)


@pytest.fixture(scope="module")
def reference(derm_captioner_files, tmp_path_factory):
    """Plain transformers on weights merged by hand, its own processor building the prompt.

    It answers each once.
    """
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("reference") / "merged"
    merged_by_hand(folder, derm_captioner_files.base, derm_captioner_files.path)
    model = transformers.PaliGemmaForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    processor = transformers.AutoProcessor.from_pretrained(folder, backend="pil")

    @cache
    def answered(pixels, shape, question):
        pixels = np.frombuffer(pixels, np.uint8).reshape(shape)
        inputs = processor(images=pixels, text=f"<image>{question}", return_tensors="pt")
        inputs.pop("labels", None)
        made = model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False)
        return processor.decode(made[0, inputs.input_ids.shape[1] :], skip_special_tokens=True).strip()

    return lambda pixels, question: answered(pixels.tobytes(), pixels.shape, question)


@pytest.fixture(scope="module")
def reader(derm_captioner_files):
    return load_derm_captioner(derm_captioner_files.path, derm_captioner_files.base)


@pytest.fixture(autouse=True)
def nothing_seen(reader):
    reader.seen.clear()


def ask(pixels, question="What does this show?", **more):
    return Request(pixels, "img", question, **({"sampling": SHORT} | more))


@pytest.mark.parametrize("merge", [False, True])
def test_greedy_answers_are_those_of_plain_transformers_on_merged_weights(
    derm_captioner_files, reference, reader, pictures, merge
):
    if merge:
        reader = load_derm_captioner(derm_captioner_files.path, derm_captioner_files.base, merge=True)
    answers = set()
    for pixels in pictures:
        for question in QUESTIONS:
            made = reader.read(ask(pixels, question))
            assert made.text == reference(pixels, question)
            answers.add(made.text)
    assert len(answers) > 5


def test_a_second_question_reuses_the_picture_and_is_answered_as_from_scratch(reader, pictures):
    runs = []
    handle = reader._model.model.vision_tower.register_forward_hook(lambda *_: runs.append(1))
    alone = {}
    for question in QUESTIONS:
        reader.seen.clear()
        alone[question] = reader.read(ask(pictures[0], question))
    assert len(runs) == 3
    assert not any(made.reused for made in alone.values())
    for question, made in alone.items():
        assert reader.read(ask(pictures[0], question)) == replace(made, reused=True)
    handle.remove()
    assert len(runs) == 3
    assert reader.seen.nbytes == 256 * 64 * 4


def test_the_prompt_is_the_bare_question_behind_the_places_of_the_picture(reader):
    ids = reader._ids("Identify the skin disease.")
    processor = reader._processor
    expected = processor.tokenizer.convert_tokens_to_ids(["<image>"] * 256 + ["<bos>"])
    assert ids[:257] == expected
    assert processor.tokenizer.decode(ids[257:]) == "Identify the skin disease.\n"


def test_line_breaks_in_a_question_do_not_end_its_prompt(reader, pictures):
    made = reader.read(ask(pictures[0], "What does\n\n this   show?\n"))
    assert made.prompt == "<image>What does this show?"
    assert made.text == reader.read(ask(pictures[0], "What does this show?")).text


def scripted(reader, monkeypatch, *answers, ending="complete"):
    """It gives the answers instead of its own; the first that is no whole yes is the last."""
    asked = []

    def answer(questions, request, until):
        made = [Generated((1,), text, ending) for text in answers]
        asked.append((tuple(questions), request.sampling.max_new_tokens))
        return made, False

    monkeypatch.setattr(reader, "_ask", answer)
    return asked


def test_the_staged_read_asks_the_authors_three_questions_after_a_yes(reader, pictures, monkeypatch):
    asked = scripted(reader, monkeypatch, "Yes", "psoriasis", "elbow")
    pieces = []
    made = reader.read(ask(pictures[0], template="staged", sampling=Sampling(256), on_text=pieces.append))
    assert asked == [((ANY_DISEASE, WHICH_DISEASE, WHERE_DISEASE), 50)]
    assert made.text == f"{ANY_DISEASE} Yes\n{WHICH_DISEASE} psoriasis\n{WHERE_DISEASE} elbow"
    assert (made.template, made.ending, made.tokens) == ("staged", "complete", 3)
    assert pieces == [f"{ANY_DISEASE} ", f"\n{WHICH_DISEASE} psoriasis", f"\n{WHERE_DISEASE} elbow"]


@pytest.mark.parametrize("ending", ["stopped", "empty", "time"])
def test_the_staged_read_ends_where_an_answer_does_not(reader, pictures, monkeypatch, ending):
    scripted(reader, monkeypatch, "yes", "psoriasis", "elbow", ending=ending)
    made = reader.read(ask(pictures[0], template="staged"))
    assert (made.ending, made.text) == (ending, f"{ANY_DISEASE} yes")


def saying_yes(reader, monkeypatch):
    """Every answer counts as a yes, and the batches that are put are counted."""
    monkeypatch.setattr("tools.models.readers.paligemma._is_yes", lambda made: True)
    batches, put = [], paligemma_module._Batch

    def counted(model, device, prompts):
        batches.append(prompts)
        return put(model, device, prompts)

    monkeypatch.setattr(paligemma_module, "_Batch", counted)
    return batches


def test_three_questions_in_one_batch_get_the_tokens_that_each_gets_alone(reader, pictures, monkeypatch):
    for pixels in pictures:
        reader.seen.clear()
        alone = [reader._ask([one], ask(pixels), math.inf)[0][0] for one in STAGED]
        reader.seen.clear()
        batches = saying_yes(reader, monkeypatch)
        together, _ = reader._ask(STAGED, ask(pixels), math.inf)
        monkeypatch.undo()
        assert [len(prompts) for prompts in batches] == [3]
        assert together == alone
        assert len({one.ids for one in alone}) > 1


def test_without_a_yes_to_the_first_the_others_are_given_up(reader, pictures):
    made, _ = reader._ask(STAGED, ask(pictures[0]), math.inf)
    assert made == reader._ask(STAGED[:1], ask(pictures[0], sampling=SHORT), math.inf)[0]
    assert len(reader.read(ask(pictures[0], template="staged")).text.splitlines()) == 1


def test_a_follow_up_that_was_asked_in_the_batch_costs_nothing(reader, pictures, monkeypatch):
    alone = [reader._ask([one], ask(pictures[0]), math.inf)[0][0].ids for one in STAGED]
    ends = frozenset(ids[4] for ids in alone) - {ids[0] for ids in alone}
    monkeypatch.setattr(reader, "_end_ids", ends)
    reader.seen.clear()
    batches = saying_yes(reader, monkeypatch)
    made, _ = reader._ask(STAGED, ask(pictures[0]), math.inf)
    whole = [(one, its) for one, its in zip(STAGED, made, strict=True) if its.ending == "complete"]
    assert whole
    for question, its in whole:
        pieces = []
        again = reader.read(ask(pictures[0], f"  {question}\n", on_text=pieces.append))
        assert (again.text, again.tokens, again.reused) == (its.text, len(its.ids), True)
        assert pieces == [its.text]
    assert len(batches) == 1
    reader.read(ask(pictures[0], whole[0][0], sampling=Sampling(8, temperature=1.0, seed=1)))
    reader.read(ask(pictures[1], whole[0][0]))
    assert len(batches) == 3


def test_without_a_question_the_read_is_staged_and_with_one_it_is_plain(reader, pictures):
    assert reader.read(ask(pictures[0], " ")).template == "staged"
    assert reader.read(ask(pictures[0])).template == "plain"
    made = reader.read(ask(pictures[0], "", template="plain"))
    assert made.prompt == f"<image>{WHICH_DISEASE}"
    with pytest.raises(SetupError, match="plain and staged"):
        reader.read(ask(pictures[0], template="chat"))


def test_text_streams_and_stop_ends_it_within_a_token(reader, pictures):
    pieces, cancelled = [], threading.Event()
    made = reader.read(ask(pictures[1], on_text=pieces.append))
    assert "".join(pieces).strip() == made.text
    assert len(pieces) > 2
    stopped = reader.read(ask(pictures[1], cancelled=cancelled, on_text=lambda _: cancelled.set()))
    assert stopped.ending == "stopped"
    assert stopped.tokens < 3 < made.tokens


def test_an_answer_that_is_only_the_end_is_empty(reader, pictures, monkeypatch):
    monkeypatch.setattr(reader, "_end_ids", frozenset(range(5000)))
    made = reader.read(ask(pictures[0]))
    assert (made.text, made.ending, made.tokens) == ("", "empty", 0)


def test_questions_it_cannot_take_are_refused(reader, pictures):
    for question, told in (
        ("<image> again", "'<image>'"),
        ("Wo ist die Stelle auf der Haut und ist das ein Ekzem?", "English only"),
        ("why " * 200, "too long for derm-captioner"),
    ):
        with pytest.raises(CaseError, match=told):
            reader.read(ask(pictures[0], question))


def test_merged_weights_load_and_half_precision_is_a_setting(merged_folder, pictures):
    import torch

    folder = paligemma.build_merged(merged_folder / "derm-captioner")
    reader = load_derm_captioner(folder, dtype="bfloat16")
    assert {parameter.dtype for parameter in reader._model.parameters()} == {torch.bfloat16}
    assert reader.read(ask(pictures[0])).tokens > 0
    assert (reader.name, reader.stand_in, reader.notes, reader.adapter) == ("derm-captioner", True, (), None)


def test_a_missing_base_is_named(derm_captioner_files):
    with pytest.raises(SetupError, match="needs its base, google/paligemma-3b-pt-224"):
        load_derm_captioner(derm_captioner_files.path)
