"""Which words of a pair have support on the other side, and the stretch that most likely has none: an omission or an invention.

Each content word is evidence. For one without support, the likelihood ratio of 'left out' to 'translated freely' is
1 / (how often this word goes without support in good translations); one with support speaks against. What stands between
two commas is no clause for certain, so every stretch is tried: the one with the highest sum of logarithms counts (Kadane's
algorithm). What it says, what the lengths say and how well the rest is covered are weighed by logistic regressions, which
`benchmarks/faithfulness.py --fit` makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import log
from operator import mul
from pathlib import Path
from typing import NamedTuple

from pipeline.stages.detection.lexicon import COGNATE, Lexicon, as_name, function_words, shipped, skeleton, stem
from pipeline.stages.detection.words import ByWord, Span
from pipeline.stages.numbers.numerals import Number, agreeing

CHANCE = 0.12
"""How often a word that was left out finds support all the same."""
FREE = 0.2
"""How often at least a word of a good translation goes without support: translators are freer than the lexicon's texts."""
UNMEASURED = 0.4
"""The same of words that the lexicon has from phrases only."""
UNKNOWN = {"name": 0.12, "digits": 0.25, "word": 0.55}
"""The same of words that the lexicon lacks, by kind."""
MEAN, SPREAD, SHORT = -0.09, 0.0125, 1.1
"""Of the logarithm of English over Italian length: its mean, its variance in long sentences, what 1/characters adds."""
_UNIT = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")


class Unit(NamedTuple):
    """A content word: where it stands, its stem, its skeleton, and whether it is a 'name', 'digits' or a 'word'."""

    start: int
    end: int
    stem: str
    skeleton: str
    kind: str


@dataclass(frozen=True, slots=True)
class Side:
    """The content words of one side, which have support, and the stretch `words[first:last]` that stands out (empty if none).

    `evidence` is what each word says, in nats, `stretch` what the stretch says, `share` its part of the text's length.
    """

    words: tuple[Unit, ...]
    supported: tuple[bool, ...]
    evidence: tuple[float, ...]
    first: int
    last: int
    stretch: float
    share: float
    unknown: float

    @property
    def span(self) -> Span:
        """Where the stretch stands in the text."""
        return self.words[self.first].start, self.words[self.last - 1].end

    @property
    def lost(self) -> tuple[Span, ...]:
        """Where the words without support stand, of the stretch."""
        places = range(self.first, self.last)
        return tuple((self.words[i].start, self.words[i].end) for i in places if not self.supported[i])

    @property
    def unsupported(self) -> int:
        """How many these are."""
        return self.supported[self.first : self.last].count(False)

    @property
    def covered(self) -> float:
        """The share of words with support, cautiously for short texts."""
        return sum(self.supported) / (len(self.words) + 1)


@dataclass(frozen=True)
class Coverage:
    """Both sides of a pair, and `length`: how far the English is longer than its Italian lets expect, in nats."""

    source: Side
    target: Side
    length: float
    variance: float

    @cached_property
    def features(self) -> Mapping[str, float]:
        """What the regressions weigh."""
        a, b = self.source, self.target
        z = self.length / self.variance**0.5
        return {
            "one": 1.0,
            "source_stretch": a.stretch,
            "target_stretch": b.stretch,
            "source_length": self._length(self.length, a.share),
            "target_length": self._length(-self.length, b.share),
            "length": max(-4.0, min(4.0, z)),
            "length_off": abs(z),
            "source_evidence": sum(e for e in a.evidence if e > 0),
            "target_evidence": sum(e for e in b.evidence if e > 0),
            "source_covered": a.covered,
            "target_covered": b.covered,
            "source_lost": float(a.unsupported),
            "target_lost": float(b.unsupported),
            "source_unknown": a.unknown,
            "target_unknown": b.unknown,
        }

    def _length(self, length: float, share: float) -> float:
        """What the lengths say for this share of the text being one-sided."""
        shorter = log(1 - min(0.9, share))
        return max(-8.0, (length**2 - (length - shorter) ** 2) / (2 * self.variance))

    def score(self, question: str) -> float:
        """The answer to 'missing_clause', 'extra_text' or 'unrelated': above 0 rather yes, in nats."""
        weighed = weights()[question]
        total: float = sum(map(mul, weighed.values(), map(self.features.__getitem__, weighed)))
        return total


def units(text: str, language: str) -> tuple[Unit, ...]:
    """The content words of a text, in order. Dotted acronyms are one word, without their full stops."""
    contents, matches = _CONTENTS[language], list(_UNIT.finditer(text))
    found = [Unit(*m.span(), *content) for m in matches if (content := contents[m[0]])]
    if found and found[0].start == matches[0].start() and found[0].kind == "name":
        found[0] = found[0]._replace(kind="word")  # any word has a capital there
    return tuple(found)


def _content(written: str, language: str) -> tuple[str, str, str] | None:
    """Stem, skeleton and kind of a word in the middle of a sentence; None if it carries grammar rather than matter."""
    word = written.replace(".", "")
    if word.lower() in function_words(language) and word != "US":
        return None
    kind = "digits" if word.isdigit() else "name" if word[0].isupper() else "word"
    return stem(word, language), skeleton(word), kind


_CONTENTS = {language: ByWord(partial(_content, language=language)) for language in ("it", "en")}


def coverage(source: str, target: str, lexicon: Lexicon | None = None) -> Coverage:
    """The coverage of a pair, by the shipped lexicon unless another is given."""
    return _coverage(source, target, lexicon or shipped())


@lru_cache(maxsize=1024)
def _coverage(source: str, target: str, known: Lexicon) -> Coverage:
    italian, english = units(source, "it"), units(target, "en")
    here, there = agreeing(source, target)
    return Coverage(
        _side(source, italian, _counted(italian, here, supported(italian, english, known.english)), known, "it"),
        _side(target, english, _counted(english, there, supported(english, italian, known.italian)), known, "en"),
        log((len(target) + 5) / (len(source) + 5)) - MEAN,
        SPREAD + SHORT / (len(source) + 5),
    )


def supported(words: Sequence[Unit], others: Sequence[Unit], known: Mapping[str, frozenset[str]]) -> tuple[bool, ...]:
    """For each word whether the other side has a translation of it, the same word or a cognate."""
    stems, alike = {u.stem for u in others}, {u.skeleton for u in others}
    heads = {skeleton[:COGNATE] for skeleton in alike if len(skeleton) >= COGNATE}
    nothing: frozenset[str] = frozenset()
    return tuple(
        [
            u.stem in stems
            or u.skeleton in alike
            or (u.skeleton[:COGNATE] in heads and u.kind != "digits")
            or not stems.isdisjoint(known.get(u.stem, nothing))
            for u in words
        ]
    )


def _counted(words: Sequence[Unit], numbers: Sequence[Number], fine: tuple[bool, ...]) -> tuple[bool, ...]:
    """`fine`, with the words of numbers that both sides have: 'duecentomila' is what stands for 'two hundred thousand'."""
    if not numbers:
        return fine
    return tuple(
        [ok or any(n.start < w.end and w.start < n.end for n in numbers) for w, ok in zip(words, fine, strict=True)]
    )


class _Says(NamedTuple):
    """What a word says with support and without it, in nats, and whether the lexicon lacks it."""

    supported: float
    lost: float
    unknown: bool


@lru_cache(maxsize=8)
def _sayings(known: Lexicon, language: str) -> Mapping[str, ByWord[_Says]]:
    """What words say, by kind and stem."""
    return {kind: ByWord(partial(_says, kind=kind, known=known, language=language)) for kind in UNKNOWN}


def _says(stem: str, kind: str, known: Lexicon, language: str) -> _Says:
    doubts, translated = (known.doubt_it, known.english) if language == "it" else (known.doubt_en, known.italian)
    rate = doubts.get(stem, UNMEASURED if stem in translated else None)
    if kind == "name":
        rate = doubts.get(as_name(stem), rate)
    doubt = UNKNOWN[kind] if rate is None else min(0.85, FREE + (1 - FREE) * rate)
    return _Says(log(CHANCE / (1 - doubt)), log((1 - CHANCE) / doubt), rate is None)


def _side(text: str, words: tuple[Unit, ...], fine: tuple[bool, ...], known: Lexicon, language: str) -> Side:
    sayings = _sayings(known, language)
    said = [sayings[word.kind][word.stem] for word in words]
    evidence = tuple([s.supported if ok else s.lost for s, ok in zip(said, fine, strict=True)])
    first, last, stretch = _worst(evidence)
    share = (words[last - 1].end - words[first].start) / len(text) if last else 0.0
    unknown = sum(s.unknown for s in said) / (len(words) + 1)
    return Side(words, fine, evidence, first, last, stretch, share, unknown)


def _worst(evidence: Sequence[float]) -> tuple[int, int, float]:
    """(first, last, sum) of the stretch with the largest sum; (0, 0, 0) where none is above 0."""
    best, total, start = (0, 0, 0.0), 0.0, 0
    for i, value in enumerate(evidence):
        if total <= 0:
            total, start = 0.0, i
        total += value
        if total > best[2]:
            best = start, i + 1, total
    return best


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The regressions' weights, by question and feature."""
    found: dict[str, dict[str, float]] = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return found
