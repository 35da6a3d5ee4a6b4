"""What a flag is before it has a name and a severity: a message, and where to look."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.stages.detection.words import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag without its name and severity; see `document.Flag`."""

    message: str
    segment: int | None = None
    sentence: int | None = None
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()
