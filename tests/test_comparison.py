"""Two runs held against each other: what is the same, changed, added and removed, and where it is told."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import PORT, SCHOOL, write_articles
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Run, load_settings
from pipeline.cli import main
from pipeline.comparison.runs import (
    Change,
    Comparison,
    WrittenRun,
    changed_words,
    first_difference,
    is_changed,
    matched,
)
from pipeline.writers.segments import Row

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"]


def row(id: int, source: str, target: str, score: float | None = -0.3, flags: tuple[str, ...] = ()) -> Row:
    return Row(id, 1, "paragraph", 0, 1, source, target, score, 3, 3, "model", flags)


ROWS = st.lists(
    st.tuples(st.sampled_from(["Sì.", "No.", "Ha detto  no.", "Ha detto no."]), st.sampled_from(["Yes.", "No."])),
    max_size=6,
).map(lambda pairs: [row(i, source, target) for i, (source, target) in enumerate(pairs, 1)])


def execute(folder: Path, name: str, *overrides: str) -> Path:
    settings = load_settings(None, [*ECHO, *overrides])
    return Run([folder / "in"], settings, out=folder / "out", name=name).execute().folder


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Before, and after one sentence was corrected and one article had gained and lost a sentence."""
    write_articles(tmp_path / "in")
    before = execute(tmp_path, "before")
    (tmp_path / "c.tsv").write_text("Le navi ferme in rada erano 12.\tTwelve ships lay waiting.\n", encoding="utf-8")
    (port,) = (tmp_path / "in").rglob("porto*")
    port.write_text(PORT.replace("I pescatori chiedono aiuti al governo.", "Piove da ieri."), encoding="utf-8")
    return before, execute(tmp_path, "after", f"translate.corrections=[{tmp_path / 'c.tsv'}]")


@pytest.fixture
def it2en(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["compare", *map(str, arguments)])
        out, err = capfd.readouterr()
        return int(end.value.code or 0), out, err

    return call


@given(ROWS)
def test_a_document_differs_from_itself_in_nothing(rows: list[Row]) -> None:
    assert not any(map(is_changed, matched(rows, rows)))


@given(ROWS, ROWS)
def test_every_sentence_of_both_sides_is_in_one_pair_and_turning_them_round_swaps_added_and_removed(
    before: list[Row], after: list[Row]
) -> None:
    pairs = matched(before, after)
    assert sorted(p.before.id for p in pairs if p.before) == [r.id for r in before]
    assert [p.after.id for p in pairs if p.after] == [r.id for r in after]
    assert all(p.before.source.split() == p.after.source.split() for p in pairs if p.before and p.after)
    turned = matched(after, before)
    assert sum(p.before is None for p in pairs) == sum(p.after is None for p in turned)


@given(st.text(), st.text())
def test_marked_pieces_are_the_texts(before: str, after: str) -> None:
    old, new = changed_words(before, after)
    assert ("".join(text for text, _ in old), "".join(text for text, _ in new)) == (before, after)
    assert [text for text, changed in old if not changed] == [text for text, changed in new if not changed]


def test_only_the_words_that_changed_are_marked() -> None:
    old, new = changed_words("The old port reopens.", "The new port reopens.")
    assert old == [("The ", False), ("old", True), (" port reopens.", False)]
    assert new == [("The ", False), ("new", True), (" port reopens.", False)]
    assert first_difference("The old port.", "The new port.") == 4
    assert first_difference("Old.", "New.") == 0


def test_very_long_texts_are_marked_as_a_whole() -> None:
    assert changed_words("a " * 3000, "b " * 3000) == ([("a " * 3000, True)], [("b " * 3000, True)])


def test_a_model_that_went_round_in_circles_takes_no_time() -> None:
    before, after = "no, no, " * 300, "no no, no. " * 300
    start = time.process_time()
    assert changed_words(before, after) == ([(before, True)], [(after, True)])
    assert first_difference(before, after) == 2
    assert time.process_time() - start < 1


def test_a_change_tells_flags_that_came_and_went_and_how_the_score_moved() -> None:
    change = Change(row(1, "Sì.", "Yes.", -0.5, ("names", "marks")), row(2, "Sì.", "Yeah.", -0.2, ("marks", "numbers")))
    assert (change.gone, change.raised) == (["names"], ["numbers"])
    assert change.gain == pytest.approx(0.3)
    assert Change(None, row(1, "Sì.", "Yes.")).gain is None


def test_two_runs_are_compared_by_what_they_have_written(runs: tuple[Path, Path]) -> None:
    comparison = Comparison(*map(WrittenRun, runs))
    changes = {document: found for document, found in comparison if found}
    (port,) = changes
    told = {c.source: (c.before and c.before.target, c.after and c.after.target) for c in changes[port]}
    assert told == {
        "Le navi ferme in rada erano 12.": ("[en] Le navi ferme in rada erano 12.", "Twelve ships lay waiting."),
        "Piove da ieri.": (None, "[en] Piove da ieri."),
        "I pescatori chiedono aiuti al governo.": ("[en] I pescatori chiedono aiuti al governo.", None),
    }
    totals = comparison.totals
    assert (totals.documents, totals.changed, totals.added, totals.removed) == (2, 1, 1, 1)
    assert [key for key, _, _ in comparison.settings] == ["translate.corrections"]


def test_the_page_and_the_table_lie_beside_the_second_run(
    runs: tuple[Path, Path], it2en: Callable[..., tuple[int, str, str]]
) -> None:
    code, _, err = it2en(*runs)
    folder = runs[1].parent / "compare-before-after"
    assert (code, {file.name for file in folder.iterdir()}) == (0, {"compare.html", "compare.tsv"})
    assert "1 changed; 1 added, 1 removed" in err
    assert "Twelve ships lay waiting." in err
    page = (folder / "compare.html").read_text(encoding="utf-8")
    assert 'href="../after/porto/review.html"' in page
    assert "<ins>Twelve</ins>" in page
    head, *lines = (folder / "compare.tsv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("document\tid_before\tid_after\tsource\tbefore\tafter")
    assert len(lines) == 3


def test_the_exit_code_tells_a_difference_only_if_asked(
    runs: tuple[Path, Path], it2en: Callable[..., tuple[int, str, str]]
) -> None:
    assert it2en(*runs, "--fail-on-change")[0] == 5
    code, out, _ = it2en(runs[0], runs[0], "--fail-on-change", "--json", "--out", runs[0].parent / "same")
    assert (code, json.loads(out)["sentences"]["changed"], json.loads(out)["settings"]) == (0, 0, [])


def test_a_page_of_runs_with_other_documents_and_the_same_english_says_so(
    runs: tuple[Path, Path], it2en: Callable[..., tuple[int, str, str]]
) -> None:
    shutil.copytree(runs[0], runs[0].parent / "less")
    manifest = json.loads((runs[0] / "run.json").read_text(encoding="utf-8"))
    manifest["documents"].pop()
    (runs[0].parent / "less/run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert it2en(runs[0], runs[0].parent / "less", "--out", runs[0].parent / "c")[0] == 0
    page = (runs[0].parent / "c/compare.html").read_text(encoding="utf-8")
    assert "<h1>No English differs</h1>" in page
    assert "1 document only in" in page


def test_documents_that_one_run_alone_has_are_named(tmp_path: Path, it2en: Callable[..., tuple[int, str, str]]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(PORT, encoding="utf-8")
    before = execute(tmp_path, "before")
    (tmp_path / "in/a.txt").unlink()
    (tmp_path / "in/b.txt").write_text(SCHOOL, encoding="utf-8")
    after = execute(tmp_path, "after")
    _, out, _ = it2en(before, after, "--json")
    assert json.loads(out)["documents"] == {"compared": 0, "changed": {}, "only_before": ["a"], "only_after": ["b"]}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda run: (run / "run.json").unlink(), "is no output folder of a run that has ended"),
        (lambda run: shutil.rmtree(run) or run.write_text("x"), "is no output folder of a run that has ended"),
        (lambda run: (run / "run.json").write_text("{"), "run.json: cannot be read"),
        (
            lambda run: (run / "run.json").write_text('{"settings": {"write": {"formats": ["segments"]}}}'),
            "run.json: cannot be read: says nothing of documents, models,",
        ),
        (lambda run: (run / "porto/segments.tsv").write_text("x"), "segments.tsv: cannot be read"),
    ],
)
def test_what_is_no_run_is_told_with_the_next_step(
    runs: tuple[Path, Path], it2en: Callable[..., tuple[int, str, str]], spoil: Callable[[Path], object], message: str
) -> None:
    spoil(runs[0])
    code, _, err = it2en(*runs)
    assert code == 2
    assert message in err
    assert "next: " in err


def test_a_run_without_segments_is_told(tmp_path: Path, it2en: Callable[..., tuple[int, str, str]]) -> None:
    write_articles(tmp_path / "in")
    before = execute(tmp_path, "before", "write.formats=[text]")
    code, _, err = it2en(before, before)
    assert code == 2
    assert "run it again with 'segments' among write.formats" in err


def test_a_comparison_is_never_written_into_a_run(
    runs: tuple[Path, Path], it2en: Callable[..., tuple[int, str, str]]
) -> None:
    code, _, err = it2en(*runs, "--out", runs[0])
    assert code == 2
    assert "is the folder of a run" in err


def test_a_comparison_follows_runs_that_were_moved(
    runs: tuple[Path, Path], tmp_path: Path, it2en: Callable[..., tuple[int, str, str]]
) -> None:
    shutil.move(runs[1], tmp_path / "elsewhere")
    assert it2en(runs[0], tmp_path / "elsewhere")[0] == 0
    page = (tmp_path / "compare-before-after/compare.html").read_text(encoding="utf-8")
    assert 'href="../elsewhere/porto/review.html"' in page
    assert 'href="../out/before/porto/review.html"' in page


def test_runs_of_the_same_name_are_told_apart_by_their_folders(
    runs: tuple[Path, Path], tmp_path: Path, it2en: Callable[..., tuple[int, str, str]]
) -> None:
    other = tmp_path / "other's place"
    shutil.copytree(runs[1], other / "before")
    (manifest := other / "before/run.json").write_text(
        manifest.read_text(encoding="utf-8").replace('"name": "after"', '"name": "before"'), encoding="utf-8"
    )
    assert it2en(runs[0], other / "before")[0] == 0
    page = (other / "compare-before-before/compare.html").read_text(encoding="utf-8")
    assert f"<b>{runs[0]}</b> → <b>{tmp_path}/other&#39;s place/before</b>" in page
