"""The reread stage: doubtful pairs are read again by a model that goes the other way, and nothing else happens to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from checkpoints import make_bart, make_marian

from pipeline.document import Document, Pair, Reread, Rereading, Translation
from pipeline.engines.choice import choose_models
from pipeline.engines.engine import Engine, Forgetful, Generation, Likelihood
from pipeline.errors import It2enError
from pipeline.settings import Check, Flags, Ladder, Run, Settings, Summarise, Translate
from pipeline.settings import Reread as RereadSettings
from pipeline.stages import make_stages
from pipeline.stages import reread as module
from pipeline.stages.reread import RereadStage
from pipeline.stages.rereading.trials import Trial

GOOD = ("Il ministro ha firmato il decreto sulla scuola a Roma.", "The minister signed the decree on schools in Rome.")
LOST = (
    "Il governo ha approvato la legge sul lavoro, e ha rinviato a settembre la riforma delle pensioni dei medici.",
    "The government has approved the labour law.",
)


def document(name: str, *texts: tuple[str, str]) -> Document:
    pairs = (Pair(i, a, b, -0.3, 9, 9, "model") for i, (a, b) in enumerate(texts, 1))
    return Document(name, name).plus(Translation(tuple(pairs), "m"))


class Reader(Engine):
    """Holds only words whose like the English has for likely, and keeps what it is asked."""

    limit = 200

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 1 for text in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        raise AssertionError("a reader decodes nothing")

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        self.asked += pairs
        return [self._of(english, italian) for english, italian in pairs]

    def _of(self, english: str, italian: str) -> Likelihood:
        words = italian.split()
        known = {word[:3].lower() for word in english.split()}
        nats = [-1.0 if word[:3].lower() in known else -9.0 for word in words]
        return Likelihood((words[0], *(f" {word}" for word in words[1:]), ""), (*nats, -1.0))


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    found = Reader()
    monkeypatch.setattr(module, "open_engine", lambda *_: found)
    return found


def reread(*documents: Document) -> list[Rereading]:
    stage = RereadStage(RereadSettings(), Run())
    stage.open(Forgetful())
    made = dict(stage.make(documents))
    return [made[i] for i in range(len(documents))]


def test_only_doubtful_pairs_are_read_again(reader: Reader) -> None:
    (found,) = reread(document("a", GOOD, LOST, GOOD))
    assert [item.segment for item in found.items] == [2]
    assert found.model == "embedded/en-it"
    assert (LOST[1], LOST[0]) in reader.asked, "from English to Italian"


def test_without_a_doubt_no_reader_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "open_engine", lambda *_: pytest.fail("there was nothing to read"))
    assert [r.items for r in reread(document("a", GOOD), document("b"))] == [(), ()]


def test_doubts_of_several_documents_are_read_together_and_sorted_out(reader: Reader) -> None:
    found = reread(document("a", GOOD, LOST), document("b", LOST), document("c", GOOD))
    assert [[item.segment for item in r.items] for r in found] == [[2], [1], []]
    assert len(reader.asked) == len(set(reader.asked)), "the same question is put once"


def test_what_was_lost_is_what_the_english_tells_least_of(reader: Reader) -> None:
    (found,) = reread(document("a", LOST))
    start, end = found.items[0].clause
    assert "pensioni" in LOST[0][start:end]
    assert "legge" not in LOST[0][start:end]
    assert found.items[0].untold > 0


def test_a_question_that_is_too_long_does_not_take_another_with_it(reader: Reader) -> None:
    """The same pair, asked about an omission in one document and about an invention too in another, with a question over the limit."""
    stage = RereadStage(RereadSettings(), Run())
    one, other = next(stage.trials(document("a", LOST).get(Translation).pairs)), Pair(1, *LOST, -0.3, 9, 9, "model")
    wider = Trial(other, one.clauses, {(0, 3): ("word " * 300, LOST[0])})
    whole, nothing = stage.read([one, wider])
    assert whole.untold > 0
    assert nothing == Reread(1)


def test_a_pair_that_the_reader_has_no_room_for_is_left_to_the_words(reader: Reader) -> None:
    reader.limit = 12
    (found,) = reread(document("a", LOST))
    assert found.items == (Reread(1),)
    assert reader.asked == []


def test_it_runs_only_between_a_translation_and_a_check() -> None:
    def names(**changes: object) -> list[str]:
        settings = Settings.model_validate({name: {"enabled": value} for name, value in changes.items()})
        return [stage.name for stage in make_stages(settings)]

    assert names() == ["clean", "segment", "translate", "reread", "summarise", "check"]
    assert "reread" not in names(check=False)
    assert "reread" not in names(reread=False)
    assert "reread" not in names(translate=False, summarise=False)
    off = Settings(check=Check(flags=Flags(missing_clause="off", extra_text="off")))
    assert "reread" not in [stage.name for stage in make_stages(off)]
    assert "reread" not in [stage.name for stage in make_stages(Settings(translate=Translate(model="echo")))]


def test_every_translator_is_read_by_another_model(tmp_path: Path) -> None:
    for translator in ("embedded/it-en", str(make_marian(tmp_path / "marian"))):
        chosen = choose_models(Settings(translate=Translate(model=translator)))
        assert "reread" in [stage.name for stage in make_stages(chosen.settings)]
        assert chosen.models["reread"].startswith("embedded/en-it@")


def test_a_reader_that_is_none_is_refused_before_any_work(tmp_path: Path) -> None:
    make_bart(tmp_path / "bart")
    for model, why in [
        ("embedded/nope", "does not come with"),
        (str(tmp_path / "bart"), "is no translator from English"),
        ("embedded/it-en", "is no translator from English"),
    ]:
        with pytest.raises(It2enError, match=f"reread.model: .*{why}") as failed:
            choose_models(Settings(translate=Translate(model="embedded/it-en"), reread=RereadSettings(model=model)))
        assert "reread.enabled: false" in str(failed.value.hint)


def test_the_ladders_reader_is_for_the_translator_that_ships_unless_one_is_named(tmp_path: Path) -> None:
    other, named = str(make_marian(tmp_path / "marian")), {"reader": "embedded/en-it"}
    for translator, ladder, reader in [
        ("embedded/it-en", {}, "embedded/en-it"),
        (other, {}, None),
        (other, named, "embedded/en-it"),
        ("embedded/it-en", {"reader": None}, None),
        ("embedded/it-en", {"rungs": ["beam"]}, None),
    ]:
        settings = Settings.model_validate({"translate": {"model": translator, "ladder": ladder}})
        assert choose_models(settings).settings.translate.ladder.reader == reader
    for model in ("embedded/nope", "embedded/it-en"):
        with pytest.raises(It2enError, match=r"translate.ladder.reader: ") as failed:
            choose_models(
                Settings.model_validate({"translate": {"model": "embedded/it-en", "ladder": {"reader": model}}})
            )
        assert "is null" in str(failed.value.hint)


def test_a_reader_is_no_translator() -> None:
    reader = "embedded/en-it"
    for key, settings in {
        "translate.model": Settings(translate=Translate(model=reader)),
        "translate.ladder.alternative": Settings(
            translate=Translate(model="embedded/it-en", ladder=Ladder(alternative=reader))
        ),
        "summarise.model": Settings(summarise=Summarise(method="abstractive", model=reader)),
    }.items():
        with pytest.raises(It2enError, match=f"{key}: '{reader}' translates into Italian"):
            choose_models(settings)


def test_a_model_of_a_rung_that_is_not_climbed_is_not_looked_for() -> None:
    ladder = Ladder(alternative="nobody/has-this", rungs=["penalty"])
    assert ladder.second is None
    assert choose_models(Settings(translate=Translate(model="embedded/it-en", ladder=ladder))).models["translate"]


def test_its_key_names_the_reader_by_what_it_is_and_not_by_its_name() -> None:
    stage = RereadStage(RereadSettings(), Run())
    assert stage.static_parts["model"] == stage.identity() != ""
    assert RereadStage(RereadSettings(model="another/name"), Run()).fingerprint == stage.fingerprint
    assert RereadStage(RereadSettings(suspicion=-1.0), Run()).fingerprint != stage.fingerprint
