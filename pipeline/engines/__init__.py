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
    "ctranslate2": "pipeline.engines.ctranslate2:CTranslate2",
    "transformers": "pipeline.engines.transformers:Transformers",
    "echo": "pipeline.engines.echo:Echo",
}


def open_engine(name: str, model: Model, decoding: Decoding, run: Run, precision: str = "auto") -> Engine:
    """The engine `name`, with the weights of `model` checked against the lock and loaded.

    'auto' is settled as `automatic.py` says; the model 'echo' has its own engine, whatever `name` says. Raises UsageError for an
    engine that does not exist or does not go with the model, ModelError where the weights are missing or broken, EngineError
    where they cannot be run.
    """
    check_name(name)
    if name == "echo" and model.kind != "echo":
        raise UsageError(
            f"the engine 'echo' runs no model, and '{model.name}' is one", "set the model to 'echo' as well"
        )
    if model.kind == "hub":
        from pipeline.engines.models import verify

        verify(model)
    from pipeline.engines.automatic import settle

    settled = settle(name, precision, model, run)
    module, kind = ENGINES[settled.engine].split(":")
    engine: Engine = getattr(importlib.import_module(module), kind)(model, decoding, run, settled.precision)
    return engine


def check_name(name: str) -> None:
    """Raise UsageError for an engine that does not exist."""
    if name not in (*ENGINES, "auto"):
        near = difflib.get_close_matches(name, ENGINES, n=1, cutoff=0)
        raise UsageError(f"there is no engine '{name}'", f"did you mean '{near[0]}'? Engines: {', '.join(ENGINES)}")
