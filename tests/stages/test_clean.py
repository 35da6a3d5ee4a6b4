"""The clean stage: what it makes, what it leaves out, and what its key depends on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT

from pipeline.cleaning import explain
from pipeline.document import CleanText, Document, Skip, Source
from pipeline.errors import ConfigError
from pipeline.inputs import read
from pipeline.settings import Clean, Inputs, Run, Site
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
    assert "menu-word: 6" in skip.message  # what took it


def test_the_key_changes_with_the_rules_and_the_source_and_nothing_else(tmp_path: Path) -> None:
    pack = tmp_path / "mio.yaml"
    rule = "{id: own, kind: other, why: Own., phrases: [%s], examples: {match: [%s], keep: [b]}}"
    keys = []
    for phrase in ("uno", "due"):
        pack.write_text(f"about: Own.\nrules:\n  - {rule % (phrase, phrase)}\n", encoding="utf-8")
        from pipeline.cleaning import loading

        loading._load.cache_clear()
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


PACK = (
    "about: Own.\nrules:\n  - {id: own-slogan, kind: other, why: Own., sentences: true, phrases: ['il giornale di chi legge ogni"
    " giorno tutto il giornale.'], examples: {match: ['il giornale di chi legge ogni giorno tutto il giornale.'], keep: [b]}}\n"
)
SLOGAN = "\n\nIl giornale di chi legge ogni giorno tutto il giornale."


def test_a_site_has_rules_of_its_own_and_only_its_documents_have_other_keys(tmp_path: Path) -> None:
    pack = tmp_path / "mio.yaml"
    pack.write_text(PACK, encoding="utf-8")
    everywhere = CleanStage(Clean(), Run())
    sites = {"*/Fiume/*": Site(packs=[str(pack)], without=["cookie-banner", "cookie-consequence"])}
    stage = CleanStage(Clean(sites=sites), Run())
    source = document(ITALIAN + SLOGAN + BANNER).get(Source)
    inside, outside = Document("a", "in/fiume/a.txt", source=source), Document("b", "in/mare/b.txt", source=source)
    texts = {i: made.text for i, made in stage.attempt([inside, outside]) if isinstance(made, CleanText)}
    assert texts == {0: ITALIAN + BANNER, 1: ITALIAN + SLOGAN}
    assert stage.key({Source: "x"}, outside.path) == everywhere.key({Source: "x"}, outside.path)
    assert stage.key({Source: "x"}, inside.path) != everywhere.key({Source: "x"}, inside.path)
    assert stage.signature() != everywhere.signature()


def test_a_rule_to_be_switched_off_must_exist() -> None:
    with pytest.raises(ConfigError, match="cookie-baner"):
        CleanStage(Clean(without=["cookie-baner"]), Run()).identity()
    with pytest.raises(ConfigError, match="cookie-baner"):
        CleanStage(Clean(sites={"*": Site(without=["cookie-baner"])}), Run()).identity()
