"""That a careless rule does not go unnoticed, and that a careful one raises no alarm."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from pipeline.cleaning import clean
from pipeline.cleaning.guard import lost_sentences, lost_share, removed_share
from pipeline.document import Source
from pipeline.inputs import read
from pipeline.settings import Clean, Inputs

CARELESS = """about: A list of words, as careless cleaners have it.
rules:
  - {id: any-cookie, kind: cookie, why: It says cookie., where: inside, sentences: true, pattern: '(?:cookie|banner)',
     examples: {match: [un cookie], keep: [un biscotto]}}
"""
SEEDS = sorted(p for p in (ROOT / "seeds").iterdir() if p.suffix in {".txt", ".html"})


def source(path: Path) -> Source:
    made = read(path.read_bytes(), "html" if path.suffix == ".html" else "txt", Inputs())
    assert isinstance(made, Source)
    return made


def test_a_careless_rule_that_eats_an_article_about_cookies_is_noticed(tmp_path: Path) -> None:
    pack = tmp_path / "careless.yaml"
    pack.write_text(CARELESS, encoding="utf-8")
    article = source(ROOT / "seeds" / "cookie-comuni.txt")
    assert lost_share(clean(article, Clean())) == 0
    eaten = clean(article, Clean(packs=[*Clean().packs, str(pack)]))
    assert lost_share(eaten) > 0.1
    assert all("cookie" in r.text.lower() or "banner" in r.text.lower() for r in lost_sentences(eaten))


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name)
def test_no_alarm_on_pages_that_are_cleaned_well(path: Path) -> None:
    found = clean(source(path), Clean())
    assert lost_share(found) == 0
    assert removed_share(found) <= 0.35


def test_a_short_article_between_long_menus_and_banners_raises_no_alarm() -> None:
    menu = "\n".join(["Home", "Cronaca", "Politica", "Sport"] * 20)
    short = "Riapre il ponte di Valbona\nIl ponte di Valbona riaprirà lunedì mattina al traffico, ha detto il sindaco."
    banner = "Utilizziamo i cookie per offrirti la migliore esperienza. Chiudendo questo banner acconsenti all’uso dei cookie."
    text = f"{menu}\n{short}\n{menu}\n{banner}"
    found = clean(Source(text, "txt", "0" * 64, len(text), "utf-8"), Clean())
    assert found.text == short
    assert lost_share(found) == 0
