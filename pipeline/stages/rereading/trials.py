"""What is put to the second reader about a doubtful pair, and what its answers amount to. Pure: who reads is the stage's business.

An omission: the English of a sentence that lost a clause is likelier for the Italian without that clause than for the whole. An
invention: words that the Italian does not account for are unlikely, more so than the words around them, and hardly likelier than they would
be for an empty sentence. After Vamvas and Sennrich 2022 ('As Little as Possible, as Much as Necessary': contrastive conditioning), who
need a model for each direction; here one reads both, and the clauses are those between marks and conjunctions, with no parser.
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
"""Clauses of a sentence that are tried, those with the most evidence first."""
LEAST_WORDS, MOST_OF_IT = 3, 0.8
"""A clause to try has so many words, and is less than this share of its sentence."""
_OPENS = re.compile(
    r"(?:^|(?<=[,;:–—)]\s)|(?<=\s)(?=(?:e|ed|ma|che|mentre|perché|dopo|prima|quando|dove|cui|se)\s))", re.IGNORECASE
)
Question = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """The readings of one pair: (source, target) to put to the reader. `stretch` is the English in question, if any is."""

    pair: Pair
    whole: Question
    clauses: Mapping[Span, Question]
    stretch: Span | None

    @property
    def questions(self) -> list[Question]:
        """All that has to be read."""
        asked = [self.whole, *self.clauses.values()]
        if self.stretch:
            asked += [(NOTHING, self.whole[1]), (self.whole[0], self.shortened)]
        return asked

    @property
    def shortened(self) -> str:
        """The English without the stretch."""
        assert self.stretch
        return without(self.whole[1], self.stretch)

    def settle(self, read: Mapping[Question, Likelihood]) -> Reread:
        """What the readings amount to."""
        whole = read[self.whole]
        gains = {span: read[question].total - whole.total for span, question in self.clauses.items()}
        clause = max(gains, key=lambda span: gains[span]) if gains else (0, 0)
        found = Reread(self.pair.segment, clause, round(gains.get(clause, 0.0), 3))
        return self._with_stretch(found, read) if self.stretch else found

    def _with_stretch(self, found: Reread, read: Mapping[Question, Likelihood]) -> Reread:
        assert self.stretch
        whole, nothing = read[self.whole], read[NOTHING, self.whole[1]]
        inside = whole.between(*self.stretch)
        if not inside:
            return found
        within = math.fsum(whole.nats[i] for i in inside)
        outside = whole.total - within
        return Reread(
            found.segment,
            found.clause,
            found.gain,
            likely=round(within / len(inside), 3),
            elsewhere=round(outside / (len(whole.nats) - len(inside)), 3),
            pieces=len(inside),
            told=round(within - math.fsum(nothing.nats[i] for i in inside), 3),
            rest=round(read[self.whole[0], self.shortened].total - outside, 3),
        )


def trial(pair: Pair, seen: Coverage, omission: bool, invention: bool) -> Trial:
    """What to ask about a pair. The reader may be shown normalised copies, of which the stretch holds as nearly as their lengths do."""
    spans = candidates(pair.source, seen.source)[:MOST] if omission else []
    return Trial(
        pair,
        (pair.source, pair.target),
        {span: (without(pair.source, span), pair.target) for span in spans},
        seen.target.span if invention else None,
    )


def candidates(source: str, seen: Side) -> list[Span]:
    """The stretches of the Italian that may have been left out, those with the most evidence first."""
    found = {seen.span} if seen.last else set()
    parts = clauses(source)
    for i, (start, _) in enumerate(parts):
        for _, end in parts[i : i + 2]:
            text = source[start:end]
            if len(text.split()) >= LEAST_WORDS and end - start < MOST_OF_IT * len(source):
                found.add((start, end))
    return sorted(found, key=lambda span: (-_evidence(seen, span), span))


def clauses(text: str) -> list[Span]:
    """The stretches between commas, other marks and conjunctions."""
    starts = sorted({0, *(m.start() for m in _OPENS.finditer(text))})
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
