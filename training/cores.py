"""How many threads to compute with on a machine that others use too. Linux only; elsewhere it never changes anything.

All threads of a step wait for the slowest. When a neighbour takes one core of two, a polite (niced) run with two threads
therefore falls to a few per cent of its speed, with one thread to half.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import torch

STAT = Path("/proc/stat")


class Cores:
    """Watches what other processes take of the CPU and sets torch's threads to the cores that are left."""

    def __init__(self, every: float = 1.0) -> None:
        """`every`: seconds between two looks."""
        self.every, self.most = every, os.cpu_count() or 1
        self.seen = self._now()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        """Wall-clock, CPU seconds of the whole machine, CPU seconds of this process."""
        ticks = (
            [int(x) for x in STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
            if STAT.exists()
            else [0] * 8
        )
        busy = sum(ticks) - ticks[3] - ticks[4]  # all but idle and waiting for disks
        return time.monotonic(), busy / os.sysconf("SC_CLK_TCK"), time.process_time()

    def adapt(self) -> None:
        """Use the cores that the others left free since the last look, at least one."""
        if time.monotonic() - self.seen[0] < self.every:
            return
        now = self._now()
        wall, busy, own = (b - a for a, b in zip(self.seen, now, strict=True))
        self.seen = now
        threads = max(1, min(self.most, int(self.most - max(0.0, busy - own) / wall + 0.5)))
        if threads != torch.get_num_threads():
            torch.set_num_threads(threads)
