"""Counting lines over the documents of a run: who is told what, what a new neighbour remakes, and what a rerun costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import Run, load_settings
from pipeline.census import Census, Tally

PORTRAIT = "La Voce della Valle racconta ogni giorno i paesi delle nostre montagne, con una redazione di otto persone."
PLACES = ("ponte", "porto", "teatro", "museo", "mercato", "campo")
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


def test_removed_furniture_is_kept_beside_the_text(folder: Path) -> None:
    job = Run([folder], load_settings(None, OVERRIDES), out=folder.parent / "out")
    for document in job:
        assert document.source
        assert document.clean
        assert document.clean.restore() == document.source.text
        assert PORTRAIT in [r.text for r in document.clean.removed if r.rule == "recurs"]
