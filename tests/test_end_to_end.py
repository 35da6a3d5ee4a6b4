"""The whole program over real MarianMT and BART checkpoints, loaded by the code that loads OPUS-MT. They are tiny and talk
nonsense; what is tested is that every line of the real path runs, not what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from articles import write_articles
from conftest import ROOT

from pipeline import Run, RunResult, Settings, load_settings


def settings(marian: Path, bart: Path, *overrides: str) -> Settings:
    engines = ["translate.engine=transformers", "summarise.engine=transformers"]
    models = [
        f"translate.model={marian}",
        "summarise.method=abstractive",
        f"summarise.model={bart}",
        "summarise.min_words=20",
    ]
    return load_settings(None, [*engines, *models, *overrides])


@pytest.fixture(scope="module")
def first(marian: Path, bart: Path, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    base = tmp_path_factory.mktemp("e2e")
    return Run([write_articles(base / "in")], settings(marian, bart), out=base / "out", name="r").execute()


def test_marian_and_bart_make_every_output(first: RunResult) -> None:
    assert first.states == {"done": 2}
    for document in ("porto", "scuola/palestra"):
        content = json.loads((first.folder / document / "document.json").read_text(encoding="utf-8"))
        pairs = content["segments"]
        assert pairs
        assert (first.folder / document / "summary.en.txt").exists()


def test_ctranslate2_runs_the_same_checkpoints(first: RunResult, marian: Path, bart: Path, tmp_path: Path) -> None:
    other = settings(marian, bart, "translate.engine=ctranslate2", "summarise.engine=ctranslate2")
    result = Run([first.folder.parent.parent / "in"], other, out=tmp_path, name="r").execute()
    assert result.states == {"done": 2}
    assert "ctranslate2,int8" in result.signature


def test_the_models_are_named_by_content(first: RunResult) -> None:
    assert set(first.models) == {"translate", "reread", "summarise"}
    assert all("@" in model for model in first.models.values())


def test_a_rerun_remakes_nothing(first: RunResult, marian: Path, bart: Path) -> None:
    again = Run(
        [first.folder.parent.parent / "in"], settings(marian, bart), out=first.folder.parent, name="r"
    ).execute()
    assert [count.made for count in again.stages.values()] == [0] * 8


def test_batch_size_and_window_change_no_byte(first: RunResult, marian: Path, bart: Path, tmp_path: Path) -> None:
    other = settings(marian, bart, "run.batch_tokens=64", "run.window=1", "run.threads=1")
    Run([first.folder.parent.parent / "in"], other, out=tmp_path / "out", name="r").execute()
    for name in ("porto/document.json", "scuola/palestra/review.html", "index.html"):
        assert (tmp_path / "out/r" / name).read_bytes() == (first.folder / name).read_bytes()


def test_another_checkpoint_remakes_translations_and_what_follows(
    first: RunResult, bart: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from checkpoints import make_marian

    other = make_marian(tmp_path_factory.mktemp("other") / "marian", seed=1)
    inputs, out = [first.folder.parent.parent / "in"], first.folder.parent
    job = Run(inputs, settings(other, bart), out=out, name="r", explain=True)
    result = job.execute()
    made = {stage: count.made for stage, count in result.stages.items()}
    assert (made["clean"], made["segment"], made["translate"]) == (0, 0, 2)
    assert {e.reason for e in job.explanations if e.stage == "translate"} == {"the model changed"}


def test_the_embedded_profile_runs_the_samples_that_ship(tmp_path: Path) -> None:
    samples = sorted(str(p) for p in (ROOT / "seeds").glob("*.*") if p.suffix in (".txt", ".html"))[:2]
    result = Run(
        samples, load_settings("embedded", ["translate.decoding.beam_size=1"]), out=tmp_path, name="r"
    ).execute()
    assert result.states == {"done": 2}
    assert "embedded/it-en" in result.models["translate"]
    assert any("it2en models pull" in notice for notice in result.notices)
