"""Flags on clauses that seem to be missing or invented: what a pair's words say, in its surroundings, and after a second reading."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Document, Reread, Rereading, Translation
from pipeline.settings import Check
from pipeline.stages.detection.surroundings import Question, Standing, standings, suspicion, verdict
from pipeline.stages.detection.words import shortened
from pipeline.stages.flagging.evidence import Finding


def missing_clause(document: Document, config: Check) -> Iterator[Finding]:
    """A stretch of the Italian that has no counterpart in the English."""
    for segment, source, standing in _above("missing_clause", config.missing_clause, document):
        start, end = standing.coverage.source.span
        told = f"not found in the English: {shortened(source[start:end])}"
        yield Finding(told, segment, None, ((start, end),))


def extra_text(document: Document, config: Check) -> Iterator[Finding]:
    """A stretch of the English that has no counterpart in the Italian."""
    targets = {pair.segment: pair.target for pair in document.get(Translation).pairs}
    for segment, _, standing in _above("extra_text", config.extra_text, document):
        start, end = standing.coverage.target.span
        told = f"not found in the Italian: {shortened(targets[segment][start:end])}"
        yield Finding(told, segment, None, (), ((start, end),))


def _above(question: Question, threshold: float, document: Document) -> Iterator[tuple[int, str, Standing]]:
    """(segment, source, standing) of the pairs whose log-odds are above the threshold."""
    heard = {r.segment: r for r in document.get(Rereading).items} if document.has(Rereading) else {}
    for pair, standing in standings(document.get(Translation).pairs, question):
        if log_odds(question, standing, heard.get(pair.segment)) > threshold:
            yield pair.segment, pair.source, standing


def log_odds(question: Question, standing: Standing, reread: Reread | None) -> float:
    """By all that is known: the second reading too, where it had something to say on this question."""
    was_asked = reread is not None and (reread.clause[1] if question == "missing_clause" else reread.pieces)
    return verdict(question, standing, reread) if reread and was_asked else suspicion(question, standing)
