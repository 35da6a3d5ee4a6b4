"""The risk of a document: which to look at first. What the flags say of its sentences, and how far the model itself doubts them.

What it is not: a gate. `check.fail_on` asks for flags only. Risks compare documents of one run; another checkpoint is as sure of worse
or better sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, prod

from pipeline.document import Document, Severity

RISK: Mapping[Severity, float] = {"error": 0.9, "warning": 0.5, "info": 0.05}
"""How likely it is taken to be that a sentence with a flag of this severity has to be corrected."""
TRUSTED = 3
"""A sentence without a flag is taken to be right as often as its model is sure of so many tokens in a row."""


def risk(document: Document) -> float:
    """How many of a hundred sentences a reviewer has to expect to correct, to one decimal; 0 without checks.

    A flag on the document or on its summary counts as one sentence more that is flagged. The sum over the sentences is divided by
    the number of segments.
    """
    if not document.checks or not document.segments or not document.segments.items:
        return 0.0
    places: dict[object, list[Severity]] = {segment.id: [] for segment in document.segments.items}
    for i, flag in enumerate(document.checks.flags):
        place = flag.segment if flag.segment is not None else f"other {i}"
        places.setdefault(place, []).append(flag.severity)
    pairs = document.translation.pairs if document.translation else ()
    scores: dict[object, float | None] = {pair.segment: pair.score for pair in pairs}
    expected = sum(sentence_risk(found, scores.get(place)) for place, found in places.items())
    return round(min(100.0, 100 * expected / len(document.segments.items)), 1)


def sentence_risk(severities: Iterable[Severity], score: float | None = None) -> float:
    """How likely it is taken to be that a sentence has to be corrected: for its flags, or because its model doubts it (`score`, in nats a token).

    Flags and doubt are taken as independent. A sentence without a score (copied, approved, edited by hand) is not doubted.
    """
    return 1 - prod(1 - RISK[severity] for severity in severities) * exp(TRUSTED * min(0.0, score or 0.0))
