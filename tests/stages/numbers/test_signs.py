"""A sign that is lost or turned round, and what says the same without one."""

from __future__ import annotations

import pytest

from pipeline.stages.numbers import signs
from pipeline.stages.numbers.numerals import numbers
from pipeline.stages.numbers.signs import turned

FROST = "Minime in calo fra i -3 e i 2 gradi."
LOSS = "Il titolo chiude in ribasso (-4,8%)."


@pytest.mark.parametrize(
    ("italian", "english", "lost"),
    [
        (FROST, "Lows falling to between 3 and 2 degrees.", ["-3"]),
        (LOSS, "The share closes (4.8%).", ["-4,8"]),
        (LOSS, "The share closes lower (+4.8%).", ["-4,8"]),
        ("In controtendenza Leonardo, +2%.", "Leonardo bucks the trend, -2%.", ["+2"]),
        ("Un saldo di −12 milioni.", "A balance of 12 million.", ["−12 milioni"]),
    ],
)
def test_a_number_whose_sign_is_lost_or_another_is_named(italian: str, english: str, lost: list[str]) -> None:
    left, found = turned(italian, english, numbers(italian, "it"), numbers(english, "en"))
    assert [italian[n.start - 1 : n.end] for n in left] == lost
    assert len(found) == len(lost)


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        (FROST, "Lows falling to between -3 and 2 degrees."),
        (FROST, "Lows of 3 below zero to 2 degrees."),
        (LOSS, "The share closes down 4.8%."),
        (LOSS, "The share closes lower (–4.8%)."),
        ("In controtendenza Leonardo, +2%.", "Leonardo bucks the trend with 2%."),
        ("Chiamare il numero +39 333 1234567.", "Call 39 333 1234567."),
        ("Finisce 3-2 con un F-16 in volo.", "It ends 3-2 with an F-16 in the air."),
        ("-500 g di farina", "500 g of flour"),
        ("Una perdita di -5 e una di -5.", "One of 5 and one of -5."),
    ],
)
def test_what_keeps_the_sign_or_says_it_in_words_is_left_alone(italian: str, english: str) -> None:
    assert turned(italian, english, numbers(italian, "it"), numbers(english, "en")) == ([], [])


def test_signs_of_a_long_text_are_not_each_held_against_all_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    only = signs._Likes.only
    monkeypatch.setattr(signs._Likes, "only", lambda self, number: asked.append(number) or only(self, number))
    text = "Saldo (-7%), ".join(map(str, range(500)))
    turned(text, text, numbers(text, "it"), numbers(text, "en"))
    assert len(asked) <= 2 * 500
