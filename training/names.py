"""Sentences of other corpora with made-up names in the place of theirs: a name that was never seen is spelt piece by piece, which takes practice.

What it is not: a list of names. New ones are put together from halves of those that the corpora have ('Locorotondo' and 'Metaponto'
give 'Locoponto'), so that they look like names and cannot be known.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from training.numerals import Pair

NAME = re.compile(r"\b[A-ZÀ-Þ][a-zà-ÿ]{3,}\b")
SHORTEST, LONGEST = 5, 14  # letters of a made-up name
CHANGED = 0.8  # the share of a pair's names that are replaced


def kept_names(pair: Pair) -> list[str]:
    """The names that a translation keeps as they are: written with a capital, once on each side, and not where a sentence begins."""
    source, target = (Counter(NAME.findall(side)) for side in pair)
    first = NAME.match(pair[0])
    return [n for n, times in source.items() if times == target[n] == 1 and not (first and first[0] == n)]


def made_up(names: Sequence[str], rng: random.Random) -> str:
    """A name of the first half of one and the second half of another."""
    head, tail = rng.sample(names, 2)
    return head[: rng.randint(2, len(head) - 2)] + tail[rng.randint(2, len(tail) - 1) :]


def renamed(originals: Sequence[Pair], count: int, seed: int = 7) -> list[Pair]:
    """`count` pairs, of originals that keep names, with other names in both sides, each about equally often; the same for the same seed."""
    rng = random.Random(seed)
    found = {pair: names for pair in originals if (names := kept_names(pair))}
    pool = sorted({name for names in found.values() for name in names})
    drawn = [pair for _ in range(-(-count // max(1, len(found)))) for pair in rng.sample(sorted(found), len(found))]
    made: dict[Pair, None] = {}
    for pair in drawn[:count]:
        source, target = pair
        for name in found[pair]:
            new = made_up(pool, rng) if rng.random() < CHANGED else name
            if SHORTEST <= len(new) <= LONGEST:
                source, target = (re.sub(rf"\b{name}\b", new, side) for side in (source, target))
        made.setdefault((source, target))
    return list(made)
