"""Reranking: of a translator's hypotheses the one comes first from which a reader can best tell the Italian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from pipeline.engines.engine import Engine, Generation, Likelihood
from pipeline.engines.reranked import AT_ONCE, Reranked


class Translator(Engine):
    """Has a short and a full translation of everything, the short one likelier by 0.1 nats a token."""

    limit = 50

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(t.split()) for t in texts]

    def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        for i in reversed(range(len(texts))):
            found = Generation(f"short {texts[i]}", -0.5, 3, 3), Generation(f"full {texts[i]}", -0.6, 3, 3)
            yield i, found[:most]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        yield from ((i, found[0]) for i, found in self.hypotheses(texts, 1))


class Reader(Engine):
    """Holds the Italian for likelier by a nat a token where the English is full."""

    limit = 9

    def __init__(self) -> None:
        self.asked: list[list[tuple[str, str]]] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(t.split()) for t in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        raise AssertionError("a reader decodes nothing")

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        self.asked.append(list(pairs))
        return [Likelihood(("a", ""), (-1.0, -1.0) if en.startswith("full") else (-2.0, -2.0)) for en, _ in pairs]


@pytest.mark.parametrize(("weight", "first"), [(0.0, "short"), (0.05, "short"), (0.2, "full")])
def test_score_and_reading_are_weighed_against_each_other(weight: float, first: str) -> None:
    (made,) = Reranked(Translator(), Reader, weight).generate(["Il gatto dorme."])
    assert made.text.startswith(first)
    assert made.score == {"short": -0.5, "full": -0.6}[first], "the score stays the translator's"


def test_all_hypotheses_come_in_the_new_order() -> None:
    (found,) = Reranked(Translator(), Reader, 0.2).alternatives(["Piove."], 5)
    assert [one.text for one in found] == ["full Piove.", "short Piove."]


def test_many_texts_are_read_in_groups_and_each_place_gets_its_own() -> None:
    reader, texts = Reader(), [f"frase {i % 100}" for i in range(150)]
    found = Reranked(Translator(), lambda: reader, 0.2).generate(texts)
    assert [one.text for one in found] == [f"full {text}" for text in texts]
    assert [len(pairs) for pairs in reader.asked] == [2 * AT_ONCE, 2 * (100 - AT_ONCE)]


def test_what_the_reader_has_no_room_for_keeps_the_translators_order() -> None:
    long, short = "parola " * 9, "Piove."
    reader = Reader()
    found = Reranked(Translator(), lambda: reader, 0.2).generate([long, short])
    assert [one.text.split()[0] for one in found] == ["short", "full"]
    assert all(italian == short for pairs in reader.asked for _, italian in pairs)


def test_the_reader_is_not_opened_where_there_is_nothing_to_choose() -> None:
    class Greedy(Translator):
        def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
            yield from super().hypotheses(texts, 1)

    def reader() -> Engine:
        raise AssertionError("opened")

    assert [one.text for one in Reranked(Greedy(), reader, 0.2).generate(["Piove."])] == ["short Piove."]
    assert Reranked(Greedy(), reader, 0.2).generate([]) == []
