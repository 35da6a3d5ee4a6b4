"""Flags on clauses that seem to be missing or invented: what a pair's words say, in its surroundings, and after a second reading."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Document, Pair, Reread, Rereading, Translation
from pipeline.settings import Check
from pipeline.stages.detection.surroundings import Question, Standing, standings, suspicion, verdict
from pipeline.stages.detection.words import Span, shortened
from pipeline.stages.flagging.evidence import Finding

NOTABLE = 1.0  # nats from which on people are told of the second reading


def missing_clause(document: Document, config: Check) -> Iterator[Finding]:
    """A stretch of the Italian that has no counterpart in the English."""
    for pair, standing, reread in _above("missing_clause", config.missing_clause, document):
        start, end = standing.coverage.source.span
        told = f"not found in the English: {shortened(pair.source[start:end])}"
        if reread and reread.untold >= NOTABLE and _same((start, end), reread.clause):
            told += f" (read again, the English falls {reread.untold:.1f} nats short of accounting for it)"
        yield Finding(told, pair.segment, None, ((start, end),))


def extra_text(document: Document, config: Check) -> Iterator[Finding]:
    """A stretch of the English that has no counterpart in the Italian."""
    for pair, standing, reread in _above("extra_text", config.extra_text, document):
        start, end = standing.coverage.target.span
        told = f"not found in the Italian: {shortened(pair.target[start:end])}"
        if reread and reread.gain >= NOTABLE and _same((start, end), reread.stretch):
            told += f" (read again, the Italian is {reread.gain:.1f} nats likelier without it)"
        yield Finding(told, pair.segment, None, (), ((start, end),))


def _above(question: Question, threshold: float, document: Document) -> Iterator[tuple[Pair, Standing, Reread | None]]:
    """The pairs whose log-odds are above the threshold, with their standing and what the reader said."""
    heard = {r.segment: r for r in document.get(Rereading).items} if document.has(Rereading) else {}
    for pair, standing in standings(document.get(Translation).pairs, question):
        reread = heard.get(pair.segment)
        if log_odds(question, standing, reread) > threshold:
            yield pair, standing, reread


def _same(stretch: Span, clause: Span) -> bool:
    """Whether what was left out for a trial is the stretch, give or take: they share more than half of both."""
    shared = min(stretch[1], clause[1]) - max(stretch[0], clause[0])
    return 2 * shared > max(stretch[1] - stretch[0], clause[1] - clause[0])


def log_odds(question: Question, standing: Standing, reread: Reread | None) -> float:
    """By all that is known: the second reading too, where it had something to say on this question."""
    was_asked = reread is not None and (reread.clause if question == "missing_clause" else reread.stretch)[1]
    return verdict(question, standing, reread) if reread and was_asked else suspicion(question, standing)
