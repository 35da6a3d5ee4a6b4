"""Peak memory of a run over few and over many documents, and the time of a rerun without changes: echo engine, all else real.

    python benchmarks/memory.py --shared DIR [--few 2000] [--many 20000] [--set KEY=VALUE]...
    python benchmarks/memory.py --shared DIR --megabytes 10

With `--megabytes`, of one document that is so large. Every run is a process of its own; its peak is the kernel's count of resident pages (`ru_maxrss`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

ECHO = ["--set", "translate.model=echo", "--set", "translate.engine=echo", "--set", "summarise.method=extractive"]


def measured(arguments: list[str]) -> tuple[float, float, float]:
    """(peak in MiB, seconds, seconds of CPU) of `it2en` with these arguments."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "pipeline", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        sys.exit(f"it2en ended with {process.returncode}")
    return usage.ru_maxrss / 1024, time.monotonic() - began, usage.ru_utime + usage.ru_stime


def peak(count: int, source: Path, out: Path, overrides: list[str]) -> float:
    """The higher peak in MiB of a cold and a warm run over `count` documents, both printed."""
    highest = 0.0
    for run in ("cold", "warm"):
        found, seconds, cpu = measured(["run", str(source), "--out", str(out), "-q", *ECHO, *overrides])
        print(f"{count:>10} {run:<6} {found:>9.0f} {seconds:>8.1f} {cpu:>7.1f} {count / seconds:>12.1f}", flush=True)
        highest = max(highest, found)
    return highest


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the authored articles")
    parser.add_argument("--few", type=int, default=2000)
    parser.add_argument("--many", type=int, default=20000)
    parser.add_argument("--megabytes", type=float, help="one document of this size, instead of many")
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    options = parser.parse_args()
    work = options.work or Path(tempfile.mkdtemp(prefix="it2en-memory-"))
    overrides = [part for value in options.overrides for part in ("--set", value)]
    print(f"{'documents':>10} {'run':<6} {'peak MiB':>9} {'seconds':>8} {'CPU':>7} {'documents/s':>12}")
    if options.megabytes:
        size = int(options.megabytes * 1e6)
        corpus.write_one(options.shared, work / "one" / "long.txt", size)
        peak(1, work / "one", work / "out", [*overrides, "--set", f"inputs.max_bytes={2 * size}"])
    else:
        peaks = []
        for count in (options.few, options.many):
            source = work / f"in{count}"
            if not source.exists():
                corpus.write(options.shared, source, count)
            peaks.append(peak(count, source, work / f"out{count}", overrides))
        print(f"peak of {options.many} over peak of {options.few}: {peaks[1] / peaks[0]:.2f}")
    if options.work is None:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
