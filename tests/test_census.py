"""Counting lines over the documents of a run: who is told what, what a new neighbour remakes, and what a rerun costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import Run, load_settings
from pipeline.census import Census, Tally

PORTRAIT = "La Voce della Valle racconta ogni giorno i paesi delle nostre montagne, con una redazione di otto persone."
PLACES = ("ponte", "porto", "teatro", "museo", "mercato", "campo")
CITIES = ("Valbona", "Castro", "Rivalta", "Pontelungo", "Serravalle")
BACKGROUND = "La Regione aveva promesso i fondi nel 2019, prima che il cantiere si fermasse per due volte."
AGENCY = "Il ministero ha ricordato che i comuni della valle attendono ancora la seconda parte dei fondi."
ABOVE = "La Voce, il foglio dei paesi"
BELOW = ("Scrivi una cartolina alla valle", "Il taccuino dei nostri inviati")
OVERRIDES = ["translate.enabled=false", "summarise.enabled=false", "check.enabled=false"]


def article(place: str) -> str:
    return (
        f"Il {place} di Valbona riapre dopo due anni\n\n"
        f"Il {place} di Valbona riaprirà lunedì mattina al pubblico, ha annunciato ieri sera il sindaco.\n\n"
        f"Per il {place} sono stati spesi quattro milioni di euro, uno in più di quanto era previsto.\n\n"
        f"{PORTRAIT}\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in/voce", 4)
    return tmp_path / "in"


def write(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place in PLACES[:count]:
        (folder / f"{place}.txt").write_text(article(place), encoding="utf-8")


def texts(folder: Path, *overrides: str, explain: bool = False) -> tuple[dict[str, str], Run]:
    job = Run([folder], load_settings(None, [*OVERRIDES, *overrides]), out=folder.parent / "out", explain=explain)
    return {d.id: d.clean.text for d in job if d.clean}, job


def test_what_every_article_of_a_folder_ends_with_is_taken_out_of_all(folder: Path) -> None:
    found, _ = texts(folder)
    assert len(found) == 4
    assert not any(PORTRAIT in text for text in found.values())


def test_a_line_in_fewer_articles_than_the_setting_asks_for_stays(folder: Path) -> None:
    assert all(PORTRAIT in text for text in texts(folder, "clean.recurring=5")[0].values())


def test_switched_off_each_document_is_judged_by_itself(folder: Path) -> None:
    assert all(PORTRAIT in text for text in texts(folder, "clean.recurring=0")[0].values())


def test_folders_are_counted_apart(folder: Path) -> None:
    write(folder / "altro", 2)
    found, _ = texts(folder)
    assert {name for name, text in found.items() if PORTRAIT in text} == {"altro/ponte", "altro/porto"}


def test_copies_of_an_article_count_once(tmp_path: Path) -> None:
    write(tmp_path / "in", 1)
    for i in range(5):
        (tmp_path / f"in/copia{i}.txt").write_text(article(PLACES[0]), encoding="utf-8")
    assert all(PORTRAIT in text for text in texts(tmp_path / "in")[0].values())


def test_pages_of_one_folder_that_declare_different_sites_are_counted_apart(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, place in enumerate(PLACES):
        paragraphs = "".join(f"<p>{line}</p>" for line in article(place).split("\n\n")[1:])
        site = "Voce" if number % 2 else f"Sito {number}"
        head = f'<html lang="it"><head><title>Il {place}</title><meta property="og:site_name" content="{site}"></head>'
        page = f"{head}<body><article><h1>Il {place} di Valbona riapre dopo due anni</h1>{paragraphs}</article></body></html>"
        (tmp_path / f"in/{place}.html").write_text(page, encoding="utf-8")
    found, _ = texts(tmp_path / "in")
    assert {name for name, text in found.items() if PORTRAIT not in text} == {"porto", "museo", "campo"}


def test_a_new_neighbour_remakes_only_what_it_changes_and_says_so(folder: Path) -> None:
    for place in PLACES[2:4]:
        (folder / f"voce/{place}.txt").unlink()
    (folder / "altro").mkdir()
    (folder / "altro/ponte.txt").write_text(article("ponte vecchio"), encoding="utf-8")
    texts(folder)
    write(folder / "voce", 3)
    _, job = texts(folder, explain=True)
    reasons = {e.document: (e.verdict, e.reason) for e in job.explanations if e.stage == "clean"}
    assert reasons["voce/ponte"] == ("made", "which of its lines stand in other documents too changed")
    assert reasons["altro/ponte"] == ("found", "nothing it depends on has changed")


def test_a_rerun_without_changes_counts_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = texts(folder)
    monkeypatch.setattr(Tally, "add", lambda *_: pytest.fail("lines were counted again"))
    again, job = texts(folder)
    assert again == first
    assert {name: count.made for name, count in job.result.stages.items() if name != "write"} == dict.fromkeys(
        ["read", "clean", "segment"], 0
    )


def test_an_interrupted_count_is_done_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Census, "_tell", interrupted)
        with pytest.raises(KeyboardInterrupt):
            texts(folder)
    assert not any(PORTRAIT in text for text in texts(folder)[0].values())


def test_findings_of_a_count_that_was_interrupted_do_not_hold_for_the_documents_counted_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = texts(folder)
    told = Census._tell

    def interrupted(*arguments: Any) -> None:
        told(*arguments)
        raise KeyboardInterrupt

    (folder / "voce/museo.txt").rename(folder.parent / "museo.txt")
    (folder / "voce/teatro.txt").rename(folder.parent / "teatro.txt")
    with monkeypatch.context() as patch:
        patch.setattr(Census, "_tell", interrupted)
        with pytest.raises(KeyboardInterrupt):
            texts(folder)
    (folder.parent / "museo.txt").rename(folder / "voce/museo.txt")
    (folder.parent / "teatro.txt").rename(folder / "voce/teatro.txt")
    assert texts(folder)[0] == first


def test_of_thirty_articles_of_a_site_that_nobody_knows_the_frame_goes_and_no_sentence(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(30):
        place = f"{PLACES[number % 6]} di {CITIES[number // 6]}"
        parts = [
            ABOVE,
            f"Il {place} riapre dopo due anni",
            f"Il {place} riaprirà lunedì mattina al pubblico, ha annunciato ieri sera il sindaco in consiglio.",
            BACKGROUND
            if number % 2
            else f"Il {place} era rimasto chiuso per un anno già dopo la piena del {1950 + number}.",
            f"Per il {place} sono stati spesi {number + 2} milioni di euro, uno in più di quanto era previsto.",
            f"All'inaugurazione del {place} sono attesi il prefetto, le scuole e una banda di {number + 12} elementi.",
            f"Nel {place} lavorano oggi {number + 20} persone, metà delle quali sono state assunte quest'anno.",
            *[AGENCY] * (number % 3 > 0),
            *BELOW,
            PORTRAIT,
        ]
        (tmp_path / f"in/{number}.txt").write_text("\n".join(parts), encoding="utf-8")
    found, _ = texts(tmp_path / "in")
    assert len(found) == 30
    assert [line for line in (ABOVE, *BELOW, PORTRAIT) if any(line in text for text in found.values())] == []
    assert all((BACKGROUND in text) == (int(name) % 2 == 1) for name, text in found.items())
    assert all((AGENCY in text) == (int(name) % 3 > 0) for name, text in found.items())


def test_removed_furniture_is_kept_beside_the_text(folder: Path) -> None:
    job = Run([folder], load_settings(None, OVERRIDES), out=folder.parent / "out")
    for document in job:
        assert document.source
        assert document.clean
        assert document.clean.restore() == document.source.text
        assert PORTRAIT in [r.text for r in document.clean.removed if r.rule == "recurs"]
