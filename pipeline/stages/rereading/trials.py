"""What is put to the reader about a doubtful pair, and what its answers amount to. Pure: who reads is the stage's business.

The reader goes from English to Italian, so that what the translator fails to see it need not fail to see. An omission: the English tells
hardly more of a clause of the Italian than an empty sentence would. An invention: the Italian is likelier for the English without a
clause than for the whole (contrastive conditioning: Vamvas and Sennrich 2022, 'As Little as Possible, as Much as Necessary', who ask a model
for each direction). The clauses are those between marks and conjunctions, with no parser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Pair, Reread
from pipeline.engines.engine import Likelihood
from pipeline.stages.detection.coverage import Coverage, Side
from pipeline.stages.detection.words import Span

NOTHING = "..."
"""A sentence that says nothing."""
MOST = 8
"""Clauses of a side that are tried, those with the most evidence first."""
LEAST_WORDS, MOST_OF_IT = 3, 0.8
"""A clause to try has so many words, and is less than this share of its sentence."""
EXPECTED = 1.6
"""What English may be expected to tell of a subword of its Italian, in nats: less than it does on average, so that free renderings pass."""
_ITALIAN = "e|ed|ma|che|mentre|perché|dopo|prima|quando|dove|cui|se"
_ENGLISH = "and|but|which|who|that|while|because|after|before|when|where|if"
_OPENS = {
    language: re.compile(rf"(?:^|(?<=[,;:–—)]\s)|(?<=\s)(?=(?:{words})\s))", re.IGNORECASE)
    for language, words in (("it", _ITALIAN), ("en", _ENGLISH))
}
Question = tuple[str, str]
"""English, and the Italian whose likelihood is asked for."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The readings of one pair: clauses of the Italian that may be lost, and of the English that may be invented, as shortened English."""

    pair: Pair
    clauses: Sequence[Span]
    stretches: Mapping[Span, Question]

    @property
    def whole(self) -> Question:
        """The pair as it is."""
        return self.pair.target, self.pair.source

    @property
    def nothing(self) -> Question:
        """The Italian for no English at all."""
        return NOTHING, self.pair.source

    @property
    def questions(self) -> list[Question]:
        """All that has to be read."""
        return [self.whole, *([self.nothing] if self.clauses else []), *self.stretches.values()]

    def settle(self, read: Mapping[Question, Likelihood]) -> Reread:
        """What the readings amount to."""
        whole = read[self.whole]
        clause, untold, told = self._least_told(whole, read[self.nothing]) if self.clauses else ((0, 0), 0.0, 0.0)
        gains = {span: read[question].total - whole.total for span, question in self.stretches.items()}
        stretch = max(gains, key=lambda span: gains[span]) if gains else (0, 0)
        gain, likely = gains.get(stretch, 0.0), whole.total / len(whole.nats)
        return Reread(
            self.pair.segment, clause, round(untold, 3), round(told, 3), stretch, round(gain, 3), round(likely, 3)
        )

    def _least_told(self, whole: Likelihood, nothing: Likelihood) -> tuple[Span, float, float]:
        """The clause of which the English tells the least for its length, how much it lacks, and what a subword is told on average."""
        told = [with_it - without_it for with_it, without_it in zip(whole.nats, nothing.nats, strict=True)]
        lacks = {span: math.fsum(EXPECTED - told[i] for i in whole.between(*span)) for span in self.clauses}
        worst = max(lacks, key=lambda span: lacks[span])
        return worst, lacks[worst], math.fsum(told) / len(told)


def trial(pair: Pair, seen: Coverage, omission: bool, invention: bool) -> Trial:
    """What to ask about a pair. The reader may be shown normalised copies, of which the clauses hold as nearly as their lengths do."""
    lost = candidates(pair.source, seen.source, "it")[:MOST] if omission else []
    made_up = candidates(pair.target, seen.target, "en")[:MOST] if invention else []
    return Trial(pair, lost, {span: (without(pair.target, span) or NOTHING, pair.source) for span in made_up})


def candidates(text: str, seen: Side, language: str) -> list[Span]:
    """The stretches of a side that may have no counterpart, those with the most evidence first."""
    found = {seen.span} if seen.last else set()
    parts = clauses(text, language)
    for i, (start, _) in enumerate(parts):
        for _, end in parts[i : i + 2]:
            stretch = text[start:end]
            if len(stretch.split()) >= LEAST_WORDS and end - start < MOST_OF_IT * len(text):
                found.add((start, end))
    return sorted(found, key=lambda span: (-_evidence(seen, span), span))


def clauses(text: str, language: str) -> list[Span]:
    """The stretches between commas, other marks and conjunctions of a language, 'it' or 'en'."""
    starts = sorted({0, *(m.start() for m in _OPENS[language].finditer(text))})
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def without(text: str, span: Span) -> str:
    """A sentence that lacks a stretch, with a capital and its final mark."""
    start, end = span
    left = f"{text[:start].rstrip(' ,;:–—')} {text[end:].lstrip(' ,;:')}".strip()
    if left and left[-1] not in '.!?”"»' and text[-1:] in tuple(".!?"):
        left = left.rstrip(" ,;:–—") + text[-1]
    return left[:1].upper() + left[1:]


def _evidence(seen: Side, span: Span) -> float:
    words: Sequence[tuple[float, int]] = list(zip(seen.evidence, (w.start for w in seen.words), strict=True))
    return sum(evidence for evidence, at in words if span[0] <= at < span[1])
