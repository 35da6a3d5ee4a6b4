"""How texts are put into batches, and how long each may become. Arithmetic only: no tensors, no model.

Both depend on a text's *bucket*, its length rounded up to a fixed edge, and a batch never spans two buckets: so the bounds
that a text is decoded within do not depend on what it shares a batch with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.settings import Decoding


def bucket(tokens: int) -> int:
    """The smallest of 8, 12, 16, 24, 32, 48, … that holds `tokens`."""
    edge = 8
    while tokens > edge:
        if tokens <= edge * 3 // 2:
            return edge * 3 // 2
        edge *= 2
    return edge


def caps(decoding: Decoding, tokens: int, positions: int) -> tuple[int, int]:
    """The least and the most new tokens for a text of `tokens` tokens; `positions` are those that the decoder has."""
    edge = bucket(tokens)
    most = min(math.ceil(decoding.max_new_ratio * edge) + decoding.max_new_extra, positions)
    return min(math.floor(decoding.min_new_ratio * edge), most), most


def longest_first(lengths: Mapping[str, int]) -> list[str]:
    """The texts, longest first, so that trouble with memory shows at once; equally long ones by their letters."""
    return sorted(lengths, key=lambda text: (-lengths[text], text))


def next_batch(waiting: Sequence[str], lengths: Mapping[str, int], budget: int) -> Sequence[str]:
    """The head of `waiting` (longest first) that fits into `budget` padded tokens and one bucket; at least one text."""
    longest = lengths[waiting[0]]
    edge, most = bucket(longest), max(1, budget // longest)
    size = 1
    while size < min(most, len(waiting)) and bucket(lengths[waiting[size]]) == edge:
        size += 1
    return waiting[:size]
