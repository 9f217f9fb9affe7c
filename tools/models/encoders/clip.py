"""PubMedCLIP: radiology images and short texts as vectors that can be compared.

Scores are cosines, or shares among labels; neither is a probability of disease. Two limits come from its
training: it cannot tell left from right, and it sees the centre square only. The second can be changed with
`pad`, which the model never saw in training; vectors made with and without must not be mixed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError, SetupError
from store.pictures.image import Pixels
from store.records import Modality
from tools.models.encoders.clip_pictures import ClipPictures
from tools.models.encoders.clip_words import LONGEST_TEXT, PROMPTS, checked_labels, checked_texts
from tools.models.weights.checkpoints import is_stand_in, read_json
from tools.models.weights.device import resolve_device, resolve_dtype
from tools.models.weights.tensors import load_strictly, read_tensors
from tools.models.weights.tokenizer_files import load_tokenizer

if TYPE_CHECKING:
    from torch import Tensor

Vectors = NDArray[np.float32]
Label = TypeVar("Label", bound=str)

SYSTEM = "pubmedclip"
TOKENIZER_FILES = (("vocab.json", "merges.txt"), ("tokenizer.json",))
BATCH = 16
"""Pictures per forward pass."""


@dataclass(frozen=True)
class ZeroShot:
    """Which kind of radiology image a picture resembles most, among those PubMedCLIP was asked about.

    It cannot say that a picture is none of them. Scores add up to 1 and are not probabilities.

    Attributes:
        modality: DICOM code of the best fit.
        body_part: best fit within that modality, in lower-case words.
        modalities: (code, score), best first.
        body_parts: (body part, score) within `modality`, best first.
    """

    modality: Modality
    body_part: str
    modalities: tuple[tuple[Modality, float], ...]
    body_parts: tuple[tuple[str, float], ...]


class ClipModel:
    """PubMedCLIP in memory. Safe to use from several threads.

    Attributes:
        revision: commit of the checkpoint, or ``local``.
        nbytes: of the weights.
        device: where it runs.
        stand_in: whether the weights are random.
        pictures: how pictures are prepared.
    """

    name = SYSTEM

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        pictures: ClipPictures,
        *,
        scale: float,
        revision: str,
        stand_in: bool,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._scale = scale
        self.pictures = pictures
        self.revision = revision
        self.stand_in = stand_in
        self.device = str(model.device)
        self.nbytes = sum(tensor.nbytes for tensor in model.parameters())
        self.dimensions = int(model.config.projection_dim)

    @property
    def framing(self) -> Literal["centre crop", "padded"]:
        """What happens to a picture that is not square. Belongs to the name of an embedding space."""
        return "padded" if self.pictures.pad else "centre crop"

    def encode_images(self, pictures: Iterable[Pixels], *, batch: int = BATCH) -> Vectors:
        """Unit vectors ``(N, dimensions)`` float32 of `pictures`, each ``(H, W, 3)`` uint8 RGB.

        While one batch is computed the next is taken from `pictures` and made small, so a generator that
        reads from disk never has more than two batches in memory.
        """
        vectors = [self._embed(squares) for squares in self._squares(pictures, batch)]
        return np.concatenate(vectors) if vectors else np.zeros((0, self.dimensions), np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors ``(M, dimensions)`` float32 of `texts`.

        Raises:
            CaseError: a text is empty or longer than 77 characters, as in training.
        """
        import torch

        known = checked_texts(texts)
        if not known:
            return np.zeros((0, self.dimensions), np.float32)
        ids = self._tokenizer(known).input_ids
        if max(map(len, ids)) > self._model.config.text_config.max_position_embeddings:
            raise CaseError(
                f"A text of {LONGEST_TEXT} characters must be plain words for PubMedCLIP. Shorten it."
            )
        padded = self._tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self.device)
        with torch.inference_mode():
            return _unit(self._model.get_text_features(**padded).pooler_output)

    def rank(self, pixels: Pixels, labels: Sequence[str]) -> list[tuple[str, float]]:
        """`labels` by how well they fit the picture, best first, with scores that add up to 1.

        The scores say which label fits best, not that any is right: `clip_words.CAUTION` goes with them.

        Raises:
            CaseError: the labels cannot be compared (see `clip_words.checked_labels`).
        """
        known = checked_labels(labels)
        scores = _shares(self._fit(pixels, self.encode_texts(known)))
        order = np.argsort(-scores, kind="stable")
        return [(known[place], float(scores[place])) for place in order]

    def modality(self, pixels: Pixels) -> ZeroShot:
        """The modality and body part whose words fit the picture best.

        Every pairing in `clip_words.PROMPTS` is compared; a modality counts by its best pairing, so that
        those with more body parts have no advantage.
        """
        fits = self._fit(pixels, self._prompts)
        best: dict[Modality, float] = {}
        for fit, (code, _, _) in zip(fits, PROMPTS, strict=True):
            best[code] = max(best.get(code, -np.inf), float(fit))
        modalities = _ranked(best)
        winner = modalities[0][0]
        parts = {
            part: float(fit) for fit, (code, part, _) in zip(fits, PROMPTS, strict=True) if code == winner
        }
        body_parts = _ranked(parts)
        return ZeroShot(winner, body_parts[0][0], modalities, body_parts)

    @cached_property
    def _prompts(self) -> Vectors:
        return self.encode_texts([text for _, _, text in PROMPTS])

    def _fit(self, pixels: Pixels, texts: Vectors) -> NDArray[np.float64]:
        """CLIP's ``logits_per_image``: cosines times the learned scale, ``(M,)``."""
        cosines = self.encode_images([pixels])[0].astype(np.float64) @ texts.T.astype(np.float64)
        return np.asarray(self._scale * cosines)

    def _embed(self, squares: list[Pixels]) -> Vectors:
        import torch

        with torch.inference_mode():
            pixels = self.pictures.tensor(squares).to(self.device, self._model.dtype)
            return _unit(self._model.get_image_features(pixel_values=pixels).pooler_output)

    def _squares(self, pictures: Iterable[Pixels], batch: int) -> Iterator[list[Pixels]]:
        """Batches of prepared pictures, one batch ahead."""
        source = iter(pictures)
        ahead: deque[list[Future[Pixels]]] = deque()
        # Pillow lets go of the interpreter while it resizes, so one thread works beside the forward pass.
        with ThreadPoolExecutor(1) as pool:
            while waiting := [pool.submit(self.pictures.square, one) for one in islice(source, batch)]:
                ahead.append(waiting)
                if len(ahead) > 1:
                    yield [one.result() for one in ahead.popleft()]
            for rest in ahead:
                yield [one.result() for one in rest]


def load_pubmedclip(
    path: Path, *, device: str = "auto", dtype: str | None = None, pad: bool = False, revision: str = "local"
) -> ClipModel:
    """Load PubMedCLIP, or any CLIP of the same architecture, from the folder `path`.

    Args:
        path: folder with ``config.json``, weights, tokenizer and ``preprocessor_config.json``.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        dtype: None is float32 on the CPU and, as CLIP was trained, float16 on a GPU. ``bfloat16`` is several
            times faster on CPUs that compute in it, at slightly different scores.
        pad: make pictures square with black bars instead of losing their borders.
        revision: commit of the checkpoint where it is known.

    Raises:
        SetupError: the folder holds no CLIP, or its weights do not fit it completely.
    """
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    if read_json(path / "config.json", system=SYSTEM).get("model_type") != "clip":
        raise SetupError(f"The folder given for {SYSTEM} holds another kind of model. Give one of CLIP.")
    where = resolve_device(device)
    kind = resolve_dtype(dtype or ("float32" if where == "cpu" else "float16"), where)
    pictures = ClipPictures.of(path, system=SYSTEM, pad=pad)
    tensors = read_tensors(path, system=SYSTEM)
    try:
        config = transformers.CLIPConfig.from_pretrained(path, local_files_only=True)
    except (OSError, ValueError, TypeError, StrictDataclassError) as error:
        raise SetupError(f"config.json of {SYSTEM} is damaged. Fetch it again.") from error
    rows = config.text_config.vocab_size
    tokenizer = load_tokenizer(
        transformers.CLIPTokenizer, path, system=SYSTEM, files=TOKENIZER_FILES, rows=rows
    )
    # Old checkpoints kept the position numbers beside the weights.
    weights = {name: tensor for name, tensor in tensors.items() if not name.endswith(".position_ids")}
    model = load_strictly(transformers.CLIPModel, config, weights, device=where, dtype=kind, system=SYSTEM)
    scale = float(tensors["logit_scale"].float().exp())
    stand_in = is_stand_in(path)
    return ClipModel(model, tokenizer, pictures, scale=scale, revision=revision, stand_in=stand_in)


def _unit(features: Tensor) -> Vectors:
    vectors = features.float()
    return np.asarray((vectors / vectors.norm(dim=-1, keepdim=True)).cpu().numpy(), dtype=np.float32)


def _shares(fits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Softmax."""
    powers = np.exp(fits - fits.max())
    return np.asarray(powers / powers.sum())


def _ranked(fits: dict[Label, float]) -> tuple[tuple[Label, float], ...]:
    """Labels with their shares, best first."""
    shares = _shares(np.array(list(fits.values())))
    return tuple(sorted(zip(fits, map(float, shares), strict=True), key=lambda pair: -pair[1]))
