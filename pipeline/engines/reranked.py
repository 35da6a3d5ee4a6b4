"""A translator whose hypotheses are ranked with the help of a reader, which goes the other way: a noisy channel.

Beam search prefers what is short and safe, and does not mind what it leaves out. A reader from English to Italian does: from an
English that lacks a clause the clause is hard to guess. (Noisy channel reranking: Yee et al. 2019, 'Simple and Effective Noisy Channel
Modeling for Neural Machine Translation'.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.engines.engine import Engine, Generation, Likelihood
from pipeline.settings import Decoding

AT_ONCE = 64  # texts whose hypotheses are read together, while the translator decodes the next
ALL = 32  # no beam is wider
Hypotheses = tuple[Generation, ...]


class Reranked(Engine):
    """Reads all hypotheses that the translator's beam ends with, and puts first the one of which score and `weight` times reading are highest.

    Both are means over tokens, in nats; a generation's score stays the translator's. Where a text or one of its hypotheses is too long
    for the reader, they keep the translator's order. `reader` opens the reader, when there is something to read.
    """

    def __init__(self, translator: Engine, reader: Callable[[], Engine], weight: float) -> None:
        self._translator, self._reader, self._weight = translator, reader, weight

    @property
    def limit(self) -> int:
        """That of the translator."""
        return self._translator.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """That of the translator."""
        return self._translator.count(texts)

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """The first hypothesis of each, some batches of the translator together."""
        yield from ((i, found[0]) for i, found in self.hypotheses(texts, 1))

    def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, Hypotheses]]:
        """Those of the translator in another order, the `most` best of all."""
        places: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            places.setdefault(text, []).append(i)
        unique, waiting = list(places), dict[str, Hypotheses]()
        for i, found in self._translator.hypotheses(unique, ALL):
            waiting[unique[i]] = found
            if len(waiting) == AT_ONCE:
                yield from ((i, best[:most]) for text, best in self._ranked(waiting) for i in places[text])
                waiting = {}
        yield from ((i, best[:most]) for text, best in self._ranked(waiting) for i in places[text])

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        """Those of the translator."""
        return self._translator.likelihoods(pairs)

    def redirected(self, decoding: Decoding) -> Reranked | None:
        """The translator redirected, with the same reader."""
        other = self._translator.redirected(decoding)
        return Reranked(other, self._reader, self._weight) if other else None

    def _ranked(self, waiting: Mapping[str, Hypotheses]) -> Iterator[tuple[str, Hypotheses]]:
        readings = self._readings(waiting)
        for text, found in waiting.items():
            order = {one: one.score + self._weight * readings.get((one.text, text), 0.0) for one in found}
            yield text, tuple(sorted(found, key=lambda one: -order[one]))

    def _readings(self, waiting: Mapping[str, Hypotheses]) -> dict[tuple[str, str], float]:
        """How likely the reader holds each text for each of its hypotheses; nothing of a text that keeps its order."""
        choices = {text: found for text, found in waiting.items() if len({one.text for one in found}) > 1}
        if not choices:
            return {}
        sides = list(dict.fromkeys([*choices, *(one.text for found in choices.values() for one in found)]))
        reader = self._reader()
        fitting = reader.readable(sides)
        asked = [
            (one.text, text)
            for text, found in choices.items()
            if text in fitting and all(one.text in fitting and one.text.strip() for one in found)
            for one in found
        ]
        read = reader.likelihoods(asked)
        return {pair: answer.total / len(answer.nats) for pair, answer in zip(asked, read, strict=True)}
