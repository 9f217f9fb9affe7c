from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from tests.packages import needs
from tests.tools.models.checkpoint_edits import copied, rewrite_bins, without
from tools.models.encoders.clip import ClipModel, load_pubmedclip
from tools.models.encoders.clip_words import PROMPTS
from tools.models.stand_ins import clip, llava_v1
from tools.models.weights.checkpoints import MARK

pytestmark = needs("torch")


LABELS = ["Chest X-Ray", "Brain MRI", "Abdominal CT Scan", "Mammogram"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip.build(tmp_path_factory.mktemp("pubmedclip"))


@pytest.fixture(scope="module")
def model(checkpoint: Path) -> ClipModel:
    return load_pubmedclip(checkpoint, device="cpu")


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    sizes = [(224, 224), (300, 500), (640, 200), (90, 90), (3, 4), (225, 1000), (512, 512)]
    return [random.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes]


@pytest.fixture(scope="module")
def reference(checkpoint: Path, pictures: list[np.ndarray]) -> Iterator[object]:
    """What the library itself says, by the card's own snippet."""
    import torch
    from PIL import Image
    from transformers import CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

    library = CLIPModel.from_pretrained(checkpoint)
    inputs = CLIPTokenizer.from_pretrained(checkpoint)(LABELS, padding=True, return_tensors="pt")
    processor = CLIPImageProcessorPil.from_pretrained(checkpoint)
    inputs |= processor([Image.fromarray(one) for one in pictures], return_tensors="pt")
    with torch.inference_mode():
        yield library(**inputs)


def test_vectors_are_those_of_the_library(
    model: ClipModel, reference: object, pictures: list[np.ndarray]
) -> None:
    assert np.abs(model.encode_images(pictures) - reference.image_embeds.numpy()).max() < 1e-5
    assert np.abs(model.encode_texts(LABELS) - reference.text_embeds.numpy()).max() < 1e-5


def test_scores_are_those_of_the_library(
    model: ClipModel, reference: object, pictures: list[np.ndarray]
) -> None:
    expected = reference.logits_per_image.softmax(dim=1).numpy()
    for picture, scores in zip(pictures, expected, strict=True):
        ranked = dict(model.rank(picture, LABELS))
        assert [ranked[label] for label in LABELS] == pytest.approx(scores, abs=1e-4)


def test_a_ranking_is_ordered_and_adds_up_to_one(model: ClipModel, pictures: list[np.ndarray]) -> None:
    scores = [score for _, score in model.rank(pictures[0], LABELS)]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1)


def test_the_order_of_the_labels_does_not_matter(model: ClipModel, pictures: list[np.ndarray]) -> None:
    forth, back = (dict(model.rank(pictures[1], order)) for order in (LABELS, LABELS[::-1]))
    assert forth == pytest.approx(back, abs=1e-6)


def test_vectors_are_units_of_512_numbers(model: ClipModel, pictures: list[np.ndarray]) -> None:
    vectors = model.encode_images(pictures)
    assert vectors.shape == (len(pictures), 512)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_the_size_of_a_batch_changes_nothing_but_speed(model: ClipModel, pictures: list[np.ndarray]) -> None:
    many = pictures * 3
    whole = model.encode_images(many, batch=64)
    for batch in (1, 2, 7):
        assert np.abs(model.encode_images(iter(many), batch=batch) - whole).max() < 1e-6


def test_pictures_are_taken_at_most_two_batches_ahead(model: ClipModel, pictures: list[np.ndarray]) -> None:
    taken, most = 0, 0

    def source() -> Iterator[np.ndarray]:
        nonlocal taken
        for picture in pictures * 4:
            taken += 1
            yield picture

    embed, done = model._embed, 0
    try:

        def counted(squares: list[np.ndarray]) -> np.ndarray:
            nonlocal done, most
            most = max(most, taken - done)
            done += len(squares)
            return embed(squares)

        model._embed = counted  # type: ignore[method-assign]
        assert len(model.encode_images(source(), batch=4)) == 28
    finally:
        del model._embed
    assert most <= 8


def test_no_pictures_and_no_texts_give_no_vectors(model: ClipModel) -> None:
    assert model.encode_images([]).shape == (0, 512)
    assert model.encode_texts([]).shape == (0, 512)


def test_the_modality_is_the_best_of_its_pairings(model: ClipModel, pictures: list[np.ndarray]) -> None:
    texts = [text for _, _, text in PROMPTS]
    ranked = dict(model.rank(pictures[3], texts))
    best = max(ranked, key=ranked.__getitem__)
    verdict = model.modality(pictures[3])
    assert (verdict.modality, verdict.body_part) == next(
        (code, part) for code, part, text in PROMPTS if text == best
    )
    for scores in (verdict.modalities, verdict.body_parts):
        assert sum(score for _, score in scores) == pytest.approx(1)
        assert [score for _, score in scores] == sorted((score for _, score in scores), reverse=True)
    assert len(verdict.modalities) == 5


def test_padding_is_part_of_what_a_vector_is(
    checkpoint: Path, model: ClipModel, pictures: list[np.ndarray]
) -> None:
    padded = load_pubmedclip(checkpoint, device="cpu", pad=True)
    assert (model.framing, padded.framing) == ("centre crop", "padded")
    same, other = (padded.encode_images([one])[0] @ model.encode_images([one])[0] for one in pictures[:2])
    assert same == pytest.approx(1)
    assert other < 0.999


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_points_the_same_way(
    checkpoint: Path, model: ClipModel, pictures: list[np.ndarray], dtype: str
) -> None:
    half = load_pubmedclip(checkpoint, device="cpu", dtype=dtype)
    assert half.nbytes == model.nbytes / 2
    cosines = (half.encode_images(pictures) * model.encode_images(pictures)).sum(axis=1)
    assert cosines.min() > 0.999
    assert half.encode_images(pictures).dtype == np.float32


def test_several_threads_get_the_answers_of_one(model: ClipModel, pictures: list[np.ndarray]) -> None:
    alone = [model.rank(picture, LABELS) for picture in pictures]
    together: dict[int, object] = {}

    def ask(place: int) -> None:
        together[place] = model.rank(pictures[place], LABELS)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place, ranking in enumerate(alone):
        assert dict(together[place]) == pytest.approx(dict(ranking), abs=1e-6)  # type: ignore[call-overload]


def test_a_text_of_more_tokens_than_the_model_has_places_is_refused(model: ClipModel) -> None:
    with pytest.raises(CaseError, match="plain words"):
        model.encode_texts(["中" * 77])


def test_labels_are_checked_before_they_are_ranked(model: ClipModel, pictures: list[np.ndarray]) -> None:
    with pytest.raises(CaseError, match="left from right"):
        model.rank(pictures[0], ["left effusion", "right effusion"])


def test_the_checkpoint_is_old_and_loads_whole(checkpoint: Path) -> None:
    import torch

    held = torch.load(checkpoint / "pytorch_model.bin", weights_only=True)
    assert sum(name.endswith("position_ids") for name in held) == 2
    assert not list(checkpoint.glob("*.safetensors"))


@pytest.mark.parametrize(
    ("gone", "said"),
    [(("visual_projection.weight",), "without visual_projection"), (("logit_scale",), "without logit_scale")],
)
def test_a_missing_tensor_is_named(
    checkpoint: Path, tmp_path: Path, gone: tuple[str, ...], said: str
) -> None:
    folder = copied(checkpoint, tmp_path / "part")
    rewrite_bins(folder, without(*gone))
    with pytest.raises(SetupError, match=said):
        load_pubmedclip(folder, device="cpu")


def test_a_tensor_of_another_shape_is_named(checkpoint: Path, tmp_path: Path) -> None:
    folder = copied(checkpoint, tmp_path / "shape")
    rewrite_bins(
        folder, lambda name, tensor: (name, tensor[:-1] if name == "text_projection.weight" else tensor)
    )
    with pytest.raises(SetupError, match=r"other shapes in text_projection\.weight"):
        load_pubmedclip(folder, device="cpu")


def test_safetensors_are_preferred_and_give_the_same(
    checkpoint: Path, model: ClipModel, pictures: list[np.ndarray], tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import save_file

    folder = copied(checkpoint, tmp_path / "safe")
    save_file(torch.load(folder / "pytorch_model.bin", weights_only=True), folder / "model.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"damaged")
    other = load_pubmedclip(folder, device="cpu")
    assert np.array_equal(other.encode_images(pictures), model.encode_images(pictures))


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="another kind of model"):
        load_pubmedclip(llava_v1.build(tmp_path), device="cpu")


def test_damaged_settings_are_a_sentence(checkpoint: Path, tmp_path: Path) -> None:
    folder = copied(checkpoint, tmp_path / "bad", text_config=3)
    with pytest.raises(SetupError, match=r"config\.json of pubmedclip is damaged"):
        load_pubmedclip(folder, device="cpu")


def test_it_reports_what_it_is(checkpoint: Path, model: ClipModel, tmp_path: Path) -> None:
    assert (model.name, model.revision, model.device, model.stand_in) == ("pubmedclip", "local", "cpu", True)
    folder = copied(checkpoint, tmp_path / "real")
    (folder / MARK).unlink()
    assert not load_pubmedclip(folder, device="cpu", revision="abc").stand_in
