"""The derm-captioner: a PaliGemma fine-tune that answers short questions about skin photographs.

It takes one question at a time, knows no conversation, and its picture and question see each other both ways:
only what the encoder makes of the picture can be remembered for the next question, not the language model's
own states.

The prompt is the bare question behind the picture's places, never a line break between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from store.errors import CaseError
from store.pictures.image import Pixels
from tools.models.readers.fine_tune import Architecture, FineTune, How, load_fine_tune
from tools.models.readers.generation import Generated, deadline
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

TEMPLATES = ("plain", "staged")
"""``plain`` asks the user's question; ``staged`` asks the author's three and not the user's."""

# Source: the same program.
AUTHOR = Sampling(max_new_tokens=50)

LONGEST = 128
"""Tokens of a question. Source: the card of google/paligemma-3b-pt-224 (trained on texts of 128 tokens)."""


@dataclass(frozen=True)
class _Asked:
    """One question put to the model."""

    question: str
    prompt: str
    made: Generated
    reused: bool


class DermCaptioner(FineTune["Tensor"]):
    """A PaliGemma in memory. A `tools.models.systems.reading.Reader`.

    Of a picture it remembers ``(1, 256, width)``.
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
        asked = self._ask(question, request, until)
        made = asked.made
        return Reading(made.text, made.ending, len(made.ids), asked.prompt, template, asked.reused)

    def _staged(self, request: Request, until: float) -> Reading:
        """The author's three questions; the last two only when the first is answered with yes."""
        most = min(request.sampling.max_new_tokens, AUTHOR.max_new_tokens)
        request = replace(request, sampling=replace(request.sampling, max_new_tokens=most))
        asked: list[_Asked] = []
        for question in (ANY_DISEASE, WHICH_DISEASE, WHERE_DISEASE):
            _say(request, f"\n{question} " if asked else f"{question} ")
            asked.append(self._ask(question, request, until))
            if asked[-1].made.ending != "complete" or "yes" not in asked[0].made.text.lower():
                break
        return Reading(
            text="\n".join(f"{one.question} {one.made.text}".strip() for one in asked),
            ending=asked[-1].made.ending,
            tokens=sum(len(one.made.ids) for one in asked),
            prompt="\n".join(one.prompt for one in asked),
            template="staged",
            reused=asked[0].reused,
        )

    def _ask(self, question: str, request: Request, until: float) -> _Asked:
        from transformers import DynamicCache

        ids, prompt = self._ids(question)
        cache = DynamicCache(config=self._model.config.text_config)
        state = {"reused": False}

        def first() -> Tensor:
            features, state["reused"] = self._picture(request)
            return self._scores(ids, cache, features)

        made = self._generate(first, lambda token: self._scores([token], cache), request, until)
        return _Asked(question, prompt, made, state["reused"])

    def _ids(self, question: str) -> tuple[list[int], str]:
        """The prompt's token ids, the picture's places first, and the prompt in words."""
        tokenizer, places = self._processor.tokenizer, self._processor.image_seq_length
        words: list[int] = tokenizer(f"{tokenizer.bos_token}{question}\n", add_special_tokens=False).input_ids
        if len(words) > LONGEST:
            raise CaseError(
                f"The question is too long for {SYSTEM}: {len(words)} tokens, of {LONGEST}. Use fewer words."
            )
        return [self._model.config.image_token_id] * places + words, f"<image>{question}"

    def _look(self, pixels: Pixels) -> Tensor:
        """What the language model gets of the picture, ``(1, 256, width)``."""
        import torch
        from PIL import Image

        # The published settings do not convert to RGB by themselves; `Pixels` are RGB already.
        inputs = self._processor.image_processor(images=Image.fromarray(pixels), return_tensors="pt")
        with torch.inference_mode():
            values = inputs["pixel_values"].to(self.device, self._model.dtype)
            features: Tensor = self._model.get_image_features(values).pooler_output
        return features

    def _scores(self, ids: list[int], cache: Any, features: Tensor | None = None) -> Tensor:
        """Scores of the token after `ids`, ``(vocabulary,)``; with `features`, `ids` are a whole prompt."""
        import torch
        from transformers.modeling_outputs import BaseModelOutputWithPooling

        tokens = torch.tensor([ids], device=self.device)
        more: dict[str, Any] = {}
        if features is not None:
            more["mm_encoder_outputs"] = {"image": BaseModelOutputWithPooling(pooler_output=features)}
            # Zeros: all of the prompt sees all of the prompt.
            more["token_type_ids"] = torch.zeros_like(tokens)
        with torch.inference_mode():
            logits: Tensor = self._model(
                input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1, **more
            ).logits
        return logits[0, -1]


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
