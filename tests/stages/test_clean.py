"""The clean stage: what it makes, what it leaves out, and what its key depends on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT

from pipeline.cleaning import explain
from pipeline.document import CleanText, Document, Skip, Source
from pipeline.inputs import read
from pipeline.settings import Clean, Inputs, Run
from pipeline.stages.clean import CleanStage
from pipeline.stages.stage import Made

ITALIAN = (
    "Il ponte riapre dopo due anni\n\nIl ponte di Valbona riaprirà lunedì mattina al traffico dopo due anni di lavori, "
    "ha annunciato ieri il sindaco davanti ai commercianti della riva sinistra."
)
ENGLISH = (
    "The bridge reopens after two years\n\nThe bridge over the river will reopen to traffic on Monday morning after two "
    "years of works, the mayor announced yesterday. Shopkeepers on the left bank, who had lost half of their customers, "
    "said that they would celebrate in front of the barriers."
)
BANNER = "\n\nQuesto sito utilizza i cookie di profilazione. Chiudendo questo banner acconsenti all’uso dei cookie."


def document(text: str) -> Document:
    source = read(text.encode(), "txt", Inputs())
    assert isinstance(source, Source)
    return Document("d", "d.txt", source=source)


def made(*texts: str, settings: Clean | None = None) -> list[Made]:
    stage = CleanStage(settings or Clean(), Run())
    by_position = dict(stage.attempt([document(text) for text in texts]))
    return [by_position[i] for i in range(len(texts))]


def test_each_document_gets_its_clean_text() -> None:
    first, second = made(ITALIAN + BANNER, ITALIAN)
    assert isinstance(first, CleanText)
    assert isinstance(second, CleanText)
    assert first.text == second.text == ITALIAN


def test_an_english_article_is_skipped_and_told_why() -> None:
    (skip,) = made(ENGLISH)
    assert isinstance(skip, Skip)
    assert (skip.stage, skip.reason) == ("clean", "wrong_language")
    assert "English" in skip.message
    assert "clean.language: keep" in skip.message


def test_the_article_decides_the_language_and_not_the_boilerplate() -> None:
    (skip,) = made(ENGLISH + BANNER)
    assert isinstance(skip, Skip)
    assert skip.reason == "wrong_language"
    english_banner = (
        "\n\nWe use cookies to improve your experience. By continuing to browse you accept the use of cookies."
    )
    assert isinstance(made(ITALIAN + english_banner)[0], CleanText)


def test_a_foreign_article_is_kept_on_request() -> None:
    assert isinstance(made(ENGLISH, settings=Clean(language="keep"))[0], CleanText)


@pytest.mark.parametrize(
    "text",
    [
        "Breaking news",
        "Google Cloud Next",
        "Manchester United-Real Madrid 2-1",
        "Terremoto in Irpinia",
        "New York, Wall Street chiude in rialzo",
        "Il presidente Donald Trump ha incontrato Rishi Sunak e King Charles a Buckingham Palace.",
    ],
)
def test_short_texts_and_foreign_names_are_not_misjudged(text: str) -> None:
    assert isinstance(made(text)[0], CleanText)


def test_a_page_of_menus_has_no_text() -> None:
    (skip,) = made("Home\nCronaca\nPolitica\nSport\nMeteo\nContatti\nCopyright 2023 © Tutti i diritti riservati")
    assert isinstance(skip, Skip)
    assert skip.reason == "no_text"


def test_the_key_changes_with_the_rules_and_the_source_and_nothing_else(tmp_path: Path) -> None:
    pack = tmp_path / "mio.yaml"
    rule = "{id: own, kind: other, why: Own., phrases: [%s], examples: {match: [a], keep: [b]}}"
    keys = []
    for phrase in ("uno", "due"):
        pack.write_text(f"about: Own.\nrules:\n  - {rule % phrase}\n", encoding="utf-8")
        from pipeline.cleaning import rules

        rules._load.cache_clear()
        keys.append(CleanStage(Clean(packs=[str(pack)]), Run()).key({Source: "x"}))
    assert keys[0] != keys[1]
    stage = CleanStage(Clean(), Run())
    assert stage.key({Source: "x"}) == CleanStage(Clean(), Run(window=2)).key({Source: "x"})
    assert stage.key({Source: "x"}) != stage.key({Source: "y"})


def test_what_comes_out_is_what_came_out_before() -> None:
    """When this fails on purpose, raise `CleanStage.version` and write the next golden file."""
    found = {}
    for path in sorted(p for p in (ROOT / "seeds").iterdir() if p.suffix in {".txt", ".html"}):
        source = read(path.read_bytes(), "html" if path.suffix == ".html" else "txt", Inputs())
        assert isinstance(source, Source)
        found[path.name] = [[v.start, v.end, v.action, v.kind, v.rule] for v in explain(source, Clean())]
    expected = Path(__file__).parents[1] / f"golden/clean.v{CleanStage.version}.json"
    assert found == json.loads(expected.read_text(encoding="utf-8"))
