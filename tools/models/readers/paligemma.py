"""The derm-captioner: a PaliGemma fine-tune that answers short questions about skin photographs.

It takes one question at a time, knows no conversation, and its picture and question see each other both ways:
only what the encoder makes of the picture can be remembered for the next question, not the language model's
own states.

The prompt is the bare question behind the picture's places, never a line break between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from store.errors import CaseError
from store.pictures.image import Pixels
from tools.models.readers.fine_tune import Architecture, FineTune, How, load_fine_tune
from tools.models.readers.generation import Generated, deadline
from tools.models.readers.seen import picture_key
from tools.models.systems.reading import Reading, Request, Sampling
from tools.models.weights.probes import square_probe, words_probe

if TYPE_CHECKING:
    from torch import Tensor

SYSTEM = "derm-captioner"
BASE = "google/paligemma-3b-pt-224"

ANY_DISEASE = "Is there any human skin disease in the image?"
WHICH_DISEASE = "Identify the skin disease."
WHERE_DISEASE = "Where is the skin disease located on the human body?"
"""What the author's own program asks, the second and third only after a yes. That the weights were trained on
these words is likely, not known. Source: the program linked from the README of the author's repository."""

STAGED = (ANY_DISEASE, WHICH_DISEASE, WHERE_DISEASE)

TEMPLATES = ("plain", "staged")
"""``plain`` asks the user's question; ``staged`` asks the author's three and not the user's."""

# Source: the same program.
AUTHOR = Sampling(max_new_tokens=50)

LONGEST = 128
"""Tokens of a question. Source: the card of google/paligemma-3b-pt-224 (trained on texts of 128 tokens)."""


@dataclass(frozen=True)
class Seen:
    """What is remembered of a picture.

    Attributes:
        features: what the language model gets of it, ``(1, 256, width)``.
        told: whole greedy answers to the author's questions, by question.
    """

    features: Tensor
    told: dict[str, Generated] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of the features; a few words are not counted."""
        return int(self.features.nbytes)


class DermCaptioner(FineTune[Seen]):
    """A PaliGemma in memory. A `tools.models.systems.reading.Reader`.

    Of a picture it remembers ``(1, 256, width)`` and what it answered to the author's questions.
    """

    name = SYSTEM
    templates = TEMPLATES

    def read(self, request: Request) -> Reading:
        """Answer one question about one picture; without a question, the author's three.

        Raises:
            CaseError: the question is not English, holds a control word, or is too long.
            SetupError: the template is unknown.
        """
        template = self._checked_template(
            request.template or ("plain" if request.question.strip() else "staged")
        )
        until = deadline(request)
        if template == "staged":
            return self._staged(request, until)
        # Its prompt is one line: a line break ends it.
        question = self._checked_question(" ".join(request.question.split()), default=WHICH_DISEASE)
        (made,), reused = self._ask([question], request, until)
        return Reading(made.text, made.ending, len(made.ids), _prompt(question), template, reused)

    def _staged(self, request: Request, until: float) -> Reading:
        """The author's three questions in one batch; the last two count only after a yes to the first."""
        most = min(request.sampling.max_new_tokens, AUTHOR.max_new_tokens)
        request = replace(request, sampling=replace(request.sampling, max_new_tokens=most))
        _say(request, f"{STAGED[0]} ")
        made, reused = self._ask(STAGED, request, until)
        asked: list[tuple[str, Generated]] = []
        for question, one in zip(STAGED, made, strict=False):
            if asked:
                _say(request, f"\n{question} {one.text}")
            asked.append((question, one))
            if one.ending != "complete":
                break
        return Reading(
            text="\n".join(f"{question} {one.text}".strip() for question, one in asked),
            ending=asked[-1][1].ending,
            tokens=sum(len(one.ids) for _, one in asked),
            prompt="\n".join(_prompt(question) for question, _ in asked),
            template="staged",
            reused=reused,
        )

    def _ask(
        self, questions: Sequence[str], request: Request, until: float
    ) -> tuple[Sequence[Generated], bool]:
        """The answers to questions in one batch, the first as it comes; and whether the picture was known.

        Without a yes to the first of several there is only that.
        """
        seen = self.seen.get(picture_key(request))
        if seen is not None and (told := _told(seen, questions, request)):
            _say(request, told[0].text)
            return told, True
        prompts = [self._ids(question) for question in questions]
        state = {"reused": False}

        def first() -> Tensor:
            picture, state["reused"] = self._picture(request)
            return batch.first(picture.features)

        batch = _Batch(self._model, self.device, prompts)
        quiet = replace(request, on_text=None)
        requests = [request, *([quiet] * (len(questions) - 1))]
        made = self._generate_together(first, batch.step, requests, until, _is_yes)
        if (seen := self.seen.get(picture_key(request))) is not None and request.sampling.temperature <= 0:
            whole = {one: its for one, its in zip(questions, made, strict=False) if its.ending == "complete"}
            seen.told.update({one: its for one, its in whole.items() if one in STAGED})
        return made, state["reused"]

    def _ids(self, question: str) -> list[int]:
        """The prompt's token ids, the picture's places first."""
        tokenizer, places = self._processor.tokenizer, self._processor.image_seq_length
        words: list[int] = tokenizer(f"{tokenizer.bos_token}{question}\n", add_special_tokens=False).input_ids
        if len(words) > LONGEST:
            raise CaseError(
                f"The question is too long for {SYSTEM}: {len(words)} tokens, of {LONGEST}. Use fewer words."
            )
        return [self._model.config.image_token_id] * places + words

    def _look(self, pixels: Pixels) -> Seen:
        """What the language model gets of the picture."""
        import torch
        from PIL import Image

        # The published settings do not convert to RGB by themselves; `Pixels` are RGB already.
        inputs = self._processor.image_processor(images=Image.fromarray(pixels), return_tensors="pt")
        with torch.inference_mode():
            values = inputs["pixel_values"].to(self.device, self._model.dtype)
            features: Tensor = self._model.get_image_features(values).pooler_output
        return Seen(features)


class _Batch:
    """Prompts about one picture, each a row; shorter ones have nothing before them.

    Args:
        model: the PaliGemma.
        device: where it runs.
        prompts: token ids of each prompt.
    """

    def __init__(self, model: Any, device: str, prompts: Sequence[Sequence[int]]) -> None:
        import torch
        from transformers import DynamicCache

        self._model, self._device = model, device
        self._cache = DynamicCache(config=model.config.text_config)
        longest = max(map(len, prompts))
        before = [longest - len(one) for one in prompts]
        rows = [[0] * empty + [*one] for empty, one in zip(before, prompts, strict=True)]
        self._prompts = torch.tensor(rows, device=device)
        seen = [[0] * empty + [1] * (longest - empty) for empty in before]
        self._seen = torch.tensor(seen, device=device)

    def first(self, features: Tensor) -> Tensor:
        """Scores of each row's first new token, ``(rows, vocabulary)``, with the picture's features."""
        import torch
        from transformers.modeling_outputs import BaseModelOutputWithPooling

        of_each = features.expand(len(self._prompts), *features.shape[1:])
        return self._scores(
            self._prompts,
            mm_encoder_outputs={"image": BaseModelOutputWithPooling(pooler_output=of_each)},
            # Zeros: all of the prompt sees all of the prompt.
            token_type_ids=torch.zeros_like(self._prompts),
        )

    def step(self, tokens: Sequence[int]) -> Tensor:
        """Scores of the token after these, one per row."""
        import torch

        self._seen = torch.cat([self._seen, self._seen.new_ones(len(tokens), 1)], dim=1)
        return self._scores(torch.tensor(tokens, device=self._device)[:, None])

    def _scores(self, ids: Tensor, **more: Any) -> Tensor:
        import torch

        # One row alone has nothing before it: without a mask it takes the quick way.
        mask = self._seen if len(self._prompts) > 1 else None
        with torch.inference_mode():
            logits: Tensor = self._model(
                input_ids=ids,
                attention_mask=mask,
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=1,
                **more,
            ).logits
        return logits[:, -1]


def _told(seen: Seen, questions: Sequence[str], request: Request) -> list[Generated]:
    """What was answered before to these questions, if it may be told again; else nothing."""
    if request.cancelled.is_set() or request.sampling.temperature > 0:
        return []
    told = []
    for question in questions:
        one = seen.told.get(question)
        if one is None or len(one.ids) > request.sampling.max_new_tokens:
            return []
        told.append(one)
        if not _is_yes(one):
            break
    return told


def _is_yes(made: Generated) -> bool:
    return made.ending == "complete" and "yes" in made.text.lower()


def _prompt(question: str) -> str:
    """The prompt in words."""
    return f"<image>{question}"


def load_derm_captioner(path: Path, base: Path | None = None, **how: Unpack[How]) -> DermCaptioner:
    """Load the derm-captioner, or another PaliGemma or fine-tune of it, completely.

    Args and errors are those of `tools.models.readers.fine_tune.load_fine_tune`.
    """
    from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration, PaliGemmaProcessor

    probes = (words_probe, square_probe)
    made_of = Architecture(
        "paligemma", PaliGemmaForConditionalGeneration, PaliGemmaConfig, PaliGemmaProcessor, probes
    )
    return load_fine_tune(DermCaptioner, made_of, path, base, system=SYSTEM, base_name=BASE, **how)


def _say(request: Request, text: str) -> None:
    if request.on_text is not None:
        request.on_text(text)
