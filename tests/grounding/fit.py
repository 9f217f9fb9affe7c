"""Learn the tones and the weights of the check, and write ``assistant/grounding/learned.npz``.

    python -m tests.grounding.fit [--judge]

Tones are learned from ``prompts/grounding/tones.toml`` and the strangers' sentences, weights from the
strangers' answers and the own set. `--judge` writes nothing: it learns from two of the strangers' sets at a
time and prints how the third one fares, which is what an unseen writer can expect. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.grounding import weigh
from assistant.grounding.carried import states
from assistant.grounding.check import at_odds, by_rule
from assistant.grounding.claims import by_sentence
from assistant.grounding.lines import lines_of
from tests.grounding.figures import own_set
from tests.grounding.strangers import SETS, Written, of_set
from tools.language.grams import BINS, VERSION, grams
from tools.language.tones import examples

Array = NDArray[Any]
_LEVELS = 127
_OF_TONES, _OF_WEIGHTS = 10.0, 3.0
# Ours: a true sentence counts so much more than a wrong one; the share of true answers that may be marked.
_TRUE, _FALSE = 2.0, 0.02
# Of the own set one answer in so many is learned from: there are far more of them.
_EACH = 4
_TONE_OF = {
    "reassurance": "calm", "treatment": "treat", "recommendation": "treat", "history": "past",
    "comparison": "past", "probability": "chance", "cause": "past", "advice": "treat",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One sentence of an answer with its states.

    `wrong` says that the answer's error is in it, `ruled` that a rule marks it, so that it teaches no weight.
    """

    text: str
    states: Any
    wrong: bool
    kind: str
    ruled: bool


Answers = Sequence[tuple[Written, list[Row]]]


def rows(those: Sequence[Written]) -> list[tuple[Written, list[Row]]]:
    """Answers with their sentences."""
    return [(one, [*_rows(one)]) for one in those]


def _rows(one: Written) -> Any:
    known = lines_of(one.facts.said)
    for sentence, numbers in by_sentence(one.answer):
        a, b = one.wrong or (-1, -1)
        wrong = a < sentence.start + len(sentence.text) and b > sentence.start
        told = states(sentence, one.facts.ids, known)
        ruled = [*by_rule(sentence, numbers, one.facts), *at_odds(sentence, told, one.facts)]
        yield Row(sentence.text, told, wrong, one.kind if wrong else "", bool(ruled))


def table(texts: Sequence[str]) -> list[Any]:
    """Sparse tables of words and of pieces: a row per text, a column per place, 1 where it occurs."""
    from scipy.sparse import csr_matrix

    rows = [grams(one) for one in texts]
    tables = []
    for block in (0, 1):
        places = np.concatenate([np.asarray(row[block], np.int32) for row in rows])
        ends = np.cumsum([0, *(len(row[block]) for row in rows)])
        tables.append(csr_matrix((np.ones(len(places), np.float32), places, ends), (len(rows), BINS)))
    return tables


def learn_tones(answers: Answers) -> dict[str, Array]:
    """One head for each tone, of the examples and of what the strangers' sentences are known to be."""
    from scipy.sparse import hstack
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    known = [
        *examples(),
        *(
            (weigh.unexplained(r.text, r.states), _TONE_OF.get(r.kind, ""))
            for _, those in answers
            for r in those
            if not r.wrong or r.kind in _TONE_OF
        ),
    ]
    names = np.array([name for _, name in known])
    blocks = table([text for text, _ in known])
    idf = [
        np.where(
            (seen := np.asarray(b.sum(axis=0)).ravel()) > 0, np.log((1 + len(known)) / (1 + seen)) + 1, 0
        ).astype(np.float16)
        for b in blocks
    ]
    found = hstack(
        [normalize(b.multiply(w.astype(np.float32))) for b, w in zip(blocks, idf, strict=True)]
    ).tocsr()
    coefs, bias = [], []
    for tone in weigh.TONES:
        use = np.flatnonzero((names != "") | (tone in weigh.WRONG))
        model = LogisticRegression(C=_OF_TONES, solver="liblinear").fit(found[use], names[use] == tone)
        coefs.append(model.coef_[0])
        bias.append(model.intercept_[0])
    step = np.abs(coefs).max(axis=1) / _LEVELS
    levels = np.rint(np.array(coefs) / step[:, None]).astype(np.int8).T
    return {
        "version": np.array(VERSION), "idf_words": idf[0], "idf_pieces": idf[1],
        "step": step.astype(np.float32), "words": np.ascontiguousarray(levels[:BINS]),
        "pieces": np.ascontiguousarray(levels[BINS:]),
        "bias": np.array(bias, np.float32),
    }  # fmt: skip


def use(learned: dict[str, Array]) -> None:
    """Hear tones with these numbers from now on."""
    weigh.tones.cache_clear()
    weigh.numbers = lambda: learned  # type: ignore[assignment]


def featured(answers: Answers) -> list[list[dict[str, float]]]:
    """What is weighed of each sentence of each answer."""
    return [[weigh.features(row.text, row.states) for row in those] for _, those in answers]


def learn_weights(found: list[list[dict[str, float]]], answers: Answers) -> dict[str, float]:
    """Weights that can only speak against a sentence or only for it, as the name says, and where 0 lies."""
    from scipy.optimize import minimize

    pairs = zip(
        [f for those in found for f in those], [r for _, those in answers for r in those], strict=True
    )
    kept = [(one, row.wrong) for one, row in pairs if not row.ruled]
    flat, wrong = [one for one, _ in kept], np.array([bad for _, bad in kept])
    names = sorted({name for one in flat for name in one})
    place = {name: n for n, name in enumerate(names)}
    grid = np.zeros((len(flat), len(names) + 1))
    grid[:, -1] = 1
    for n, one in enumerate(flat):
        for name, value in one.items():
            grid[n, place[name]] = value
    sign, count = np.where(wrong, 1.0, -1.0), np.where(wrong, 1.0, _TRUE)

    def loss(weights: Array) -> tuple[float, Array]:
        margin = sign * (grid @ weights)
        slope = -(grid.T @ (count * sign / (1 + np.exp(margin))))
        small = np.append(weights[:-1], 0)
        return float(
            (count * np.logaddexp(0, -margin)).sum() + (small**2).sum() / (2 * _OF_WEIGHTS)
        ), slope + small / _OF_WEIGHTS

    bounds = [(0, None) if name[0] == "+" else (None, 0) for name in names] + [(None, None)]
    fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {name: float(w) for name, w in zip(names, fitted, strict=False) if abs(w) > 1e-3} | {
        "bias": float(fitted[-1])
    }


def scores(weights: dict[str, float], found: list[list[dict[str, float]]]) -> list[Array]:
    """The scores of the sentences of each answer."""
    return [
        np.array(
            [weights["bias"] + sum(weights.get(n, 0.0) * v for n, v in one.items()) for one in those]
            or [-9.0]
        )
        for those in found
    ]


def at_share(
    weights: dict[str, float], shown: list[Array], answers: Answers, share: float
) -> dict[str, float]:
    """The weights moved so that this share of the true answers would be marked."""
    worst = sorted(
        (s.max() for s, (one, _) in zip(shown, answers, strict=True) if one.wrong is None), reverse=True
    )
    return weights | {"bias": weights["bias"] - float(worst[int(share * len(worst))]) - 1e-6}


def learned_from(sets: Sequence[Answers], own: Answers) -> tuple[dict[str, Array], dict[str, float]]:
    """Tones and weights; the tones that weights are learned with come from the other sets each time."""
    found, answers = [], []
    for n, one in enumerate(sets):
        use(learn_tones([a for m, other in enumerate(sets) if m != n for a in other]))
        found += featured(one)
        answers += one
    tones = learn_tones([a for one in sets for a in one])
    use(tones)
    weights = learn_weights(found + featured(own), [*answers, *own])
    return tones, at_share(weights, scores(weights, found), answers, _FALSE)


def main() -> None:
    """Learn and write, or learn from two sets and judge on the third."""
    parser = argparse.ArgumentParser(prog="python -m tests.grounding.fit")
    parser.add_argument(
        "--judge", action="store_true", help="learn from two sets, judge on the third; write nothing"
    )
    sets, own = [rows(of_set(n)) for n in SETS], rows(own_set()[::_EACH])
    if not parser.parse_args().judge:
        tones, weights = learned_from(sets, own)
        names, values = np.array([*weights]), np.array([*weights.values()], np.float32)
        np.savez_compressed(weigh.MODEL_FILE, allow_pickle=False, **tones, names=names, weights=values)
        return
    from tests.grounding.judge import judged

    for n, one in enumerate(sets):
        tones, weights = learned_from([other for m, other in enumerate(sets) if m != n], own)
        print(judged(f"set {SETS[n]}", tones, weights, [answer for answer, _ in one]))


if __name__ == "__main__":
    main()
