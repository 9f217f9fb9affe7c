"""One fit: examples to the numbers that ``ear`` computes with. Needs scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.ear import Heard
from assistant.hearing.examples import Example
from assistant.hearing.general import logs
from assistant.hearing.grams import BLOCKS, VERSION, grams
from assistant.hearing.parts import sentences_of
from tools.language.grams import BINS

Array = NDArray[Any]

PEOPLE = ("danger_body", "danger_self", "harm", "personal", "advice", "identity")
"""Intents that are also heard each by itself, whatever else a message asks for."""

DANGERS = ("danger_body", "danger_self")

ASKED = "asked"
"""Examples of what only sounds as if something were to be left undone."""

OTHER = "other"
"""Examples of which no more is known than that nobody is in danger."""

GENERAL = "general"
"""Messages that a textbook answers."""

NONE = "none"
"""Messages that ask nothing of what was said before."""

# Found by leaving one writer out at a time. A weaker penalty on intents makes the ear surer than it is right.
_OF_INTENTS, _OF_PEOPLE = 8.0, 30.0
_ROUNDS, _LANGUAGE_ROUNDS = 40, 15
# Ours: powers of the inverse class size; more makes rare intents too loud, less makes all of it English.
_BALANCE, _LANGUAGE_BALANCE = 0.25, 0.75
_LEVELS = 127
# By leaving one writer out at a time, too: how much words weigh beside what the ear makes of them, and both.
_OF_WORDS, _OF_SHARES, _OF_GENERAL, _OF_HARKS = 3.0, 1 / 6, 2.0, 4.0
# Ours: there are six times as many of these.
_OF_NONE = 0.5
# How little talk is learned by heart, and how much more a message of a rare kind counts.
_BY_HEART, _RARE = 1.0, 0.9


def table(known: Sequence[Example]) -> tuple[Any, ...]:
    """A sparse table for each of `BLOCKS`: a row per message, a column per place, 1 where it occurs."""
    from scipy.sparse import csr_matrix

    rows = [grams(one.text, one.language) for one in known]
    return tuple(
        csr_matrix(
            (
                np.ones(sum(len(row[block]) for row in rows), np.float32),
                np.concatenate([np.asarray(row[block], np.int32) for row in rows]),
                np.cumsum([0, *(len(row[block]) for row in rows)]),
            ),
            (len(known), BINS),
        )
        for block in range(len(BLOCKS))
    )


def fit(known: Sequence[Example]) -> dict[str, Array]:
    """Learn an ear.

    Args:
        known: examples. Those of `OTHER` are learned for `PEOPLE` and the languages alone.

    Returns:
        The arrays of the file; thresholds are 0.5.
    """
    rows = [*known, *_parts(known)]
    blocks = table(rows)
    idf = [_idf(block) for block in blocks]
    features = _joined(blocks, idf)
    intents = np.array([one.intent for one in rows])
    names, heads = _heads(features, intents, np.array([one.language for one in known]))
    return names | {
        "people": np.array(PEOPLE),
        "thresholds": np.full(len(PEOPLE), 0.5, np.float32),
        **_packed(heads, idf),
    }


def fit_undone(known: Sequence[Example], others: Sequence[Example]) -> dict[str, Array]:
    """Learn to hear what is to be left undone.

    Args:
        known: examples by what is to be left undone; those of `ASKED` only sound so.
        others: examples of wishes that deny nothing.

    Returns:
        The arrays of the file.
    """
    rows = [*known, *others]
    blocks = table(rows)
    idf = [_idf(block) for block in blocks]
    features = _joined(blocks, idf)
    deeds = np.array([one.intent for one in known])
    of_it = deeds != ASKED
    names = sorted({*deeds[of_it].tolist()})
    here = features[: len(known)][of_it]
    heads = [_alone(features, np.concatenate([of_it, np.zeros(len(others), bool)]), 8)]
    heads += [_alone(here, deeds[of_it] == name) for name in names]
    return {"deeds": np.array(names), **_packed(heads, idf)}


def fit_general(known: Sequence[Example], heard: Sequence[Heard]) -> dict[str, Array]:
    """Learn to hear what is asked in general.

    Args:
        known: messages of chats, by what they are about.
        heard: what the ear makes of each.

    Returns:
        The arrays of the file.
    """
    return _beside_the_ear(known, heard, np.array([one.intent == GENERAL for one in known]), _OF_GENERAL)


def fit_harks(known: Sequence[Example], heard: Sequence[Heard]) -> dict[str, Array]:
    """Learn to hear what is asked of what was said before.

    Args:
        known: messages by what they ask of it; those of `NONE` ask nothing of it.
        heard: what the ear makes of each.

    Returns:
        The arrays of the file.
    """
    kinds = np.array([one.intent for one in known])
    weights = np.where(kinds == NONE, _OF_NONE, 1.0)
    return {"kinds": np.unique(kinds), **_beside_the_ear(known, heard, kinds, _OF_HARKS, weights)}


def _beside_the_ear(
    known: Sequence[Example],
    heard: Sequence[Heard],
    target: Array,
    strength: float,
    weights: Array | None = None,
) -> dict[str, Array]:
    """The arrays of a file that hears the words of a message, and what the ear makes of them."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    blocks = table(known)
    idf = [_idf(block) for block in blocks]
    intents = sorted(name for name, _ in heard[0].intents)
    said = np.stack([logs(one, intents) for one in heard])
    features = hstack([_joined(blocks, idf) * _OF_WORDS, csr_matrix(said * _OF_SHARES)]).tocsr()
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(features, target, sample_weight=weights)
    words, shares = np.split(model.coef_, [-len(intents)], axis=1)
    return {
        "intents": np.array(intents),
        "of_intents": (shares.T * _OF_SHARES).astype(np.float32),
        **_packed([(words * _OF_WORDS, model.intercept_)], idf),
    }


def fit_talk(known: Sequence[Example], heard: Sequence[Heard]) -> dict[str, Array]:
    """Learn to hear what wants no tool: small talk, what is asked of Casebook, what is only told.

    A ridge, as so few messages of so many kinds are learned best together.

    Args:
        known: messages by their kind, those of `OTHER` among them.
        heard: what the ear makes of each.

    Returns:
        The arrays of the file.
    """
    blocks = table(known)
    idf = [_idf(block) for block in blocks]
    features = _joined(blocks, idf)
    intents = sorted(name for name, _ in heard[0].intents)
    said = np.stack([logs(one, intents) for one in heard]).astype(np.float64)
    mean = said.mean(axis=0)
    # The ear's shares count as much as the words.
    scale = np.sqrt(features.power(2).sum() / ((said - mean) ** 2).sum())
    kinds, at, counts = np.unique(
        np.array([one.intent for one in known]), return_inverse=True, return_counts=True
    )
    shares = (said - mean) * scale
    alike = (features @ features.T).toarray() + shares @ shares.T + 1
    alike[np.diag_indices(len(known))] += _BY_HEART * (counts / counts.mean())[at] ** _RARE
    weights = np.linalg.solve(alike, (at[:, None] == np.arange(len(kinds))).astype(np.float64))
    of_intents = shares.T @ weights * scale
    return {
        "kinds": kinds,
        "intents": np.array(intents),
        "of_intents": of_intents.astype(np.float32),
        **_packed([((features.T @ weights).T, weights.sum(axis=0) - mean @ of_intents)], idf),
    }


def _packed(heads: Sequence[tuple[Array, Array]], idf: Sequence[Array]) -> dict[str, Array]:
    """The weights in whole levels of a step, a step a head."""
    coefs = np.concatenate([coef for coef, _ in heads])
    step = np.abs(coefs).max(axis=1) / _LEVELS
    levels = np.rint(coefs / step[:, None]).astype(np.int8).T
    return {
        "version": np.array(VERSION),
        **{f"idf_{name}": rare for name, rare in zip(BLOCKS, idf, strict=True)},
        **{name: np.ascontiguousarray(levels[at * BINS : (at + 1) * BINS]) for at, name in enumerate(BLOCKS)},
        "step": step.astype(np.float32),
        "bias": np.concatenate([bias for _, bias in heads]).astype(np.float32),
    }


def _parts(known: Sequence[Example]) -> list[Example]:
    """The sentences of messages in which nobody is in danger: nobody is in any of them either."""
    return [
        Example(OTHER, one.writer, part)
        for one in known
        if one.intent not in DANGERS
        for part in sentences_of(one.text)
    ]


def _heads(
    features: Any, intents: Array, languages: Array
) -> tuple[dict[str, Array], list[tuple[Array, Array]]]:
    """Names of intents and languages, and the weights of intents, people and languages, in this order.

    Languages are those of the first rows; the parts of messages, which come after them, add nothing to that.
    """
    known = np.flatnonzero(intents != OTHER)
    names, target = np.unique(intents[known], return_inverse=True)
    codes, spoken = np.unique(languages, return_inverse=True)
    heads = [_softmax(features[known], target, _ROUNDS, _BALANCE)]
    heads += [_alone(features, intents == axis) for axis in PEOPLE]
    heads.append(_softmax(features[: len(spoken)], spoken, _LANGUAGE_ROUNDS, _LANGUAGE_BALANCE))
    return {"intents": names.astype(str), "languages": codes.astype(str)}, heads


def _idf(block: Any) -> Array:
    """How rare each place is; none where nothing was learned."""
    seen = np.asarray(block.sum(axis=0)).ravel()
    return np.where(seen > 0, np.log((1 + block.shape[0]) / (1 + seen)) + 1, 0).astype(np.float16)


def _joined(blocks: Sequence[Any], idf: Sequence[Array]) -> Any:
    from scipy.sparse import hstack
    from sklearn.preprocessing import normalize

    return hstack(
        [normalize(one.multiply(w.astype(np.float32))) for one, w in zip(blocks, idf, strict=True)]
    ).tocsr()


def _softmax(features: Any, target: Array, rounds: int, balance: float) -> tuple[Array, Array]:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    counts = np.bincount(target)
    weights = (counts.mean() / counts) ** balance
    model, seen = LogisticRegression(C=_OF_INTENTS, max_iter=rounds, tol=1e-3), _seen(features)
    with warnings.catch_warnings():
        # It stops after a fixed number of rounds, on purpose.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features[:, seen], target, sample_weight=weights[target])
    return _everywhere(model.coef_, seen), model.intercept_


def _alone(features: Any, of_it: Array, weight: float = 2) -> tuple[Array, Array]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_OF_PEOPLE, max_iter=200, solver="liblinear", class_weight={0: 1, 1: weight})
    seen = _seen(features)
    model.fit(features[:, seen], of_it)
    return _everywhere(model.coef_, seen), model.intercept_


def _seen(features: Any) -> Array:
    """The places that occur: of the others nothing is learned, and their weights stay zero."""
    return np.flatnonzero(features.getnnz(axis=0))


def _everywhere(coef: Array, seen: Array) -> Array:
    spread = np.zeros((len(coef), len(BLOCKS) * BINS))
    spread[:, seen] = coef
    return spread
