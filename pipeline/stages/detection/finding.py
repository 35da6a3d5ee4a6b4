"""What a detector finds in a pair."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.stages.detection.words import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a pair: the flag's id, what a reader is told, and the evidence as spans of source and target."""

    id: str
    message: str
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()
