"""Seconds of each stage locally and on Ray with more and more workers: echo engine, all else real.

    python benchmarks/workers.py --shared DIR [--documents 1000] [--actors 1 2] [--rounds 1]

Every run starts from nothing in a process of its own; medians over rounds. It needs the extra `ray`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import corpus

ECHO = ["translate.model=echo", "translate.engine=echo", "summarise.method=extractive", "write.formats=[text]"]


def timings(source: Path, out: Path, overrides: list[str]) -> dict[str, float]:
    """Seconds by stage of one run."""
    options = [part for value in (*ECHO, *overrides) for part in ("--set", value)]
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-q", "--name", "r", "--out", str(out), *options]
    if subprocess.run(command, check=False).returncode > 1:
        sys.exit("it2en did not get through")
    found: dict[str, float] = json.loads((out / "r/run.json").read_text(encoding="utf-8"))["timings"]
    return found


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the authored articles")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--actors", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    ways = {"local": ["run.executor=local"]}
    ways |= {f"ray {n}": ["run.executor=ray", f"run.ray.actors={n}"] for n in options.actors}
    work = Path(tempfile.mkdtemp(prefix="it2en-workers-"))
    corpus.write(options.shared, work / "in", options.documents)
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for n in range(options.rounds):
        for name, overrides in ways.items():
            rounds[name].append(timings(work / "in", work / f"{name}-{n}", overrides))
    stages = list(rounds["local"][0])
    print("executor " + "".join(f"{stage:>11}" for stage in stages))
    for name, found in rounds.items():
        print(f"{name:<9}" + "".join(f"{statistics.median(f[stage] for f in found):>11.1f}" for stage in stages))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
