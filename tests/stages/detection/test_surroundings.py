"""A pair is judged among its neighbours: what is usual in a document says little against one of its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Pair, Reread
from pipeline.stages.detection.surroundings import Question, heard, standings, suspicion, verdict

CLOSE = [
    ("Il ministro ha firmato il decreto sulla scuola a Roma.", "The minister signed the decree on schools in Rome."),
    (
        "Il presidente ha visitato il museo della città di Torino.",
        "The president visited the museum of the city of Turin.",
    ),
    ("La polizia ha arrestato tre uomini vicino alla stazione.", "The police arrested three men near the station."),
    ("Il tribunale ha condannato il sindaco per corruzione.", "The court convicted the mayor of corruption."),
    ("I medici chiedono nuovi ospedali per la regione.", "Doctors are asking for new hospitals for the region."),
]
FREE = [(source, "Nobody quite knew what would come of all that, or when.") for source, _ in CLOSE]
DOUBTFUL = (
    "Il governo ha approvato la legge sul lavoro e ha rinviato la riforma delle pensioni dei medici.",
    "The government has approved the labour law.",
)


def pairs(*texts: tuple[str, str]) -> list[Pair]:
    return [Pair(i, a, b, -0.3, 9, 9, "model") for i, (a, b) in enumerate(texts, 1)]


def doubt(*before: tuple[str, str]) -> float:
    return suspicion(
        "missing_clause",
        next(s for p, s in standings(pairs(*before, DOUBTFUL), "missing_clause") if p.source == DOUBTFUL[0]),
    )


def test_the_same_pair_is_more_suspect_where_everything_else_is_covered() -> None:
    assert doubt(*CLOSE) > doubt() > doubt(*FREE)


def test_few_neighbours_say_less_than_many() -> None:
    usual = [next(iter(standings(pairs(DOUBTFUL, *FREE[:n]), "missing_clause")))[1].usual for n in (0, 1, 3, 5)]
    assert usual == sorted(usual)
    assert len(set(usual)) == 4


def test_only_pairs_that_a_model_made_are_looked_at() -> None:
    copied = [replace(p, provenance="copied") for p in pairs(DOUBTFUL)]
    assert list(standings(copied, "missing_clause")) == []
    assert list(standings(pairs(("Il governo tace.", "The government is silent.")), "missing_clause")) == [], (
        "too short"
    )
    assert list(standings([replace(pairs(DOUBTFUL)[0], target=" ")], "extra_text")) == []


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        (DOUBTFUL, "missing_clause", lambda nats: Reread(1, (0, 5), nats, 2.0)),
        (
            (CLOSE[0][0], f"{CLOSE[0][1]} Penguins danced."),
            "extra_text",
            lambda nats: Reread(1, (0, 0), 0, 0, (0, 9), nats, -2.0),
        ),
    ],
)
def test_the_more_the_reader_misses_the_worse_the_pair_looks(
    text: tuple[str, str], question: Question, found: Callable[[float], Reread]
) -> None:
    standing = next(s for _, s in standings(pairs(text), question))
    low, middle, high = (verdict(question, standing, found(nats)) for nats in (-8.0, 0.0, 8.0))
    assert low < middle < high


@given(st.floats(-1e6, 1e6))
def test_no_reading_counts_without_bounds(nats: float) -> None:
    reread = Reread(1, (0, 5), nats, nats, (0, 5), nats, nats)
    questions: tuple[Question, ...] = ("missing_clause", "extra_text")
    bounds = {"untold": 30, "told": 5, "likely": 6, "gain": 15}
    for question in questions:
        found = heard(question, reread)
        assert all(abs(value) <= bounds[name] for name, value in found.items())
