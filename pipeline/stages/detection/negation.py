"""Negations that one side of a pair has and the other has not: `non ha firmato`, *has signed*. Counted, and looked for near their words; not parsed.

What negates for certain demands something on the other side that may stand for it: another such word, a phrase that may negate (*not only*), or
a word that negates by what it means (*fail*, `impossibile`). Such a word counts only if it does not translate a word of its own, and only near the words
that are negated, where these are found by the lexicon. That a negation moved to another clause is not told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.stages.detection.lexicon import COGNATE, Lexicon, shipped, skeleton, stem
from pipeline.stages.detection.negators import AGAIN, Negators, always_negates, certain_words, negators
from pipeline.stages.detection.words import Span, spoken
from pipeline.stages.numbers.words import Language

BEFORE, AFTER = 9, 5
"""So many words before the English of a negated word, or behind it, a negative word may stand that excuses; from English likewise."""
CLOSE = 3
"""Words behind a negation that may be rendered together with it: `non in grado` as *unable*."""
_OTHER: Mapping[Language, Language] = {"it": "en", "en": "it"}


@dataclass(frozen=True, slots=True)
class Odd:
    """A negation that only one side has: whether it is `lost` or `added`, and its place with what it is about, on both sides."""

    what: Literal["lost", "added"]
    source: tuple[Span, ...]
    target: tuple[Span, ...]


def odd_negation(source: str, target: str, lexicon: Lexicon | None = None) -> Odd | None:
    """The negation that only one side has, if any. Cheap where neither has one."""
    if not (_may_negate(source, "it") or _may_negate(target, "en")):
        return None
    italian, english = _Side(source, "it"), _Side(target, "en")
    known = lexicon or shipped()
    if places := italian.without_counterpart(english, known.english, known.italian):
        return Odd("lost", *places)
    if places := english.without_counterpart(italian, known.italian, known.english):
        return Odd("added", *reversed(places))
    return None


def _may_negate(text: str, language: Language) -> bool:
    words = spoken(text)
    return not certain_words(language).isdisjoint(words) or (language == "en" and "t" in words)


class _Side:
    """One side of a pair: its negative words, and the stems and skeletons of all its words."""

    def __init__(self, text: str, language: Language) -> None:
        self.language = language
        self.found: Negators = negators(text, language)

    @cached_property
    def stems(self) -> list[str]:
        """Those of all tokens."""
        return [stem(token.text, self.language) for token in self.found.tokens]

    @cached_property
    def skeletons(self) -> list[str]:
        """Those of all tokens."""
        return [skeleton(token.text) for token in self.found.tokens]

    @cached_property
    def again(self) -> list[int]:
        """Where Italian may say once more that it negates."""
        return [i for i, token in enumerate(self.found.tokens) if self.language == "it" and token.text in AGAIN]

    def without_counterpart(
        self, other: _Side, there: Mapping[str, frozenset[str]], here: Mapping[str, frozenset[str]]
    ) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """The places of a negation here, and of what it is about there, if it is one too many; `there` and `here` are translations."""
        firm = len(other.found.certain) + len(other.found.possible)
        if len(self.found.certain) <= firm or len(certain := self._demanding(other, there)) <= firm:
            return None
        excuses = other.excuses(self, here)
        about = [self._about(i, other, there) for i in certain]
        alone = [k for k, places in enumerate(about) if places and not other.negates_near(places, excuses)]
        if len(certain) > firm + len(excuses) or (len(certain) - len(alone) >= firm and alone):
            k = alone[0] if alone else 0
            return (self._span(certain[k]),), other.spans(about[k])
        return None

    def _demanding(self, other: _Side, translations: Mapping[str, frozenset[str]]) -> list[int]:
        """The certain negations; of `senza` only where the word behind it is found, as `senza lavoro` may be *unemployed*."""
        return [
            i
            for i in self.found.certain
            if self.found.tokens[i].text != "senza" or self._finds(i + 1, other, translations)
        ]

    def _finds(self, i: int, other: _Side, translations: Mapping[str, frozenset[str]]) -> bool:
        return i < len(self.stems) and bool(self.counterparts(i, other, translations))

    def excuses(self, other: _Side, translations: Mapping[str, frozenset[str]]) -> set[int]:
        """The words here that negate by what they mean and translate no word of their own there."""
        return {i for i in self.found.lexical if not self._is_translated(i, other, translations)}

    def _is_translated(self, i: int, other: _Side, translations: Mapping[str, frozenset[str]]) -> bool:
        """Whether a word has a counterpart that is negative itself, or counterparts that no negation stands in front of."""
        found = self.counterparts(i, other, translations)
        if any(k in other.found.lexical for k in found):
            return True
        if always_negates(self.found.tokens[i].text, self.language):
            return False
        negated = any(k - CLOSE <= n <= k for k in found for n in other.found.certain)
        return bool(found) and not negated

    def counterparts(self, i: int, other: _Side, translations: Mapping[str, frozenset[str]]) -> list[int]:
        """Where the other side has a translation of the word, the same word or a cognate."""
        root, letters = self.stems[i], self.skeletons[i][:COGNATE]
        known = translations.get(root, frozenset())
        return [
            k
            for k, (stem_, skeleton_) in enumerate(zip(other.stems, other.skeletons, strict=True))
            if stem_ == root or stem_ in known or (len(letters) == COGNATE and skeleton_.startswith(letters))
        ]

    def _about(self, i: int, other: _Side, translations: Mapping[str, frozenset[str]]) -> list[int]:
        return [p for k in self.found.about(i, self.language) for p in self.counterparts(k, other, translations)]

    def negates_near(self, places: Sequence[int], excuses: set[int]) -> bool:
        """Whether anything that may negate stands around one of the places."""
        negative = {*self.found.certain, *self.found.possible, *self.again, *excuses}
        return (
            not negative.isdisjoint(places)
            or not set(self.found.lexical).isdisjoint(places)
            or any(p - BEFORE <= n <= p + AFTER for p in places for n in negative)
        )

    def _span(self, i: int) -> Span:
        """From a negation to the first word that it is about."""
        tokens = self.found.tokens
        last = next(iter(self.found.about(i, self.language)), i)
        return tokens[i].start, tokens[last].end

    def spans(self, places: Sequence[int]) -> tuple[Span, ...]:
        """The places of words in the text."""
        return tuple((self.found.tokens[i].start, self.found.tokens[i].end) for i in sorted(set(places)))
