"""Ordinals, Roman numerals and results that became others, and what says the same."""

from __future__ import annotations

import pytest

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.detectors import detect
from pipeline.stages.numbers.ranks import changed_ranks


@pytest.mark.parametrize(
    ("italian", "english", "wrong", "instead"),
    [
        ("È arrivata terza al traguardo.", "She came fourth at the finish.", ["terza"], ["fourth"]),
        ("Al quinto tentativo ha vinto.", "At the sixth attempt he won.", ["quinto"], ["sixth"]),
        ("È la seconda vittoria.", "It is the third victory.", ["seconda"], ["third"]),
        ("Papa Pio XII morì nel 1958.", "Pope Pius XI died in 1958.", ["XII"], ["XI"]),
        ("Luigi XIV e Luigi XV di Francia.", "Louis XIV and Louis XVI of France.", ["XV"], ["XVI"]),
        ("La squadra ha vinto 3-1.", "The team won 1-3.", ["3-1"], ["1-3"]),
        ("È finita 0-2, poi 1-1.", "It ended 2-0, then 1-1.", ["0-2"], ["2-0"]),
    ],
)
def test_what_became_another_of_its_kind_is_named(
    italian: str, english: str, wrong: list[str], instead: list[str]
) -> None:
    here, there = changed_ranks(italian, english)
    assert [italian[start:end] for start, end in here] == wrong
    assert [english[start:end] for start, end in there] == instead


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("È arrivata terza al traguardo.", "She came third at the finish."),
        ("È arrivata terza al traguardo.", "She came 3rd at the finish."),
        ("Secondo il medico è la terza volta.", "According to the doctor it is the third time."),
        ("Un terzo dei voti al quarto turno.", "A third of the votes in round four."),
        ("Passa ai quarti di finale in un secondo.", "It reaches the quarter-finals in a second."),
        ("In un secondo tempo ha rinunciato.", "Later, for the third time, he gave up."),
        ("A seconda dei casi.", "As the case may be."),
        ("Frequenta la terza media.", "She is in the eighth grade."),
        ("Quinta figlia, frequenta la terza media.", "The fifth daughter, she is in the eighth grade."),
        ("Nel XIX secolo, sotto Carlo V.", "In the 19th century, under Charles V."),
        ("La seconda guerra mondiale.", "World War II."),
        ("IL MIX DI VINI", "THE MIX OF WINES"),
        ("Hanno perso 1-3 in casa.", "They lost 3-1 at home."),
        ("I 3-1 e 1-3 dell'andata.", "The 1-3 and 3-1 of the first leg."),
        ("Tel. 06-12 o 2-06.", "Tel. 06-12 or 2-06."),
        ("Il 12-10-2024 alle 10-12.", "On 12-10-2024 at 10-12."),
    ],
)
def test_what_is_said_in_another_form_or_means_something_else_is_left_alone(italian: str, english: str) -> None:
    assert changed_ranks(italian, english) == ((), ())


def test_another_rank_is_a_finding_on_numbers_even_where_nothing_counts() -> None:
    pair = Pair(0, "È arrivata terza al traguardo.", "She came fourth at the finish.", -0.3, 10, 10, "model")
    (found,) = detect("numbers", pair, Check())
    assert found.message == "another in the English: terza"
    assert (found.source_spans, found.target_spans) == (((11, 16),), ((9, 15),))
