"""The command line, as a person and as a program meets it. In process: `main` ends in SystemExit with the exit code."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from articles import PORT, write_articles

from pipeline.cli import main

ECHO = ["--set", "translate.model=echo", "--set", "translate.engine=echo", "--set", "summarise.method=extractive"]


@dataclass
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def it2en(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = capfdbinary.readouterr()
        return Done(int(end.value.code or 0), out.decode("utf-8"), err.decode("utf-8"))

    return call


It2en = Callable[..., Done]


def test_help_names_every_command(it2en: It2en) -> None:
    out = it2en("--help").out
    assert all(name in out for name in ("run", "clean", "translate", "compare", "config", "models", "list"))


def test_a_run_ends_with_a_table_and_the_place_to_look(it2en: It2en, tmp_path: Path) -> None:
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), *ECHO)
    assert done.code == 0
    assert done.out == ""
    assert "2 done, 0 skipped, 0 failed of 2 documents" in done.err
    assert str(tmp_path / "out/in/index.html") in done.err


def test_a_run_tells_which_files_of_a_folder_it_left_aside(it2en: It2en, tmp_path: Path) -> None:
    (write_articles(tmp_path / "in") / "altri.jsonl").write_text('{"text": "Ciao."}', encoding="utf-8")
    done = it2en("run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), *ECHO)
    assert "left aside: 1 .jsonl" in done.err
    assert json.loads((tmp_path / "out/in/run.json").read_bytes())["left_aside"] == {".jsonl": 1}


def test_a_site_that_no_document_belongs_to_is_told(it2en: It2en, tmp_path: Path) -> None:
    sites = "clean.sites={'*/scuola/*': {without: [cookie-banner]}, '*/squola/*': {without: [cookie-banner]}}"
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), *ECHO, "--set", sites)
    assert "no document's path matches '*/squola/*'" in done.err
    assert "'*/scuola/*'" not in done.err


def test_a_run_that_is_asked_to_end_is_an_interrupted_run(
    it2en: It2en, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.delivery.Delivery.finish", lambda _: os.kill(os.getpid(), signal.SIGTERM))
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), *ECHO)
    assert done.code == 130
    assert "interrupted: what was made so far is stored" in done.err


@pytest.mark.parametrize("arguments", [("clean", "--explain", "-"), ("list", "flags"), ("config", "show")])
def test_output_is_utf8_whatever_the_locale_says(
    it2en: It2en, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii", write_through=True))
    assert it2en(*arguments, stdin=PORT.encode()).code == 0
    assert out.getvalue().decode("utf-8")


def test_a_run_without_terminal_or_files_to_speak_to_runs(
    it2en: It2en, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), "--json", *ECHO)
    assert done.code == 0
    for stream in (sys.stdout, sys.stderr):  # what they were opened to
        stream.close()


def test_output_that_does_not_go_out_is_a_message(it2en: It2en, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full(), encoding="utf-8"))
    done = it2en("config", "show")
    assert (done.code, "standard output: No space left" in done.err) == (3, True)


def test_json_goes_to_stdout_alone(it2en: It2en, tmp_path: Path) -> None:
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), "--json", *ECHO)
    assert json.loads(done.out) == json.loads((tmp_path / "out/in/run.json").read_text(encoding="utf-8"))


def test_quiet_names_what_failed_all_the_same(it2en: It2en, tmp_path: Path) -> None:
    (tmp_path / "righe.jsonl").write_text('{"text": null}\n', encoding="utf-8")
    done = it2en("run", str(tmp_path / "righe.jsonl"), "--out", str(tmp_path / "out"), "--quiet", *ECHO)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("failed: ")
    assert "/righe.jsonl:1: bad_row: the column 'text' is null (inputs.text_column)\n" in done.err


def test_one_flag_is_one_warning(it2en: It2en, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Oggi costa 5 euro per tutti gli abitanti.\n", encoding="utf-8")
    done = it2en("run", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), "--fail-on", "warning", *ECHO)
    assert "quality gate: " in done.err
    assert "1 error, 2 warnings" in done.err


def test_quiet_says_nothing(it2en: It2en, tmp_path: Path) -> None:
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), "-q", *ECHO)
    assert (done.out, done.err) == ("", "")


def test_explain_lists_verdicts(it2en: It2en, tmp_path: Path) -> None:
    done = it2en("run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), "--explain", *ECHO)
    assert "porto\ttranslate\tmade\tnot met before in this run" in done.out


def test_a_failed_document_makes_the_exit_code_one(
    it2en: It2en, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path / "in")

    def broken(self: object, documents: object) -> object:
        raise ValueError("broken for the test")

    monkeypatch.setattr("pipeline.stages.segment.SegmentStage.make", broken)
    done = it2en("run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), *ECHO)
    assert done.code == 1
    assert "broken for the test" in done.err


def test_a_gate_ends_with_code_four_once_everything_is_written(it2en: It2en, tmp_path: Path) -> None:
    """The echo engine leaves Italian as it is, which is an error by the flags."""
    arguments = ["run", str(write_articles(tmp_path / "in")), "--out", str(tmp_path / "out"), *ECHO]
    assert it2en(*arguments).code == 0
    done = it2en(*arguments, "--fail-on", "error")
    assert done.code == 4
    assert "quality gate: " in done.err
    written = json.loads((tmp_path / "out/in/run.json").read_text(encoding="utf-8"))
    assert written["gate"]["fail_on"] == "error"
    risks = {d["id"]: d["risk"] for d in written["documents"]}
    assert [risks[name] for name in written["gate"]["stopped"]] == sorted(risks.values(), reverse=True)
    assert all((tmp_path / "out/in" / name / "review.html").exists() for name in risks)


def test_an_unknown_gate_is_a_usage_error(it2en: It2en, tmp_path: Path) -> None:
    assert it2en("run", str(write_articles(tmp_path / "in")), "--fail-on", "doom").code == 2


def test_flags_are_listed_with_what_they_cost(it2en: It2en) -> None:
    (line,) = [line for line in it2en("list", "flags").out.splitlines() if line.startswith("missing_clause")]
    assert " / " in line


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "nowhere.txt"], 2, "nowhere.txt"),
        (["run"], 2, "INPUTS"),
        (["run", "x", "--offline", "--set", "run.executor=ray"], 2, "made of connections"),
        (["run", "x", "--config", "nowhere"], 2, "neither a file nor a profile"),
        (["run", "x", "--set", "translate.modle=y"], 2, "translate.model"),
        (["translate", "--config", "opus", "-"], 3, "it2en models pull Helsinki-NLP/opus-mt-it-en"),
        (["models", "check", "nobody/nothing"], 3, "it2en models pull nobody/nothing"),
        (["clean", "nowhere.txt"], 2, "cannot be read"),
    ],
)
def test_an_error_is_a_message_with_a_next_step_and_no_traceback(
    it2en: It2en, arguments: list[str], code: int, said: str
) -> None:
    done = it2en(*arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_clean_reads_stdin_and_writes_clean_text(it2en: It2en) -> None:
    done = it2en("clean", "-", stdin=PORT.encode())
    assert done.out.startswith("Il porto di Ancona riapre dopo la mareggiata\n\nIl porto di Ancona ha riaperto")
    assert "cookie" not in done.out


def test_clean_explain_shows_each_line_with_its_rule(it2en: It2en) -> None:
    lines = it2en("clean", "--explain", "-", stdin=PORT.encode()).out.splitlines()
    assert any(line.startswith("dropped") and "FacebookTwitterLinkedInEmailCopy Link" in line for line in lines)
    assert any(line.startswith("metadata") and "Pubblicato il" in line for line in lines)
    assert any(line.startswith("kept") and "Le navi ferme in rada" in line for line in lines)


def test_translate_lines_gives_one_line_for_each_line(it2en: It2en) -> None:
    text = "Buongiorno a tutti.\n\nPiove. Nevica.\n-\n"
    done = it2en("translate", "--lines", *ECHO, "-", stdin=text.encode())
    assert done.out.count("\n") == 4
    assert done.out.split("\n")[1] == ""
    assert done.out.split("\n")[3] == "-"


def test_translate_keeps_paragraphs(it2en: It2en) -> None:
    text = "Buongiorno a tutti. Piove.\n\nNevica da ieri.\n"
    done = it2en("translate", *ECHO, "-", stdin=text.encode())
    assert done.out.count("\n\n") == 1
    assert done.out.endswith("\n")


@pytest.mark.parametrize("what", ["rules", "engines", "stages", "formats", "flags", "profiles"])
def test_lists_are_tab_separated_for_programs(it2en: It2en, what: str) -> None:
    lines = it2en("list", what).out.splitlines()
    assert len(lines) > 2
    assert len({line.count("\t") for line in lines}) == 1


def test_config_show_prints_the_resolved_config_and_check_finds_faults(it2en: It2en, tmp_path: Path) -> None:
    assert "beam_size: 7" in it2en("config", "show", "--set", "translate.decoding.beam_size=7").out
    (tmp_path / "c.yaml").write_text("run:\n  windw: 3\n", encoding="utf-8")
    done = it2en("config", "check", str(tmp_path / "c.yaml"))
    assert done.code == 2
    assert "c.yaml:2" in done.err


def test_the_schema_describes_every_section(it2en: It2en) -> None:
    schema = json.loads(it2en("config", "schema").out)
    assert {"inputs", "clean", "translate", "extends"} <= set(schema["properties"])


def test_models_list_shows_what_is_installed_and_what_could_be(it2en: It2en) -> None:
    out = it2en("models", "list").out
    assert "embedded/it-en\ttranslate\tinstalled, auto" in out
    assert "Helsinki-NLP/opus-mt-it-en\ttranslate\tnot installed" in out


def test_models_check_of_a_checkpoint_that_talks_gibberish_fails_loudly(it2en: It2en, marian: Path) -> None:
    done = it2en("models", "check", str(marian))
    assert done.code == 3
    assert "gibberish" in done.err or "Traceback" not in done.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", ""),
        (b"\n\n", "\n\n"),
        ("perché no".encode("cp1252"), 1),
        ("Piove.\n".encode("utf-16"), 1),
        (b"a b c d.\n" * 1000 + b"\n" * 1500, 2500),
    ],
)
def test_translate_takes_any_text_there_is(it2en: It2en, text: bytes, expected: str | int) -> None:
    done = it2en("translate", *ECHO, "-", stdin=text)
    assert done.code == 0
    assert "Traceback" not in done.err
    assert done.out == expected if isinstance(expected, str) else done.out.count("\n") in (expected, expected - 1)


def test_translate_of_a_binary_file_is_a_message(it2en: It2en) -> None:
    done = it2en("translate", *ECHO, "-", stdin=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    assert (done.code, "is not text" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("command", "name", "text", "what"),
    [
        ("translate", "a.txt", "<!DOCTYPE html>\n<html><p>Ciao.</p></html>", "is an HTML page"),
        ("translate", "a.jsonl", '{"text": "Ciao."}', "is a table"),
        ("clean", "a.csv", "text\nCiao.", "is a table"),
    ],
)
def test_markup_and_tables_are_not_taken_for_prose(
    it2en: It2en, tmp_path: Path, command: str, name: str, text: str, what: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = it2en(command, str(tmp_path / name), *ECHO)
    assert (done.code, done.out, what in done.err) == (2, "", True)


def test_translate_lines_of_nothing_is_nothing(it2en: It2en) -> None:
    assert it2en("translate", "--lines", *ECHO, "-").out == ""


@pytest.mark.parametrize(
    "fault",
    [
        "write.formats=[foo]",
        "write.formats=[]",
        "run.executor=foo",
        "translate.engine=foo",
        "clean.packs=[foo]",
        "clean.sites={'*/a/*': {packs: [foo.yaml]}}",
        "translate.glossary=[foo.csv]",
        "translate.keep=[foo.txt]",
        "translate.decoding.length_penalty=.inf",
    ],
)
def test_config_check_finds_what_no_run_could_use(it2en: It2en, fault: str) -> None:
    done = it2en("config", "check", "default", "--set", fault)
    assert done.code == 2
    assert "foo" in done.err or "write.formats" in done.err or "length_penalty" in done.err


def test_a_flag_can_be_switched_off_with_a_bare_off(it2en: It2en) -> None:
    assert "numbers: 'off'" in it2en("config", "show", "--set", "check.flags.numbers=off").out


def test_recurring_lines_come_out_as_a_pack(it2en: It2en, tmp_path: Path) -> None:
    texts = []
    for number, place in enumerate(["ponte", "porto", "teatro"]):
        text = (
            f"Il {place} riapre lunedì\nIl {place} di Valbona riaprirà lunedì mattina, ha annunciato ieri sera il sindaco.\n"
            f"La valle si legge qui, ogni mattina, da novant’anni.\nIl {place} è costato due milioni di euro in tre anni."
        )
        texts.append(text)
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    done = it2en("list", "recurring", str(tmp_path))
    assert done.code == 0
    assert "3 of 3: La valle si legge qui" in done.out
    assert "phrases:" in done.out
    assert "No line stands in 4" in it2en("list", "recurring", str(tmp_path), "--least", "4").out
    table = tmp_path / "t.jsonl"
    table.write_text("".join(json.dumps({"text": text}) + "\n" for text in [*texts, ""]), encoding="utf-8")
    assert "3 of 3: La valle si legge qui" in it2en("list", "recurring", str(table)).out
