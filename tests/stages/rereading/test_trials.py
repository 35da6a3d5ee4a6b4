"""What the reader is asked about a doubtful pair, and what its answers amount to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Pair
from pipeline.engines.engine import Likelihood
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.rereading.trials import EXPECTED, MOST, Trial, candidates, clauses, trial, without

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
    assert [SOURCE[a:b].strip() for a, b in clauses(SOURCE, "it")] == [
        "Il ministro ha firmato il decreto,",
        "mentre i sindacati annunciano uno sciopero per venerdì.",
    ]


@given(st.text("abnd, e;.", max_size=60), st.sampled_from(["it", "en"]))
def test_clauses_are_the_whole_text_in_order(text: str, language: str) -> None:
    parts = clauses(text, language)
    assert "".join(text[a:b] for a, b in parts) == text


def test_english_clauses_open_with_english_words() -> None:
    assert [LONG[a:b].strip() for a, b in clauses(LONG, "en")] == [
        "The minister has signed the decree,",
        "while the unions announce a strike for Friday,",
        "with penguins everywhere.",
    ]


def test_the_clause_that_nothing_stands_for_is_tried_first() -> None:
    first = candidates(SOURCE, coverage(SOURCE, SHORT).source, "it")[0]
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


def test_the_lost_clause_is_the_one_that_the_english_tells_nothing_of() -> None:
    one = tried(SOURCE, SHORT, invention=False)
    clause = next(span for span in one.clauses if "sindacati" in SOURCE[slice(*span)])
    nothing = even(SOURCE, -5.0)
    inside = nothing.between(*clause)
    whole = Likelihood(nothing.pieces, tuple(-5.0 if i in inside else -1.0 for i in range(len(nothing.nats))))
    found = one.settle({one.whole: whole, one.nothing: nothing})
    assert (found.segment, found.clause) == (7, clause)
    assert found.untold == pytest.approx(EXPECTED * len(inside), abs=1e-3)
    assert found.told == pytest.approx(4 * (len(whole.nats) - len(inside)) / len(whole.nats), abs=1e-3)
    assert (found.stretch, found.gain) == ((0, 0), 0), "nobody asked for inventions"


def test_a_longer_clause_that_the_english_tells_nothing_of_lacks_more() -> None:
    def untold(tail: str) -> float:
        source = f"Il ministro ha firmato il decreto, {tail}."
        one = tried(source, SHORT, invention=False)
        return one.settle({question: even(source, -3.0) for question in one.questions}).untold

    assert (
        0 < untold("mentre i sindacati protestano") < untold("mentre i sindacati annunciano uno sciopero per venerdì")
    )


def test_an_invention_is_what_the_italian_is_likelier_without() -> None:
    one = tried(SOURCE, LONG, omission=False)
    stretch = next(span for span in one.stretches if LONG[slice(*span)].startswith("with penguins"))
    assert one.stretches[stretch] == (LONG.replace(", with penguins everywhere", ""), SOURCE)
    read = dict.fromkeys(one.questions, even(SOURCE, -1.0)) | {one.stretches[stretch]: even(SOURCE, -0.75)}
    found = one.settle(read)
    assert found.stretch == stretch
    assert found.gain == pytest.approx(0.25 * len(read[one.whole].nats))
    assert found.likely == -1.0
    assert (found.clause, found.untold, found.told) == ((0, 0), 0, 0), "nobody asked for omissions"
    assert one.nothing not in one.questions


def test_pieces_are_found_by_the_characters_that_they_hold() -> None:
    line = Likelihood(("The", " gov", "ernment", " approved", "."), (0.0,) * 5)
    assert line.between(4, 14) == [1, 2]
    assert line.between(0, 3) == [0]
    assert line.between(3, 4) == [], "a blank belongs to no word"
    assert Likelihood(("",), (-1.0,)).between(0, 5) == []
