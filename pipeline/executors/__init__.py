"""Where stages run. Every executor gives the same artifacts; which one is a matter of `run.executor`."""

from __future__ import annotations

import difflib
from importlib import import_module

from pipeline.errors import ConfigError
from pipeline.executors.executor import Executor
from pipeline.settings import Run

EXECUTORS: dict[str, str] = {"local": "pipeline.executors.local:LocalExecutor"}


def make_executor(run: Run) -> Executor:
    """The executor that the settings name."""
    if run.executor not in EXECUTORS:
        near = difflib.get_close_matches(run.executor, EXECUTORS, 1)
        raise ConfigError(
            f"run.executor: there is no executor '{run.executor}'",
            f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(EXECUTORS)}",
        )
    module, _, name = EXECUTORS[run.executor].partition(":")
    executor: Executor = getattr(import_module(module), name)()
    return executor
