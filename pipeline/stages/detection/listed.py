"""Word lists as people write them: words, and words with a star for any ending ('un*') or any beginning ('*less'). What a list means is not known here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pipeline.stages.detection.words import ByWord

T = TypeVar("T")


class Listed(ByWord[frozenset[T]]):
    """What is listed under each word in lower case, stars included: ask with `listed[word]`; empty for a word that is not listed."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        super().__init__(self._under)
        self._words: dict[str, frozenset[T]] = {}
        self._heads: dict[str, frozenset[T]] = {}
        self._tails: dict[str, frozenset[T]] = {}
        for word, value in entries:
            table = self._heads if word.endswith("*") else self._tails if word.startswith("*") else self._words
            key = word.strip("*")
            table[key] = table.get(key, frozenset()) | {value}
        self._cuts = sorted({len(head) for head in self._heads})
        self._ends = sorted({len(tail) for tail in self._tails})

    def _under(self, word: str) -> frozenset[T]:
        found = [self._words[word]] if word in self._words else []
        found += [self._heads[word[:k]] for k in self._cuts if word[:k] in self._heads]
        found += [self._tails[word[-k:]] for k in self._ends if word[-k:] in self._tails]
        return frozenset[T]().union(*found)
