"""What an executor is: it runs a stage over documents and gives each result back with its position."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from pipeline.document import Document
from pipeline.engines.engine import Memory
from pipeline.stages.stage import Made, Stage

Work = Callable[[Sequence[Document]], Iterator[tuple[int, Made]]]


class Executor(ABC):
    """Runs stages. Look-up and storing are the runner's; an executor only makes.

    `windows` says how many of the run's windows it likes to be given at once.
    """

    windows = 1

    @abstractmethod
    def opened(self, stage: Stage, memory: Memory, store: Path) -> AbstractContextManager[Work]:
        """Keep the stage ready within a `with` block. The work function may be called for many windows of documents.

        `store` is the file that `memory` lies in, for workers in other processes to read; only this process writes to it.
        """

    def close(self) -> None:
        """Let go of what was started for the stages; called once, when all are done or the run breaks off."""
