"""Names and terms over a whole run: what is rendered in several ways stands in a file, in run.json and on the index."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from writers.documents import RUN

from pipeline import Run, RunResult, load_settings
from pipeline.document import Document, Pair, TermUse, Translation
from pipeline.roll import Roll, Use
from pipeline.terminology import COLUMNS, SHOWN, WAYS, inconsistencies, table, term_counts, uses, worst, worst_terms
from pipeline.writers.index import Wording, stream_index, totals

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive", "check.enabled=false"]
BODY = "Oggi il sindaco di {} ha parlato a lungo con la stampa.\n\nAlla fine del vertice di {} nessuno ha voluto rispondere."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles about one town, which the engine of these tests spells otherwise in the third."""
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        text = f"Il vertice {name}\n\n{BODY.format('Shanghai', 'Shanghai')}\n\nLa riunione {name} è durata otto ore e mezza.\n"
        (tmp_path / f"in/{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path / "in"


@pytest.fixture(autouse=True)
def spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translator that misspells the town in the third document."""
    from pipeline.stages.translate import TranslateStage

    plain = TranslateStage.make

    def make(self: TranslateStage, documents: Any) -> Any:
        for i, made in plain(self, documents):
            if documents[i].id == "c":
                made = replace(
                    made, pairs=tuple(replace(p, target=p.target.replace("Shanghai", "Shangai")) for p in made.pairs)
                )
            yield i, made

    monkeypatch.setattr(TranslateStage, "make", make)


def run(folder: Path) -> RunResult:
    return Run([folder], load_settings(None, ECHO), out=folder.parent / "out", name="r").execute()


def rows(folder: Path) -> list[dict[str, str]]:
    head, *lines = (folder.parent / "out/r/consistency.tsv").read_text(encoding="utf-8").splitlines()
    assert tuple(head.split("\t")) == COLUMNS
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines]


def test_a_name_that_documents_spell_differently_is_listed_with_places(folder: Path) -> None:
    run(folder)
    usual, odd = [row for row in rows(folder) if row["source"] == "Shanghai"]
    assert (usual["rendering"], usual["usual"], usual["uses"], usual["documents"]) == ("Shanghai", "yes", "4", "2")
    assert (odd["rendering"], odd["usual"], odd["uses"], odd["documents"]) == ("Shangai", "no", "2", "1")
    assert (usual["document"], odd["document"]) == ("a", "c")


def test_run_json_and_the_index_name_it(folder: Path) -> None:
    result = run(folder)
    told = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))["inconsistent"]
    (one,) = told["worst"]
    assert (told["total"], one["ways"], one["odd"]) == (1, 2, 2)
    assert (one["source"], [v["target"] for v in one["variants"]]) == ("Shanghai", ["Shanghai", "Shangai"])
    page = (result.folder / "index.html").read_text(encoding="utf-8")
    assert "Rendered in several ways (1)" in page
    assert f'href="c/review.html#s{one["variants"][1]["segment"]}"' in page


def test_a_rerun_that_loads_no_document_says_the_same(folder: Path) -> None:
    run(folder)
    before = (folder.parent / "out/r/consistency.tsv").read_bytes()
    again = run(folder)
    assert again.unchanged == 3
    assert (folder.parent / "out/r/consistency.tsv").read_bytes() == before


def test_the_file_goes_when_there_is_nothing_to_tell(folder: Path) -> None:
    run(folder)
    (folder / "c.txt").unlink()
    result = run(folder)
    assert not (result.folder / "consistency.tsv").exists()
    assert result.inconsistent == []
    assert "Rendered in several ways" not in (result.folder / "index.html").read_text(encoding="utf-8")


def test_the_terminal_names_it_and_counts_terms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.cli.run import _close

    glossary = folder.parent / "terms.csv"
    glossary.write_text("stampa,stampa\nriunione,meeting\n", encoding="utf-8")
    config = load_settings(None, [*ECHO, f"translate.glossary=[{glossary}]"])
    result = Run([folder], config, out=folder.parent / "out", name="r").execute()
    _close(result)
    said = capsys.readouterr().err
    assert "rendered in several ways: 1, Shanghai first" in said
    assert "glossary: 3 satisfied, 0 repaired, 3 unsatisfied" in said
    written = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))["terms"]
    assert written["riunione"] == {"satisfied": 0, "repaired": 0, "unsatisfied": 3}
    page = (result.folder / "index.html").read_text(encoding="utf-8")
    assert re.findall(
        r'<td lang="it">(riunione|stampa)</td><td class="n">(\d)</td><td class="n">0</td><td class="n">(\d)</td>', page
    ) == [
        ("riunione", "0", "3"),
        ("stampa", "3", "0"),
    ]


def test_a_term_that_occurs_nowhere_is_named_with_zeros(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.cli.run import _close

    glossary = folder.parent / "terms.csv"
    glossary.write_text("stampa,stampa\ncassa [integrazione],lay-off fund\n", encoding="utf-8")
    config = load_settings(None, [*ECHO, f"translate.glossary=[{glossary}]", "translate.keep=[Confquadri]"])
    result = Run([folder], config, out=folder.parent / "out", name="r").execute()
    _close(result)
    assert "2 of 3 terms occur nowhere: Confquadri, cassa [integrazione]" in " ".join(capsys.readouterr().err.split())
    written = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))["terms"]
    nothing = {"satisfied": 0, "repaired": 0, "unsatisfied": 0}
    assert written["Confquadri"] == written["cassa [integrazione]"] == nothing != written["stampa"]
    page = (result.folder / "index.html").read_text(encoding="utf-8")
    assert "2 of them occur nowhere." in page


def test_a_glossary_of_which_every_term_occurs_says_nothing_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cli.run import _close

    config = load_settings(None, [*ECHO, "translate.keep=[Shanghai]"])
    result = Run([folder], config, out=folder.parent / "out", name="r").execute()
    _close(result)
    assert "nowhere" not in capsys.readouterr().err
    assert "nowhere" not in (result.folder / "index.html").read_text(encoding="utf-8")


def test_a_run_that_does_not_translate_has_no_terms(folder: Path) -> None:
    config = load_settings(
        None, [*ECHO, "translate.enabled=false", "summarise.enabled=false", "translate.keep=[Confquadri]"]
    )
    result = Run([folder], config, out=folder.parent / "out", name="r").execute()
    assert result.terms == {}


def test_nothing_links_to_pages_that_are_not_written(folder: Path) -> None:
    config = load_settings(None, [*ECHO, "write.formats=[text]"])
    result = Run([folder], config, out=folder.parent / "out", name="r").execute()
    page = (result.folder / "index.html").read_text(encoding="utf-8")
    assert "Shangai" in page
    assert "review.html" not in page


def pair(source: str, target: str, *terms: TermUse) -> Pair:
    return Pair(1, source, target, -0.2, 9, 9, "model", terms=terms)


def document(*pairs: Pair) -> Document:
    return Document("d", "d.txt").plus(Translation(pairs, "m"))


def test_a_document_counts_each_rendering_once_with_its_uses() -> None:
    found = uses(document(pair("Oggi a Shanghai si tace.", "Shanghai is silent."), pair("A Shanghai", "In Shanghai")))
    assert found == [Use("name", "Shanghai", "Shanghai", 2, 1)]


def test_terms_are_counted_by_what_became_of_them() -> None:
    good = TermUse("glossary", "accordo", "agreement", "satisfied", 0, 7, "agreement")
    bad = replace(good, status="unsatisfied", rendering="")
    counts = term_counts(document(pair("accordo", "agreement", good), pair("accordo", "deal", bad, good)))
    assert sorted(counts) == [("accordo", "satisfied", 2), ("accordo", "unsatisfied", 1)]


def roll(*documents: list[Use]) -> Roll:
    made = Roll([])
    for position, found in enumerate(documents, 1):
        made._db.execute("INSERT INTO entries (position, id) VALUES (?, ?)", (position, f"d{position}"))
        made.note(position, found)
    return made


def test_forms_of_a_name_are_one_rendering() -> None:
    found = roll([Use("name", "Russia", "Russia", 3, 1)], [Use("name", "Russia", "Russian", 1, 2)])
    assert list(inconsistencies(found)) == []


def test_what_needs_most_correcting_comes_first() -> None:
    found = roll(
        [Use("term", "accordo", "deal", 5, 1), Use("name", "Naqura", "Naqoura", 4, 3)],
        [Use("term", "accordo", "agreement", 1, 2), Use("name", "Naqura", "Nakura", 3, 4)],
    )
    number, (first, second) = worst(inconsistencies(found))
    assert number == 2
    assert (first.source, first.odd, second.source, second.odd) == ("Naqura", 3, "accordo", 1)
    assert [(v.target, v.usual, v.document, v.segment) for v in first.variants] == [
        ("Naqoura", True, "d1", 3),
        ("Nakura", False, "d2", 4),
    ]


def test_all_are_counted_where_only_the_worst_are_shown() -> None:
    spelt = [Use("name", f"Nome{n}", f"{word}{n}", 1, n) for n in range(SHOWN + 7) for word in ("Nome", "Qwerty")]
    number, shown = worst(inconsistencies(roll(spelt)))
    assert (number, len(shown)) == (SHOWN + 7, SHOWN)


def test_a_name_that_is_never_spelt_alike_is_shown_with_its_first_ways() -> None:
    ways = [Use("term", "nave", f"{letter}ard", 1, n) for n, letter in enumerate("abcdefghijklmno", 1)]
    number, (one,) = worst(inconsistencies(roll(ways)))
    assert (number, one.ways, one.odd, len(one.variants)) == (1, 15, 14, WAYS)
    lines = list(table(inconsistencies(roll(ways))))
    assert len(lines) == 16
    page = "".join(stream_index(totals([]), {"done": [], "failed": [], "skipped": []}, RUN, Wording(1, [one])))
    assert "… 5 more" in page


def test_a_spreadsheet_executes_nothing_of_the_table() -> None:
    found = roll([Use("term", "=accordo", "=deal()", 5, 1)], [Use("term", "=accordo", '"pact', 1, 2)])
    rows = [line.split("\t") for line in list(table(inconsistencies(found)))[1:]]
    assert [row[0] for row in rows] == ["'=accordo"] * 2
    assert {row[2] for row in rows} == {"'=deal()", '"""pact"'}


def test_terms_that_are_most_often_unsatisfied_come_first() -> None:
    counts = {"b": {"satisfied": 9}, "a": {"repaired": 1}, "c": {"unsatisfied": 2}}
    assert [term for term, _ in worst_terms(counts)] == ["c", "a", "b"]


def test_terms_that_occur_nowhere_come_last() -> None:
    counts = {"a": dict[str, int](), "b": {"satisfied": 9}, "c": {"unsatisfied": 2}, "d": {"satisfied": 0}}
    assert [term for term, _ in worst_terms(counts)] == ["c", "b", "a", "d"]
