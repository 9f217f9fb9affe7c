"""`Card`: what a tool or model is, what it takes, what it is for and where it ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """One tool's or model's card. The page, the README, evidence and disclaimers read from it.

    Attributes:
        name: what evidence names as the model.
        checkpoint: ``built in``, or the repository of the weights.
        revision: version of the built-in, or commit of the weights.
        modalities: DICOM modality codes it takes; empty for all.
        input_contract: shape, dtype and range of what it takes.
        labels: what it can answer with, or empty.
        licence: under which terms it may be used.
        intended_use: what it is for, in a sentence.
        limits: where it ends, a sentence each.
        disclaimers: safety texts that every answer using it carries.
        source: published definitions or the place of the weights.
    """

    name: str
    checkpoint: str
    revision: str
    modalities: tuple[str, ...]
    input_contract: str
    labels: tuple[str, ...]
    licence: str
    intended_use: str
    limits: tuple[str, ...]
    disclaimers: tuple[str, ...]
    source: str
