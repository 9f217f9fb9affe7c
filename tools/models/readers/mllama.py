"""The radiographer: a Llama-3.2-Vision fine-tune that answers questions about radiology images.

The picture reaches the language model through cross-attention. What that needs of a picture does not depend
on the question, so it is computed once and remembered, together with the words before the picture; a first
question takes the same two steps as a second, so both give the same answer.

The template of the checkpoint writes the first token and refuses a system message beside a picture: there is
none, instructions stand in the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from store.errors import CaseError, SetupError
from store.pictures.image import Pixels
from tools.models.readers.fine_tune import Architecture, FineTune, How, load_fine_tune
from tools.models.readers.generation import deadline
from tools.models.readers.seen import Layers
from tools.models.systems.reading import Reading, Request, Sampling
from tools.models.weights.assembling import Assembled
from tools.models.weights.probes import tiles_probe, words_probe

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "radiographer"
BASE = "unsloth/Llama-3.2-11B-Vision-Instruct"
# Source: the system's card.
DEFAULT_QUESTION = "You are an expert radiographer. Describe accurately what you see in this image."

TEMPLATES = ("image_first", "text_first")
"""Order of picture and question. The documented inference puts the picture first; in training it came second.
Words before it have a mask of zeros, which transformers 5.23 takes for "sees everything", padded tiles
included. Source: unslothai/notebooks, Llama3.2_(11B)-Vision; ``_prepare_cross_attention_mask`` there."""

# Source: the inference cell of that notebook.
NOTEBOOK = Sampling(max_new_tokens=128, temperature=1.5, min_p=0.1)
SAMPLINGS = {"greedy": Sampling(), "notebook": NOTEBOOK}

LONGEST = 2048
"""Tokens of question and template together. Source: max_seq_length of the card."""

IMAGE = "<|image|>"


@dataclass(frozen=True)
class _Picture:
    """What the language model needs of one picture.

    Attributes:
        layers: after the words before the picture and the picture.
        before: those words' token ids, the picture's token last.
        tiles: 1 for each tile the picture covers, ``(tiles,)``.
    """

    layers: Layers
    before: tuple[int, ...]
    tiles: Tensor

    @property
    def nbytes(self) -> int:
        """Bytes of the layers; the rest is small."""
        return self.layers.nbytes


class Radiographer(FineTune[_Picture]):
    """A Llama-3.2-Vision in memory. A `tools.models.systems.reading.Reader`."""

    name = SYSTEM
    templates = TEMPLATES

    def __init__(self, assembled: Assembled, processor: Any, ends: frozenset[int], revision: str) -> None:
        super().__init__(assembled, processor, ends, revision)
        self._image_id = assembled.model.config.image_token_id
        self._cross = frozenset(assembled.model.config.text_config.cross_attention_layers)

    def read(self, request: Request) -> Reading:
        """Answer one question about one picture.

        Raises:
            CaseError: the question is not English, holds a control word, or is too long.
            SetupError: the template is unknown, or the checkpoint's chat template is.
        """
        until = deadline(request)
        template = self._checked_template(request.template or TEMPLATES[0])
        text = self._prompt(self._checked_question(request.question, default=DEFAULT_QUESTION), template)
        ids = self._ids(text)
        state: dict[str, Any] = {"reused": False}

        def first() -> Tensor:
            picture, state["reused"] = self._picture(request)
            state["tiles"] = picture.tiles
            state["cache"], done = self._start(picture, ids)
            sees = [place >= ids.index(self._image_id) for place in range(done, len(ids))]
            return self._scores(ids[done:], sees, state)

        made = self._generate(first, lambda token: self._scores([token], [True], state), request, until)
        return Reading(made.text, made.ending, len(made.ids), text, template, state["reused"])

    def _prompt(self, question: str, template: str) -> str:
        """The checkpoint's chat template around the question and the picture's token."""
        from jinja2 import TemplateError

        content: list[dict[str, str]] = [{"type": "image"}, {"type": "text", "text": question}]
        if template == "text_first":
            content.reverse()
        messages = [{"role": "user", "content": content}]
        try:
            return str(self._processor.apply_chat_template(messages, add_generation_prompt=True))
        except (TemplateError, ValueError) as error:
            raise SetupError(
                f"The chat template of {SYSTEM} is missing or broken. Fetch it again."
            ) from error

    def _ids(self, text: str) -> list[int]:
        tokenizer = self._processor.tokenizer
        # The template has written the first token; the tokenizer would write it again.
        ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
        if ids.count(self._image_id) != 1 or ids.count(tokenizer.bos_token_id) != 1:
            raise SetupError(f"The chat template of {SYSTEM} does not write one picture and one first token.")
        if len(ids) > LONGEST:
            raise CaseError(
                f"The question is too long for {SYSTEM}: {len(ids)} tokens of {LONGEST}. Ask in fewer words."
            )
        return ids

    def _look(self, pixels: Pixels) -> _Picture:
        """Run the picture's encoder and the words before the picture."""
        import torch
        from PIL import Image
        from transformers import DynamicCache

        ids = self._ids(self._prompt(DEFAULT_QUESTION, "image_first"))
        before = ids[: ids.index(self._image_id) + 1]
        inputs = self._processor.image_processor(images=[[Image.fromarray(pixels)]], return_tensors="pt")
        tiles = inputs["aspect_ratio_mask"][0, 0].to(self.device)
        cache = DynamicCache(config=self._model.config.text_config)
        with torch.inference_mode():
            self._model(
                input_ids=torch.tensor([before], device=self.device),
                pixel_values=inputs["pixel_values"].to(self.device),
                aspect_ratio_ids=inputs["aspect_ratio_ids"].to(self.device),
                aspect_ratio_mask=inputs["aspect_ratio_mask"].to(self.device),
                cross_attention_mask=_mask(tiles, [False] * (len(before) - 1) + [True]),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
        return _Picture(Layers.of(cache), tuple(before), tiles)

    def _start(self, picture: _Picture, ids: list[int]) -> tuple[Any, int]:
        """A cache to go on from, and how many of `ids` it holds already.

        The picture's part fits any prompt; the words before it only one that begins with them.
        """
        from transformers import DynamicCache

        same = tuple(ids[: len(picture.before)]) == picture.before
        cache = DynamicCache(config=self._model.config.text_config)
        for number, (keys, values) in enumerate(picture.layers.pairs):
            if same or number in self._cross:
                layer = cache.layers[number]
                layer.lazy_initialization(keys, values)
                # Not copied: growing a layer makes a new tensor, and the picture's layers do not grow.
                layer.keys, layer.values = keys, values
        return cache, len(picture.before) if same else 0

    def _scores(self, ids: list[int], sees: list[bool], state: dict[str, Any]) -> Tensor:
        """Scores of the token after `ids`, ``(vocabulary,)``."""
        import torch

        with torch.inference_mode():
            logits: Tensor = self._model(
                input_ids=torch.tensor([ids], device=self.device),
                # Without it the picture would be attended to as if it were earlier text.
                cross_attention_mask=_mask(state["tiles"], sees),
                past_key_values=state["cache"],
                use_cache=True,
                logits_to_keep=1,
            ).logits
        return logits[0, -1]


def load_radiographer(path: Path, base: Path | None = None, **how: Unpack[How]) -> Radiographer:
    """Load the radiographer, or another Llama-3.2-Vision or fine-tune of it, completely.

    Args and errors are those of `tools.models.readers.fine_tune.load_fine_tune`.
    """
    from transformers import MllamaConfig, MllamaForConditionalGeneration, MllamaProcessor

    probes = (words_probe, tiles_probe)
    made_of = Architecture("mllama", MllamaForConditionalGeneration, MllamaConfig, MllamaProcessor, probes)
    return load_fine_tune(Radiographer, made_of, path, base, system=SYSTEM, base_name=BASE, **how)


def _mask(tiles: Tensor, sees: list[bool]) -> Tensor:
    """Which tiles each token attends to, ``(1, tokens, 1, tiles)``; a row of zeros attends to all of them."""
    import torch

    rows = torch.tensor(sees, device=tiles.device, dtype=tiles.dtype)
    return (rows[:, None] * tiles[None])[None, :, None]
