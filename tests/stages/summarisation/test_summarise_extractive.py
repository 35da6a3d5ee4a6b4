"""Which sentences are chosen, and how alike sentences are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.stages.summarisation import extractive
from pipeline.stages.summarisation.extractive import (
    Pool,
    centrality,
    cosine,
    counted,
    distinct,
    vectors,
    words,
)

NEWS = [
    "The port authority of Trieste approved a new container terminal on Monday.",
    "The terminal will cost 300 million euros and take four years to build.",
    "He thanked everyone.",
    "Seagulls circled above the harbour while a band played.",
    "The port authority approved a new container terminal in Trieste this Monday.",
    "Trade unions say the container terminal must bring jobs to the port of Trieste.",
    "Will it?",
    "But the unions also want guarantees on safety at the new terminal.",
]


def test_what_is_said_twice_is_chosen_once() -> None:
    assert Pool([NEWS[0]] * 5).choose(3, 0.6) == [0]
    assert len(Pool([*NEWS[:3], *NEWS[:3]]).choose(6, 0.6)) == 3


def test_content_words_are_what_is_left_without_function_words_and_inflection() -> None:
    assert words("The ministers’ car wasn't in Rome’s streets") == ["minister", "car", "rome", "street"]


def test_the_sentence_that_shares_most_is_the_most_central() -> None:
    central = centrality(vectors(list(map(counted, NEWS))))
    assert max(range(len(NEWS)), key=central.__getitem__) in (0, 4)
    assert central[6] < central[5]
    assert max(central) == 1.0


def test_position_counts_as_much_as_it_is_told_to() -> None:
    assert Pool(NEWS).scores(1.0)[0] == 1.0
    assert Pool(NEWS).scores(0.0) != Pool(NEWS).scores(1.0)
    assert Pool(NEWS).scores(1.0)[1] > Pool(NEWS).scores(1.0)[5]


def test_a_sentence_that_repeats_a_chosen_one_is_not_chosen_too() -> None:
    assert not {0, 4} <= set(Pool(NEWS).choose(3, 0.6))


def test_fragments_and_questions_are_not_chosen() -> None:
    assert not {2, 6} & set(Pool(NEWS).choose(4, 0.6))


def test_sentences_come_in_document_order_and_no_more_than_there_are() -> None:
    assert Pool(NEWS).choose(3, 0.6) == sorted(Pool(NEWS).choose(3, 0.6))
    assert Pool(NEWS).choose(99, 0.6) == list(range(len(NEWS)))
    assert Pool([]).choose(3, 0.6) == []


def test_what_is_excluded_is_not_chosen() -> None:
    first = Pool(NEWS).choose(1, 0.6)[0]
    assert first not in Pool(NEWS).choose(3, 0.6, without=frozenset({first}))


def test_a_tie_goes_to_the_earlier_sentence() -> None:
    assert Pool(["A quick brown fox jumped over dogs."] * 4).choose(1, 0.0) == [0]


def test_support_names_the_most_similar_texts_first_and_nothing_unlike() -> None:
    assert Pool(NEWS).support("Unions want safety guarantees.", 1) == [7]
    assert Pool(NEWS).support("Zebras yawn.", 3) == []


def test_near_identical_sentences_are_said_once() -> None:
    assert distinct(["The port approved the terminal.", "The port approved the terminals!", "Unions object."]) == [
        "The port approved the terminal.",
        "Unions object.",
    ]


@given(st.lists(st.text(max_size=40), max_size=8), st.integers(1, 5), st.floats(0, 1))
@hypothesis_settings(max_examples=150, deadline=None)
def test_any_sentences_can_be_chosen_from(texts: list[str], count: int, lead: float) -> None:
    chosen = Pool(texts).choose(count, lead)
    assert len(chosen) == min(count, len({text.casefold() for text in texts}))
    assert chosen == sorted(set(chosen))
    vector = vectors(list(map(counted, texts)))
    assert all(0 <= cosine(a, b) <= 1.000001 for a in vector for b in vector)


def test_a_long_text_is_chosen_from_in_reasonable_time() -> None:
    texts = [f"Sentence {i} speaks of topic {i % 37} and of place {i % 101} in region {i % 7}." for i in range(3000)]
    begin = time.perf_counter()
    Pool(texts).choose(6, 0.6)
    assert time.perf_counter() - begin < 10


def test_the_words_of_a_text_are_counted_once_however_often_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(extractive, "words", lambda text: asked.append(text) or words(text))
    pool = Pool(NEWS)
    pool.choose(3, 0.6)
    pool.support("Unions want safety guarantees.", 2)
    pool.support("The terminal is expensive.", 2)
    assert asked == [*NEWS, "Unions want safety guarantees.", "The terminal is expensive."]


@given(
    st.lists(
        st.lists(st.sampled_from(["harbour", "crane", "union", "tide", "salt"]), max_size=6).map(" ".join), max_size=12
    )
)
def test_what_is_said_once_is_what_comparing_every_two_sentences_gives(texts: list[str]) -> None:
    kept: list[str] = []
    for text in texts:
        own = set(words(text))
        if all(len(own & set(words(k))) < 0.75 * max(1, len(own | set(words(k)))) for k in kept):
            kept.append(text)
    assert distinct(texts) == kept
