from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.numbers.numerals import numbers, unmatched
from pipeline.stages.translation.addresses import lost_addresses
from pipeline.stages.translation.leaks import leak
from pipeline.stages.translation.repair import repair


@pytest.mark.parametrize(
    ("source", "target", "repaired"),
    [
        ("Sono 2.200.112 abitanti.", "There are 2,200,12 inhabitants.", "There are 2,200,112 inhabitants."),
        ("Costa 1.200.000 euro.", "It costs 1,200,00 euros.", "It costs 1,200,000 euros."),
        ("Cresce del 3,5 % nel 2021.", "It grows by 3,5% in 2021.", "It grows by 3.5% in 2021."),
        ("Vale 3,5 miliardi.", "It is worth 3,5 billion.", "It is worth 3.5 billion."),
        ("Il 29 settembre 2021 partì.", "On 28 September 2021 he left.", "On 29 September 2021 he left."),
        ("Il 29 settembre partì.", "On September 22nd he left.", "On September 29th he left."),
        ("Il 3 maggio partì.", "He left on May 4th.", "He left on May 3rd."),
        ("Il 29 settembre partì.", "On 29 October he left.", "On 29 September he left."),
        ("Arrivarono 244890 persone.", "24,490 people came.", "244890 people came."),
        ("Erano 1.200.000, il 3,5 per cento.", "They were 1.200.000, 3,5%.", "They were 1,200,000, 3.5%."),
        ("Nacque nel 1984.", "He was born in 1948.", "He was born in 1984."),
        ("Votò il 71 per cento.", "35 percent voted.", "71 percent voted."),
        ("Sisma di magnitudo 7.5.", "A quake of 7,5.", "A quake of 7.5."),
        ("Costa 1.500 euro.", "It costs 1.500 euros.", "It costs 1,500 euros."),  # nobody writes 1.5 so
        ("Sismi di magnitudo 6.8 e 7.25.", "Quakes of 6,8 and 7,25.", "Quakes of 6.8 and 7.25."),
        ("Alle 14.00 partì.", "It left at 14,000.", "It left at 14:00."),
        ("Nato il 15.02.2023 a Roma.", "Born on 15.02,2023 in Rome.", "Born on 15.02.2023 in Rome."),
        ("Nato il 15.02.2023 a Roma.", "Born on 15,02,2023 in Rome.", "Born on 15.02.2023 in Rome."),
        ("La 1.2.3 è del 15.02.23.", "Release 1,2,3 is of 15.02,23.", "Release 1.2.3 is of 15.02.23."),
        ("Cresce di 3,5 e poi di 3,5.", "It grows by 3,5 and then 3,5.", "It grows by 3.5 and then 3.5."),
        (
            "Alla fine degli anni Novanta finì.",
            "At the end of the Novanta it ended.",
            "At the end of the 1990s it ended.",
        ),
        ("Negli anni Sessanta cantava.", "The years Sessanta saw her sing.", "The 1960s saw her sing."),
    ],
)
def test_a_number_that_the_source_settles_is_put_right(source: str, target: str, repaired: str) -> None:
    made = repair(source, target)
    assert made.target == repaired
    assert all(made.target[r.start : r.end] == r.after for r in made.repairs)
    assert {r.kind for r in made.repairs} == {"number"}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Vale 3,5 miliardi.", "It is worth 3.5 million."),  # not the digits are wrong
        ("Negli anni Novanta dell'Ottocento.", "In the Novanta."),  # of another century
        ("Gli anni Sessanta.", "Sessanta wrote of Sessanta."),  # which one?
        ("Il 12% votò contro.", "30 people came."),  # nothing says that one stands for the other
        ("Tra il 2001 e il 2005.", "Between 201 and 205."),  # two of each
        ("Alle 20.29 partì.", "It left at 20:59 or 20:27."),
        ("Il 7.25 partì.", "It left at 7,29."),  # a time or a decimal
        ("Erano 25.", "They were there."),  # nothing to put right
        ("Erano lì.", "There were 25 of them."),
        ("Erano tre.", "There were four."),  # words are left to the reader
        ("Il 15.02.2023 e il 15.02.2023.", "On 15,02,2023 and 15.02.2023."),  # which one?
        ("Il 15.02.2023 partì.", "He left on 15/02/2023."),
        ("Tel. 02.123.456", "Tel. 02.123,456"),
        ("Costa 1.585 euro.", "It costs 1.585 euros."),  # thousands or thousandths: told, not guessed
        ("L'euro vale 1.085 dollari.", "The euro is worth 1.085 dollars."),
        ("La benzina è salita a 1.859 euro.", "Petrol has risen to 1.859 euros."),
        ("Si vede a (45.464, 9.190).", "It is seen at (45.464, 9.190)."),
        ("Il server 10.100.200.250 è fermo.", "Server 10.100.200.250 is down."),
    ],
)
def test_a_number_that_it_does_not_settle_stays(source: str, target: str) -> None:
    assert repair(source, target).target == target


FIGURES = st.integers(0, 3_000_000).map(str) | st.sampled_from(
    ["1.200.000", "3,5", "2021", "29", "1.042", "0,25", "86.000"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FIGURES, min_size=1, max_size=3), st.lists(FIGURES, max_size=3), st.booleans())
def test_only_numbers_change_and_only_for_the_better_and_twice_is_once(
    there: list[str], here: list[str], dated: bool
) -> None:
    source = "Il valore è " + " e poi ".join(there) + (" il 3 maggio." if dated else " euro.")
    target = "The value is " + " and then ".join(here) + (" on 5 May." if dated else " euros.")
    made = repair(source, target)
    assert repair(source, made.target).target == made.target
    assert all(made.target[r.start : r.end] == r.after for r in made.repairs)
    undone = made.target
    for r in reversed(made.repairs):
        undone = undone[: r.start] + r.before + undone[r.end :]
    assert undone == target
    before, after = (unmatched(numbers(source, "it"), numbers(t, "en")) for t in (target, made.target))
    assert len(after[0]) == len(before[0]) - len(made.repairs)
    assert len(after[1]) <= len(before[1])


def test_an_address_is_put_back_where_one_was_garbled() -> None:
    made = repair("Si veda https://esempio.it/dati.", "See https://example.it/data.")
    assert made.target == "See https://esempio.it/dati."
    assert made.repairs[0].kind == "address"


@pytest.mark.parametrize(
    ("source", "target", "repaired"),
    [
        ("La campagna #iorestoacasa parte.", "The #iorestocase campaign starts.", "The #iorestoacasa campaign starts."),
        ("Segui @comune e usa #torino.", "Follow @comunea and use #turin.", "Follow @comune and use #torino."),
        ("Usa #mare e #sole.", "Use #sea and #sun.", "Use #sea and #sun."),  # which is which?
    ],
)
def test_a_hashtag_and_a_name_with_at_are_put_back(source: str, target: str, repaired: str) -> None:
    assert repair(source, target).target == repaired


def test_a_hashtag_that_goes_on_is_another_one() -> None:
    assert lost_addresses("Usa #mare.", "Use #maree.") == ["#mare"]
    assert lost_addresses("È il #1 al mondo, in C#.", "It is first.") == []


def test_a_name_with_at_goes_on_behind_a_dot_and_a_hashtag_does_not() -> None:
    source = "Foto di @mario_rossi @luigi.verdi"
    assert lost_addresses(source, "Photo by @mario_rossi @luigi.") == ["@luigi.verdi"]
    assert lost_addresses("Foto di @luigi", "Photo by @luigi.verdi") == ["@luigi"]
    assert repair(source, "Photo by @mario_rossi @luigi").target == "Photo by @mario_rossi @luigi.verdi"
    assert lost_addresses("Siamo a #Roma.Poi si parte.", "We are in #Roma. Then we leave.") == []


LONE = [
    "2-1",
    "10.30",
    "1.2.3",
    "06.1234.567",
    "02.123.456",
    "15.02.2023",
    "15/02/2023",
    "12:30",
    "6-4, 7-6",
    "192.168.1.1",
    "10.100.200.250",
    "45.464, 9.190",
    "1.085",
    "1,2,3",
]


@pytest.mark.parametrize("text", LONE)
def test_figures_that_english_writes_alike_stay(text: str) -> None:
    assert repair(text, text).target == text


def test_an_address_that_is_gone_is_told_and_not_put_anywhere() -> None:
    source, target = "Scrivere a redazione@esempio.it", "Write to the editors"
    assert repair(source, target).target == target
    assert lost_addresses(source, target) == ["redazione@esempio.it"]


@pytest.mark.parametrize(
    ("target", "cut"),
    [
        ("It rains! (Translated with Google Translate)", "It rains!"),
        ("It rains. [Translated by Google]", "It rains."),
        ("It rains. Translated with www.DeepL.com/Translator (free version).", "It rains."),
        ("It rains. (Applause)", "It rains."),
    ],
)
def test_a_leaked_phrase_is_cut_off_the_end(target: str, cut: str) -> None:
    made = repair("Piove!", target)
    assert made.target == cut
    assert made.repairs[0].kind == "leak"
    assert cut + made.repairs[0].before == target


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Piove! (tradotto con Google)", "It rains! (Translated with Google Translate)"),
        ("Parla della traduzione automatica.", "He speaks of machine translation."),
        ("Bene! (Applausi)", "Good! (Applause)"),
        ("Il modello funziona.", "The machine translation works."),
    ],
)
def test_what_the_source_says_too_is_no_leak(source: str, target: str) -> None:
    assert leak(source, target) is None
