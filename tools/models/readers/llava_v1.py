"""BabyDoctor: a LLaVA v1 that reads radiology images, in conversation.

Each question is put in two parts: the words and the picture before it, then the question. What the language
model computed for the first part is remembered, so a second question about the same picture does not pay for
it again; a first question takes the same two steps, so its answer is the same as a second asking's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import CaseError, SetupError
from tools.models.encoders.clip_pictures import ClipPictures
from tools.models.readers.generation import deadline, generate
from tools.models.readers.llava_convert import SYSTEM, converted_config, converted_tensors, is_original
from tools.models.readers.llava_prompt import Prompt, build_prompt, control_words, template_named
from tools.models.readers.seen import Layers, SeenImages, picture_key
from tools.models.systems.question import checked_question
from tools.models.systems.reading import Reading, Request, Sampling
from tools.models.weights.checkpoints import is_stand_in, read_json
from tools.models.weights.device import resolve_device, resolve_dtype
from tools.models.weights.quantising import quantisation
from tools.models.weights.tensors import load_strictly, read_tensors
from tools.models.weights.tokenizer_files import load_tokenizer

if TYPE_CHECKING:
    from torch import Tensor

# Source: scripts/inference.sh of photomz/BabyDoctor.
DEFAULT_QUESTION = "The following image is a radiology scan. Deeply analyze and diagnose this image."
SAMPLINGS = {"greedy": Sampling(), "authors": Sampling(max_new_tokens=1024, temperature=0.2)}

TOKENIZER_FILES = (("tokenizer.model",), ("tokenizer.json",))

WHOLE = ("model.vision_tower", "model.multi_modal_projector", "lm_head")
"""What keeps its number format when the language model is made smaller: little of the weights, and a picture
is seen as before. Source: haotian-liu/LLaVA keeps the projector (train.py) and the tower (builder.py) so."""

ROOM = 16
"""Tokens that must be left for an answer. Ours: below it nothing useful can be said."""


class BabyDoctor:
    """BabyDoctor in memory, or any LLaVA of the same architecture. A `tools.models.systems.reading.Reader`.

    Attributes:
        revision: commit of the checkpoint, or ``local``.
        nbytes: of the weights.
        device: where it runs.
        stand_in: whether the weights are random.
        template: the prompt template used where a request names none.
        im_start_end: whether pictures stand between ``<im_start>`` and ``<im_end>``.
        seen: what it remembers of pictures.
    """

    name = SYSTEM

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        pictures: ClipPictures,
        *,
        template: str,
        im_start_end: bool,
        revision: str,
        stand_in: bool,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._pictures = pictures
        self.template = template
        self.im_start_end = im_start_end
        self.revision = revision
        self.stand_in = stand_in
        self.device = str(model.device)
        self.nbytes = sum(tensor.nbytes for tensor in model.parameters())
        self.seen: SeenImages[Layers] = SeenImages()

    def read(self, request: Request) -> Reading:
        """Answer one question about one picture.

        Raises:
            CaseError: the question is not English, holds a control word, or is too long.
            SetupError: the template is unknown.
        """
        until = deadline(request)
        prompt = self._prompt(request)
        request = self._within(request, prompt)
        key = f"{picture_key(request)}:{prompt.template}"
        state: dict[str, Any] = {"reused": False}

        def first() -> Tensor:
            prefix, state["reused"] = self.seen.look(key, lambda: self._look(request, prompt))
            state["cache"] = _cache(prefix)
            return self._scores(prompt.after, state["cache"])

        made = generate(
            first,
            lambda token: self._scores([token], state["cache"]),
            request,
            decode=lambda ids: str(self._tokenizer.decode(list(ids), skip_special_tokens=True)),
            end_ids=self._end_ids(),
            until=until,
            stop_texts=(prompt.stop,) if prompt.stop else (),
        )
        return Reading(made.text, made.ending, len(made.ids), prompt.text, prompt.template, state["reused"])

    def _prompt(self, request: Request) -> Prompt:
        question = checked_question(
            request.question,
            default=DEFAULT_QUESTION,
            model=SYSTEM,
            control_words=control_words(self._tokenizer),
            english_only=True,
        )
        template = request.template or self.template
        return build_prompt(self._tokenizer, question, template=template, im_start_end=self.im_start_end)

    def _within(self, request: Request, prompt: Prompt) -> Request:
        """`request` with an answer no longer than the model has room for."""
        config = self._model.config
        longest = config.text_config.max_position_embeddings
        room = longest - len(prompt.before) - config.image_seq_length - len(prompt.after)
        if room < ROOM:
            raise CaseError(
                f"The question is too long for {SYSTEM}: it and the picture may take {longest - ROOM} tokens "
                f"and take {longest - room}. Ask in fewer words."
            )
        most = min(request.sampling.max_new_tokens, room)
        return replace(request, sampling=replace(request.sampling, max_new_tokens=most))

    def _look(self, request: Request, prompt: Prompt) -> Layers:
        """The language model after the words before the picture and the picture."""
        import torch
        from transformers import DynamicCache

        config = self._model.config
        ids = prompt.before + [config.image_token_index] * config.image_seq_length
        square = self._pictures.tensor([self._pictures.square(request.pixels)])
        cache = DynamicCache(config=config.text_config)
        with torch.inference_mode():
            self._model(
                input_ids=torch.tensor([ids], device=self.device),
                pixel_values=square.to(self.device, self._model.dtype),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
        return Layers.of(cache)

    def _scores(self, ids: list[int], cache: Any) -> Tensor:
        """Scores of the token after `ids`, ``(vocabulary,)``, without the picture's placeholder."""
        import torch

        with torch.inference_mode():
            logits = self._model(
                input_ids=torch.tensor([ids], device=self.device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            ).logits[0, -1]
            logits[self._model.config.image_token_index] = float("-inf")
        return logits

    def _end_ids(self) -> frozenset[int]:
        ends = self._model.config.text_config.eos_token_id
        known = ends if isinstance(ends, list) else [ends]
        return frozenset(end for end in (*known, self._tokenizer.eos_token_id) if end is not None)


def _cache(prefix: Layers) -> Any:
    """A cache that starts with `prefix`; what follows is appended to copies."""
    from transformers import DynamicCache

    return DynamicCache(ddp_cache_data=prefix.pairs)


def load_babydoctor(
    path: Path,
    *,
    device: str = "auto",
    dtype: str | None = None,
    quantise: str | None = None,
    template: str = "vicuna_v1",
    im_start_end: bool | None = None,
    revision: str = "local",
) -> BabyDoctor:
    """Load BabyDoctor from its published layout, or a LLaVA in the layout of transformers.

    Args:
        path: folder of the checkpoint.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        dtype: None is float32 on the CPU and bfloat16 on a GPU.
        quantise: ``4bit`` or ``8bit`` where bitsandbytes runs, None for neither.
        template: a name of `llava_prompt.TEMPLATES`; a request may name another.
        im_start_end: whether pictures stand between ``<im_start>`` and ``<im_end>``; None takes what
            ``mm_use_im_start_end`` says. The published setting was copied from the base model and may not
            be what the last training stage used, so it can be overruled.
        revision: commit of the checkpoint where it is known.

    Raises:
        SetupError: the folder holds no LLaVA, its weights do not fit it completely, or a setting is unknown.
    """
    from transformers import LlamaTokenizer, LlavaForConditionalGeneration

    template_named(template)
    settings = read_json(path / "config.json", system=SYSTEM)
    where = resolve_device(device)
    kind = resolve_dtype(dtype, where)
    tensors = read_tensors(path, system=SYSTEM)
    if is_original(settings):
        config, tensors = converted_config(settings, tensors), converted_tensors(tensors)
    else:
        config = _known_config(path, settings)
    rows = config.text_config.vocab_size
    tokenizer = load_tokenizer(LlamaTokenizer, path, system=SYSTEM, files=TOKENIZER_FILES, rows=rows)
    model = load_strictly(
        LlavaForConditionalGeneration,
        config,
        tensors,
        device=where,
        dtype=kind,
        system=SYSTEM,
        quantisation=quantisation(quantise, where, kind, system=SYSTEM, whole=WHOLE),
    )
    around = bool(settings.get("mm_use_im_start_end", False)) if im_start_end is None else im_start_end
    return BabyDoctor(
        model,
        tokenizer,
        _pictures(path, config),
        template=template,
        im_start_end=around,
        revision=revision,
        stand_in=is_stand_in(path),
    )


def _known_config(path: Path, settings: dict[str, Any]) -> Any:
    """The ``LlavaConfig`` of a folder in the layout of transformers.

    Raises:
        SetupError: it is the folder of another kind of model.
    """
    from huggingface_hub.errors import StrictDataclassError
    from transformers import LlavaConfig

    if settings.get("model_type") != "llava" or not isinstance(settings.get("text_config"), dict):
        raise SetupError(f"The folder given for {SYSTEM} holds another kind of model. Give one of LLaVA.")
    try:
        config = LlavaConfig.from_pretrained(path, local_files_only=True)
    except (OSError, ValueError, TypeError, StrictDataclassError) as error:
        raise SetupError(f"config.json of {SYSTEM} is damaged. Fetch it again.") from error
    if config.vision_feature_select_strategy != "default" or config.text_config.model_type != "llama":
        raise SetupError(f"Casebook reads LLaVA models of Llama that leave out the class token for {SYSTEM}.")
    # Older folders do not say how many places a picture takes.
    config.image_seq_length = (config.vision_config.image_size // config.vision_config.patch_size) ** 2
    return config


def _pictures(path: Path, config: Any) -> ClipPictures:
    """As the folder says; BabyDoctor's says nothing, and its tower is OpenAI's, prepared as that one's."""
    if (path / "preprocessor_config.json").is_file():
        return ClipPictures.of(path, system=SYSTEM)
    return ClipPictures(edge=config.vision_config.image_size)
