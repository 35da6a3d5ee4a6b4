"""Lines that come again from article to article, and the pack that is made of them."""

from __future__ import annotations

from pathlib import Path

from pipeline.cleaning import clean
from pipeline.cleaning.loading import load
from pipeline.cleaning.recurring import Recurring, as_packs, recurring
from pipeline.document import CleanText, Source
from pipeline.settings import Clean, Site

SLOGAN = "La valle si legge qui, ogni mattina, da novant’anni."


def article(number: int) -> str:
    words = ["ponte", "porto", "teatro", "museo", "mercato"]
    place = words[number]
    return "\n".join(
        [
            f"Il {place} di Valbona riapre dopo due anni",
            f"Il {place} di Valbona riaprirà lunedì mattina al pubblico, ha annunciato ieri sera il sindaco.",
            f"I lavori del {place} sono costati {number + 2} milioni di euro, uno in più di quanto previsto.",
            SLOGAN,
            f"Attorno al {place} i commercianti hanno perso metà dei clienti, che ora sperano di ritrovare.",
        ]
    )


def cleaned(text: str, settings: Clean | None = None, path: str = "in/voce/a.txt") -> CleanText:
    return clean(Source(text, "txt", "0" * 64, len(text), "utf-8"), settings or Clean(), path)


BATCH = [(f"in/voce/{i}.txt", cleaned(article(i))) for i in range(4)]


def test_a_line_of_many_articles_is_found_and_no_other() -> None:
    assert recurring(BATCH) == [Recurring("in/voce", SLOGAN.replace("’", "'"), 4, 4)]
    assert recurring(BATCH, least=5) == []


def test_an_article_that_is_there_three_times_counts_once() -> None:
    assert recurring([(f"in/voce/{i}.txt", cleaned(article(0))) for i in range(5)]) == []


def test_folders_are_counted_apart() -> None:
    assert recurring([(f"in/{i}/a.txt", text) for i, (_, text) in enumerate(BATCH)]) == []


def test_the_pack_is_ready_for_use_and_takes_the_line_out_where_the_site_is(tmp_path: Path) -> None:
    pack = tmp_path / "voce.yaml"
    pack.write_text(as_packs(recurring(BATCH)), encoding="utf-8")
    settings = Clean(sites={"in/voce/*": Site(packs=[str(pack)])})
    assert "in-voce-recurring" in {rule.id for rule in load(settings, "in/voce/9.txt").rules}
    assert SLOGAN not in cleaned(article(4), settings).text
    assert SLOGAN in cleaned(article(4), settings, "in/altro/9.txt").text
