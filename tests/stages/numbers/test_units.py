"""Measures that are each other's conversion, and units that became another of their kind."""

from __future__ import annotations

import pytest

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.detectors import findings
from pipeline.stages.numbers.measures import unexplained
from pipeline.stages.numbers.numerals import numbers
from pipeline.stages.numbers.units import changed_units


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("a 3 anni e 6 mesi", "to three and a half years"),
        ("a tre anni e mezzo", "to three years and six months"),
        ("un anno e quattro mesi", "16 months"),
        ("48 ore dopo", "two days later"),
        ("Tra quindici giorni", "In two weeks"),
        ("un'ora e mezza", "90 minutes"),
        ("in 1'43\"27", "in 1:43.27"),
        ("in 1h 23' 45\"", "in 1:23:45"),
        ("al 90'+3'", "in the 93rd minute"),
        ("1 euro e 80 centesimi", "€1.80"),
        ("un euro e ottanta", "€1.80"),
        ("alto 1 metro e 98", "1.98 metres tall"),
        ("500 grammi", "half a kilo"),
        ("3/4 di litro", "three quarters of a litre"),
        ("i 2/3 dei voti", "two thirds of the votes"),
        ("25 cm", "10 inches"),
        ("26 gradi", "80 degrees"),
    ],
)
def test_a_measure_in_other_units_is_explained(italian: str, english: str) -> None:
    assert unexplained(italian, english, "it") == ([], [])


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("1 anno e 4 mesi", "14 months"),
        ('in 9"95', "in 9.85 seconds"),
        ("in 1'43\"27", "in 1:34.27"),
        ("3/4 di litro", "3/5 of a litre"),
        ("12 km", "13 km"),
        ("26 gradi", "90 degrees"),
    ],
)
def test_a_measure_of_another_size_is_not(italian: str, english: str) -> None:
    missing, extra = unexplained(italian, english, "it")
    assert missing
    assert extra


@pytest.mark.parametrize(
    ("italian", "english", "wrong"),
    [
        ("a 12 anni di carcere", "to 12 months in prison", ["12"]),
        ("a 3 anni e 6 mesi", "to six years and three months", ["3", "6"]),
        ("300 euro di multa", "a $300 fine", ["300"]),
        ("12 km", "12 miles", ["12"]),
        ("500 grammi", "500 kilograms", ["500"]),
        ("a 180 km/h", "at 180 mph", ["180"]),
    ],
)
def test_a_number_with_another_unit_of_its_kind_is_named(italian: str, english: str, wrong: list[str]) -> None:
    found, likes = changed_units(italian, english, numbers(italian, "it"), numbers(english, "en"))
    assert [italian[n.start : n.end] for n in found] == wrong
    assert len(likes) == len(wrong)


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        ("5 anni e 5 mesi", "5 years and 5 months"),
        ("il bambino di 3 anni", "the boy, 3"),
        ("uno sciopero di 24 ore", "a 24-hour strike"),
        ("10.000 sterline", "10,000 pounds"),
        ("5 euro al chilo", "€5 a kilo"),
        ("80 metri quadrati", "80 square metres"),
        ("oltre 1 cm", "over half an inch"),
        ("10 km", "6 miles (10 km)"),
    ],
)
def test_the_same_unit_or_none_is_left_alone(italian: str, english: str) -> None:
    assert changed_units(italian, english, numbers(italian, "it"), numbers(english, "en")) == ([], [])


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Condannato a 2 anni.", "Sentenced to 25 months."),
        ("Condannato a 6 anni e 8 mesi.", "Sentenced to 7 years."),
        ("Dopo 3 settimane.", "After 20 days."),
        ("Dopo 2 settimane e 3 giorni.", "After 18 days."),
        ("È nato il 3/4.", "He was born on 6/8."),  # days of months
    ],
)
def test_what_lasts_nearly_as_long_is_another_time(source: str, target: str) -> None:
    assert [f.id for f in findings(Pair(1, source, target, -0.3, 9, 9, "model"), Check()) if f.id == "numbers"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Dopo 15 giorni parte.", "In 2 weeks he leaves."),
        ("Tra 30 giorni parte.", "In 1 month he leaves."),
        ("Dopo 18 mesi parte.", "After a year and a half he leaves."),
        ("Ha vinto in 3/4 dei casi.", "He won in three quarters of cases."),
    ],
)
def test_what_lasts_as_long_in_another_unit_is_right(source: str, target: str) -> None:
    assert not [f.id for f in findings(Pair(1, source, target, -0.3, 9, 9, "model"), Check()) if f.id == "numbers"]
