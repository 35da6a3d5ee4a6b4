"""What every executor promises: the artifacts, keys and files that the local one gives. Each run is a process of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from articles import PORT, write_articles
from conftest import ROOT

from pipeline.executors import EXECUTORS

OTHERS = [pytest.param(name, marks=pytest.mark.slow) for name in EXECUTORS if name != "local"]
ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive", "inputs.id_column=id"]
KILLER = """
import os, signal
from pathlib import Path
from pipeline.engines.echo import Echo
stream = Echo.stream
def deadly(self, texts):
    for n, answer in enumerate(stream(self, texts)):
        mark = Path(os.environ["KILLED"])
        if n == 3 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield answer
Echo.stream = deadly
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = write_articles(tmp_path / "in")
    for n in range(6):
        (folder / f"n{n}.txt").write_text(
            PORT.replace("12", str(20 + n)) + f"\n\nIl molo {n} apre domani.\n", encoding="utf-8"
        )
    (folder / "vuoto.txt").write_bytes(b"")
    rows = [{"id": "a", "text": PORT.replace("12", "77"), "n": 1}, {"id": "b"}]
    (folder / "righe.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def run(
    inputs: Path, out: Path, executor: str, *overrides: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    if executor == "ray":
        pytest.importorskip("ray")
    settings = [*ECHO, f"run.executor={executor}", "run.window=4", "inputs.suffixes=[.txt, .jsonl]", *overrides]
    command = [sys.executable, "-m", "pipeline", "run", str(inputs), "-q", "--out", str(out), "--name", "r"]
    return subprocess.run(
        [*command, *(part for value in settings for part in ("--set", value))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=500,
    )


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted((out / "r").rglob("*.*")) if p.is_file()}


def stored(out: Path) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(out / "it2en.sqlite")
    try:
        rows = database.execute("SELECT key, digest FROM artifacts ORDER BY key").fetchall()
        return rows + database.execute("SELECT * FROM sentences ORDER BY space, source").fetchall()
    finally:
        database.close()


def same_files(one: Path, other: Path) -> None:
    left, right = files(one), files(other)
    assert left.pop("r/run.json")
    assert right.pop("r/run.json")
    assert left == right


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("executor", OTHERS)
def test_files_keys_and_memory_are_those_of_the_local_executor(inputs: Path, tmp_path: Path, executor: str) -> None:
    for name in ("local", executor):
        done = run(inputs, tmp_path / name, name)
        assert done.returncode == 1, done.stderr  # one row of the table has no text
    same_files(tmp_path / "local", tmp_path / executor)
    assert stored(tmp_path / "local") == stored(tmp_path / executor)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("executor", OTHERS)
def test_a_run_is_taken_up_by_another_executor_with_other_workers(inputs: Path, tmp_path: Path, executor: str) -> None:
    run(inputs, tmp_path / "out", executor, "run.ray.actors=1")
    before = stored(tmp_path / "out")
    run(inputs, tmp_path / "out", "local")
    run(inputs, tmp_path / "out", executor, "run.ray.actors=3")
    assert stored(tmp_path / "out") == before
    counts = json.loads((tmp_path / "out/r/run.json").read_text(encoding="utf-8"))["stages"]
    assert {name: count["made"] for name, count in counts.items()} == dict.fromkeys(counts, 0)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_killed_worker_costs_a_batch_and_no_document(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(KILLER, encoding="utf-8")
    path = f"{tmp_path / 'site'}{os.pathsep}{ROOT}"
    done = run(inputs, tmp_path / "ray", "ray", "run.ray.batch=2", PYTHONPATH=path, KILLED=str(tmp_path / "killed"))
    assert (tmp_path / "killed").exists()
    assert done.returncode == 1, done.stderr
    run(inputs, tmp_path / "local", "local")
    same_files(tmp_path / "local", tmp_path / "ray")
    assert stored(tmp_path / "local") == stored(tmp_path / "ray")
