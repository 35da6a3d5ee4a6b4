"""Which sentences of an Italian article are told to be in another language."""

from __future__ import annotations

import pytest

from pipeline.stages.detection.language import foreign, foreign_among, foreign_quotations, reads_english


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Mannschaft hat gestern Abend ihr letztes Spiel in der Halle verloren.", "German"),
        ("C'est une journée noire pour notre ville.", "French"),
        ("El alcalde firmó ayer por la tarde una orden que cierra las escuelas.", "Spanish"),
        ("This is a black day for our city.", "English"),
    ],
)
def test_a_sentence_that_is_clearly_in_another_language_is_told(text: str, language: str) -> None:
    assert foreign(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Il sindaco ha detto: «This is a black day for our city and for all of us».",
        "Il film «Le fabuleux destin d'Amélie Poulain» torna in sala.",
        "Real Madrid, Barcelona, Manchester City, Bayern München, Paris Saint-Germain",
        "Spaghetti, parmigiano, guanciale, uova, pepe nero e sale",
        "Ius soli, ius scholae, ius di attesa",
        "El ciàpa semper el tram per andà a laurà",
        "Guten Tag!",
        "DAS IST EIN SCHWARZER TAG FÜR UNSERE STADT",
    ],
)
def test_italian_with_foreign_words_dialects_and_short_texts_are_not_told(text: str) -> None:
    assert foreign(text) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Президент України заявив, що переговори триватимуть ще два тижні.", "Cyrillic script"),
        ("Ο δήμαρχος ανακοίνωσε νέα έργα.", "Greek"),
        ("أعلن رئيس البلدية", "Arabic script"),
        ("市长宣布了新计划。", "Chinese or Japanese"),
    ],
)
def test_what_is_written_in_another_script_is_told_however_short(text: str, language: str) -> None:
    assert foreign(text) == language


@pytest.mark.parametrize(
    "text", ["Δ = μ · σ", "Il giornale Известия ne ha scritto.", "1ª e 2º", "𝐐𝐮𝐞𝐬𝐭𝐨 è in grassetto"]
)
def test_symbols_names_and_fancy_letters_are_no_other_language(text: str) -> None:
    assert foreign(text) == ""


def test_a_quotation_in_another_script_is_told_with_its_place() -> None:
    assert foreign_quotations("Ha detto: «השלום הוא הדרך», citando un poeta.") == [((10, 26), "Hebrew")]


def test_where_most_sentences_are_foreign_only_english_is_told() -> None:
    german, english = "Das ist ein schwarzer Tag für unsere Stadt.", "This is a black day for our city."
    assert foreign_among([german, english, "Piove."]) == ["German", "English", ""]
    assert foreign_among([german, english, german]) == ["", "English", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Guarda #the_voice_of_italy stasera: 1.500 posti",
        "Biglietti: https://www.roma.it/en/what-to-do-in-the-city-of-rome",
    ],
)
def test_addresses_and_hashtags_are_in_no_language(text: str) -> None:
    assert not reads_english(text)
    assert foreign(text) == ""
