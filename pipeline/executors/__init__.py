"""Where stages run. Every executor gives the same artifacts; which one is a matter of `run.executor`."""

from __future__ import annotations

import difflib
from importlib import import_module

from pipeline.errors import ConfigError
from pipeline.executors.executor import Executor
from pipeline.settings import Settings

EXECUTORS: dict[str, str] = {
    "local": "pipeline.executors.local:LocalExecutor",
    "ray": "pipeline.executors.ray:RayExecutor",
}


def make_executor(settings: Settings) -> Executor:
    """The executor that the settings (with every model named) name. Raises ConfigError where it cannot be had."""
    wanted = settings.run.executor
    if wanted not in EXECUTORS:
        near = difflib.get_close_matches(wanted, EXECUTORS, 1)
        raise ConfigError(
            f"run.executor: there is no executor '{wanted}'",
            f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(EXECUTORS)}",
        )
    module, _, name = EXECUTORS[wanted].partition(":")
    executor: Executor = getattr(import_module(module), name)(settings)
    return executor
