"""Names that a model spelt by ear are put right; English forms of names, and what may be one, are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.translation.repair import repair
from pipeline.stages.translation.spelling import misspelt_names


def mended(source: str, target: str, **others: frozenset[str]) -> str:
    return repair(source, target, **others).target


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        ("Massachusetts", "Masachusetts"),
        ("Paddington", "Padington"),
        ("Fleetwood", "Fleetwoood"),
        ("Sulawesi", "Southlawesi"),
        ("Middleton", "Midleon"),
        ("Zamperetti", "Zampertti"),
        ("Locorotondo", "Locoroto"),
        ("Brett", "Brettt"),
        ("Kavanaugh", "Kavanaughugh"),
        ("Lee", "Leeeee"),
        ("Lavrov", "Lavrovrov"),
    ],
)
def test_a_name_spelt_by_ear_is_spelt_as_the_source_has_it(name: str, garbled: str) -> None:
    source, target = f"Ieri il giudice {name} ha parlato a lungo.", f"Yesterday the judge {garbled} spoke at length."
    made = repair(source, target)
    assert made.target == f"Yesterday the judge {name} spoke at length."
    assert [(r.kind, r.before, r.after) for r in made.repairs] == [("name", garbled, name)]


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Encelado", "Enceladus"),
        ("Aristofane", "Aristophanes"),
        ("Polinesia", "Polynesia"),
        ("Odissea", "Odyssey"),
        ("Strabone", "Strabo"),
        ("Cernobyl", "Chernobyl"),
        ("Dostoevskij", "Dostoevsky"),
        ("Gorbaciov", "Gorbachev"),
        ("Navalnyj", "Navalny"),
        ("Bucarest", "Bucharest"),
        ("Sardegna", "Sardinia"),
        ("Teheran", "Tehran"),
        ("Württemberg", "Wuerttemberg"),
        ("Tonlé", "Tonle"),
        ("Clinton", "Clintons"),
        ("Soren", "Søren"),
        ("Boston", "Bostonian"),
        ("Brexit", "Brexiteers"),
        ("Reverendo", "Reverend"),
        ("Barcellona", "Barcelona"),
        ("Assiri", "Assyrians"),
        ("Sostakovic", "Shostakovich"),
        ("Nižinskij", "Nijinsky"),
        ("Ejzenštejn", "Eisenstein"),
        ("Budënnyj", "Budyonny"),
        ("Tschaikowsky", "Tchaikovsky"),
        ("Bahrain", "Bahraini"),
        ("Liverpool", "Liverpudlian"),
        ("Aberdeen", "Aberdonian"),
        ("Yorkshire", "Yorkshireman"),
        ("Celtic", "Celts"),
        ("Beatles", "Beatle"),
        ("Hawai", "Hawaii"),
        ("Halloween", "Hallowe'en"),
        ("Shiva", "Siva"),
        ("You Tube", "YouTube"),
        ("Chat Gpt", "ChatGPT"),
        ("Whats App", "WhatsApp"),
        ("Black Rock", "BlackRock"),
    ],
)
def test_english_forms_transcriptions_plurals_and_what_is_derived_stay(name: str, english: str) -> None:
    source, target = f"Ieri si è parlato di {name} a lungo.", f"Yesterday {english} was talked about at length."
    assert mended(source, target) == target


def test_every_place_of_a_misspelling_is_put_right() -> None:
    source = "La polizia di Paddington cerca a Paddington."
    assert mended(source, "Padington police search Padington.") == "Paddington police search Paddington."


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Parla Harlem con tutti.", "It is Harrem or Hassem who speaks to all."),  # two spellings: which is meant?
        ("Parlano Harlem e Harlim con tutti.", "Harlum speaks to all."),  # two names it may be
        ("Parla Harlem con tutti.", "Harlem and Harrem speak to all."),  # the name is there: the other is another
        ("LA POLIZIA DI PADDINGTON INDAGA", "THE POLICE OF Padington INVESTIGATE"),
        ("Il treno ferma a Paddington.", "The train stops at a station."),
        ("La marca Nescafe è di Nestlé.", "The brand Nescafé is Nestle."),  # accents apart, both are there
        ("Il boots costa poco.", "The Bots are cheap."),
        ("Scrivere a paddington@esempio.it oggi.", "Write to Padington@esempio.it today."),
    ],
)
def test_what_may_be_meant_otherwise_stays(source: str, target: str) -> None:
    assert not misspelt_names(source, target)


def test_a_glossarys_rendering_is_no_misspelling() -> None:
    source, target = "Le truppe sono a Halkett.", "The troops are in Halkitt."
    assert mended(source, target) == "The troops are in Halkett."
    assert mended(source, target, fixed=frozenset({"halkitt"})) == target


def test_a_word_that_opens_a_sentence_is_a_name_only_where_it_is_not_spelt_as_italian_words_are() -> None:
    assert mended("Halkett ha vinto.", "Halket won.") == "Halkett won."
    assert mended("Domanderà ancora.", "Domandera again.") == "Domandera again."


@given(
    st.lists(
        st.sampled_from(["Halkett", "Paddington", "Roma", "ha", "vinto", "con", "il", "Dundee.", "Harlem"]), max_size=9
    )
)
def test_what_was_put_right_stays_and_a_name_that_is_there_is_not_touched(words: list[str]) -> None:
    source = " ".join(words)
    target = source.replace("Halkett", "Halket").replace("Paddington", "Padington")
    once = mended(source, target)
    assert mended(source, once) == once
    assert mended(source, source) == source
