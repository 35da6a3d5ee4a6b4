from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pipeline.errors import OutputBlocked, OutputError
from pipeline.outputs import OutputFolder


def test_files_are_written_whole_in_utf8_with_lf(tmp_path: Path) -> None:
    OutputFolder(tmp_path / "run").write("a/b", {"x.txt": "perché\n"})
    assert (tmp_path / "run/a/b/x.txt").read_bytes() == "perché\n".encode()
    assert [p.name for p in (tmp_path / "run/a/b").iterdir()] == ["x.txt"]


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("d", {"x.txt": "old\n"})

    def crash(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OutputError, match="No space left"):
        folder.write("d", {"x.txt": "new\n"})
    assert [(p.name, p.read_text(encoding="utf-8")) for p in (tmp_path / "d").iterdir()] == [("x.txt", "old\n")]


@pytest.mark.parametrize("folder", ["../outside", "/etc", "a/../../outside"])
def test_nothing_is_written_outside(tmp_path: Path, folder: str) -> None:
    with pytest.raises(OutputError, match="leads out"):
        OutputFolder(tmp_path / "run").write(folder, {"x.txt": ""})
    assert list(tmp_path.rglob("x.txt")) == []


def test_a_link_in_the_output_folder_is_not_followed_out(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = OutputFolder(tmp_path / "run")
    (tmp_path / "run/d").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out"):
        folder.write("d", {"x.txt": ""})


def test_a_file_that_somebody_changed_is_noticed(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    stamps = folder.write("d", {"x.txt": "one\n", "y.txt": "two\n"})
    assert folder.unchanged("d", stamps)
    (tmp_path / "d/x.txt").write_text("changed\n", encoding="utf-8")
    assert not folder.unchanged("d", stamps)


def test_a_file_that_somebody_deleted_is_noticed(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    stamps = folder.write("d", {"x.txt": "one\n"})
    (tmp_path / "d/x.txt").unlink()
    assert not folder.unchanged("d", stamps)


def test_removing_takes_only_the_named_files_and_an_empty_folder(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("d", {"x.txt": ""})
    (tmp_path / "d/notes-of-the-reviewer.txt").write_text("mine", encoding="utf-8")
    folder.remove("d", ["x.txt", "never-there.txt"])
    assert [p.name for p in (tmp_path / "d").iterdir()] == ["notes-of-the-reviewer.txt"]
    (tmp_path / "d/notes-of-the-reviewer.txt").unlink()
    folder.remove("d", [])
    assert not (tmp_path / "d").exists()


def test_what_an_earlier_run_left_is_found(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("old/one", {"document.json": ""})
    folder.write("new", {"document.json": ""})
    (tmp_path / "strange").mkdir()
    assert folder.others({"new"}.__contains__, ["document.json"]) == ["old/one"]


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        OutputFolder(tmp_path / "file" / "run")


def test_a_folder_that_may_not_be_written_to_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = OutputFolder(tmp_path)

    def refuse(self: Path, *arguments: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match="Permission denied") as raised:
        folder.write("d", {"x.txt": ""})
    assert "change its rights" in raised.value.hint


@pytest.mark.parametrize(("number", "advice"), [(errno.ENAMETOOLONG, "shorter --out"), (errno.EFBIG, "ulimit")])
def test_a_refusal_of_the_system_comes_with_advice_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    folder = OutputFolder(tmp_path)

    def refuse(self: Path, *arguments: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputBlocked) as raised:
        folder.write("d", {"x.txt": ""})
    assert advice in raised.value.hint


def test_what_a_killed_run_was_writing_is_swept_up_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    dead, others = tmp_path / "d/.x.txt.abcd1234.it2en", tmp_path / "d/.notes.txt"
    editors = tmp_path / "d/.x.txt.swp"  # has what somebody has not saved yet
    for file in (dead, others, editors):
        file.write_text("half", encoding="utf-8")
        os.utime(file, (0, 0))
    folder = OutputFolder(tmp_path)
    alive = tmp_path / "d/.x.txt.wxyz6789.it2en"
    alive.write_text("of another run at work", encoding="utf-8")
    os.utime(alive, (2**33, 2**33))
    folder.write("d", {"x.txt": ""})
    assert sorted(p.name for p in (tmp_path / "d").iterdir()) == [".notes.txt", editors.name, alive.name, "x.txt"]


def test_a_stamp_is_of_what_was_written_though_another_run_wrote_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, replace = OutputFolder(tmp_path), Path.replace

    def overtaken(self: Path, target: Path) -> Path:
        done = replace(self, target)
        done.write_text("the other run's", encoding="utf-8")
        return done

    monkeypatch.setattr(Path, "replace", overtaken)
    stamps = folder.write("d", {"x.txt": "mine"})
    assert not folder.unchanged("d", stamps)
