"""A word rendered by its opposite, or by its neighbour in a set: `in calo` as *rose*, `figlia` as *son*, `martedì` as *Thursday*. What a sentence means is not asked.

By sets of meanings (`opposites.txt`) and the lexicon. It takes five things at once: the Italian has one meaning of a set that the English lacks; the
English has another that the Italian lacks; no word of the English renders the Italian word; no other word of the Italian accounts for the English one;
both stand at about the same place of their sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pipeline.stages.detection.lexicon import COGNATE, Lexicon, shipped, skeleton, stem
from pipeline.stages.detection.listed import Listed
from pipeline.stages.detection.words import WORD, Span, spoken
from pipeline.stages.numbers.words import Language

NEGATIONS = frozenset(["non", "né", "senza", "meno", "less", "not", "t", "no", "never", "nor", "neither", "without"])
"""Words that turn round what stands within `NEGATED` words behind them: what is not open is closed."""
NEGATED = 3
APART = 0.3
"""How far from each other, in lengths of a sentence, two words may stand that are held for each other's rendering."""
Meaning = tuple[int, int]
"""The number of a set, and of a meaning in it."""
_NONE: frozenset[Meaning] = frozenset()


@dataclass(frozen=True, slots=True)
class Opposite:
    """An Italian word, and an English one that means something else of the same set."""

    source: Span
    target: Span


def opposite(source: str, target: str, lexicon: Lexicon | None = None) -> Opposite | None:
    """The first Italian word that is rendered by its opposite, if any."""
    italian, english = _Words(spoken(source), "it"), _Words(spoken(target), "en")
    lost, strange = italian.all - english.all, english.all - italian.all
    if not lost or not strange or {n for n, _ in lost}.isdisjoint({n for n, _ in strange}):
        return None
    known = lexicon or shipped()
    for here, there in ((a, b) for a in sorted(lost) for b in sorted(strange) if a[0] == b[0]):
        found = _clash(here, there, italian, english, known)
        if found:
            return Opposite(_span(source, found[0]), _span(target, found[1]))
    return None


class _Words:
    """The words of a text, the meanings of each, and all of them together."""

    def __init__(self, words: Sequence[str], language: Language) -> None:
        self.words, self.language = words, language
        listed, followed = _index(language), _followed(language)
        self.meanings = [listed[word] for word in words]
        if not followed.isdisjoint(words):
            for i, (word, behind) in enumerate(pairwise(words)):
                if word in followed:
                    self.meanings[i] |= listed[f"{word}_{behind}"]
        self.all = _NONE.union(*self.meanings)

    def where(self, meaning: Meaning) -> list[int]:
        """The places of the words that have a meaning and are not negated."""
        found = [i for i, some in enumerate(self.meanings) if meaning in some]
        return [i for i in found if NEGATIONS.isdisjoint(self.words[max(0, i - NEGATED) : i])]

    def without(self, meaning: Meaning) -> list[str]:
        """The words that do not have this meaning."""
        return [word for word, some in zip(self.words, self.meanings, strict=True) if meaning not in some]

    def part(self, i: int) -> float:
        """How far into the text a word stands, 0 to 1."""
        return (i + 0.5) / len(self.words)


def _clash(here: Meaning, there: Meaning, italian: _Words, english: _Words, known: Lexicon) -> tuple[int, int] | None:
    """The places of an Italian word and of an English one that seems to stand for it, neither with any other counterpart."""
    others, rest = english.without(there), italian.without(here)
    if any(_has_counterpart(italian.words[i], "it", others, known.english) for i in italian.where(here)):
        return None
    strange = [k for k in english.where(there) if not _has_counterpart(english.words[k], "en", rest, known.italian)]
    near = ((i, k) for i in italian.where(here) for k in strange if abs(italian.part(i) - english.part(k)) < APART)
    return next(near, None)


def _has_counterpart(
    word: str, language: Language, others: Sequence[str], translations: Mapping[str, frozenset[str]]
) -> bool:
    """Whether a word of the other side translates this one, as far as the lexicon knows, or is a cognate."""
    known, head = translations.get(stem(word, language), frozenset()), skeleton(word)[:COGNATE]
    other: Language = "en" if language == "it" else "it"
    return any(stem(w, other) in known or (len(head) == COGNATE and skeleton(w).startswith(head)) for w in others)


def _span(text: str, number: int) -> Span:
    """Where a word stands, by its number."""
    return next(m.span() for i, m in enumerate(WORD.finditer(text)) if i == number)


@lru_cache(maxsize=2)
def _index(language: Language) -> Listed[Meaning]:
    """The meanings of each word of the file."""
    return Listed(
        (f"{first}{mark}{behind}", meaning)
        for meaning, sides in _listed().items()
        for first, mark, some in (word.partition("_") for word in sides[language].split())
        for behind in some.split("/")
    )


@lru_cache(maxsize=2)
def _followed(language: Language) -> frozenset[str]:
    """The words that the file has with a word behind them."""
    return frozenset(w.split("_")[0] for sides in _listed().values() for w in sides[language].split() if "_" in w)


@lru_cache(maxsize=1)
def _listed() -> Mapping[Meaning, Mapping[Language, str]]:
    """What the file has; ValueError for a set of one line, or a line without its colon."""
    text = Path(__file__).with_name("opposites.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found: dict[Meaning, Mapping[Language, str]] = {}
    for number, block in enumerate("\n".join(lines).strip().split("\n\n")):
        meanings = [line.split(":") for line in block.split("\n")]
        if len(meanings) < 2 or any(len(sides) != 2 for sides in meanings):
            raise ValueError(f"opposites.txt: a set has two lines or more, each with one colon, unlike {block!r}")
        found |= {(number, k): {"it": italian, "en": english} for k, (italian, english) in enumerate(meanings)}
    return found
