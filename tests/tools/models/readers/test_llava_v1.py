from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from tests.packages import needs
from tests.tools.models.checkpoint_edits import copied
from tests.tools.models.llava_by_hand import LlavaByHand
from tools.models.readers import llava_prompt
from tools.models.readers.llava_prompt import TEMPLATES
from tools.models.readers.llava_v1 import DEFAULT_QUESTION, BabyDoctor, load_babydoctor
from tools.models.readers.seen import SeenImages
from tools.models.stand_ins import clip, llava_v1
from tools.models.systems.reading import Request, Sampling
from tools.models.weights.checkpoints import MARK

pytestmark = needs("torch")


QUESTIONS = ("What do you see?", "Is there a fracture of the left wrist?", "And the heart?")
TOKENS = 8
# The tower with the fewest layers and places: here it is one part among others.
TOWER = "openai/clip-vit-base-patch32"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return llava_v1.build(tmp_path_factory.mktemp("babydoctor"), seed=3, tower=TOWER)


@pytest.fixture(scope="module")
def by_hand(checkpoint: Path) -> LlavaByHand:
    return LlavaByHand(checkpoint)


@pytest.fixture(scope="module")
def loaded(checkpoint: Path) -> BabyDoctor:
    return load_babydoctor(checkpoint, device="cpu")


@pytest.fixture
def reader(loaded: BabyDoctor) -> BabyDoctor:
    """As it was loaded, with no picture seen."""
    loaded.seen = SeenImages()
    return loaded


def drawn(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (240, 330, 3), dtype=np.uint8)


def asked(question: str = QUESTIONS[0], *, seed: int = 1, **more: Any) -> Request:
    sampling = Sampling(max_new_tokens=TOKENS)
    return replace(Request(drawn(seed), f"picture-{seed}", question, sampling), **more)


def expected(reader: BabyDoctor, by_hand: LlavaByHand, prompt: str, seed: int) -> str:
    ids = by_hand.greedy(prompt, drawn(seed), TOKENS)
    return str(reader._tokenizer.decode(ids, skip_special_tokens=True)).strip()


def test_answers_are_those_of_llava_v1_written_by_hand(reader: BabyDoctor, by_hand: LlavaByHand) -> None:
    for seed in (1, 2):
        for question in QUESTIONS:
            reading = reader.read(asked(question, seed=seed))
            assert reading.text == expected(reader, by_hand, reading.prompt, seed)
            assert reading.reused == (question != QUESTIONS[0])


@pytest.mark.parametrize("template", ["llava_v0", "llava_llama_2"])
def test_the_other_templates_answer_as_by_hand_too(
    reader: BabyDoctor, by_hand: LlavaByHand, template: str
) -> None:
    reading = reader.read(asked(template=template))
    assert reading.template == template
    assert reading.text == expected(reader, by_hand, reading.prompt, 1).split("###")[0].strip()


def test_a_second_question_is_answered_as_if_it_were_the_first(checkpoint: Path, reader: BabyDoctor) -> None:
    reader.read(asked(QUESTIONS[0]))
    again = reader.read(asked(QUESTIONS[1]))
    fresh = load_babydoctor(checkpoint, device="cpu").read(asked(QUESTIONS[1]))
    assert again.reused
    assert not fresh.reused
    assert (again.text, again.tokens, again.ending) == (fresh.text, fresh.tokens, fresh.ending)


def test_answers_differ_between_pictures_and_between_questions(reader: BabyDoctor) -> None:
    texts = {reader.read(asked(question, seed=seed)).text for question in QUESTIONS[:2] for seed in (1, 2)}
    assert len(texts) == 4


def test_an_answer_leaves_what_is_remembered_of_the_picture_as_it_was(reader: BabyDoctor) -> None:
    first = reader.read(asked())
    held = reader.seen.nbytes
    for _ in range(2):
        assert reader.read(asked()).text == first.text
    assert reader.seen.nbytes == held > 0


def test_another_slice_of_the_same_file_is_looked_at_anew(reader: BabyDoctor) -> None:
    reader.read(asked())
    other = reader.read(replace(asked(seed=2), image_key="picture-1"))
    assert not other.reused


def test_another_template_is_not_answered_from_the_first_ones_words(reader: BabyDoctor) -> None:
    reader.read(asked())
    assert not reader.read(asked(template="llava_v0")).reused


def test_a_picture_that_had_to_leave_is_computed_again_with_the_same_answer(reader: BabyDoctor) -> None:
    reader.read(asked())
    reader.seen = SeenImages(nbytes=reader.seen.nbytes)
    first = reader.read(asked())
    reader.read(asked(seed=2))
    again = reader.read(asked())
    assert not again.reused
    assert again.text == first.text


def test_the_answer_streams_in_pieces_that_make_the_text(reader: BabyDoctor) -> None:
    pieces: list[str] = []
    reading = reader.read(asked(on_text=pieces.append))
    assert len(pieces) > 3
    assert "".join(pieces).strip() == reading.text


def test_a_cancelled_question_does_not_look_at_the_picture(reader: BabyDoctor) -> None:
    cancelled = threading.Event()
    cancelled.set()
    reading = reader.read(asked(cancelled=cancelled))
    assert (reading.ending, reading.tokens, reader.seen.nbytes) == ("stopped", 0, 0)


def test_stop_ends_the_answer_within_a_token(reader: BabyDoctor) -> None:
    cancelled = threading.Event()
    reading = reader.read(asked(cancelled=cancelled, on_text=lambda _: cancelled.set()))
    assert reading.ending == "stopped"
    assert reading.tokens < reader.read(asked()).tokens


def test_an_answer_that_is_cut_says_so(reader: BabyDoctor) -> None:
    whole = reader.read(asked())
    cut = reader.read(asked(sampling=Sampling(max_new_tokens=3)))
    assert (cut.ending, cut.tokens) == ("length", 3)
    assert whole.text.startswith(cut.text)


def test_the_mark_of_a_template_ends_the_answer(reader: BabyDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reader.read(asked())
    mark = whole.text[6:9]
    monkeypatch.setitem(llava_prompt.TEMPLATES, "vicuna_v1", replace(TEMPLATES["vicuna_v1"], stop=mark))
    stopped = reader.read(asked())
    assert stopped.text == whole.text.split(mark)[0].strip()
    assert stopped.ending == "complete"


def test_the_placeholder_of_the_picture_is_never_an_answer(checkpoint: Path) -> None:
    import torch

    reader = load_babydoctor(checkpoint, device="cpu")
    with torch.no_grad():
        reader._model.lm_head.weight[reader._model.config.image_token_index] = 1e6
    free = reader.read(asked(sampling=Sampling(max_new_tokens=8, temperature=5.0, seed=1)))
    assert free.tokens > 0
    scores = reader._scores([1, 5], _empty_cache(reader))
    assert scores[reader._model.config.image_token_index] == float("-inf")


def _empty_cache(reader: BabyDoctor) -> Any:
    from transformers import DynamicCache

    return DynamicCache(config=reader._model.config.text_config)


def test_no_question_asks_the_authors_own(reader: BabyDoctor) -> None:
    assert DEFAULT_QUESTION in reader.read(asked("  ")).prompt


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Was zeigt das Bild und welche Diagnose ist das?", "English"),
        ("这张图片显示什么?", "English"),
        ("What is <image> here?", "<image>"),
        ("What is <im_end> here?", "<im_end>"),
        ("word " * 3000, "too long"),
    ],
)
def test_a_question_it_cannot_take_is_refused_in_words(reader: BabyDoctor, question: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        reader.read(asked(question))


def test_an_answer_never_passes_the_models_length(checkpoint: Path, tmp_path: Path) -> None:
    folder = copied(checkpoint, tmp_path / "short", max_position_embeddings=270)
    reading = load_babydoctor(folder, device="cpu").read(asked(sampling=Sampling(max_new_tokens=4000)))
    assert reading.tokens < 150


def test_the_start_and_end_setting_is_read_and_can_be_overruled(
    reader: BabyDoctor, checkpoint: Path, tmp_path: Path
) -> None:
    says_so = copied(checkpoint, tmp_path / "around", mm_use_im_start_end=True)
    wrapped, bare = (
        load_babydoctor(says_so, device="cpu"),
        load_babydoctor(says_so, device="cpu", im_start_end=False),
    )
    assert "<im_start><image><im_end>" in wrapped.read(asked()).prompt
    assert "<im_start>" not in bare.read(asked()).prompt
    assert bare.read(asked()).text == reader.read(asked()).text
    assert wrapped.read(asked()).text != bare.read(asked()).text


def test_a_folder_in_the_layout_of_transformers_gives_the_same_answers(
    reader: BabyDoctor, tmp_path: Path
) -> None:
    reader._model.save_pretrained(tmp_path)
    reader._tokenizer.save_pretrained(tmp_path)
    other = load_babydoctor(tmp_path, device="cpu")
    for question in QUESTIONS:
        assert other.read(asked(question)).text == reader.read(asked(question)).text


def test_plain_generate_gives_the_same_tokens(reader: BabyDoctor) -> None:
    import torch

    reading = reader.read(asked(QUESTIONS[1]))
    prompt = llava_prompt.build_prompt(
        reader._tokenizer, QUESTIONS[1], template="vicuna_v1", im_start_end=False
    )
    config = reader._model.config
    ids = [*prompt.before, *[config.image_token_index] * config.image_seq_length, *prompt.after]
    picture = reader._pictures.tensor([reader._pictures.square(drawn(1))])
    out = reader._model.generate(
        input_ids=torch.tensor([ids]),
        pixel_values=picture,
        max_new_tokens=TOKENS,
        do_sample=False,
        eos_token_id=2,
    )[0, len(ids) :]
    assert reading.text == reader._tokenizer.decode(out, skip_special_tokens=True).strip()


def test_a_stand_in_says_that_it_is_one(reader: BabyDoctor, checkpoint: Path, tmp_path: Path) -> None:
    assert reader.stand_in
    folder = copied(checkpoint, tmp_path / "real")
    (folder / MARK).unlink()
    assert not load_babydoctor(folder, device="cpu").stand_in


def test_it_reports_what_it_is(loaded: BabyDoctor, checkpoint: Path) -> None:
    import torch

    reader = load_babydoctor(checkpoint, device="auto", dtype="bfloat16", revision="abc")
    assert (reader.name, reader.revision) == ("babydoctor", "abc")
    assert reader.device == ("cuda:0" if torch.cuda.is_available() else "cpu")
    assert reader.nbytes == loaded.nbytes / 2
    assert reader.read(asked()).tokens > 0


def test_two_chats_at_once_each_get_their_own_answer(reader: BabyDoctor) -> None:
    alone = {seed: reader.read(asked(seed=seed)).text for seed in (1, 2, 3)}
    reader.seen.clear()
    together: dict[int, str] = {}

    def ask(seed: int) -> None:
        together[seed] = reader.read(asked(seed=seed)).text

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_four_bits_on_the_cpu_are_refused_with_the_ways_out(checkpoint: Path) -> None:
    with pytest.raises(SetupError, match="4 bits"):
        load_babydoctor(checkpoint, device="cpu", quantise="4bit")


def test_a_folder_of_another_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="another kind of model"):
        load_babydoctor(clip.build(tmp_path / "clip"), device="cpu")
    with pytest.raises(SetupError, match=r"config\.json"):
        load_babydoctor(tmp_path / "nothing", device="cpu")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"vision_config": {"model_type": "clip_vision_model", "image_size": "wide"}},
            r"config\.json .*damaged",
        ),
        ({"vision_feature_select_strategy": "full"}, "leave out the class token"),
    ],
)
def test_a_config_that_is_damaged_or_of_another_llava_is_refused(
    reader: BabyDoctor, tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    reader._model.save_pretrained(tmp_path / "saved")
    with pytest.raises(SetupError, match=said):
        load_babydoctor(copied(tmp_path / "saved", tmp_path / "other", **settings), device="cpu")


def test_an_unknown_template_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no prompt template 'mpt'"):
        load_babydoctor(tmp_path, template="mpt")


def test_a_missing_tokenizer_is_said(checkpoint: Path, tmp_path: Path) -> None:
    folder = copied(checkpoint, tmp_path / "mute")
    (folder / "tokenizer.model").unlink()
    with pytest.raises(SetupError, match="tokenizer"):
        load_babydoctor(folder, device="cpu")
