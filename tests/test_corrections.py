"""A reviewer's corrections over a whole run: they stand in the outputs, are counted, and come and go with the setting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from articles import write_articles

from pipeline import Run, RunResult, load_settings
from pipeline.cli.run import _close
from pipeline.errors import ConfigError

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"]
SHIPS = "Le navi ferme in rada erano 12."


def run(folder: Path, *overrides: str) -> tuple[RunResult, str]:
    """A run, and why the sentences of the port were translated or found."""
    job = Run([folder], load_settings(None, [*ECHO, *overrides]), out=folder.parent / "out", name="r", explain=True)
    result = job.execute()
    (reason,) = {e.reason for e in job.explanations if e.stage == "translate" and "porto" in e.document}
    return result, reason


def english(folder: Path) -> str:
    (file,) = (folder.parent / "out/r").glob("porto/translation.en.txt")
    return file.read_text(encoding="utf-8")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "in")


@pytest.fixture
def corrections(tmp_path: Path) -> Path:
    path = tmp_path / "c.tsv"
    path.write_text(f"{SHIPS}\tTwelve ships lay waiting.\nNon c'è.\tNot there.\n", encoding="utf-8")
    return path


def test_corrections_come_into_the_outputs_and_go_with_the_setting(articles: Path, corrections: Path) -> None:
    run(articles)
    before = english(articles)
    _, reason = run(articles, f"translate.corrections=[{corrections}]")
    assert reason == "the corrections changed"
    assert english(articles) == before.replace(f"[en] {SHIPS}", "Twelve ships lay waiting.") != before
    _, reason = run(articles)
    assert reason == "the same text and settings were met before"
    assert english(articles) == before


def test_what_fits_no_sentence_is_told(articles: Path, corrections: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):  # made, and found
        result, _ = run(articles, f"translate.corrections=[{corrections}]")
        assert result.to_json()["corrections"] == {"given": 2, "sentences": 1, "unmet": ["Non c'è."]}
        assert json.loads((articles.parent / "out/r/run.json").read_text("utf-8"))["signature"].count("corrections=")
    _close(result)
    assert "approved: 1 sentence; 1 of 2 corrections fit none, 'Non c'è.' first" in capsys.readouterr().err


def test_files_without_any_correction_are_told(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (articles.parent / "none").mkdir()
    result, _ = run(articles, f"translate.corrections=[{articles.parent / 'none'}]")
    _close(result)
    assert "approved: nothing, since" in capsys.readouterr().err
    result, _ = run(articles)
    _close(result)
    assert "approved" not in capsys.readouterr().err


def test_corrections_that_cannot_be_read_end_the_run_before_it_begins(articles: Path) -> None:
    with pytest.raises(ConfigError, match=r"translate\.corrections: there is no file"):
        run(articles, "translate.corrections=[nowhere.tsv]")


def test_terms_of_corrected_sentences_are_counted_and_no_flag_is_raised(articles: Path, corrections: Path) -> None:
    terms = articles.parent / "terms.csv"
    terms.write_text("navi,ships\nrada,roadstead\n", encoding="utf-8")
    given = [f"translate.corrections=[{corrections}]", f"translate.glossary=[{terms}]"]
    result, _ = run(articles, *given)
    assert {term: dict(counts) for term, counts in result.terms.items()} == {
        "navi": {"satisfied": 1},
        "rada": {"unsatisfied": 1},
    }
    assert "glossary" not in result.flags
