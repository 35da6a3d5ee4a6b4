"""The reread stage: doubtful pairs are read again by a second model, and nothing else happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from checkpoints import make_bart, make_marian

from pipeline.document import Document, Pair, Rereading, Translation
from pipeline.engines.choice import choose_models
from pipeline.engines.engine import Forgetful, Likelihood
from pipeline.errors import It2enError
from pipeline.settings import Check, Flags, Reread, Run, Settings, Translate
from pipeline.stages import make_stages
from pipeline.stages import reread as module
from pipeline.stages.reread import RereadStage

GOOD = ("Il ministro ha firmato il decreto sulla scuola a Roma.", "The minister signed the decree on schools in Rome.")
LOST = (
    "Il governo ha approvato la legge sul lavoro, e ha rinviato a settembre la riforma delle pensioni dei medici.",
    "The government has approved the labour law.",
)


def document(name: str, *texts: tuple[str, str]) -> Document:
    pairs = (Pair(i, a, b, -0.3, 9, 9, "model") for i, (a, b) in enumerate(texts, 1))
    return Document(name, name).plus(Translation(tuple(pairs), "m"))


class Reader:
    """Holds every word for as likely, and counts what it is asked."""

    limit = 200

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 1 for text in texts]

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        self.asked += pairs
        return [
            Likelihood((*target.split(), ""), (-float(len(source)) / 100,) * (len(target.split()) + 1))
            for source, target in pairs
        ]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    found = Reader()
    monkeypatch.setattr(module, "open_engine", lambda *_: found)
    return found


def reread(*documents: Document) -> list[Rereading]:
    stage = RereadStage(Reread(), Run())
    stage.open(Forgetful())
    made = dict(stage.make(documents))
    return [made[i] for i in range(len(documents))]


def test_only_doubtful_pairs_are_read_again(reader: Reader) -> None:
    (found,) = reread(document("a", GOOD, LOST, GOOD))
    assert [item.segment for item in found.items] == [2]
    assert found.model == "embedded/it-en"
    assert {target for _, target in reader.asked} >= {LOST[1]}


def test_without_a_doubt_no_reader_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "open_engine", lambda *_: pytest.fail("there was nothing to read"))
    assert [r.items for r in reread(document("a", GOOD), document("b"))] == [(), ()]


def test_doubts_of_several_documents_are_read_together_and_sorted_out(reader: Reader) -> None:
    found = reread(document("a", GOOD, LOST), document("b", LOST), document("c", GOOD))
    assert [[item.segment for item in r.items] for r in found] == [[2], [1], []]
    assert len(reader.asked) == len(set(reader.asked)), "the same question is put once"


def test_leaving_out_what_was_lost_is_the_largest_gain(reader: Reader) -> None:
    (found,) = reread(document("a", LOST))
    start, end = found.items[0].clause
    assert "pensioni" in LOST[0][start:end]
    assert "legge" not in LOST[0][start:end]
    assert found.items[0].gain > 0


def test_a_pair_that_the_reader_has_no_room_for_is_left_to_the_words(reader: Reader) -> None:
    reader.limit = 12
    (found,) = reread(document("a", LOST))
    assert [(item.segment, item.clause, item.gain) for item in found.items] == [(1, (0, 0), 0.0)]
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


def test_a_checkpoint_does_not_read_its_own_translations_again(tmp_path: Path) -> None:
    own = choose_models(Settings(translate=Translate(model="embedded/it-en"))).settings
    assert "reread" not in [stage.name for stage in make_stages(own)]
    other = Translate(model=str(make_marian(tmp_path / "marian")))
    chosen = choose_models(Settings(translate=other))
    assert "reread" in [stage.name for stage in make_stages(chosen.settings)]
    assert set(chosen.models) >= {"translate", "reread"}


def test_a_reader_that_is_none_is_refused_before_any_work(tmp_path: Path) -> None:
    make_bart(tmp_path / "bart")
    for model, why in [("embedded/nope", "does not come with"), (str(tmp_path / "bart"), "is no translator")]:
        with pytest.raises(It2enError, match=f"reread.model: .*{why}") as failed:
            choose_models(Settings(translate=Translate(model="embedded/it-en"), reread=Reread(model=model)))
        assert "reread.enabled: false" in str(failed.value.hint)


def test_its_key_names_the_reader_by_what_it_is_and_not_by_its_name() -> None:
    stage = RereadStage(Reread(), Run())
    assert stage.static_parts["model"] == stage.identity() != ""
    assert RereadStage(Reread(model="another/name"), Run()).fingerprint == stage.fingerprint
    assert RereadStage(Reread(suspicion=-1.0), Run()).fingerprint != stage.fingerprint
