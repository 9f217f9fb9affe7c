"""Rows to what each model is trained on: the prompt as its reader asks it, and only the answer to learn.

The answer is joined to the prompt as tokens, not as text: in use the prompt stands alone, and must be split
in training as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from store.pictures.image import Pixels
from tools.models.readers.mllama import IMAGE

if TYPE_CHECKING:
    from torch import Tensor

IGNORED = -100
"""Label of tokens that are not learned. Source: CrossEntropyLoss of PyTorch."""


@dataclass(frozen=True)
class Lesson:
    """One row with its picture, ``(H, W, 3)`` uint8 RGB."""

    pixels: Pixels
    question: str
    text: str


class Batcher(Protocol):
    """Makes a model's inputs of rows."""

    def tokens(self, question: str, text: str) -> int:
        """How many tokens question and answer take, pictures' places left out."""
        ...

    def __call__(self, lessons: Sequence[Lesson]) -> dict[str, Tensor]:
        """Inputs and labels of one forward pass."""
        ...


class MllamaBatcher:
    """For Llama-3.2-Vision: picture first, as the reader asks, so that every word of the question sees it."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self._tokenizer = processor.tokenizer

    def tokens(self, question: str, text: str) -> int:
        """How many tokens the row takes."""
        return sum(map(len, self._ids(question, text)))

    def __call__(self, lessons: Sequence[Lesson]) -> dict[str, Tensor]:
        """``input_ids``, ``labels`` and masks ``(rows, tokens)``, and the pictures' tiles."""
        import torch
        from PIL import Image

        pairs = [self._ids(one.question, one.text) for one in lessons]
        inputs = self._processor.image_processor(
            images=[[Image.fromarray(one.pixels)] for one in lessons], return_tensors="pt"
        )
        size = max(len(prompt) + len(answer) for prompt, answer in pairs)
        shape = (len(lessons), size)
        ids = torch.full(shape, self._tokenizer.pad_token_id)
        labels, used = torch.full(shape, IGNORED), torch.zeros(shape, dtype=torch.long)
        tiles = inputs["aspect_ratio_mask"]
        cross = torch.zeros((*shape, *tiles.shape[1:]), dtype=torch.long)
        image = self._tokenizer.convert_tokens_to_ids(IMAGE)
        for row, (prompt, answer) in enumerate(pairs):
            whole = len(prompt) + len(answer)
            ids[row, :whole] = torch.tensor(prompt + answer)
            labels[row, len(prompt) : whole] = torch.tensor(answer)
            used[row, :whole] = 1
            # Without it the picture would be attended to as if it were earlier text.
            cross[row, prompt.index(image) :] = tiles[row]
        return {
            "input_ids": ids,
            "labels": labels,
            "attention_mask": used,
            "cross_attention_mask": cross,
            "pixel_values": inputs["pixel_values"],
            "aspect_ratio_ids": inputs["aspect_ratio_ids"],
            "aspect_ratio_mask": tiles,
        }

    def _ids(self, question: str, text: str) -> tuple[list[int], list[int]]:
        content = [{"type": "image"}, {"type": "text", "text": question}]
        prompt = self._processor.apply_chat_template(
            [{"role": "user", "content": content}], add_generation_prompt=True
        )
        # The template has written the first token; the tokenizer would write it again.
        before, after = (
            list(self._tokenizer(words, add_special_tokens=False).input_ids) for words in (prompt, text)
        )
        return before, [*after, self._tokenizer.eos_token_id]


class PaliGemmaBatcher:
    """For PaliGemma: the question as the prefix, which sees itself both ways, the answer as the suffix."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor

    def tokens(self, question: str, text: str) -> int:
        """How many tokens the row takes, without the 256 places of the picture."""
        return len(self._processor.tokenizer(question, f"{text}\n", add_special_tokens=False).input_ids) + 2

    def __call__(self, lessons: Sequence[Lesson]) -> dict[str, Tensor]:
        """``input_ids``, ``labels``, ``token_type_ids`` and mask ``(rows, tokens)``, and the pictures."""
        from PIL import Image

        return dict(
            self._processor(
                images=[Image.fromarray(one.pixels) for one in lessons],
                # No line break after the picture's place: it would stay in the prompt.
                text=[f"<image>{one.question}" for one in lessons],
                suffix=[one.text for one in lessons],
                padding="longest",
                return_tensors="pt",
            )
        )


BATCHERS: dict[str, Callable[[Any], Batcher]] = {
    "radiographer": MllamaBatcher,
    "derm-captioner": PaliGemmaBatcher,
}
"""How rows become inputs, by system."""
