"""The five published systems Casebook is made to join: what each is and under which terms.

This release names them and does not load their weights. Source of every entry: the system's own
model card and repository page.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.records import Domain


@dataclass(frozen=True)
class System:
    """One published system.

    `disk_gb` is the size of its weights with their base, rounded, or None where it is not published.
    """

    name: str
    checkpoint: str
    base: str | None
    domain: Domain
    what: str
    licence: str
    terms: str
    disk_gb: float | None


SYSTEMS: dict[str, System] = {
    system.name: system
    for system in (
        System(
            name="radiographer",
            checkpoint="Bala9669/unsloth_finetune",
            base="unsloth/Llama-3.2-11B-Vision-Instruct",
            domain="radiology",
            what="reads a radiology image and answers questions about it",
            licence="Llama 3.2 Community License",
            terms="not granted to individuals or companies based in the European Union; no medical practice",
            disk_gb=22,
        ),
        System(
            name="derm-captioner",
            checkpoint="brucewayne0459/paligemma_derm",
            base="google/paligemma-3b-pt-224",
            domain="dermatology",
            what="describes a skin photograph",
            licence="tagged Apache-2.0; its base is under the Gemma terms",
            terms="gated base; trained on data for non-commercial research",
            disk_gb=6,
        ),
        System(
            name="derm-foundation",
            checkpoint="google/derm-foundation",
            base=None,
            domain="dermatology",
            what="turns a skin photograph into 6144 numbers for similarity and small classifiers",
            licence="Health AI Developer Foundations terms",
            terms="gated; not for diagnosis or treatment of patients",
            disk_gb=None,
        ),
        System(
            name="pubmedclip",
            checkpoint="flaviagiammarino/pubmed-clip-vit-base-patch32",
            base=None,
            domain="radiology",
            what="compares radiology images with words: modality, body part, your own labels",
            licence="MIT",
            terms="open",
            disk_gb=0.6,
        ),
        System(
            name="babydoctor",
            checkpoint="photonmz/llava-roco-8bit",
            base=None,
            domain="radiology",
            what="second reader of radiology images, in conversation",
            licence="academic research only",
            terms="subject to the Llama 2, CLIP, GPT-4 and LLaVA terms",
            disk_gb=14,
        ),
    )
}

READERS: dict[Domain, tuple[str, ...]] = {
    "radiology": ("radiographer", "babydoctor"),
    "dermatology": ("derm-captioner",),
}
"""Which systems can say what is to be seen, by domain."""
