"""Choosing the sentences of an English text that say most of it, and measuring how alike sentences are. No model, no weights.

Centrality is LexRank's (Erkan & Radev 2004): the stationary distribution of a random walk over the graph of TF-IDF cosines.
News puts what matters first, so a share of the score falls with the position; maximal marginal relevance (Carbonell & Goldstein
1998) keeps a sentence out that repeats a chosen one. Everything is deterministic; ties go to the earlier sentence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "extractive/lexrank.v1"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DAMPING = 0.85
_STEPS = 50
_NOVELTY = 0.6  # how much being unlike the sentences already chosen weighs against being worth choosing
_DECAY = 3.0  # the sentence at this position has half of the first one's prior
_DANGLES = re.compile(
    r"[\"“‘'«]?(he|she|it|they|his|her|their|its|this|that|these|those|such|but|and|or|so|yet|however|moreover|furthermore|in addition"
    r"|also|therefore|thus|then|meanwhile|instead|on the other hand|for example|for instance|finally|at the same time)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r".*[.!?…][”\"’')\]]*\Z", re.DOTALL)
_QUOTED = re.compile(r"[\"“‘«].*[”\"’»]?\Z", re.DOTALL)

Vector = dict[str, float]
Counts = Mapping[str, int]


def is_whole(text: str) -> bool:
    """Whether a text ends as a sentence does, unlike a row of a table or an entry of a list."""
    return _WHOLE.match(text) is not None


def words(text: str) -> list[str]:
    """The content words of an English text: lower case, without function words, possessives and plurals' s."""
    found = (w.lower().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text))
    return [_singular(w) for w in found if w not in _stopwords()]


def counted(text: str) -> Counts:
    """How often each content word comes."""
    return Counter(words(text))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def vectors(counts: Sequence[Counts]) -> list[Vector]:
    """A unit TF-IDF vector for each text's words, with logarithmic counts; IDF is taken over these texts."""
    weigh = _weighing(Counter(word for words in counts for word in words), len(counts))
    return [weigh(words) for words in counts]


def _weighing(frequency: Mapping[str, int], texts: int) -> Callable[[Counts], Vector]:
    rarity = {word: 1 + math.log(texts / n) for word, n in frequency.items()}
    return lambda words: _unit({word: (1 + math.log(k)) * rarity[word] for word, k in words.items()})


def _unit(vector: Vector) -> Vector:
    norm = math.sqrt(sum(v * v for v in vector.values()))
    return {w: v / norm for w, v in vector.items()} if norm else {}


def cosine(a: Vector, b: Vector) -> float:
    """The dot product of two unit vectors."""
    if len(b) < len(a):
        a, b = b, a
    return sum(v * b[w] for w, v in a.items() if w in b)


def centrality(sentences: Sequence[Vector]) -> list[float]:
    """LexRank with weighted edges, scaled so that the most central sentence has 1.

    Erkan & Radev 2004, section 3.3. The walk is over words that sentences share, which is the cosine graph without its n*n edges.
    """
    import numpy as np

    n, place = len(sentences), {word: i for i, word in enumerate(dict.fromkeys(w for s in sentences for w in s))}
    of = np.repeat(np.arange(n), [len(s) for s in sentences])  # for each word of each sentence: the sentence, ...
    word = np.fromiter((place[w] for s in sentences for w in s), dtype=np.intp, count=len(of))  # ... the word, ...
    value = np.fromiter(
        (v for s in sentences for v in s.values()), dtype=np.float64, count=len(of)
    )  # ... and its weight

    def through(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The cosine matrix times `weights`: to the words and back, linear in the length of the text."""
        total = np.bincount(word, value * weights[of], len(place))
        return np.bincount(of, value * total[word], n).astype(np.float64, copy=False)

    degree = through(np.ones(n))
    rank = np.full(n, 1.0 / n)
    for _ in range(_STEPS):
        flow = through(np.divide(rank, degree, out=np.zeros(n), where=degree != 0))
        rank = (1 - _DAMPING) / n + _DAMPING * flow
    return [float(r) for r in rank / rank.max()]


class Pool:
    """The sentences of a text, their words counted once, to choose from and to hold other sentences against."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._counts = [counted(text) for text in texts]

    @cached_property
    def _frequency(self) -> Counts:
        return Counter(word for words in self._counts for word in words)

    def scores(self, lead: float) -> list[float]:
        """How much each sentence is worth in a summary, 0 to 1: centrality, and by `lead` its position; fragments lose."""
        return self._scores(vectors(self._counts), lead)

    def choose(self, count: int, lead: float, without: frozenset[int] = frozenset()) -> list[int]:
        """The positions of the `count` best sentences, in document order; `without` are not to be chosen, nor anything like them.

        What is said again word for word is not chosen twice: a text that repeats itself may give fewer than `count`.

        A sentence that leans on the one before it ('He', 'But', 'This') loses worth unless that one is chosen as well.
        """
        if not self._texts:
            return []
        vector = vectors(self._counts)
        worth = self._scores(vector, lead)
        chosen: list[int] = []
        likeness = [max((cosine(v, vector[j]) for j in without), default=0.0) for v in vector]
        left = [i for i in range(len(vector)) if i not in without]
        while left and len(chosen) < count:
            best = max(left, key=lambda i: (self._marginal(i, worth, likeness, chosen), -i))
            chosen.append(best)
            left = [i for i in left if self._texts[i].casefold() != self._texts[best].casefold()]
            likeness = [max(like, cosine(v, vector[best])) for like, v in zip(likeness, vector, strict=True)]
        return sorted(chosen)

    def support(self, sentence: str, count: int) -> list[int]:
        """The positions of the `count` texts most like the sentence, best first; fewer where nothing is like it.

        The sentence counts as one more text; only those that share a word with it have to be weighed.
        """
        own = counted(sentence)
        weigh = _weighing(Counter(self._frequency) + Counter(dict.fromkeys(own, 1)), len(self._counts) + 1)
        vector = weigh(own)
        sharing = (i for i, words in enumerate(self._counts) if not own.keys().isdisjoint(words))
        best = nlargest(count, ((cosine(vector, weigh(self._counts[i])), -i) for i in sharing))
        return [-i for likeness, i in best if likeness > 0]

    def _scores(self, vector: Sequence[Vector], lead: float) -> list[float]:
        central = centrality(vector)
        return [((1 - lead) * c + lead * _DECAY / (_DECAY + i)) * self._soundness(i) for i, c in enumerate(central)]

    def _soundness(self, i: int) -> float:
        """What share of its worth a sentence keeps by its form: fragments, questions and bare quotations say little alone."""
        text = self._texts[i]
        if sum(self._counts[i].values()) < 4 or not is_whole(text):
            return 0.3
        if text.rstrip("”\"’')]").endswith("?") or _QUOTED.match(text):
            return 0.6
        return 1.0

    def _marginal(self, i: int, worth: Sequence[float], likeness: Sequence[float], chosen: Sequence[int]) -> float:
        leans = i - 1 not in chosen and _DANGLES.match(self._texts[i]) is not None
        return worth[i] * (0.7 if leans else 1.0) - _NOVELTY * likeness[i] * worth[i]


def distinct(sentences: Sequence[str], share: float = 0.75) -> list[str]:
    """The sentences without those whose content words are, to that share (Jaccard), those of an earlier one.

    Two such sets have one of their rarest words in common (prefix filtering, Chaudhuri et al. 2006): only by these is compared.
    """
    sets = [frozenset(words(sentence)) for sentence in sentences]
    frequency = Counter(word for own in sets for word in own)
    kept: list[str] = []
    by_word: dict[str, list[frozenset[str]]] = {}
    for sentence, own in zip(sentences, sets, strict=True):
        rarest = sorted(own, key=lambda word: (frequency[word], word))[: len(own) - math.ceil(share * len(own)) + 1]
        others = (other for word in rarest for other in by_word.get(word, ()))
        if all(len(own & other) < share * len(own | other) for other in others):
            kept.append(sentence)
            for word in rarest:
                by_word.setdefault(word, []).append(own)
    return kept


@lru_cache(maxsize=1)
def _stopwords() -> frozenset[str]:
    lines = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())
