"""The risk of a document: by flags, and by the doubt of the model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Checks, Document, Flag, Pair, Segment, Segments, Severity, Translation
from pipeline.result import outcome
from pipeline.risk import risk, sentence_risk


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


def scored(*scores: float | None) -> Document:
    pairs = tuple(Pair(i, "x", "y", score, 1, 1, "model") for i, score in enumerate(scores, 1))
    return document(sentences=len(scores)).plus(Translation(pairs, "m"))


def test_a_document_that_its_model_doubts_comes_before_one_that_it_is_sure_of() -> None:
    assert risk(scored(-0.9, -0.8)) > risk(scored(-0.9, -0.1)) > risk(scored(-0.1, -0.1)) > 0


def test_what_has_no_score_is_not_doubted() -> None:
    assert risk(scored(None, None)) == risk(scored(0.0, 0.0)) == 0.0


@given(st.lists(st.sampled_from(["error", "warning", "info"])), st.floats(-20, 0), st.floats(-20, 0))
def test_a_flag_or_a_lower_score_never_lowers_the_risk(severities: list[Severity], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= sentence_risk(severities, high) <= sentence_risk(severities, low) <= 1
    assert sentence_risk([], low) <= sentence_risk(severities, low)
