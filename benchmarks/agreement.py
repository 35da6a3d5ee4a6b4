"""How a flag or a score agrees with the quality of sentences: the arithmetic of `calibration.py`. It translates nothing and reads no file.

Qualities are scores such as chrF, higher is better; a flag is True where it is raised; a doubt is higher where worse is expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS, FEW = 2000, 5  # of the bootstrap; fewer flagged sentences than this have no interval
WORST, BAD = 0.1, 0.25  # shares of the sentences


@dataclass(frozen=True)
class FlagRow:
    """What a flag says of quality. What cannot be said, as of the flagged where there are none, is NaN.

    `difference` is flagged less unflagged, `low` and `high` its 95 % interval; `auc` of telling the worst tenth from the rest;
    `precision` the share of the flagged that are of the worst quarter, which is 0.25 for a flag raised by chance.
    """

    flagged: int
    rate: float
    quality_flagged: float
    quality_unflagged: float
    difference: float
    low: float
    high: float
    auc: float
    precision: float


@dataclass(frozen=True)
class DoubtRow:
    """What a score of doubt says of quality: Spearman's correlation with it, AUC, and the share of the worst tenth that
    stands in the tenth with most doubt; of sentences with equal doubt at its edge, as many as a draw would put there."""

    count: int
    spearman: float
    auc: float
    found: float


def flag_row(flags: Sequence[bool], quality: Sequence[float]) -> FlagRow:
    """How a flag agrees with quality, item by item of the same sentences."""
    raised, values = np.array(flags, bool), np.array(quality, float)
    yes, no = values[raised], values[~raised]
    means = [float(side.mean()) if len(side) else float("nan") for side in (yes, no)]
    found = float(worst(quality, BAD)[raised].mean()) if len(yes) else float("nan")
    low, high = interval(yes, no)
    area = auc(raised.astype(float), worst(quality, WORST))
    return FlagRow(len(yes), len(yes) / len(values), *means, means[0] - means[1], low, high, area, found)


def doubt_row(doubts: Sequence[float], quality: Sequence[float]) -> DoubtRow:
    """How a score of doubt agrees with quality."""
    low = worst(quality, WORST)
    return DoubtRow(len(doubts), spearman(doubts, quality), auc(np.array(doubts, float), low), share_found(doubts, low))


def worst(quality: Sequence[float], share: float) -> np.ndarray:
    """Which items are the share of lowest quality, one at least; of equals the earlier ones."""
    order = np.argsort(np.array(quality, float), kind="stable")
    chosen = np.zeros(len(order), bool)
    chosen[order[: max(1, round(share * len(order)))]] = True
    return chosen


def interval(yes: np.ndarray, no: np.ndarray) -> tuple[float, float]:
    """95 % of the differences of means when either side is drawn anew with replacement; NaN where a side is too small."""
    if min(len(yes), len(no)) < FEW:
        return float("nan"), float("nan")
    draw = np.random.default_rng(1)
    means = [
        np.array([side[draw.integers(len(side), size=len(side))].mean() for _ in range(DRAWS)]) for side in (yes, no)
    ]
    low, high = np.quantile(means[0] - means[1], (0.025, 0.975))
    return float(low), float(high)


def auc(doubt: np.ndarray, bad: np.ndarray) -> float:
    """Probability that a bad item has more doubt than a good one, equals counting half (Mann-Whitney); NaN without both."""
    count, rest = int(bad.sum()), int((~bad).sum())
    if not count or not rest:
        return float("nan")
    return float((ranks(doubt)[bad].sum() - count * (count + 1) / 2) / (count * rest))


def ranks(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Ranks from 1, equals sharing the mean of theirs."""
    _, place, counts = np.unique(np.asarray(values, float), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Correlation of ranks; NaN where one side is all the same."""
    a, b = ranks(one), ranks(other)
    return float(np.corrcoef(a, b)[0, 1]) if a.std() and b.std() else float("nan")


def share_found(doubts: Sequence[float], bad: np.ndarray) -> float:
    """The share of the bad among as many items of most doubt as there are bad ones, ties as a draw would break them on average."""
    values, room, found = np.array(doubts, float), int(bad.sum()), 0.0
    for level in np.unique(values)[::-1]:
        here = values == level
        taken = min(room, int(here.sum()))
        found += float(bad[here].mean()) * taken
        room -= taken
    return found / int(bad.sum())
