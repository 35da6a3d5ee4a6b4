"""A run that is killed, wherever it is, and started again leaves the very files of a run that was not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from articles import PORT, write_articles
from conftest import ROOT

from pipeline import Run, load_settings
from pipeline.store import Store

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive"]
SETTINGS = [*ECHO, "run.window=3", "write.tables=[jsonl]", "inputs.suffixes=[.txt, .csv]", "inputs.text_column=testo"]
STEPS = [(Store, "put"), (Store, "keep"), (Store, "record"), (Store, "record_written"), (Path, "replace")]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = write_articles(tmp_path / "in")
    for n in range(5):
        (folder / f"n{n}.txt").write_text(PORT.replace("12", str(20 + n)), encoding="utf-8")
    (folder / "tabella.csv").write_text('testo,n\n"Il mare è calmo, oggi. Domani no.",1\nPiove da ieri.,2\n', "utf-8")
    return folder


def execute(inputs: Path, out: Path) -> None:
    Run([inputs], load_settings(None, SETTINGS), out=out, name="r").execute()


def killed_at(step: int, inputs: Path, out: Path) -> bool:
    """Run in a process that kills itself before or after the given step of storing or writing; False if it got through."""
    child = os.fork()
    if child == 0:
        left = [step]
        for place, name in STEPS:
            setattr(place, name, deadly(getattr(place, name), left))
        try:
            execute(inputs, out)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def deadly(function: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def step(*arguments: Any, **named: Any) -> Any:
        tick()
        done = function(*arguments, **named)
        tick()
        return done

    def tick() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def files(out: Path) -> dict[str, bytes]:
    found = {p.relative_to(out).as_posix(): p for p in sorted((out / "r").rglob("*")) if p.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "r/run.json"}


def same(one: Path, other: Path) -> None:
    """The same files, but for temporary ones that a killed process could not delete."""
    left, right = files(one), files(other)
    assert {n: b for n, b in left.items() if not Path(n).name.startswith(".")} == right


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.slow)])
def test_killed_at_random_steps_and_rerun_gives_the_same_bytes(inputs: Path, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    kills = sum(killed_at(draw.randint(1, 120), inputs, tmp_path / "killed") for _ in range(3 if seed < 3 else 40))
    execute(inputs, tmp_path / "killed")
    execute(inputs, tmp_path / "whole")
    assert kills
    same(tmp_path / "killed", tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_random_times_and_rerun_gives_the_same_bytes(inputs: Path, tmp_path: Path) -> None:
    draw = random.Random(11)
    options = [part for value in SETTINGS for part in ("--set", value)]
    command = [sys.executable, "-m", "pipeline", "run", str(inputs), "-q", "--name", "r", *options, "--out"]
    for _ in range(15):
        process = subprocess.Popen([*command, str(tmp_path / "killed")], cwd=ROOT)
        time.sleep(draw.uniform(0.5, 3.0))
        process.kill()
        process.wait()
    for out in ("killed", "whole"):
        assert subprocess.run([*command, str(tmp_path / out)], cwd=ROOT, check=False).returncode == 0
    same(tmp_path / "killed", tmp_path / "whole")
