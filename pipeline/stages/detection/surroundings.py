"""How far a pair stands out among its neighbours in what coverage says of it: some translators, and some fields, are freer than others.

A score that is usual in a document says less than the same score where all other pairs are well covered. So it is weighed together with the
median and the upper end of the neighbours' scores, and with what a reader says where there is one (`document.Reread`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from pipeline.document import Pair, Reread
from pipeline.stages.detection.coverage import Coverage, coverage, weights
from pipeline.stages.detection.detectors import is_compared
from pipeline.stages.detection.meaning import ENOUGH

Question = Literal["missing_clause", "extra_text"]
QUESTIONS: tuple[Question, ...] = ("missing_clause", "extra_text")
REACH = 12  # neighbours on each side, of those that have a score
UPPER = 0.85  # the quantile that stands for the upper end
USUAL: Mapping[Question, tuple[float, float]] = {"missing_clause": (-6.6, -4.9), "extra_text": (-6.5, -4.7)}
"""Median and upper end in the texts that the weights were fitted on: they count as `PRIOR` neighbours, so that few neighbours say little."""
PRIOR = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair, its score for a question, and the median and upper end of its neighbours' scores; all in nats."""

    pair: Pair
    score: float
    usual: float
    upper: float

    @property
    def coverage(self) -> Coverage:
        """That of the pair; not kept, since a document may have a hundred thousand pairs."""
        return coverage(self.pair.source, self.pair.target)

    def features(self) -> dict[str, float]:
        """What the regressions weigh."""
        return {"one": 1.0, "score": self.score, "usual": self.usual, "upper": self.upper}


def standings(pairs: Sequence[Pair], question: Question) -> Iterator[tuple[Pair, Standing]]:
    """The pairs for which the question can be asked, in order, each with its standing."""
    scored = [(p, *score_of(p, question)) for p in pairs if is_compared(p)]
    seen = [(pair, score, askable) for pair, score, askable, enough in scored if enough]
    scores = [score for _, score, _ in seen]
    for i, (pair, score, askable) in enumerate(seen):
        if askable:
            around = scores[max(0, i - REACH) : i] + scores[i + 1 : i + 1 + REACH]
            yield pair, Standing(pair, score, *_surroundings(around, question))


def score_of(pair: Pair, question: Question) -> tuple[float, bool, bool]:
    """The score, whether there is a stretch to ask about, and whether the pair has words enough to be a neighbour."""
    seen = coverage(pair.source, pair.target)
    side = seen.source if question == "missing_clause" else seen.target
    return seen.score(question), bool(side.last) and len(side.words) >= ENOUGH, len(seen.source.words) >= ENOUGH


def suspicion(question: Question, standing: Standing) -> float:
    """The log-odds, in nats, that a clause is missing or invented, by words and surroundings alone."""
    return _weigh(f"{question}, in its surroundings", standing.features())


def verdict(question: Question, standing: Standing, reread: Reread) -> float:
    """The same once a reader has spoken."""
    return _weigh(f"{question}, read again", {**standing.features(), **heard(question, reread)})


def heard(question: Question, reread: Reread) -> dict[str, float]:
    """What the regressions weigh of a second reading, kept within bounds."""
    if question == "missing_clause":
        return {
            "untold": _within(reread.untold, 30),
            "told": _within(reread.told, 5),
            "likely": _within(reread.likely, 6),
        }
    return {"gain": _within(reread.gain, 15), "likely": _within(reread.likely, 6)}


def _weigh(name: str, features: Mapping[str, float]) -> float:
    return sum(weight * features[feature] for feature, weight in weights()[name].items())


def _within(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def _surroundings(scores: Sequence[float], question: Question) -> tuple[float, float]:
    usual, upper = USUAL[question]
    if not scores:
        return usual, upper
    ordered = sorted(scores)
    at, trust = round(UPPER * (len(ordered) - 1)), len(ordered) / (len(ordered) + PRIOR)
    return trust * median(ordered) + (1 - trust) * usual, trust * ordered[at] + (1 - trust) * upper
