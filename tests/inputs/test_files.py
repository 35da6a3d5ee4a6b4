"""Which files are found, under which ids, and what becomes of those that cannot be read."""

from __future__ import annotations

import os
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import Failure, Skip
from pipeline.errors import UsageError
from pipeline.inputs import Found, counted, find, load
from pipeline.inputs.found import safe_name
from pipeline.settings import Inputs


def write(folder: Path, *names: str, text: str = "Il testo di una prova.") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def ids(*patterns: Path | str) -> list[str]:
    return [found.id for found in find([str(p) for p in patterns], Inputs())]


def test_a_folder_is_read_recursively_sorted_and_without_hidden_or_foreign_files(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/uno.html", "a/due.TXT", ".nascosto.txt", ".git/x.txt", "foto.jpg", "note.md")
    assert ids(tmp_path) == ["a/due", "a/uno", "b"]


def test_a_file_named_outright_is_read_as_text_whatever_its_suffix(tmp_path: Path) -> None:
    write(tmp_path, "note.md")
    found = find([str(tmp_path / "note.md")], Inputs())
    assert [(f.id, f.format) for f in found] == [("note", "txt")]


def test_globs_match_within_and_across_folders(tmp_path: Path) -> None:
    write(tmp_path, "x/a.txt", "x/y/b.txt", "x/y/c.html", "x/y/.d.txt", "x/e.jpg")
    assert ids(tmp_path / "x" / "*.txt") == ["a"]
    assert ids(tmp_path / "**" / "*.txt") == ["x/a", "x/y/b"]
    assert ids(tmp_path / "x" / "*") == ["a", "y/b", "y/c"]
    assert ids(tmp_path / "x" / "[ae].txt") == ["a"]


def test_a_name_with_brackets_is_a_name_before_it_is_a_glob(tmp_path: Path) -> None:
    write(tmp_path, "uno [1].txt")
    assert ids(tmp_path / "uno [1].txt") == ["uno [1]"]


def test_a_file_given_twice_appears_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    assert ids(tmp_path, tmp_path / "*.txt", tmp_path / "." / "a.txt") == ["a", "b"]


def test_nothing_found_says_what_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path, "foto.jpg")
    with pytest.raises(UsageError, match="no input files") as error:
        find([str(tmp_path)], Inputs())
    assert ".txt" in error.value.hint


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(UsageError, match=r"assente\.txt"):
        find([str(tmp_path), str(tmp_path / "assente.txt")], Inputs())


def test_documents_of_one_name_get_ids_of_their_own_that_depend_on_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a.html", "B.txt", "sub/b.txt")
    found = {Path(f.path).name: f.id for f in find([str(tmp_path)], Inputs())}
    assert found["a.txt"] != found["a.html"]
    assert found["a.txt"].startswith("a-")
    assert found["B.txt"] == "B"
    write(tmp_path, "z.txt")
    again = {Path(f.path).name: f.id for f in find([str(tmp_path)], Inputs())}
    assert {name: again[name] for name in found} == found


def test_ids_that_differ_by_case_only_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "Uno/a.txt", "due/A.txt")
    found = find([str(tmp_path / "Uno"), str(tmp_path / "due")], Inputs())
    assert len({f.id.casefold() for f in found}) == 2


def test_a_document_does_not_share_its_folder_with_documents_in_a_folder_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a/b.txt")
    first, second = sorted(ids(tmp_path))
    assert {first, second} != {"a", "a/b"}
    assert "a/b" in {first, second}


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "...",
        " spazi ",
        ".nascosto",
        "a:b",
        "a\\b",
        "con",
        "NUL.x",
        "x\ny",
        "\u202eabc",
        "a" * 400,
        "è" * 400,
        "?",
    ],
)
def test_ids_are_safe_names_on_every_system(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in {".", ".."}
    assert not set(safe) & set('<>:"/\\|?*\n\r\t\0\u202e')
    assert safe == safe.strip(" .")
    assert safe.lower() not in {"con", "nul", "nul.x"}
    assert len(safe.encode()) <= 204


@pytest.mark.parametrize("name", ["index.html", "run.json", "consistency.tsv", "documents.jsonl", "it2en.sqlite"])
def test_no_document_takes_the_place_of_a_file_of_the_run(name: str) -> None:
    assert safe_name(name) == f"_{name}"


@given(st.text(max_size=60))
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_name_becomes_one_part_of_a_path_and_stays_it(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert safe_name(safe) == safe


def test_control_characters_in_names_are_escaped_for_people_and_hashed_in_ids(tmp_path: Path) -> None:
    write(tmp_path, "a\nb.txt", "a\tb.txt")
    found = find([str(tmp_path)], Inputs())
    assert all(f.path.isprintable() for f in found)
    assert len({f.id for f in found}) == 2
    assert all("\n" not in f.id and "\t" not in f.id for f in found)


def test_decomposed_and_composed_names_give_the_same_id(tmp_path: Path) -> None:
    write(tmp_path / "uno", "citta\u0300.txt")
    write(tmp_path / "due", "citt\u00e0.txt")
    assert ids(tmp_path / "uno") == ids(tmp_path / "due") == ["citt\u00e0"]


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, "vero/a.txt")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "vero" / "a.txt")
    (found,) = find([str(tmp_path / "in")], Inputs())
    assert found.id == "b"
    assert load(found, Inputs()) == b"Il testo di una prova."


def test_a_loop_of_links_is_skipped_and_said(tmp_path: Path) -> None:
    write(tmp_path, "in/a.txt")
    (tmp_path / "in" / "giro").symlink_to(tmp_path / "in", target_is_directory=True)
    found = {f.id: f.problem for f in find([str(tmp_path / "in")], Inputs())}
    assert found["a"] is None
    assert isinstance(found["giro"], Skip)
    assert found["giro"].reason == "symlink_loop"


def test_folders_that_link_to_each_other_many_times_are_read_in_no_time(tmp_path: Path) -> None:
    folders = [tmp_path / "in" / f"f{i:02}" for i in range(20)]
    for folder in folders:
        folder.mkdir(parents=True)
    for above, below in pairwise(folders):
        for name in ("x", "y", "z"):
            (above / name).symlink_to(below, target_is_directory=True)
    write(folders[-1], "a.txt")
    began = time.monotonic()
    assert find([str(tmp_path / "in")], Inputs())
    assert time.monotonic() - began < 5


def test_a_link_to_nothing_fails_and_the_others_go_on(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nulla.txt")
    outcomes = {f.id: load(f, Inputs()) for f in find([str(tmp_path)], Inputs())}
    assert outcomes["a"] == b"Il testo di una prova."
    assert isinstance(outcomes["b"], Failure)
    assert outcomes["b"].error == "FileNotFoundError"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_what_the_system_does_not_let_us_read_fails_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "chiusa/b.txt")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "chiusa").chmod(0)
    try:
        outcomes = [load(f, Inputs()) for f in find([str(tmp_path)], Inputs())]
    finally:
        (tmp_path / "chiusa").chmod(0o700)
    assert [type(o) for o in outcomes] == [Failure, Failure]
    assert all("denied" in o.message for o in outcomes if isinstance(o, Failure))


def test_a_reason_of_the_system_becomes_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.txt")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    outcome = load(Found("a", "a.txt", tmp_path / "a.txt"), Inputs())
    assert outcome == Failure("inputs", "PermissionError", "cannot be read: Permission denied")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_is_skipped_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "coda.txt")
    (found,) = find([str(tmp_path)], Inputs())
    outcome = load(found, Inputs())
    assert isinstance(outcome, Skip)
    assert outcome.reason == "not_a_file"


def test_a_file_over_the_limit_is_skipped_and_the_setting_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", text="x" * 101)
    (found,) = find([str(tmp_path)], Inputs())
    outcome = load(found, Inputs(max_bytes=100))
    assert isinstance(outcome, Skip)
    assert outcome.reason == "too_large"
    assert "inputs.max_bytes" in outcome.message
    assert load(found, Inputs(max_bytes=101)) == b"x" * 101


def test_what_a_folder_holds_beside_its_articles_is_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.csv", "sub/c.CSV", "d.jsonl", "README", ".hidden.pdf", "it2en.sqlite"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("Ciao.", encoding="utf-8")
    aside: Counter[str] = Counter()
    assert [one.path for one in find([str(tmp_path)], Inputs(), aside)] == [f"{tmp_path.name}/a.txt"]
    assert counted(aside) == "2 .csv, 1 .jsonl, 1 without ending"
    with pytest.raises(UsageError) as raised:
        find([str(tmp_path / "sub")], Inputs())
    assert "they hold 1 .csv" in raised.value.hint


def test_a_folder_that_two_patterns_lead_to_is_counted_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "sport/b.txt", "sport/c.csv")
    aside: Counter[str] = Counter()
    find([str(tmp_path), str(tmp_path / "sport"), str(tmp_path / "s*")], Inputs(), aside)
    assert aside == {".csv": 1}


@pytest.mark.parametrize("pattern", ["**/*.txt", "**", "*/*/*/*.txt", "results/*/*", "results/run/one"])
def test_no_glob_and_no_folder_within_leads_into_the_folder_that_the_results_go_into(
    tmp_path: Path, pattern: str
) -> None:
    write(tmp_path, "in/sport/news/a.txt", "results/run/one/clean.it.txt", "results/other/b.txt")
    found = find([str(tmp_path / pattern), str(tmp_path / "in")], Inputs(), None, tmp_path / "results/run")
    assert not [one.path for one in found if "clean.it.txt" in one.path]
    assert [one.file for one in found if one.problem] == [tmp_path / "results/run"]


@pytest.mark.parametrize("pattern", ["**/*.txt", "**", "results/*"])
def test_globs_do_not_lead_into_the_results_of_an_earlier_run_unless_they_name_it(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, "in/a.txt", "results/run/one/b.txt", "results/run/run.json", "results/run/index.html")
    found = find([str(tmp_path / pattern), str(tmp_path / "in")], Inputs())
    assert {one.file.name: one.problem and one.problem.reason for one in found} == {"a.txt": None, "run": "own_output"}
    for named in ("results/run", "results/run/**/*.txt", "results/run/*/*.txt"):
        assert "b.txt" in [one.file.name for one in find([str(tmp_path / named)], Inputs()) if not one.problem]


def test_comparisons_of_runs_are_not_read_with_the_folder_that_holds_them(tmp_path: Path) -> None:
    write(tmp_path, "compare-a-b/compare.html", "compare-a-b/compare.tsv")
    (one,) = find([str(tmp_path)], Inputs())
    assert (one.file.name, one.problem and one.problem.reason) == ("compare-a-b", "own_output")


def test_only_results_of_this_run_are_no_inputs(tmp_path: Path) -> None:
    write(tmp_path, "run/one/clean.it.txt")
    with pytest.raises(UsageError, match="is where the results would go"):
        find([str(tmp_path / "**/*.txt"), str(tmp_path / "run/one/clean.it.txt")], Inputs(), None, tmp_path / "run")
