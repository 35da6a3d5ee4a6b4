"""The engines, by name. Nothing is imported before an engine is opened."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.engines.engine import Engine
    from pipeline.engines.models import Model
    from pipeline.settings import Decoding, Run

ENGINES: dict[str, str] = {
    "transformers": "pipeline.engines.transformers:Transformers",
    "echo": "pipeline.engines.echo:Echo",
}


def open_engine(name: str, model: Model, decoding: Decoding, run: Run) -> Engine:
    """The engine `name`, with the weights of `model` checked against the lock and loaded.

    The model 'echo' has its own engine, whatever `name` says. Raises UsageError for an engine that does not exist or does
    not go with the model, ModelError where the weights are missing or broken, EngineError where they cannot be run.
    """
    if name not in ENGINES:
        near = difflib.get_close_matches(name, ENGINES, n=1, cutoff=0)
        raise UsageError(f"there is no engine '{name}'", f"did you mean '{near[0]}'? Engines: {', '.join(ENGINES)}")
    if model.kind == "echo":
        name = "echo"
    elif name == "echo":
        raise UsageError(
            f"the engine 'echo' runs no model, and '{model.name}' is one", "set the model to 'echo' as well"
        )
    if model.kind == "hub":
        from pipeline.engines.models import verify

        verify(model)
    module, kind = ENGINES[name].split(":")
    engine: Engine = getattr(importlib.import_module(module), kind)(model, decoding, run)
    return engine
