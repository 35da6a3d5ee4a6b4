"""What a person sees of a run while it works: nothing, plain lines, or a live bar. Only the runner calls it.

Progress is counted in documents; while an engine decodes, sentences move the bar between one document and the next.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Protocol, TextIO


class Progress(Protocol):
    """Told what happens; shows what it likes."""

    def begin(self, stage: str, documents: int) -> None:
        """A stage starts on so many documents."""

    def advance(self, documents: float) -> None:
        """So many documents more are done; fractions while a window is being decoded."""

    def decoded(self, sentences: int) -> None:
        """An engine has decoded so many texts more."""

    def end(self, summary: str) -> None:
        """The stage is done."""


class Silent:
    """Shows nothing."""

    def begin(self, stage: str, documents: int) -> None:
        """Shows nothing."""

    def advance(self, documents: float) -> None:
        """Shows nothing."""

    def decoded(self, sentences: int) -> None:
        """Shows nothing."""

    def end(self, summary: str) -> None:
        """Shows nothing."""


class Lines:
    """Plain lines for logs: one at the end of each stage, and one every `every` seconds of a long one."""

    def __init__(self, stream: TextIO | None = None, every: float = 10.0) -> None:
        self._stream, self._every = stream or sys.stderr, every

    def begin(self, stage: str, documents: int) -> None:
        """Remember the stage."""
        self._stage, self._total, self._done, self._sentences = stage, documents, 0.0, 0
        self._start = self._last = time.monotonic()

    def advance(self, documents: float) -> None:
        """Say something if it is time."""
        self._done += documents
        self._tell()

    def decoded(self, sentences: int) -> None:
        """Say something if it is time."""
        self._sentences += sentences
        self._tell()

    def end(self, summary: str) -> None:
        """Say what came of the stage."""
        print(f"{self._stage:<10} {summary}", file=self._stream, flush=True)

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        spent = now - self._start
        left = spent * (self._total - self._done) / self._done if self._done else None
        rate = f", {self._sentences} sentences ({self._sentences / spent:.1f}/s)" if self._sentences else ""
        eta = f", about {_duration(left)} left" if left is not None else ""
        print(
            f"{self._stage:<10} {int(self._done)} of {self._total} documents{rate}{eta}", file=self._stream, flush=True
        )


class Live:
    """A bar for each stage on a terminal, with speed and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._bars: Any = Progress(
            TextColumn("[bold]{task.description:<10}"),
            BarColumn(),
            TextColumn("{task.fields[state]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
        )

    def __enter__(self) -> Live:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, stage: str, documents: int) -> None:
        """Show a new bar."""
        self._total, self._done, self._sentences, self._start = documents, 0.0, 0, time.monotonic()
        self._task = self._bars.add_task(stage, total=max(documents, 1), state="")

    def advance(self, documents: float) -> None:
        """Move the bar."""
        self._done += documents
        self._bars.update(self._task, completed=self._done, state=self._state())

    def decoded(self, sentences: int) -> None:
        """Show the speed."""
        self._sentences += sentences
        self._bars.update(self._task, state=self._state())

    def end(self, summary: str) -> None:
        """Fill the bar and leave it standing with what came of the stage."""
        self._bars.update(self._task, completed=max(self._total, 1), state=summary)
        self._bars.stop_task(self._task)

    def _state(self) -> str:
        documents = f"{int(self._done + 1e-6)}/{self._total} documents"
        spent = time.monotonic() - self._start
        return f"{documents}, {self._sentences / spent:.1f} sentences/s" if self._sentences and spent else documents


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
