from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sacremoses import MosesPunctNormalizer

from pipeline.stages.detection.words import ADDRESS
from pipeline.stages.translation.addresses import addresses, around_addresses
from pipeline.stages.translation.preparation import (
    Normaliser,
    _moses,
    clauses,
    halve,
    has_words,
    is_figures,
    join_parts,
    other_ending,
    whole,
)

ITALIAN = st.lists(
    st.text("abcèò,;:.’”)–", min_size=1, max_size=9) | st.sampled_from(["e", "che", "ma"]), min_size=2, max_size=40
).map(" ".join)


def test_typographic_and_plain_quotes_look_the_same_to_the_model() -> None:
    normalise = Normaliser(True)
    assert normalise("l’agenzia “RIA” dice…") == normalise('l\'agenzia "RIA" dice...')


def test_a_no_break_space_before_a_question_mark_makes_no_difference() -> None:
    normalise = Normaliser(True)
    assert normalise("Davvero\u00a0?") == normalise("Davvero ?")


TOUCHED = [*"()`´‘’‚„“”«»–—…%:;?!,\r\u00a0 7a", "''", "  ", "\u00a0cm", "nº\u00a0", "\u00a0ºC", " 7\u00a07", "l’a"]


@given(st.text(max_size=30) | st.lists(st.sampled_from(TOUCHED), max_size=20).map("".join))
@hypothesis_settings(max_examples=500, deadline=None)
def test_marks_are_normalised_as_sacremoses_does_it(text: str) -> None:
    assert _moses(text) == MosesPunctNormalizer("it").normalize(text)


def test_without_normalisation_only_white_space_is_folded() -> None:
    assert Normaliser(False)("l’ora \n è “qui”") == "l’ora è “qui”"


@pytest.mark.parametrize(
    "text", ["-", "...", "12,5 %", "https://www.esempio.it/a?b=c", "redazione@esempio.it", "★★★", "3 / 4", "x" * 80, ""]
)
def test_what_has_no_words_needs_no_model(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["Sì.", "Roma 2-1", "vedi https://esempio.it per il testo", "È l'ora"])
def test_what_has_words_does(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"nome": "Roma", "abitanti": 2748109}',
        "for (int i = 0; i < n; i++) { somma += i; }",
        '<div class="titolo">',
        "ISO-9001:2015",
        "src/main/config_file.yaml",
        "$ pip install --upgrade pacchetto[extra]==1.2",
    ],
)
def test_code_is_copied(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "L'Aquila",
        "[Foto: Ansa]",
        "***Attenzione***",
        "Sport | Calcio | Serie",
        "Sì; no; ma",
        "Home > Sport",
        "Il prezzo (2021) è salito [fonte: Istat].",
        "Sì, ma il 50% no.",
        "Articolo 5",
        "Virtù",
    ],
)
def test_language_with_marks_in_it_is_no_code(text: str) -> None:
    assert has_words(text)


def test_an_address_ends_before_the_mark_that_follows_it() -> None:
    text = "Si veda https://esempio.it/a?b=1. Oppure (www.esempio.it), o redazione@esempio.it!"
    assert addresses(text) == ["https://esempio.it/a?b=1", "www.esempio.it", "redazione@esempio.it"]


def test_a_text_parts_around_its_addresses_and_joins_again() -> None:
    text = "Scrivere a redazione@esempio.it, oppure vedere www.esempio.it per altro."
    assert around_addresses(text) == (
        "Scrivere a",
        "redazione@esempio.it,",
        "oppure vedere",
        "www.esempio.it",
        "per altro.",
    )


@given(
    st.lists(st.sampled_from(["WWW.", "www.", "://", "http", "HTTPS", "@", ".", "a", "it ", " "]), max_size=9).map(
        "".join
    )
)
def test_every_address_is_found(text: str) -> None:
    assert len(addresses(text)) == len(ADDRESS.findall(text))


@given(ITALIAN)
def test_clauses_hold_every_word_once_and_none_is_tiny(text: str) -> None:
    parts = clauses(text)
    assert " ".join(parts) == text or len(parts) == 1
    assert len(parts) == 1 or min(len(part.split()) for part in parts) >= 5


def test_a_final_full_stop_is_taken_away_or_added_and_other_marks_stay() -> None:
    assert [other_ending(t) for t in ("Piove.", "Piove", "Piove!", "Piove...")] == [
        "Piove",
        "Piove.",
        "Piove!",
        "Piove...",
    ]


def test_a_long_sentence_is_cut_at_its_strongest_boundary() -> None:
    text = "Il governo ha approvato la riforma, dopo mesi di discussioni; le regioni, invece, chiedono altro tempo."
    assert halve(text) == (
        "Il governo ha approvato la riforma, dopo mesi di discussioni;",
        "le regioni, invece, chiedono altro tempo.",
    )


def test_a_cut_prefers_a_comma_before_a_conjunction_to_a_plain_one() -> None:
    text = "Ieri, a Roma, il ministro ha parlato ai giornalisti, mentre la folla, fuori, aspettava"
    assert halve(text)[1].startswith("mentre")


@given(ITALIAN)
def test_cutting_loses_no_character_but_the_space_at_the_cut(text: str) -> None:
    left, right = halve(text)
    assert left
    assert right
    assert f"{left} {right}" == text


@given(ITALIAN)
def test_cutting_again_and_again_comes_to_an_end(text: str) -> None:
    parts = [text]
    for _ in range(300):
        long = next((p for p in parts if not whole(p)), None)
        if long is None:
            break
        i = parts.index(long)
        parts[i : i + 1] = halve(long)
    assert all(whole(p) for p in parts)


def test_a_full_stop_in_the_middle_of_a_joined_sentence_is_taken_back() -> None:
    assert (
        join_parts(["Ha detto di sì,", "ma non subito."], ["He said yes.", "but not at once."])
        == "He said yes, but not at once."
    )


@pytest.mark.parametrize(
    ("source", "target", "joined"),
    [
        ("quando il ghiaccio ferma le navi.", "When the ice stops ships.", "when the ice stops ships."),
        ("Quando il ghiaccio ferma le navi.", "When the ice stops ships.", "When the ice stops ships."),
        ("io resto.", "I stay.", "I stay."),
        ("la Russia tace.", "Russia is silent.", "Russia is silent."),
        ("l'ONU tace.", "IT is silent.", "IT is silent."),
        ("a maggio si vota.", "May is when people vote.", "May is when people vote."),
        ("«sì».", '"Yes."', '"Yes."'),
    ],
)
def test_a_part_that_goes_on_begins_without_a_capital_but_for_names(source: str, target: str, joined: str) -> None:
    assert join_parts(["Piove,", source], ["It rains,", target]) == f"It rains, {joined}"


def test_a_part_that_became_nothing_leaves_no_double_space() -> None:
    assert join_parts(["uno,", "due,", "tre."], ["one,", "", "three."]) == "one, three."


@pytest.mark.parametrize(
    "text", ["12.500", "2023 | 1,80", "€ 1.500,00", "-3,5°", "1,5 m", "2-1", "1.200.000", "1.234.567 €"]
)
def test_figures_with_marks_and_units_of_one_letter_are_figures(text: str) -> None:
    assert is_figures(text)


@pytest.mark.parametrize(
    "text", ["f(1,5)", "x=1,5", "[1,5]", "☎ 333.123.456", "+39 347.123.456", "800.123.456", "#1", "a.it/1,5", "🎉"]
)
def test_code_addresses_and_telephone_numbers_are_no_figures(text: str) -> None:
    assert not is_figures(text)


@pytest.mark.parametrize(
    "text",
    [
        "10.100.200.250",
        "192.168.100.100",
        "978.123.456",
        "45.464, 9.190",
        "N 45.123 E 7.456",
        "1.085",
        "• 1.500 €",
        "1.500 | 12.500",
    ],
)
def test_figures_that_may_be_no_thousands_are_left_alone(text: str) -> None:
    assert not is_figures(text)
