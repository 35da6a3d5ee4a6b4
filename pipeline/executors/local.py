"""Runs stages in this process, one after the other. The engines themselves use all cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.engines.engine import Memory
from pipeline.executors.executor import Executor, Work
from pipeline.settings import Settings
from pipeline.stages.stage import Stage


class LocalExecutor(Executor):
    """The stage as it is, in this process."""

    def __init__(self, settings: Settings) -> None:
        pass

    @contextmanager
    def opened(self, stage: Stage, memory: Memory, store: Path) -> Iterator[Work]:
        """Open the stage, hand out its `attempt`, close it."""
        stage.open(memory)
        try:
            yield stage.attempt
        finally:
            stage.close()
