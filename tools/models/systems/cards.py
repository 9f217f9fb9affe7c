"""The five published systems: what each is, for whom, under which terms, and how it is asked.

The command line, the page, the README, disclaimers and evidence all read from here. Where the cards leave
something open (file lists, ranks, training prompts, accuracy) nothing is claimed.
"""

from __future__ import annotations

import difflib

from store.errors import CaseError
from store.records import Domain
from tools.models.systems.reading import Sampling
from tools.models.systems.system import SAVED_MODEL_FILES, System

_RADIOGRAPHER = System(
    name="radiographer",
    checkpoint="Bala9669/unsloth_finetune",
    base="unsloth/Llama-3.2-11B-Vision-Instruct",
    domain="radiology",
    kind="reader",
    what="reads a radiology image and answers questions about it",
    architecture="Llama 3.2 Vision 11B with LoRA r=32 (MllamaForConditionalGeneration)",
    licence="Llama 3.2 Community License",
    terms="not granted to individuals or companies based in the European Union; no medical practice",
    conditions=(
        "The Llama 3.2 Community License and its Acceptable Use Policy apply to the base and to the adapter.",
        "For multimodal models the policy grants no rights to individuals domiciled in, or companies with "
        "their principal place of business in, the European Union; end users of a product that contains "
        "the model are exempt.",
        "The policy forbids unauthorised or unlicensed practice of a profession, medicine included.",
        "Whoever passes the model on must show “Built with Llama”.",
    ),
    licence_url="https://www.llama.com/llama3_2/license/",
    disk_gb=22,
    values_b=10.67,
    modalities=("DX", "CR", "CT", "MR", "US", "MG"),
    prompts=("You are an expert radiographer. Describe accurately what you see in this image.",),
    templates=("image_first", "text_first"),
    sampling=Sampling(max_new_tokens=256),
    # Source: the inference cell of the notebook that the adapter was trained with.
    authors_sampling={"notebook": Sampling(max_new_tokens=128, temperature=1.5, min_p=0.1)},
    input_contract="(H, W, 3) uint8 RGB, 8-bit display values; fitted into up to four tiles of 560 × 560, "
    "padded and not stretched; one image to a question",
    intended_use="Descriptions of radiographic images for research and teaching.",
    limits=(
        "Trained on a seventh of ROCOv2; its card reports no measure of quality.",
        "It can make up findings that read well and are wrong.",
        "English only where there is an image.",
        "With text_first, the words before the image see all of it and the empty padding beside it too: the "
        "two orders give different answers.",
    ),
    disclaimers=(
        "radiographer writes plausible text that may be wrong, and its authors report no accuracy. "
        "A qualified professional must make any diagnosis.",
    ),
    source="model card of Bala9669/unsloth_finetune; Llama 3.2 model card, licence and use policy",
)

_DERM_CAPTIONER = System(
    name="derm-captioner",
    checkpoint="brucewayne0459/paligemma_derm",
    base="google/paligemma-3b-pt-224",
    domain="dermatology",
    kind="reader",
    what="describes a skin photograph",
    architecture="PaliGemma 3B at 224 pixels, fine-tuned with LoRA (PaliGemmaForConditionalGeneration)",
    licence="tagged Apache-2.0; its base is under the Gemma terms",
    terms="gated base; trained on data for non-commercial research",
    conditions=(
        "The fine-tune is tagged Apache-2.0, but its base is under the Gemma Terms of Use and their "
        "Prohibited Use Policy, so those apply.",
        "Its training data (SkinCAP) is for non-commercial use: use it for non-commercial research.",
    ),
    licence_url="https://ai.google.dev/gemma/terms",
    # The base is published in 32 bits.
    disk_gb=12,
    values_b=2.92,
    modalities=("XC", "DMS"),
    gated=("google/paligemma-3b-pt-224",),
    # Source: the public application of the author; the training prompts are not published.
    prompts=(
        "Is there any human skin disease in the image?",
        "Identify the skin disease.",
        "Where is the skin disease located on the human body?",
    ),
    templates=("plain", "staged"),
    sampling=Sampling(max_new_tokens=50),
    input_contract="(H, W, 3) uint8 RGB; squashed to 224 × 224 without cropping",
    intended_use="Descriptions of photographs of skin for research and teaching.",
    limits=(
        "The image is reduced to 224 × 224 pixels, so fine structure of a lesion is lost.",
        "It answers one question at a time and remembers none; unusual ones get empty or general answers.",
        "Its card names accuracy as the measure and reports none, only a validation loss of 0.2214.",
        "It may be biased by skin tone and by region, as its card says.",
    ),
    disclaimers=(
        "derm-captioner may do worse on skin tones and regions that are rare in its training data, and its "
        "authors report no accuracy.",
    ),
    source="model card of brucewayne0459/paligemma_derm; model card of google/paligemma-3b-pt-224",
)

_DERM_FOUNDATION = System(
    name="derm-foundation",
    checkpoint="google/derm-foundation",
    base=None,
    domain="dermatology",
    kind="encoder",
    what="turns a skin photograph into 6144 numbers for similarity and small classifiers",
    architecture="BiT-M ResNet-101x3 as a TensorFlow SavedModel (signature serving_default)",
    licence="Health AI Developer Foundations terms",
    terms="gated; not for diagnosis or treatment of patients",
    conditions=(
        "The Health AI Developer Foundations Terms of Use and their Prohibited Use Policy apply.",
        "Clinical use, which is any use in the diagnosis or treatment of patients and includes research "
        "studies, needs the regulatory authorisation that the terms describe.",
        "Passing it on includes offering it as a hosted service, and the terms go with it.",
    ),
    licence_url="https://developers.google.com/health-ai-developer-foundations/terms",
    disk_gb=None,
    values_b=None,
    extra="derm-foundation",
    files=SAVED_MODEL_FILES,
    gated=("google/derm-foundation",),
    modalities=("XC", "DMS"),
    input_contract="PNG bytes of an RGB image, 448 × 448 or as it is",
    intended_use="Features for similarity search and for classifiers that users train on their own cases.",
    limits=(
        "It gives numbers, no prediction and no diagnosis.",
        "Its fine-tuning data come from the United States, Colombia and Australia, mostly from clinics.",
        "Photographs that are too light or too dark degrade it.",
    ),
    disclaimers=(
        "Derm Foundation was trained on data from few countries; what is built on it must be tested on the "
        "people it is for.",
    ),
    source="model card of google/derm-foundation; Health AI Developer Foundations terms",
)

_PUBMEDCLIP = System(
    name="pubmedclip",
    checkpoint="flaviagiammarino/pubmed-clip-vit-base-patch32",
    base=None,
    domain="radiology",
    kind="encoder",
    what="compares radiology images with words: modality, body part, your own labels",
    architecture="CLIP ViT-B/32 (CLIPModel)",
    licence="MIT",
    terms="open",
    conditions=("The MIT licence applies: keep its notice with every copy; there is no warranty.",),
    licence_url="https://opensource.org/license/mit",
    disk_gb=0.6,
    values_b=0.15,
    modalities=("DX", "CR", "CT", "MR", "US", "MG"),
    input_contract="(H, W, 3) uint8 RGB; the centre square at 224 × 224; texts of up to 77 characters",
    intended_use="Comparing radiology images with short texts and with each other.",
    limits=(
        "It was trained on mirrored pictures and cannot tell left from right.",
        "What lies outside the centre square of a picture is not seen.",
        "Its scores rank the labels given; they are not probabilities.",
    ),
    disclaimers=("PubMedCLIP ranks the labels it is given, even when none of them is right.",),
    source="model card of flaviagiammarino/pubmed-clip-vit-base-patch32; its training code",
)

_BABYDOCTOR = System(
    name="babydoctor",
    checkpoint="photonmz/llava-roco-8bit",
    base=None,
    domain="radiology",
    kind="reader",
    what="second reader of radiology images, in conversation",
    architecture="LLaVA v1: Llama 2 7B Chat and CLIP ViT-L/14 at 224 pixels, merged (LlavaLlamaForCausalLM, "
    "converted to LlavaForConditionalGeneration)",
    licence="academic research only",
    terms="subject to the Llama 2, CLIP, GPT-4 and LLaVA terms",
    conditions=(
        "Academic research only, as its model card says; the repository is also tagged AFL-3.0, and the "
        "stricter statement is the one to follow.",
        "The Llama 2, CLIP, GPT-4 and LLaVA terms apply as well.",
        "English only, and not for production or for users other than researchers.",
    ),
    licence_url="https://huggingface.co/photonmz/llava-roco-8bit",
    disk_gb=15,
    values_b=7.05,
    modalities=("DX", "CR", "CT", "MR", "US", "MG"),
    prompts=("The following image is a radiology scan. Deeply analyze and diagnose this image.",),
    templates=("vicuna_v1", "llava_v0", "llava_llama_2"),
    sampling=Sampling(max_new_tokens=512),
    # Source: scripts/inference.sh of photomz/BabyDoctor.
    authors_sampling={"inference script": Sampling(max_new_tokens=1024, temperature=0.2)},
    input_contract="(H, W, 3) uint8 RGB; shortest edge to 224 and the centre square",
    intended_use="Conversation about radiology images in academic research.",
    limits=(
        "The image is reduced to 224 × 224 pixels and what lies outside the centre square is not seen.",
        "Which of three prompt templates suits the weights best is not published.",
        "It was evaluated on little; its card reports no measure of quality.",
        "English only.",
    ),
    disclaimers=(
        "BabyDoctor is a research model that its authors call not ready for users; its text may be wrong.",
    ),
    source="model card of photonmz/llava-roco-8bit; code of photomz/BabyDoctor",
)

SYSTEMS: dict[str, System] = {
    system.name: system
    for system in (_RADIOGRAPHER, _DERM_CAPTIONER, _DERM_FOUNDATION, _PUBMEDCLIP, _BABYDOCTOR)
}

READERS: dict[Domain, tuple[str, ...]] = {
    "radiology": ("radiographer", "babydoctor"),
    "dermatology": ("derm-captioner",),
}
"""Which systems can say what is to be seen, by domain, the first choice first."""


def system_named(name: str) -> System:
    """The system called `name`.

    Raises:
        CaseError: there is none; the text names those there are.
    """
    if name in SYSTEMS:
        return SYSTEMS[name]
    close = difflib.get_close_matches(name, SYSTEMS, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise CaseError(f"There is no system called {name!r}.{hint} There are: {', '.join(SYSTEMS)}.")
