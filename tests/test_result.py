"""The risk of a document."""

from __future__ import annotations

import pytest

from pipeline.document import Checks, Document, Flag, Segment, Segments, Severity
from pipeline.result import outcome, risk


def document(*flags: Flag, sentences: int = 10) -> Document:
    segments = Segments(tuple(Segment(i, 0, 0, 1, "paragraph", "x", "") for i in range(1, sentences + 1)))
    return Document("d", "d.txt").plus(segments).plus(Checks(flags))


def flag(severity: Severity, segment: int | None) -> Flag:
    return Flag("x", severity, "", segment)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), 0.0),
        ((flag("error", 1),), 9.0),
        ((flag("warning", 1), flag("warning", 1)), 7.5),
        ((flag("warning", 1), flag("warning", 2)), 10.0),
        ((flag("info", 3), flag("error", None)), 9.5),
    ],
)
def test_risk_is_the_share_of_sentences_to_correct(flags: tuple[Flag, ...], expected: float) -> None:
    assert risk(document(*flags)) == expected


def test_risk_has_a_ceiling_and_is_nothing_without_checks() -> None:
    assert risk(document(*(flag("error", None) for _ in range(30)), sentences=2)) == 100.0
    assert risk(Document("d", "d.txt")) == 0.0


def test_an_outcome_counts_what_a_gate_asks_for() -> None:
    found = outcome(document(flag("error", 1), flag("warning", 2), flag("info", 2)))
    assert (found.errors, found.warnings, found.risk) == (1, 1, 14.2)
