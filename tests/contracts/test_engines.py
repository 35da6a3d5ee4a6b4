"""What every engine promises, run over the table of engines; a new engine joins by a line in SUBJECTS."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest
from checkpoints import PAIRS, make_bart, make_marian

from pipeline.engines import ENGINES, open_engine
from pipeline.engines.batches import caps
from pipeline.engines.engine import Engine, Generation, Remembered
from pipeline.engines.models import Model, resolve
from pipeline.engines.reranked import Reranked
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

ITALIAN = [italian for italian, _ in PAIRS]
SUMMARY = Decoding(no_repeat_ngram_size=3, length_penalty=2.0)
ENGLISH = [f"{one[1]} {two[1]}" for one, two in pairwise(PAIRS)]


@dataclass(frozen=True)
class Subject:
    engine: str
    model: Model
    texts: Sequence[str]
    decoding: Decoding = field(default_factory=Decoding)
    reranked: bool = False

    def open(self, batch_tokens: int = 256, **decoding: object) -> Engine:
        changed, run = self.decoding.model_copy(update=decoding), Run(batch_tokens=batch_tokens, device="cpu")
        engine = open_engine(self.engine, self.model, changed, run, "float32")
        return Reranked(engine, lambda: engine, 0.5) if self.reranked else engine


SUBJECTS: dict[str, Callable[[Path], Subject]] = {
    "echo": lambda _: Subject("echo", resolve("echo", "translate"), ITALIAN),
    "marian": lambda folder: Subject(
        "transformers", resolve(str(make_marian(folder / "marian")), "translate"), ITALIAN
    ),
    "marian, greedy": lambda folder: Subject(
        "transformers", resolve(str(make_marian(folder / "marian")), "translate"), ITALIAN, Decoding(beam_size=1)
    ),
    "bart": lambda folder: Subject(
        "transformers", resolve(str(make_bart(folder / "bart")), "summarise"), ENGLISH, SUMMARY
    ),
    "marian, ctranslate2": lambda folder: Subject(
        "ctranslate2", resolve(str(make_marian(folder / "marian")), "translate"), ITALIAN
    ),
    "marian, reranked": lambda folder: Subject(
        "ctranslate2", resolve(str(make_marian(folder / "marian")), "translate"), ITALIAN, reranked=True
    ),
    "bart, ctranslate2": lambda folder: Subject(
        "ctranslate2", resolve(str(make_bart(folder / "bart")), "summarise"), ENGLISH, SUMMARY
    ),
}


@pytest.fixture(scope="session", params=SUBJECTS)
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return SUBJECTS[request.param](tmp_path_factory.mktemp("subject"))


@pytest.fixture(scope="session")
def engine(subject: Subject) -> Engine:
    return subject.open()


def test_every_engine_in_the_table_is_held_to_the_contract(tmp_path: Path) -> None:
    assert {make(tmp_path).engine for make in SUBJECTS.values()} == set(ENGINES)


def test_there_is_one_generation_for_each_text_in_order(subject: Subject, engine: Engine) -> None:
    forwards = engine.generate(subject.texts)
    assert len(forwards) == len(subject.texts)
    assert engine.generate(subject.texts[::-1]) == forwards[::-1]
    assert len({generation.text for generation in forwards}) == len(set(subject.texts)), "texts are mixed up"


def test_stream_names_each_position_once(subject: Subject, engine: Engine) -> None:
    texts = [*subject.texts[:3], "", subject.texts[0], ""]
    assert sorted(i for i, _ in engine.stream(texts)) == list(range(len(texts)))


def test_two_calls_give_the_same(subject: Subject, engine: Engine) -> None:
    assert engine.generate(subject.texts) == engine.generate(subject.texts)


def test_two_engines_give_the_same(subject: Subject, engine: Engine) -> None:
    assert subject.open().generate(subject.texts[:4]) == engine.generate(subject.texts[:4])


@pytest.mark.parametrize("batch_tokens", [16, 64, 4096])
def test_results_do_not_depend_on_the_size_of_batches(subject: Subject, engine: Engine, batch_tokens: int) -> None:
    assert subject.open(batch_tokens=batch_tokens).generate(subject.texts) == engine.generate(subject.texts)


def test_results_do_not_depend_on_the_company_a_text_keeps(subject: Subject, engine: Engine) -> None:
    together = engine.generate(subject.texts)
    assert [engine.generate([text])[0] for text in subject.texts] == together
    assert engine.generate(subject.texts[:5]) == together[:5]


@pytest.mark.parametrize("blank", ["", " ", "\n\t "])
def test_blank_text_is_not_decoded(engine: Engine, subject: Subject, blank: str) -> None:
    assert engine.generate([blank, subject.texts[0], blank])[::2] == [Generation("", 0.0, 0, 0)] * 2


def test_no_text_at_all_is_fine(engine: Engine) -> None:
    assert engine.generate([]) == []
    assert engine.count([]) == []


def test_tokens_are_counted_as_they_are_fed(subject: Subject, engine: Engine) -> None:
    counts = engine.count(subject.texts)
    assert counts == [generation.tokens_in for generation in engine.generate(subject.texts)]
    assert all(1 < count <= engine.limit for count in counts)


def test_scores_are_log_probabilities_a_token(subject: Subject, engine: Engine) -> None:
    for generation in engine.generate([*subject.texts, "zzz qqq xxx"]):
        assert math.isfinite(generation.score)
        assert generation.score <= 0
        assert generation.score == round(generation.score, 3)


def test_a_text_over_the_limit_raises_before_anything_is_decoded(subject: Subject, engine: Engine) -> None:
    long = " ".join([subject.texts[0]] * 100)
    assert engine.count([long])[0] > engine.limit, "count cuts off"
    for texts in ([subject.texts[1], long], [long, subject.texts[1]]):
        with pytest.raises(EngineError, match=str(engine.limit)):
            next(engine.stream(texts))


def test_a_text_at_the_limit_is_decoded(engine: Engine) -> None:
    words = "a"
    while engine.count([words + " a"])[0] <= engine.limit:
        words += " a"
    assert engine.generate([words])[0].tokens_in == engine.count([words])[0] > engine.limit - 4


def test_the_most_tokens_a_text_may_become_are_kept_to_and_told(subject: Subject) -> None:
    tight = subject.open(max_new_ratio=0.1, max_new_extra=3)
    for tokens, generation in zip(tight.count(subject.texts), tight.generate(subject.texts), strict=True):
        most = caps(Decoding(max_new_ratio=0.1, max_new_extra=3), tokens, tight.limit)[1]
        assert generation.tokens_out <= most
        assert generation.truncated == (generation.tokens_out == most)
    assert any(generation.truncated for generation in tight.generate(subject.texts))


def test_nothing_is_truncated_where_there_is_room(subject: Subject, engine: Engine) -> None:
    assert not any(generation.truncated for generation in engine.generate(subject.texts))


@pytest.mark.parametrize("most", [1, 3, 50])
def test_alternatives_begin_with_the_best_and_do_not_depend_on_company(
    subject: Subject, engine: Engine, most: int
) -> None:
    texts = [*subject.texts[:3], "", subject.texts[0]]
    together = engine.alternatives(texts, most)
    assert [found[0] for found in together] == engine.generate(texts)
    assert all(1 <= len(found) <= most for found in together)
    assert together[0] == together[4] == engine.alternatives([texts[0]], most)[0]
    assert engine.alternatives([], most) == []


def test_a_beam_has_several_texts_to_offer_each_with_its_own_score(subject: Subject, engine: Engine) -> None:
    found = engine.alternatives(subject.texts[:4], subject.decoding.beam_size)
    if subject.engine == "echo" or subject.decoding.beam_size == 1:
        assert all(len(some) == 1 for some in found)
    else:
        assert all(len({g.text for g in some}) > 1 for some in found)
        assert len({g.score for some in found for g in some}) > len(found)


def test_an_engine_redirected_decodes_like_one_opened_that_way_and_the_first_as_before(
    subject: Subject, engine: Engine
) -> None:
    before, decoding = engine.generate(subject.texts[:4]), {"max_new_ratio": 0.1, "max_new_extra": 3}
    other = engine.redirected(subject.decoding.model_copy(update=decoding))
    assert other is not None, "an engine that cannot share weights says so here"
    assert other.generate(subject.texts[:4]) == subject.open(**decoding).generate(subject.texts[:4]) != before
    assert engine.generate(subject.texts[:4]) == before


class Counted(Engine):
    """An engine that tells which texts reached the one beneath."""

    def __init__(self, beneath: Engine) -> None:
        self.beneath, self.seen = beneath, list[str]()

    @property
    def limit(self) -> int:
        return self.beneath.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        return self.beneath.count(texts)

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        self.seen += texts
        yield from self.beneath.stream(texts)

    def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        self.seen += texts
        yield from self.beneath.hypotheses(texts, most)


class Notebook:
    """A memory as a dict, in which nothing is written twice."""

    def __init__(self, known: Mapping[str, Generation] | None = None) -> None:
        self.known = {("space", text): generation for text, generation in (known or {}).items()}

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        return {text: self.known[space, text] for text in texts if (space, text) in self.known}

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        for text, generation in generations.items():
            assert (space, text) not in self.known, "what is remembered was decoded again"
            self.known[space, text] = generation


def test_a_remembered_engine_decodes_a_text_once(subject: Subject, engine: Engine) -> None:
    counted, memory = Counted(engine), Notebook()
    texts = [*subject.texts[:4], *subject.texts[:2]]
    first = Remembered(lambda: counted, memory, "space").generate(texts)
    assert counted.seen == subject.texts[:4]
    assert first == engine.generate(texts)
    assert Remembered(lambda: counted, memory, "space").generate(texts) == first
    assert counted.seen == subject.texts[:4]


def test_a_remembered_engine_is_not_loaded_when_all_is_known(subject: Subject, engine: Engine) -> None:
    known = dict(zip(subject.texts[:3], engine.generate(subject.texts[:3]), strict=True))

    def load() -> Engine:
        raise AssertionError("loaded")

    remembered = Remembered(load, Notebook(known), "space")
    assert remembered.generate(subject.texts[:3]) == list(known.values())
    with pytest.raises(AssertionError, match="loaded"):
        remembered.generate(subject.texts[:4])


def test_what_is_remembered_wins_and_stays(subject: Subject, engine: Engine) -> None:
    before = replace(engine.generate(subject.texts[:1])[0], text="As it was decoded before.")
    memory = Notebook({subject.texts[0]: before})
    assert Remembered(lambda: engine, memory, "space").generate(subject.texts[:3])[0] == before
    assert memory.known["space", subject.texts[0]] == before
    assert len(memory.known) == 3


def test_alternatives_are_remembered_in_spaces_of_their_own(subject: Subject, engine: Engine) -> None:
    counted, memory = Counted(engine), Notebook()
    texts = [*subject.texts[:3], subject.texts[0]]
    first = Remembered(lambda: counted, memory, "space").alternatives(texts, 3)
    assert counted.seen == subject.texts[:3]
    assert [list(dict.fromkeys(found)) for found in engine.alternatives(texts, 3)] == [list(found) for found in first]
    assert Remembered(lambda: counted, memory, "space").alternatives(texts, 3) == first
    assert counted.seen == subject.texts[:3]
    assert memory.recall("space", texts) == {}


TRANSLATORS = [name for name in SUBJECTS if not name.startswith("bart") and "greedy" not in name]


@pytest.fixture(scope="session", params=TRANSLATORS)
def translator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return SUBJECTS[request.param](tmp_path_factory.mktemp("translator"))


def test_a_translator_says_how_likely_a_given_translation_is_pair_by_pair(translator: Subject) -> None:
    engine = translator.open()
    pairs = [(source, target) for source, target in PAIRS[:6]] + [
        (PAIRS[0][0], PAIRS[1][1]),
        PAIRS[0],
        (PAIRS[0][0], ""),
    ]
    found = engine.likelihoods(pairs)
    assert len(found) == len(pairs)
    assert found[0] == found[7], "equal pairs are equally likely"
    assert engine.likelihoods(pairs[::-1]) == found[::-1]
    for (_, target), one in zip(pairs, found, strict=True):
        assert "".join(one.pieces) == target, "the pieces are the target"
        assert len(one.nats) == len(one.pieces)
        assert all(n <= 0 for n in one.nats)
    assert engine.likelihoods([]) == []


def test_how_likely_a_translation_is_does_not_depend_on_the_company_it_keeps(translator: Subject) -> None:
    engine, pairs = translator.open(batch_tokens=64), PAIRS[:5]
    together = engine.likelihoods(pairs)
    for pair, one in zip(pairs, together, strict=True):
        assert engine.likelihoods([pair])[0].nats == pytest.approx(one.nats, abs=1e-4)


def test_how_likely_its_own_translation_is_a_translator_said_when_it_made_it(translator: Subject) -> None:
    engine = translator.open()
    sources = [s for s in ITALIAN[:5] if translator.engine != "echo"]
    made = engine.generate(sources)
    read = engine.likelihoods([(s, g.text) for s, g in zip(sources, made, strict=True)])
    for generation, one in zip(made, read, strict=True):
        if generation.tokens_out == len(one.nats):  # the text was cut into the pieces that were said
            assert one.total / len(one.nats) == pytest.approx(generation.score, abs=2e-3)


def test_both_engines_hold_a_translation_for_equally_likely(tmp_path: Path) -> None:
    path = str(make_marian(tmp_path / "marian"))
    pairs = [*PAIRS, (PAIRS[0][0], "A “quoted” word… and 3 €."), (PAIRS[0][0], PAIRS[3][1])]
    one, two = (
        open_engine(name, resolve(path, "translate"), Decoding(), Run(device="cpu"), "float32").likelihoods(pairs)
        for name in ("ctranslate2", "transformers")
    )
    assert [a.pieces for a in one] == [b.pieces for b in two]
    for a, b in zip(one, two, strict=True):
        assert a.nats == pytest.approx(b.nats, abs=2e-4)


@pytest.mark.parametrize("name", TRANSLATORS)
def test_no_pair_is_cut_for_reading(name: str, tmp_path: Path) -> None:
    subject = SUBJECTS[name](tmp_path)
    engine, long = subject.open(), " ".join(["casa"] * 2000)
    for pair in [(long, "house"), ("casa", long)]:
        with pytest.raises(EngineError, match="over the limit"):
            engine.likelihoods([pair])


@pytest.mark.parametrize("name", ["bart", "bart, ctranslate2"])
def test_a_summariser_is_no_second_reader(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no translator") as failed:
        SUBJECTS[name](tmp_path).open().likelihoods([("testo", "text")])
    assert "reread.model" in str(failed.value.hint)


@pytest.mark.parametrize("name", ["marian", "marian, ctranslate2"])
def test_a_reader_whose_weights_are_broken_says_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SUBJECTS[name](tmp_path).open()
    monkeypatch.setattr(type(engine), "_read", lambda self, sources, targets: [[math.nan] for _ in sources])
    with pytest.raises(ModelBroken, match="no number"):
        engine.likelihoods([PAIRS[0]])
