"""What the second reader is asked about a doubtful pair, and what its answers amount to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Pair
from pipeline.engines.engine import Likelihood
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.rereading.trials import MOST, NOTHING, Trial, candidates, clauses, trial, without

SOURCE = "Il ministro ha firmato il decreto, mentre i sindacati annunciano uno sciopero per venerdì."
SHORT = "The minister has signed the decree."
LONG = "The minister has signed the decree, while the unions announce a strike for Friday, with penguins everywhere."


def tried(source: str, target: str, omission: bool = True, invention: bool = True) -> Trial:
    pair = Pair(7, source, target, -0.3, 10, 10, "model")
    return trial(pair, coverage(source, target), omission, invention)


def even(text: str, nats: float) -> Likelihood:
    """A target of which every word is as likely as every other."""
    words = text.split()
    pieces = [word if i == 0 else f" {word}" for i, word in enumerate(words)]
    return Likelihood((*pieces, ""), (nats,) * (len(words) + 1))


def test_clauses_stand_between_marks_and_conjunctions() -> None:
    assert [SOURCE[a:b].strip() for a, b in clauses(SOURCE)] == [
        "Il ministro ha firmato il decreto,",
        "mentre i sindacati annunciano uno sciopero per venerdì.",
    ]


@given(st.text("ab, e;.", max_size=60))
def test_clauses_are_the_whole_text_in_order(text: str) -> None:
    parts = clauses(text)
    assert "".join(text[a:b] for a, b in parts) == text


def test_the_clause_that_nothing_stands_for_is_tried_first() -> None:
    first = candidates(SOURCE, coverage(SOURCE, SHORT).source)[0]
    assert "sindacati" in SOURCE[slice(*first)]
    assert "ministro" not in SOURCE[slice(*first)]


def test_a_sentence_of_many_clauses_is_tried_so_many_times_and_no_more() -> None:
    source = ", ".join(f"il comune numero {i} apre una biblioteca nuova" for i in range(30)) + "."
    assert len(tried(source, "The town opens a library.").clauses) == MOST


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (", mentre i sindacati annunciano uno sciopero per venerdì.", "Il ministro ha firmato il decreto."),
        ("Il ministro ha firmato il decreto, ", "Mentre i sindacati annunciano uno sciopero per venerdì."),
        (" ha firmato il decreto", "Il ministro mentre i sindacati annunciano uno sciopero per venerdì."),
    ],
)
def test_what_is_left_is_a_sentence_again(gone: str, left: str) -> None:
    start = SOURCE.index(gone)
    assert without(SOURCE, (start, start + len(gone))).replace(", mentre", " mentre") == left


def test_a_gain_is_by_how_much_the_english_is_likelier_without_the_clause() -> None:
    one = tried(SOURCE, SHORT, invention=False)
    read = dict.fromkeys(one.questions, even(SHORT, -1.0))
    clause = next(span for span in one.clauses if "sindacati" in SOURCE[slice(*span)])
    read[one.clauses[clause]] = even(SHORT, -0.25)
    found = one.settle(read)
    assert (found.segment, found.clause) == (7, clause)
    assert found.gain == pytest.approx(0.75 * 7)  # six words and the end mark
    assert found.pieces == 0, "nobody asked for inventions"


def test_an_invention_is_unlikely_and_not_what_the_italian_tells() -> None:
    one = tried(SOURCE, LONG, omission=False)
    assert one.stretch
    assert LONG[slice(*one.stretch)].endswith("penguins everywhere")
    whole = even(LONG, -0.5)
    inside = whole.between(*one.stretch)
    nats = tuple(-6.0 if i in inside else -0.5 for i in range(len(whole.nats)))
    read = {
        one.whole: Likelihood(whole.pieces, nats),
        (NOTHING, LONG): Likelihood(whole.pieces, tuple(n - 1 for n in nats)),
        (SOURCE, one.shortened): even(one.shortened, -0.5),
    }
    found = one.settle(read)
    assert (found.gain, found.clause) == (0, (0, 0)), "nobody asked for omissions"
    assert (found.likely, found.elsewhere, found.pieces) == (-6.0, -0.5, len(inside))
    assert found.told == pytest.approx(len(inside)), "a nat a piece"


def test_pieces_are_found_by_the_characters_that_they_hold() -> None:
    line = Likelihood(("The", " gov", "ernment", " approved", "."), (0.0,) * 5)
    assert line.between(4, 14) == [1, 2]
    assert line.between(0, 3) == [0]
    assert line.between(3, 4) == [], "a blank belongs to no word"
    assert Likelihood(("",), (-1.0,)).between(0, 5) == []
