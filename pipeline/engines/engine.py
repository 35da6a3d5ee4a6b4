"""What an engine is: text in, text out, for translators and summarisers alike. Engines never see documents.

`Remembered` puts a memory in front of an engine: a text is decoded once, and the engine underneath is not even loaded
when every text is remembered.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from pipeline.document import Generation
from pipeline.errors import EngineError
from pipeline.settings import Decoding

__all__ = ["Engine", "Forgetful", "Generation", "Likelihood", "Memory", "Remembered"]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A target as the decoder reads it: `pieces` with the blanks before them, the last one the end mark, and the log-probability of each in nats."""

    pieces: tuple[str, ...]
    nats: tuple[float, ...]

    @property
    def total(self) -> float:
        """The log-probability of the whole target."""
        return math.fsum(self.nats)

    def between(self, start: int, end: int) -> list[int]:
        """Which pieces hold characters from `start` to `end` of the target, going by the pieces' lengths; never the end mark."""
        words = self.pieces[:-1]
        ends = accumulate(map(len, words))
        return [i for i, to in enumerate(ends) if to > start and to - len(words[i].lstrip()) < end]


class Engine(ABC):
    """A model ready to decode. Nothing is cut silently: a text over `limit` raises EngineError, so count first."""

    @property
    @abstractmethod
    def limit(self) -> int:
        """The most tokens a text may have, end-of-sentence mark included."""

    @abstractmethod
    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has for this model, end-of-sentence mark included."""

    @abstractmethod
    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """Decode all texts; yields (position in `texts`, generation) batch by batch, in the engine's own order.

        Equal texts are decoded once and yielded for each position. Results do not depend on which texts share a batch
        (float32). Raises EngineError for a text over the limit, before anything is decoded.
        """

    def generate(self, texts: Sequence[str]) -> list[Generation]:
        """Decode all texts; one generation each, in order."""
        found = dict(self.stream(texts))
        return [found[i] for i in range(len(texts))]

    def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """Like `stream`, with the `most` best decodings of each text or as many as the search keeps, best first.

        The first is what `stream` gives. An engine that keeps one hypothesis need not override this.
        """
        yield from ((i, (generation,)) for i, generation in self.stream(texts))

    def alternatives(self, texts: Sequence[str], most: int) -> list[tuple[Generation, ...]]:
        """The `hypotheses` of each text, in order."""
        found = dict(self.hypotheses(texts, most))
        return [found[i] for i in range(len(texts))]

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        """For each (source, target), in order, how likely the model holds that target for that source; nothing is decoded.

        For translators only. Raises EngineError for a source or target over the limit, and where the model is none.
        """
        raise EngineError("this engine does not read translations again")

    def readable(self, texts: Sequence[str]) -> frozenset[str]:
        """The texts that are short enough to be read, as sources and as targets.

        Those of more than half the limit are not: targets are counted as sources are, which is no more than near.
        """
        return frozenset(t for t, n in zip(texts, self.count(texts), strict=True) if 2 * n <= self.limit)

    def redirected(self, decoding: Decoding) -> Engine | None:
        """An engine on the same weights that decodes otherwise, or None where that takes loading them again."""
        return None


class Memory(Protocol):
    """Remembers what was decoded, within one space: model identity, decoding parameters, normaliser version."""

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        """What is known of these texts."""

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        """Add what was decoded."""


class Forgetful:
    """A memory that keeps nothing."""

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        """Nothing is known."""
        return {}

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        """Nothing is kept."""


class Remembered(Engine):
    """An engine behind a memory. `load` makes the engine beneath, and is called only when something is unknown.

    `count` and `limit` need the engine's tokenizer, hence the engine: ask `recall` first where that matters.
    """

    def __init__(self, load: Callable[[], Engine], memory: Memory, space: str) -> None:
        self._load, self._memory, self._space = load, memory, space
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine beneath, loaded now if it was not."""
        if self._engine is None:
            self._engine = self._load()
        return self._engine

    @property
    def limit(self) -> int:
        """That of the engine beneath."""
        return self.engine.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """That of the engine beneath."""
        return self.engine.count(texts)

    def recall(self, texts: Sequence[str]) -> dict[str, Generation]:
        """What the memory knows of these texts."""
        return self._memory.recall(self._space, texts)

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """First what is remembered, then the rest, each batch remembered before it is given out."""
        known = self.recall(texts)
        places: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            if text in known:
                yield i, known[text]
            else:
                places.setdefault(text, []).append(i)
        unknown = list(places)
        if not unknown:
            return
        for i, generation in self.engine.stream(unknown):
            self._memory.keep(self._space, {unknown[i]: generation})
            for place in places[unknown[i]]:
                yield place, generation

    def alternatives(self, texts: Sequence[str], most: int) -> list[tuple[Generation, ...]]:
        """Those of the engine beneath, each rank remembered in a space of its own; ranks that it does not fill repeat the first."""
        spaces = [f"{self._space}|{rank} of {most}" for rank in range(1, most + 1)]
        ranks = [self._memory.recall(space, texts) for space in spaces]
        unknown = [t for t in dict.fromkeys(texts) if not all(t in rank for rank in ranks)]
        made = dict(zip(unknown, self.engine.alternatives(unknown, most), strict=True)) if unknown else {}
        for text, found in made.items():
            for rank, space in enumerate(spaces):
                generation = found[rank] if rank < len(found) else found[0]
                self._memory.keep(space, {text: generation})
                ranks[rank][text] = generation
        return [tuple(dict.fromkeys(rank[text] for rank in ranks)) for text in texts]
