"""Summaries: by choosing, by a model, of long texts, and when the model fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import (
    BlockKind,
    Document,
    Generation,
    Pair,
    Segment,
    Segments,
    Summary,
    Translation,
)
from pipeline.engines import engine as engines
from pipeline.engines.engine import Engine, Forgetful, Remembered
from pipeline.errors import EngineError, ModelMissing
from pipeline.settings import Decoding, Run, Summarise
from pipeline.stages.summarisation.condensing import Condensed, Job, chunked, condense, fitted
from pipeline.stages.summarise import SummariseStage, article

ARTICLE = [
    "The port authority of Trieste approved a new container terminal on Monday after a long debate.",
    "The terminal will cost 300 million euros and take four years to build, according to the plan.",
    "Trade unions say that the project must bring stable jobs to the port and to the whole region.",
    "The mayor of the city called the decision historic and promised better roads to the harbour.",
    "Environmental groups fear for the bay and have announced an appeal to the regional court.",
    "The first ships are expected at the new terminal in 2029, when the railway is finished.",
    "The European Commission will pay for a third of the railway under its transport programme.",
    "A public meeting on the project is planned for the end of the month in the town hall.",
]


class Fake(Engine):
    """An engine whose tokens are words and an end mark, and which says what it is told to."""

    limit = 60

    def __init__(self, say: Callable[[str], str | Generation]) -> None:
        self.say = say
        self.asked: list[str] = []
        self.rounds = 0

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 1 if text.count(" ") else len(text) // 10 + 2 for text in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        self.rounds += 1
        for i, (text, tokens) in enumerate(zip(texts, self.count(texts), strict=True)):
            if tokens > self.limit:
                raise EngineError("over the limit")
            self.asked.append(text)
            said = self.say(text)
            yield i, said if isinstance(said, Generation) else Generation(said, -0.1, tokens, len(said.split()) + 1)


def lead(text: str) -> str:
    """A model that repeats the first sentence."""
    return text[: text.index(". ") + 1] if ". " in text else text


def document(texts: Sequence[str], kinds: Sequence[BlockKind] | None = None, name: str = "a") -> Document:
    kinds = kinds or ["paragraph"] * len(texts)
    items = tuple(Segment(i, i, 0, 1, k, "x", " ") for i, k in enumerate(kinds, 1))
    pairs = tuple(Pair(i, "x", t, -0.1, 1, 1, "model") for i, t in enumerate(texts, 1))
    return Document(name, name, segments=Segments(items), translation=Translation(pairs, "m"))


def extractive(**change: Any) -> SummariseStage:
    return SummariseStage(Summarise(method="extractive", **change), Run())


def summary_of(stage: SummariseStage, *documents: Document) -> list[Summary]:
    made = dict(stage.make(documents))
    assert sorted(made) == list(range(len(documents)))
    return [s for s in (made[i] for i in range(len(documents))) if isinstance(s, Summary)]


@pytest.fixture
def abstractive(monkeypatch: pytest.MonkeyPatch) -> Callable[..., SummariseStage]:
    def opened(fake: Fake, memory: engines.Memory | None = None, **change: Any) -> SummariseStage:
        monkeypatch.setattr("pipeline.engines.open_engine", lambda *_: fake)
        stage = SummariseStage(Summarise(method="abstractive", model="echo", min_words=20, **change), Run())
        stage.open(memory or Forgetful())
        return stage

    return opened


# Choosing sentences


def test_sentences_are_chosen_verbatim_in_order_with_themselves_as_evidence() -> None:
    (found,) = summary_of(extractive(ratio=0.4), document(ARTICLE))
    assert found.method == "extractive"
    assert found.model == "extractive/lexrank.v1"
    assert len(found.sentences) == 3
    places = [ARTICLE.index(s.text) for s in found.sentences]
    assert places == sorted(places)
    assert [s.evidence[0] for s in found.sentences] == [p + 1 for p in places]
    assert all(len(s.evidence) == 2 for s in found.sentences)
    assert found.tokens_read == found.tokens_total == sum(len(t.split()) for t in ARTICLE)


def test_titles_headings_and_wordless_segments_are_no_part_of_it() -> None:
    kinds: list[BlockKind] = ["title", "subtitle", "paragraph", "heading", "list", "paragraph"]
    made = article(document(["Title", "Subtitle", "One.", "Heading", "Two.", "***"], kinds))
    assert (made.texts, made.ids) == (("One.", "Two."), (3, 5))


def test_a_short_text_gives_its_first_sentences_and_loads_no_model(
    abstractive: Callable[..., SummariseStage],
) -> None:
    fake = Fake(lead)
    for stage in (extractive(), abstractive(fake)):
        (found,) = summary_of(stage, document(["Calm.", "It rained.", "It stopped."]))
        assert (found.method, found.text, [s.evidence for s in found.sentences]) == (
            "whole",
            "Calm. It rained.",
            [(1,), (2,)],
        )
    assert fake.asked == []


def test_a_text_without_sentences_has_an_empty_summary() -> None:
    (found,) = summary_of(extractive(), document(["Title only"], ["title"]))
    assert (found.text, found.chunks, found.tokens_total) == ("", 0, 0)


def test_length_goes_with_the_text_within_its_bounds() -> None:
    stage = extractive(ratio=0.25, min_sentences=2, max_sentences=4)
    sizes = [len(summary_of(stage, document(ARTICLE * n))[0].sentences) for n in (1, 2, 5)]
    assert sizes == [2, 4, 4]


# By a model


def test_a_models_summary_has_evidence_coverage_and_the_models_name(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lambda text: "A terminal was approved in Trieste. Unions want jobs.")
    fake.limit = 500
    (found,) = summary_of(abstractive(fake), document(ARTICLE))
    assert (found.method, found.model, found.chunks, found.note) == ("abstractive", "echo", 1, "")
    assert [s.text for s in found.sentences] == ["A terminal was approved in Trieste.", "Unions want jobs."]
    assert [s.evidence[0] for s in found.sentences] == [1, 3]
    assert found.tokens_read == found.tokens_total == sum(len(t.split()) for t in ARTICLE) + 1


def test_a_long_text_is_read_whole_in_balanced_chunks_and_summarised_again(
    abstractive: Callable[..., SummariseStage],
) -> None:
    texts = [
        f"Topic{i} concerns region{i} and minister{i} with budget plans and reforms for agency{i}." for i in range(60)
    ]
    fake = Fake(lead)
    (found,) = summary_of(abstractive(fake, ratio=0.05, max_sentences=3), document(texts))
    first = fake.asked[: found.chunks]
    assert " ".join(first) == " ".join(texts)
    sizes = [len(chunk.split()) for chunk in first]
    assert max(sizes) - min(sizes) <= 13  # one sentence
    assert found.tokens_read == found.tokens_total
    assert 1 <= len(found.sentences) <= 3
    assert fake.rounds > 2


def test_documents_share_the_engines_batches(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lead)
    fake.limit = 500
    found = summary_of(
        abstractive(fake), document(ARTICLE), document(ARTICLE[::-1], name="b"), document(ARTICLE[2:], name="c")
    )
    assert (fake.rounds, len(fake.asked), len(found)) == (1, 3, 3)


def test_an_unfinished_last_sentence_is_cut_away(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(
        lambda text: Generation("The terminal was approved. The mayor of the", -0.1, len(text.split()) + 1, 9, True)
    )
    fake.limit = 500
    (found,) = summary_of(abstractive(fake), document(ARTICLE))
    assert found.text == "The terminal was approved."


@pytest.mark.parametrize("said", ["", "The mayor of the", "…and then", " ".join(ARTICLE)])
def test_a_model_that_leaves_nothing_usable_is_replaced_by_choosing_and_it_is_said_so(
    said: str, abstractive: Callable[..., SummariseStage]
) -> None:
    fake = Fake(lambda text: said)
    fake.limit = 500
    (found,) = summary_of(abstractive(fake, max_sentences=20, ratio=1.0), document(ARTICLE))
    assert found.method == "extractive"
    assert "sentences were chosen instead" in found.note
    assert found.sentences


def test_a_sentence_with_an_invented_number_gives_way(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lambda text: "A terminal was approved in Trieste. It will cost 900 million euros. Ships come in 2029.")
    fake.limit = 500
    (found,) = summary_of(abstractive(fake, ratio=0.5), document(ARTICLE))
    assert "900" not in found.text
    assert found.sentences[1].text in ARTICLE
    assert found.sentences[2].text == "Ships come in 2029."
    assert "1 of the model's sentences" in found.note


def test_the_same_sentence_from_two_chunks_is_said_once(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lambda text: "The port gets a terminal.")
    (found,) = summary_of(abstractive(fake), document(ARTICLE))
    assert found.chunks > 1
    assert found.text == "The port gets a terminal."


def test_a_model_that_does_not_shorten_is_not_asked_for_ever(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lambda text: text)
    (found,) = summary_of(abstractive(fake, ratio=0.25), document(ARTICLE * 1))
    assert len(found.sentences) <= 2
    assert fake.rounds <= 4


def test_an_engine_that_reads_less_than_it_was_given_is_found_out(abstractive: Callable[..., SummariseStage]) -> None:
    fake = Fake(lambda text: Generation("A terminal.", -0.1, 10, 3))
    fake.limit = 500
    (found,) = summary_of(abstractive(fake), document(ARTICLE))
    assert (found.tokens_read, found.tokens_total) == (10, sum(len(t.split()) for t in ARTICLE) + 1)


class Kept(Forgetful):
    """A memory that keeps what it is given."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Generation] = {}

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        return {t: self.known[space, t] for t in texts if (space, t) in self.known}

    def keep(self, space: str, generations: Any) -> None:
        self.known |= {(space, text): g for text, g in generations.items()}


def test_what_is_remembered_is_not_decoded_again_nor_is_the_engine_loaded(
    abstractive: Callable[..., SummariseStage],
) -> None:
    memory, fake = Kept(), Fake(lambda text: "The port gets a terminal.")
    fake.limit = 500
    first = summary_of(abstractive(fake, memory), document(ARTICLE))
    stage = abstractive(fake, memory, evidence=1)
    again = summary_of(stage, document(ARTICLE))
    assert len(fake.asked) == 1
    assert stage._engine is not None
    assert stage._engine._engine is None
    assert replace(first[0], sentences=()) == replace(again[0], sentences=())


# Chunks


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "bb,", "ccc", "x" * 700]), min_size=1, max_size=90).map(" ".join),
        min_size=1,
        max_size=12,
    )
)
@hypothesis_settings(max_examples=80, deadline=None)
def test_every_word_is_read_exactly_once_and_every_chunk_fits(sentences: list[str]) -> None:
    fake = Fake(lead)
    engine = Remembered(lambda: fake, Forgetful(), "space")
    chunks = chunked(sentences, engine)
    assert "".join("".join(c.text for c in chunks).split()) == "".join("".join(sentences).split())
    assert all(c.tokens <= fake.limit for c in chunks)
    assert [c.tokens for c in chunks] == fake.count([c.text for c in chunks])


def test_a_sentence_over_the_limit_is_cut_at_a_clause() -> None:
    engine = Remembered(lambda: Fake(lead), Forgetful(), "space")
    sentence = " ".join(["word"] * 40) + "; " + " ".join(["other"] * 40) + "."
    first, second = fitted([sentence], engine)
    assert first.text.endswith("word;")
    assert second.text.startswith("other")


def drive(job: Job, answer: Callable[[list[str]], list[Generation]]) -> Condensed:
    asked = next(job)
    while True:
        try:
            asked = job.send(answer(asked))
        except StopIteration as done:
            found: Condensed = done.value
            return found


def test_a_job_ends_after_a_bounded_number_of_rounds() -> None:
    engine = Remembered(lambda: Fake(lead), Forgetful(), "space")
    job = condense([f"Sentence{i} about thing{i} and place{i}." for i in range(400)], engine, 2)
    rounds: list[int] = []

    def answer(texts: list[str]) -> list[Generation]:
        rounds.append(len(texts))
        return [Generation(" ".join(text.split()[:-5]) + ".", -0.1, 1, 1) for text in texts]

    found = drive(job, answer)
    assert len(rounds) <= 4
    assert rounds == sorted(rounds, reverse=True)
    assert 0 < len(found.sentences) <= 2


# Which method, and the key


def test_without_a_model_sentences_are_chosen_and_the_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.models.best", lambda task: None)
    stage = SummariseStage(Summarise(), Run())
    stage.open(Forgetful())
    assert stage.identity() == "extractive.v1"
    assert summary_of(stage, document(ARTICLE))[0].method == "extractive"


def test_a_named_or_installed_model_is_used_and_its_identity_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.engines.models import Model

    assert SummariseStage(Summarise(model="echo"), Run()).identity() == "echo.v1"
    monkeypatch.setattr("pipeline.engines.models.best", lambda task: Model("m", "local", None, None, "abc"))
    assert SummariseStage(Summarise(), Run()).identity() == "abc"
    assert SummariseStage(Summarise(method="extractive"), Run()).identity() == "extractive.v1"


def test_a_model_that_is_asked_for_and_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.models.best", lambda *_: None)
    with pytest.raises(ModelMissing):
        SummariseStage(Summarise(method="abstractive"), Run()).identity()


def test_the_models_name_is_no_part_of_the_settings_key() -> None:
    same = SummariseStage(Summarise(method="extractive", model="echo"), Run())
    assert same.static_parts == extractive().static_parts
    assert same.static_parts != extractive(decoding=Decoding(beam_size=2)).static_parts


def test_the_echo_engine_runs_through() -> None:
    stage = SummariseStage(Summarise(model="echo", min_words=20, decoding=Decoding(max_new_ratio=0.4)), Run())
    stage.open(Forgetful())
    (found,) = summary_of(stage, document(ARTICLE))
    assert found.method == "abstractive"
    assert found.tokens_read == found.tokens_total
    assert found.text.endswith(".")
    stage.close()
    assert stage._engine is None


def test_a_real_bart_reads_a_text_of_ten_times_its_limit_whole(bart: Path) -> None:
    stage = SummariseStage(
        Summarise(model=str(bart), min_words=20, decoding=Decoding(beam_size=1, max_new_extra=8)), Run()
    )
    stage.open(Kept())
    assert stage._engine is not None
    texts: list[str] = []
    while stage._engine.count([" ".join(texts)])[0] < 10 * stage._engine.limit:
        texts += ARTICLE
    (found,) = summary_of(stage, document(texts))
    assert found.tokens_read == found.tokens_total
    chunks = chunked(texts, stage._engine)
    assert len(chunks) >= 10
    generations = stage._engine.generate([c.text for c in chunks])
    assert [g.tokens_in for g in generations] == [c.tokens for c in chunks]


def test_the_first_sentences_of_a_short_text_are_sentences_and_each_stands_once() -> None:
    rows = ["Napoli 56", "Inter 54", "Naples win.", "Naples win.", "Inter draw.", "Rome lose."]
    (((_, made),)) = extractive().make([document(rows)])
    assert isinstance(made, Summary)
    assert [(s.text, s.evidence) for s in made.sentences] == [("Naples win.", (3,)), ("Inter draw.", (5,))]
    (((_, made),)) = extractive().make([document(rows[:2])])
    assert isinstance(made, Summary)
    assert [s.text for s in made.sentences] == rows[:2]
