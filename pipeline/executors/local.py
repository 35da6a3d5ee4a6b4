"""Runs stages in this process, one after the other. The engines themselves use all cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.engines.engine import Memory
from pipeline.executors.executor import Executor, Work
from pipeline.stages.stage import Stage


class LocalExecutor(Executor):
    """The stage as it is, in this process."""

    @contextmanager
    def opened(self, stage: Stage, memory: Memory) -> Iterator[Work]:
        """Open the stage, hand out its `attempt`, close it."""
        stage.open(memory)
        try:
            yield stage.attempt
        finally:
            stage.close()
