"""The main job over the echo engine: what is made, what is found, what is written, and why."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from articles import ENGLISH, PORT, SCHOOL, write_articles

from pipeline import Run, RunResult, Settings, load_settings
from pipeline.errors import ModelMissing, OutputError, StoreError, UsageError
from pipeline.store import Store

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"]


def settings(*overrides: str) -> Settings:
    return load_settings(None, [*ECHO, *overrides])


def run(folder: Path, *overrides: str, out: Path | None = None, name: str = "r") -> RunResult:
    return Run([folder], settings(*overrides), out=out or folder.parent / "out", name=name).execute()


def made(result: RunResult) -> dict[str, int]:
    return {stage: count.made for stage, count in result.stages.items() if stage != "write"}


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "in")


def test_each_document_gets_its_files_and_the_run_its_own(articles: Path) -> None:
    run(articles)
    names = ["clean.it.txt", "document.json", "review.html", "segments.tsv", "summary.en.txt", "translation.en.txt"]
    written = files(articles.parent / "out/r")
    assert set(written) == {
        "index.html",
        "run.json",
        *(f"{d}/{n}" for d in ("porto", "scuola/palestra") for n in names),
    }


def test_boilerplate_is_gone_from_every_text_and_metadata_is_kept(articles: Path) -> None:
    (document,) = [d for d in Run([articles], settings(), out=articles.parent / "out") if d.id == "porto"]
    assert document.clean is not None
    assert document.translation is not None
    for text in (document.clean.text, " ".join(p.target for p in document.translation.pairs)):
        assert not any(word in text.casefold() for word in ("facebook", "cookie", "redazione", "pubblicato il"))
    assert document.clean.metadata.date_iso.startswith("2022-03-03T09:15")


def test_an_unchanged_rerun_makes_nothing_and_touches_no_file(articles: Path) -> None:
    run(articles)
    before = {p: p.stat().st_mtime_ns for p in (articles.parent / "out/r").rglob("*.*") if p.parent.name != "r"}
    again = run(articles)
    assert set(made(again).values()) == {0}
    assert (again.written, again.unchanged) == (0, 2)
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_an_unchanged_rerun_loads_no_engine(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(articles)
    monkeypatch.setattr("pipeline.stages.translate.open_engine", lambda *_: pytest.fail("an engine was opened"))
    run(articles)


def test_two_runs_from_nothing_write_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    run(articles, out=tmp_path / "one")
    run(articles, out=tmp_path / "two")
    one, two = files(tmp_path / "one/r"), files(tmp_path / "two/r")
    for written in (one, two):
        manifest = json.loads(written.pop("run.json"))
        assert manifest.pop("timings")
    assert one == two


def test_window_and_batch_size_change_no_byte_and_remake_nothing(articles: Path, tmp_path: Path) -> None:
    run(articles, out=tmp_path / "one")
    run(articles, "run.window=1", "run.batch_tokens=16", out=tmp_path / "two")
    one, two = files(tmp_path / "one/r"), files(tmp_path / "two/r")
    assert {k: v for k, v in one.items() if k != "run.json"} == {k: v for k, v in two.items() if k != "run.json"}
    assert set(made(run(articles, "run.window=1", out=tmp_path / "one")).values()) == {0}


def test_a_summary_setting_remakes_only_summaries_and_their_checks(articles: Path) -> None:
    run(articles)
    assert made(run(articles, "summarise.max_sentences=1", "summarise.min_sentences=1")) == {
        "read": 0,
        "clean": 0,
        "segment": 0,
        "translate": 0,
        "summarise": 2,
        "check": 2,
    }


def test_touching_renaming_and_moving_a_file_remakes_nothing(articles: Path) -> None:
    run(articles)
    os.utime(articles / "porto.txt", (1, 1))
    (articles / "porto.txt").rename(articles / "scuola/altro.txt")
    again = run(articles)
    assert set(made(again).values()) == {0}
    assert (articles.parent / "out/r/scuola/altro/review.html").exists()
    assert again.left_over == ["porto"]


def test_a_change_under_the_same_name_remakes_that_document_alone(articles: Path) -> None:
    run(articles)
    (articles / "porto.txt").write_text(
        PORT.replace("Le navi ferme in rada erano 12.", "Le navi ferme erano 14."), encoding="utf-8"
    )
    again = run(articles)
    assert made(again) == dict.fromkeys(["read", "clean", "segment", "translate", "summarise", "check"], 1)
    assert again.stages["translate"].decoded == 1


def test_a_change_of_boilerplate_stops_at_the_clean_text(articles: Path) -> None:
    run(articles)
    (articles / "scuola/palestra.txt").write_text(
        SCHOOL + "\nFacebookTwitterLinkedInEmailCopy Link\n", encoding="utf-8"
    )
    again = made(run(articles))
    assert (again["read"], again["clean"]) == (1, 1)
    assert again["translate"] == again["summarise"] == 0


def test_the_same_text_twice_is_made_once_and_written_twice(articles: Path) -> None:
    (articles / "copia.txt").write_bytes((articles / "porto.txt").read_bytes())
    result = run(articles)
    with Store(articles.parent / "out/it2en.sqlite") as store:
        assert store._db.execute("SELECT COUNT(*) FROM artifacts WHERE stage = 'translate'").fetchone() == (2,)
    assert result.states == {"done": 3}
    assert (
        files(articles.parent / "out/r")["copia/translation.en.txt"]
        == files(articles.parent / "out/r")["porto/translation.en.txt"]
    )


def test_explanations_say_what_changed(articles: Path) -> None:
    def why(*overrides: str) -> dict[tuple[str, str], tuple[str, str]]:
        job = Run([articles], settings(*overrides), out=articles.parent / "out", name="r", explain=True)
        job.execute()
        return {(e.document, e.stage): (e.verdict, e.reason) for e in job.explanations}

    assert why()["porto", "translate"] == ("made", "not met before in this run")
    assert why()["porto", "translate"] == ("found", "nothing it depends on has changed")
    changed = why("summarise.ratio=0.5")
    assert changed["porto", "summarise"] == ("made", "settings changed: summarise.ratio 0.2 to 0.5")
    assert changed["porto", "translate"][0] == "found"
    (articles / "porto.txt").write_text(
        PORT + "\nUn’altra frase intera è stata aggiunta in fondo al testo.\n", encoding="utf-8"
    )
    assert why("summarise.ratio=0.5")["porto", "read"] == ("made", "what it reads changed")
    reading = why("inputs.repair_mojibake=false")["porto", "read"][1]
    assert reading == "settings changed: inputs.repair_mojibake true to false"  # as one would write it in a config


def test_the_api_streams_documents_with_everything_on_them(articles: Path) -> None:
    documents = list(Run([articles], settings(), out=articles.parent / "out"))
    assert [d.id for d in documents] == ["porto", "scuola/palestra"]
    assert all(d.source and d.clean and d.segments and d.translation and d.summary and d.checks for d in documents)


def test_a_run_is_named_after_its_first_input(articles: Path) -> None:
    assert Run([articles / "porto.txt"], settings(), out=articles.parent / "out").name == "porto"
    assert Run([f"{articles}/*.txt"], settings(), out=articles.parent / "out").name == "in"


@pytest.mark.parametrize("name", ["../x", "a/b", "a\nb", ".hidden"])
def test_a_run_name_that_is_no_folder_name_is_refused(articles: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        Run([articles], settings(), out=articles.parent / "out", name=name)


def test_missing_weights_are_said_before_any_work(articles: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        Run([articles], load_settings("opus"), out=articles.parent / "out")
    assert "it2en models pull Helsinki-NLP/opus-mt-it-en" in caught.value.hint
    assert not (articles.parent / "out").exists()


def test_stages_can_be_switched_off(articles: Path) -> None:
    result = run(articles, "translate.enabled=false", "summarise.enabled=false", "check.enabled=false")
    assert list(result.stages) == ["read", "clean", "segment", "write"]
    assert (articles.parent / "out/r/porto/clean.it.txt").exists()
    assert not (articles.parent / "out/r/porto/translation.en.txt").exists()


def test_a_stage_without_what_it_reads_is_a_config_error(articles: Path) -> None:
    with pytest.raises(UsageError, match="'summarise' reads what 'translate' makes"):
        run(articles, "translate.enabled=false")


def test_a_format_that_is_switched_off_takes_its_old_files_along(articles: Path) -> None:
    run(articles)
    run(articles, "write.formats=[text]")
    assert {p.name for p in (articles.parent / "out/r/porto").iterdir()} == {
        "clean.it.txt",
        "translation.en.txt",
        "summary.en.txt",
    }


def test_an_output_file_that_was_deleted_or_edited_is_written_again(articles: Path) -> None:
    run(articles)
    target = articles.parent / "out/r/porto/translation.en.txt"
    original = target.read_bytes()
    target.unlink()
    assert run(articles).written == 1
    target.write_text("edited", encoding="utf-8")
    assert run(articles).written == 1
    assert target.read_bytes() == original


class Flaky:
    """An engine that breaks on one sentence for as long as it is told to."""

    def __init__(self, broken: bool) -> None:
        from pipeline.engines.engine import Engine

        class Inner(Engine):
            limit = 500

            def count(self, texts: Sequence[str]) -> list[int]:
                return [1] * len(texts)

            def stream(self, texts: Sequence[str]) -> Any:
                from pipeline.document import Generation

                for i, text in enumerate(texts):
                    if broken and "palestra" in text:
                        raise RuntimeError("a kernel tripped")
                    yield i, Generation(text, -0.1, 1, 1)

        self.engine = Inner()


def test_a_document_that_breaks_a_stage_fails_alone_and_is_tried_again(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.stages.translate.open_engine", lambda *_: Flaky(True).engine)
    first = run(articles)
    assert first.states == {"done": 1, "failed": 1}
    assert first.exit_code == 1
    (failed,) = [o for o in first.outcomes if o.state == "failed"]
    assert (failed.id, failed.stage) == ("scuola/palestra", "translate")
    assert "a kernel tripped" in failed.message
    assert "a kernel tripped" in (articles.parent / "out/r/index.html").read_text(encoding="utf-8")

    monkeypatch.setattr("pipeline.stages.translate.open_engine", lambda *_: Flaky(False).engine)
    second = run(articles)
    assert second.states == {"done": 2}
    assert second.stages["translate"].made == 1


def test_an_interrupted_run_goes_on_where_it_stopped(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.engines.echo import Echo

    stream = Echo.stream

    def interrupted(self: Echo, texts: Sequence[str]) -> Any:
        for n, answer in enumerate(stream(self, texts)):
            if n == 5:
                raise KeyboardInterrupt
            yield answer

    monkeypatch.setattr(Echo, "stream", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(articles)
    monkeypatch.setattr(Echo, "stream", stream)
    resumed = run(articles)
    whole = run(articles, out=tmp_path / "fresh")
    assert resumed.stages["translate"].decoded == whole.stages["translate"].decoded - 5
    one, two = files(articles.parent / "out/r"), files(tmp_path / "fresh/r")
    assert {k: v for k, v in one.items() if k != "run.json"} == {k: v for k, v in two.items() if k != "run.json"}


@pytest.mark.parametrize("home", ["pipeline.roll", "pipeline.census"])
def test_a_full_disk_for_temporary_files_is_told_as_that(
    articles: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    tables = import_module(home).TABLES
    monkeypatch.setattr(f"{home}.TABLES", f"PRAGMA page_size=512; {tables} PRAGMA max_page_count=1;")
    with pytest.raises(StoreError, match="temporary") as raised:
        run(articles)
    assert "TMPDIR" in raised.value.hint


def bad_inputs(folder: Path) -> None:
    (folder / "vuoto.txt").write_bytes(b"")
    (folder / "foto.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (folder / "utf16.txt").write_bytes(PORT.encode("utf-16"))
    (folder / "cp1252.txt").write_bytes(SCHOOL.encode("cp1252", "replace"))
    (folder / "mojibake.txt").write_text(
        PORT.replace("12", "13").encode().decode("cp1252", "replace"), encoding="utf-8"
    )
    (folder / "inglese.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "riga.txt").write_bytes(b"parola " * 3_000_000)
    (folder / "nome\x07..strano.txt").write_text(SCHOOL, encoding="utf-8")
    (folder / "pagina.html").write_text(
        f"<html><script>alert('ciao')</script><body><p>{SCHOOL}</p></body></html>", encoding="utf-8"
    )
    (folder / "giro").symlink_to(folder)


def test_bad_input_ends_in_named_outcomes_and_the_rest_goes_on(articles: Path) -> None:
    bad_inputs(articles)
    result = run(articles)
    ends = {o.path.rpartition("/")[2]: (o.state, o.reason) for o in result.outcomes}
    assert ends["vuoto.txt"] == ("skipped", "empty")
    assert ends["foto.txt"] == ("skipped", "binary")
    assert ends["riga.txt"] == ("skipped", "too_large")
    assert ends["inglese.txt"] == ("skipped", "wrong_language")
    assert ends["giro"] == ("skipped", "symlink_loop")
    done = {
        "porto.txt",
        "palestra.txt",
        "utf16.txt",
        "cp1252.txt",
        "mojibake.txt",
        "pagina.html",
        "nome\\x07..strano.txt",
    }
    assert {path for path, (state, _) in ends.items() if state == "done"} == done
    assert sum(result.states.values()) == len(result.outcomes) == len(ends)
    repairs = {o.path.rpartition("/")[2]: o.repairs for o in result.outcomes}
    assert repairs["mojibake.txt"]


def test_nothing_is_written_outside_the_output_folder(articles: Path) -> None:
    bad_inputs(articles)
    before = set(articles.parent.rglob("*"))
    run(articles)
    assert all(
        (articles.parent / "out") in p.parents or p == articles.parent / "out"
        for p in set(articles.parent.rglob("*")) - before
    )


def test_a_page_with_scripts_shows_them_as_nothing_or_as_text(articles: Path) -> None:
    (articles / "x.txt").write_text(
        SCHOOL + '\nIl sito mostrava la scritta <script>alert("ciao")</script> a tutti i lettori.\n', encoding="utf-8"
    )
    run(articles)
    page = (articles.parent / "out/r/x/review.html").read_text(encoding="utf-8")
    assert '<script>alert("ciao")' not in page
    assert "&lt;script&gt;" in page


def test_run_json_holds_settings_signature_counts_and_no_absolute_path(articles: Path) -> None:
    run(articles)
    text = (articles.parent / "out/r/run.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["schema"] == "it2en.run/1"
    assert manifest["counts"] == {"inputs": 2, "done": 2, "skipped": 0, "failed": 0}
    assert manifest["signature"].startswith("it2en|read:v")
    assert manifest["signature"].endswith(f"version:{manifest['versions']['it2en']}")
    assert manifest["settings"]["translate"]["model"] == "echo"


def test_a_link_to_itself_is_a_named_outcome(articles: Path) -> None:
    (articles / "giro").symlink_to("giro")
    (articles / "giro.txt").symlink_to("giro.txt")
    ends = {o.path.rpartition("/")[2]: (o.state, o.reason) for o in run(articles).outcomes}
    assert ends["giro.txt"] == ("skipped", "symlink_loop")
    assert ends["porto.txt"][0] == "done"


def test_what_a_run_wrote_is_not_read_by_the_next(articles: Path) -> None:
    first = run(articles, out=articles / "uscita")
    second = run(articles, out=articles / "uscita")
    assert first.states == {"done": 2}
    assert second.states == {"done": 2, "skipped": 1}
    assert [o.reason for o in second.outcomes if o.state == "skipped"] == ["own_output"]


def test_what_an_interrupted_run_wrote_is_not_read_by_the_next(articles: Path) -> None:
    written = run(articles, out=articles / "out")
    for name in ("run.json", "index.html"):  # which only a finished run leaves
        (written.folder / name).unlink()
    again = run(articles, out=articles / "out")
    assert (again.states["done"], [o.reason for o in again.troubles]) == (2, ["own_output"])


def test_results_do_not_go_into_the_folder_that_is_read(articles: Path) -> None:
    with pytest.raises(UsageError, match="where the results would go"):
        run(articles, out=articles.parent, name=articles.name)
    assert sorted(p.name for p in articles.iterdir()) == ["porto.txt", "scuola"]


def test_results_that_are_named_outright_are_read(articles: Path) -> None:
    written = run(articles)
    assert run(written.folder, name="other").states["done"] > 0


def test_a_document_whose_place_is_taken_fails_alone(articles: Path) -> None:
    (articles.parent / "out/r").mkdir(parents=True)
    (articles.parent / "out/r/porto").write_text("in the way", encoding="utf-8")
    result = run(articles)
    assert {o.id: o.state for o in result.outcomes} == {"porto": "failed", "scuola/palestra": "done"}
    (articles.parent / "out/r/porto").unlink()
    assert run(articles).states == {"done": 2}


def test_a_file_that_cannot_be_read_today_keeps_the_outputs_of_yesterday(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.document import Failure

    run(articles)
    monkeypatch.setattr("pipeline.passes.load", lambda *_: Failure("inputs", "PermissionError", "cannot be read"))
    assert run(articles).states == {"failed": 2}
    assert (articles.parent / "out/r/porto/review.html").exists()


def test_settings_that_name_nothing_are_told_before_any_work(articles: Path) -> None:
    with pytest.raises(UsageError, match="no engine 'foo'"):
        run(articles, "translate.engine=foo")
    assert not (articles.parent / "out").exists()


def test_an_error_of_the_engine_is_not_blamed_on_a_document(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise UsageError("the engine and the model do not go together")

    monkeypatch.setattr("pipeline.stages.translate.open_engine", broken)
    with pytest.raises(UsageError, match="go together"):
        run(articles)


def test_a_run_runs_once(articles: Path) -> None:
    job = Run(str(articles), settings(), out=articles.parent / "out")
    assert len(list(job)) == 2
    with pytest.raises(UsageError, match="has run already"):
        list(job)


def test_two_runs_do_not_write_into_one_folder_at_once(articles: Path) -> None:
    first = iter(Run([articles], settings(), out=articles.parent / "out", name="r"))
    next(first)
    with pytest.raises(OutputError, match="another run is at work"):
        run(articles)
    assert run(articles, name="other").states["done"] == 2
    first.close()
    assert run(articles).states["done"] == 2


def test_a_damaged_store_is_named_with_a_way_out(articles: Path) -> None:
    from pipeline.errors import StoreError

    run(articles)
    with Store(articles.parent / "out/it2en.sqlite") as store:
        store._db.execute("UPDATE artifacts SET body = x'00ff'")
    with pytest.raises(StoreError, match="cannot be read"):
        run(articles, "summarise.max_sentences=1", "summarise.min_sentences=1")


def test_a_text_without_end_is_told_and_not_waited_for(articles: Path) -> None:
    (articles / "numeri.txt").write_text(
        SCHOOL + "\n\nI numeri sono " + "1234567890 " * 20_000 + "fine.\n", encoding="utf-8"
    )
    result = run(articles)
    assert result.flags["unchecked"] == 1
