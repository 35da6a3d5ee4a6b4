"""Choosing the sentences of an English text that say most of it, and measuring how alike sentences are. No model, no weights.

Centrality is LexRank's (Erkan & Radev 2004): the stationary distribution of a random walk over the graph of TF-IDF cosines.
News puts what matters first, so a share of the score falls with the position; maximal marginal relevance (Carbonell & Goldstein
1998) keeps a sentence out that repeats a chosen one. Everything is deterministic; ties go to the earlier sentence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

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


def words(text: str) -> list[str]:
    """The content words of an English text: lower case, without function words, possessives and plurals' s."""
    found = (w.lower().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text))
    return [_singular(w) for w in found if w not in _stopwords()]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def vectors(texts: Sequence[str]) -> list[Vector]:
    """A unit TF-IDF vector for each text, with logarithmic counts; IDF is taken over these texts."""
    counts = [Counter(words(t)) for t in texts]
    frequency = Counter(w for c in counts for w in c)
    n = len(texts)
    return [_unit({w: (1 + math.log(k)) * (1 + math.log(n / frequency[w])) for w, k in c.items()}) for c in counts]


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
    n = len(sentences)
    degree = _through(sentences, [1.0] * n)
    rank = [1.0 / n] * n
    for _ in range(_STEPS):
        flow = _through(sentences, [r / d if d else 0.0 for r, d in zip(rank, degree, strict=True)])
        rank = [(1 - _DAMPING) / n + _DAMPING * f for f in flow]
    top = max(rank)
    return [r / top for r in rank]


def _through(sentences: Sequence[Vector], weights: Sequence[float]) -> list[float]:
    """The cosine matrix times `weights`: to the words and back, linear in the length of the text."""
    total: Vector = {}
    for sentence, weight in zip(sentences, weights, strict=True):
        for word, value in sentence.items():
            total[word] = total.get(word, 0.0) + value * weight
    return [sum(v * total[w] for w, v in s.items()) for s in sentences]


def scores(texts: Sequence[str], lead: float) -> list[float]:
    """How much each sentence is worth in a summary, 0 to 1: centrality, and by `lead` its position; fragments lose."""
    central = centrality(vectors(texts))
    return [((1 - lead) * c + lead * _DECAY / (_DECAY + i)) * _soundness(texts[i]) for i, c in enumerate(central)]


def _soundness(text: str) -> float:
    """What share of its worth a sentence keeps by its form: fragments, questions and bare quotations say little alone."""
    if len(words(text)) < 4 or not _WHOLE.match(text):
        return 0.3
    if text.rstrip("”\"’')]").endswith("?") or _QUOTED.match(text):
        return 0.6
    return 1.0


def choose(texts: Sequence[str], count: int, lead: float, without: frozenset[int] = frozenset()) -> list[int]:
    """The positions of the `count` best sentences, in document order; `without` are not to be chosen, nor anything like them.

    A sentence that leans on the one before it ('He', 'But', 'This') loses worth unless that one is chosen as well.
    """
    if not texts:
        return []
    worth, vector = scores(texts, lead), vectors(texts)
    chosen: list[int] = []
    likeness = [max((cosine(vector[i], vector[j]) for j in without), default=0.0) for i in range(len(texts))]
    left = [i for i in range(len(texts)) if i not in without]
    while left and len(chosen) < count:
        best = max(left, key=lambda i: (_marginal(i, worth, likeness, texts, chosen), -i))
        chosen.append(best)
        left.remove(best)
        likeness = [max(likeness[i], cosine(vector[i], vector[best])) for i in range(len(texts))]
    return sorted(chosen)


def _marginal(i: int, worth: list[float], likeness: list[float], texts: Sequence[str], chosen: list[int]) -> float:
    leans = i - 1 not in chosen and _DANGLES.match(texts[i]) is not None
    return worth[i] * (0.7 if leans else 1.0) - _NOVELTY * likeness[i] * worth[i]


def support(sentence: str, texts: Sequence[str], count: int) -> list[int]:
    """The positions of the `count` texts most like the sentence, best first; fewer where nothing is like it."""
    *vector, own = vectors([*texts, sentence])
    ranked = sorted(((cosine(own, v), -i) for i, v in enumerate(vector)), reverse=True)
    return [-i for likeness, i in ranked[:count] if likeness > 0]


def distinct(sentences: Sequence[str], share: float = 0.75) -> list[str]:
    """The sentences without those whose content words are, to that share (Jaccard), those of an earlier one."""
    kept: list[str] = []
    sets: list[frozenset[str]] = []
    for sentence in sentences:
        own = frozenset(words(sentence))
        if all(len(own & other) < share * max(1, len(own | other)) for other in sets):
            kept.append(sentence)
            sets.append(own)
    return kept


@lru_cache(maxsize=1)
def _stopwords() -> frozenset[str]:
    lines = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())
