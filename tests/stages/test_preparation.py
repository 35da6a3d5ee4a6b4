from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.preparation import Normaliser, halve, has_words, is_shouted, join_parts, lower, whole

ITALIAN = st.lists(
    st.text("abcèò,;:.’”)–", min_size=1, max_size=9) | st.sampled_from(["e", "che", "ma"]), min_size=2, max_size=40
).map(" ".join)


def test_typographic_and_plain_quotes_look_the_same_to_the_model() -> None:
    normalise = Normaliser(True)
    assert normalise("l’agenzia “RIA” dice…") == normalise('l\'agenzia "RIA" dice...')


def test_a_no_break_space_before_a_question_mark_makes_no_difference() -> None:
    normalise = Normaliser(True)
    assert normalise("Davvero\u00a0?") == normalise("Davvero ?")


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
    ("text", "shouted"),
    [
        ("CINA, SVILUPPO E LIMITI", True),
        ("PIÙ TASSE PER TUTTI", True),
        ("ONU", False),
        ("C.E.S.I.", False),
        ("La NATO e l'ONU", False),
        ("2 A 1", False),
    ],
)
def test_capitals_are_noticed_in_sentences_not_in_acronyms(text: str, shouted: bool) -> None:
    assert is_shouted(text) is shouted


def test_capitals_are_lowered_after_the_first_letter() -> None:
    assert lower("CINA, SVILUPPO E LIMITI") == "Cina, sviluppo e limiti"


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


def test_a_part_that_became_nothing_leaves_no_double_space() -> None:
    assert join_parts(["uno,", "due,", "tre."], ["one,", "", "three."]) == "one, three."
