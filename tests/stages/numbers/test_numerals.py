"""What numbers are worth in Italian and in English, and which do not correspond."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.stages.numbers import numerals
from pipeline.stages.numbers.numerals import differing, numbers, unmatched, unsupported

SAME = [
    ("1.200.000 euro", "1,200,000 euros"),
    ("1 200 000 euro", "1,200,000 euros"),
    ("il 3,5 %", "3.5%"),
    ("una media di 3.5 figli", "an average of 3.5 children"),
    ("alle 20:29", "at 20:29"),
    ("alle 20:29", "at 8:29 pm"),
    ("alle 20.30", "at 8.30pm"),
    ("alle ore 20", "at 8 p.m."),
    ("alle 8 di sera", "at 8 pm"),
    ("a mezzanotte", "at 12"),
    ("il 29 settembre 2021", "September 29, 2021"),
    ("il 29/9/2021", "29 September 2021"),
    ("il 29.09.2021", "on September 29, 2021"),
    ("il 1º maggio", "May 1st"),
    ("due miliardi", "2 billion"),
    ("2 miliardi", "two billion"),
    ("2,5 milioni", "two and a half million"),
    ("un milione e mezzo", "1.5 million"),
    ("3.500 milioni", "3.5 billion"),
    ("una corsa di 5m", "a 5m race"),
    ("un milione e duecentomila firme", "1.2 million signatures"),
    ("mezzo milione", "500,000"),
    ("1,5 mld", "1.5bn"),
    ("3mila", "3,000"),
    ("200 mila", "200,000"),
    ("duemila soldati", "2,000 soldiers"),
    ("mille", "a thousand"),
    ("tremilacinquecento", "3,500"),
    ("centoventi malati", "one hundred and twenty patients"),
    ("duecentoventidue", "222"),
    ("centotto", "108"),
    ("ventitré", "twenty-three"),
    ("ventun anni", "21 years"),
    ("il ventitreenne", "the 23-year-old"),
    ("tre uomini", "three men"),
    ("3 uomini", "three men"),
    ("tre uomini", "3 men"),
    ("1 persona", "one person"),
    ("gli anni Novanta", "the 1990s"),
    ("gli anni ’90", "the nineties"),
    ("il XXI secolo", "the 21st century"),
    ("nel V secolo", "in the 5th century"),
    ("trent'anni di lavoro", "30 years of work"),
    ("da vent’anni a cent'anni", "from 20 to a hundred years"),
    ("delle centodieci imprese", "of the hundred and ten firms"),
    ("un arco di centootto metri", "a hundred-and-eight-metre arch"),
    ("fra cento e quattrocento miliardi", "between one hundred and four hundred billion"),
    ("da cinquecento a cinquemila euro", "between five hundred and five thousand euros"),
    ("cinquecentocinquemila euro", "five hundred and five thousand euros"),
    ("quattrocento, uno per quartiere", "four hundred, one per neighbourhood"),
    ("centomila monete da due euro", "a hundred thousand two-euro coins"),
    ("il 18 per cento in due anni", "18 per cent in two years, with three others"),
    ("tra il I e il II secolo", "between the 1st and 2nd centuries"),
    ("del X sec. d.C.", "of the 10th century AD"),
    ("I secoli bui", "The dark ages"),
    ("nel Settecento", "in the 18th century"),
    ("Novanta posti", "Ninety places"),
    ("Settecento posti", "700 places"),
    ("Il Novecento italiano", "Italy in the twentieth century"),
    ("Giovanni Paolo II", "John Paul II"),
    ("il secondo posto", "2nd place"),
    ("una dozzina", "12"),
    ("la stagione 2018-19", "the 2018/2019 season"),
    ("tre secoli e mezzo", "three and a half centuries"),
    ("alle cinque e mezzo", "at half past five"),
    ("di due metri e mezzo", "by two metres and a half"),
    ("2,2 milioni di km²", "2.2 million km2"),
    ("vince 3-1", "wins 3-1"),
    ("l’F-16 e il Covid-19", "the F-16 and Covid-19"),
    ("il primo ministro, secondo lui, non può", "the prime minister, he says, cannot"),
    ("la versione 2.0.1", "version 2.0.1"),
    ("Nel maggio scorso", "Last May"),
    ("In marzo e in maggio", "In March and May"),
    ("ENTRO IL 30 GIUGNO", "BY 30 JUNE"),
    ("IL 3 MAGGIO", "ON MAY 3"),
    ("1'234'567 abitanti", "1,234,567 inhabitants"),
    ("12’500 franchi", "12,500 francs"),
    ("1 234,50 euro", "1,234.50 euros"),
    ("milleduecento voti", "1,200 votes"),
    ("millenovecentosessantotto", "1968"),
    ("la pittura dell’800", "19th century painting"),
    ("nel primo '900", "in the early 1900s"),
    ("alle 7 e mezza", "at 7:30"),
    ("alle 7 e un quarto", "at 7:15"),
    ("alle 8 meno dieci", "at 7.50"),
    ("Alle 15,30", "At 3.30 p.m."),
    ("alle 0.30", "at 12:30 am"),
    ("in 1'32.456", "in 1:32.456"),
    ("1.799 euro al litro", "1.799 euros a litre"),
    ("a 45.464° Nord", "at 45.464° North"),
    ("L'euro vale 1.085 dollari.", "The euro is worth 1.085 dollars."),
    ("Il cambio è a 1.085.", "The exchange rate is 1.085."),
    ("La benzina è salita a 1.859 euro.", "Petrol has risen to 1.859 euros."),
    ("magnitudo 3.125", "magnitude 3.125"),
    ("Versione 2.100", "Version 2.100"),
    ("alle coordinate 45.464, 9.190", "at the coordinates 45.464, 9.190"),
    ("Latitudine 45.464, longitudine 9.190", "Latitude 45.464, longitude 9.190"),
    ("il server 10.100.200.250", "the server 10.100.200.250"),
    ("1.200.200.100 euro", "1,200,200,100 euros"),
    ("10-15 mila persone", "10,000-15,000 people"),
    ("tra le 10 e le 15 mila", "between 10,000 and 15,000"),
    ("tra due e tre milioni", "between 2 and 3 million"),
    ("tra due e tre milioni", "between €2m and €3m"),
    ("da 2.800 a 2.750 miliardi", "from 2.8 trillion to 2.75 trillion"),
    ("3 milioni e 200mila euro", "3.2 million euros"),
    ("3 milioni e 200mila euro", "3 million and 200,000 euros"),
    ("un cucchiaio e mezzo", "1.5 spoonfuls"),
    ("1½ cucchiai", "1.5 spoonfuls"),
    ("½ bicchiere", "half a glass"),
    ("due terzi dei voti", "two-thirds of the votes"),
    ("il 25% dei voti", "a quarter of the votes"),
    ("tre quarti d'ora", "45 minutes"),
    ("mezz'ora", "30 minutes"),
    ("2/3 giorni", "two or three days"),
    ("i quarti di finale", "the quarter-finals"),
    ("centinaia di migliaia", "hundreds of thousands"),
    ("decine di feriti", "dozens of injured"),
    ("21° su 40", "twenty-first of 40"),
    ("alle 21", "at nine in the evening"),
    ("alle nove di sera", "at 21:00"),
    ("la guerra del 15-18", "the war of 1915-1918"),
]
OTHER = [
    ("Ha trent'anni.", "He is twenty.", ["trent"], ["twenty"]),
    ("nel V secolo", "in the 6th century", [], ["6"]),
    ("I secoli e 2 anni", "1 century and 2 years", [], ["1"]),
    ("2.200.112 abitanti", "2,200,12 inhabitants", ["2.200.112"], ["2,200,12"]),
    ("244890 voti", "24,490 votes", ["244890"], ["24,490"]),
    ("il 3,5 %", "3,5%", ["3,5"], ["3,5"]),
    ("1.500 euro", "1.500 euros", ["1.500"], ["1.500"]),
    ("Un euro vale 1.936 lire.", "A euro is worth 1.936 lire.", ["1.936"], ["1.936"]),
    ("Azioni coordinate con 600 auto e 12.500 agenti", "With 600 cars, 12.500 men", ["12.500"], ["12.500"]),
    ("Un'auto diesel costa 2.500 euro.", "A diesel car costs 2.500 euros.", ["2.500"], ["2.500"]),
    ("Per la benzina spende 9.500 euro.", "She spends 9.500 euros on petrol.", ["9.500"], ["9.500"]),
    ("in cambio di 1.500 euro", "in exchange for 1.500 euros", ["1.500"], ["1.500"]),
    ("La versione usata da 1.500 utenti", "The version 1.500 people use", ["1.500"], ["1.500"]),
    ("3.000 miliardi", "3,000 million", ["3.000 miliardi"], ["3,000 million"]),
    ("12'500 franchi", "1,250 francs", ["12'500"], ["1,250"]),
    ("ENTRO GIUGNO", "ALL MAY MARCH", ["GIUGNO"], []),
    ("alle 7 e mezza", "at 7:15", ["7"], ["7:15"]),
    ("1.200.000 euro", "1.200.000 euros", ["1.200.000"], ["1.200.000"]),
    ("due miliardi", "2 million", [], ["2 million"]),
    ("2 miliardi", "2 million", ["2 miliardi"], ["2 million"]),
    ("tre uomini", "four men", ["tre"], ["four"]),
    ("Centottanta posti", "Eighty-four places", ["Centottanta"], ["Eighty-four"]),
    ("Novanta posti", "Nineteen places", ["Novanta"], ["Nineteen"]),
    ("il 29 settembre", "October 29", ["settembre"], []),
    ("nel 2018 e nel 2021", "in 2018", ["2021"], []),
    ("in quell’anno", "in 2018", [], ["2018"]),
    ("alle 20:29", "at 8:29 am", ["20:29"], ["8:29"]),
    ("10-15 mila persone", "10-15 people", ["15 mila"], ["15"]),
    ("tre anni e mezzo", "three years", ["tre"], ["three"]),
    ("due terzi dei voti", "one third of the votes", ["due terzi"], ["one third"]),
    ("la metà dei voti", "a third of the votes", ["la metà"], ["a third"]),
    ("1½ cucchiai", "1¼ spoonfuls", ["1½"], ["1¼"]),
    ("centinaia di persone", "thousands of people", ["centinaia"], ["thousands"]),
    ("una cinquantina", "about fifteen", ["cinquantina"], ["fifteen"]),
    ("il cinquantenne", "the fifteen-year-old", ["cinquantenne"], ["fifteen"]),
    ("la dodicesima edizione", "the twentieth edition", ["dodicesima"], ["twentieth"]),
    ("due figli", "three children", ["due"], ["three"]),
]


@pytest.mark.parametrize(("italian", "english"), SAME)
def test_these_say_the_same(italian: str, english: str) -> None:
    assert unmatched(numbers(italian, "it"), numbers(english, "en")) == ([], [])


@pytest.mark.parametrize(("italian", "english", "missing", "extra"), OTHER)
def test_these_do_not(italian: str, english: str, missing: list[str], extra: list[str]) -> None:
    left, more = unmatched(numbers(italian, "it"), numbers(english, "en"))
    assert [italian[n.start : n.end] for n in left] == missing
    assert [english[n.start : n.end] for n in more] == extra


def test_a_number_of_a_summary_must_stand_somewhere_in_the_text() -> None:
    known = numbers("In 2018 two billion people and 1,200 firms", "en")
    assert not unsupported(numbers("By 2018, 2 billion", "en"), known)
    assert len(unsupported(numbers("By 2019, 1,300 firms", "en"), known)) == 2
    assert len(unsupported(numbers("3 men", "en"), [])) == 1


@given(st.integers(0, 10**12))
@hypothesis_settings(max_examples=200, deadline=None)
def test_a_number_written_by_each_languages_convention_agrees(value: int) -> None:
    english = f"{value:,}"
    assert unmatched(numbers(english.replace(",", "."), "it"), numbers(english, "en")) == ([], [])


@given(st.text(alphabet="0123456789.,:-/’ abemilaponehundrIVX½²", max_size=60), st.sampled_from(["it", "en"]))
@hypothesis_settings(max_examples=300, deadline=None)
def test_reading_never_fails_and_a_text_agrees_with_itself(text: str, language: str) -> None:
    found = numbers(text, "it" if language == "it" else "en")
    assert all(0 <= n.start < n.end <= len(text) and n.readings for n in found)
    assert [n.start for n in found] == sorted(n.start for n in found)
    assert unmatched(found, found) == ([], [])


PIECES = [
    "due ",
    "tre",
    "mila",
    "un ",
    "mezzo ",
    "Milano ",
    "marzo ",
    "two ",
    "half a ",
    "million ",
    "May ",
    "XIV ",
    "7",
    "½",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


@given(TEXTS, TEXTS)
@hypothesis_settings(max_examples=300, deadline=None)
def test_a_pair_whose_numbers_need_not_be_read_has_none_that_differ(source: str, target: str) -> None:
    missing, extra = unmatched(numbers(source, "it"), numbers(target, "en"))
    assert differing(source, target) == (tuple(missing), tuple(extra))


@pytest.mark.parametrize(
    "text", ["Alle 20:30 due uomini sono entrati.", "La versione 1.2.3 due volte.", "Alle 9:15 e tre."]
)
def test_an_hour_or_a_version_in_front_of_a_number_in_words_is_a_number_apart(text: str) -> None:
    assert [n.kind for n in numbers(text, "it")] == ["digits", "word"]


def test_numbers_of_a_long_text_are_not_each_held_against_all_of_the_other_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[object] = []
    head = numerals._Free._head
    monkeypatch.setattr(numerals._Free, "_head", lambda self, places: looked.append(places) or head(self, places))
    found = numbers(" e poi ".join(map(str, range(200, 700))), "it")
    assert unmatched(found, found[::-1]) == ([], [])
    assert len(found) <= len(looked) <= 4 * len(found)
