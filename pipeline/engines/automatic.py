"""What 'auto' stands for where an engine or a precision is chosen: by what is installed, by the model, by the device."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from pipeline.engines.conversion import is_convertible
from pipeline.engines.models import Model
from pipeline.settings import Run

ON_CPU = "int8"
ON_CUDA = "float16"


@dataclass(frozen=True, slots=True)
class Settled:
    """An engine and a precision by name, and for people why, or '' where nothing was left open."""

    engine: str
    precision: str
    why: str = ""


def settle(engine: str, precision: str, model: Model, run: Run) -> Settled:
    """Name the engine and the precision. What is named already stays as it is; the echo is an engine of its own.

    CTranslate2 where it is installed and knows the kind of checkpoint, else transformers. On a CPU CTranslate2 runs in int8, on
    CUDA in float16; transformers runs in float32 unless told otherwise.
    """
    if model.kind == "echo":
        return Settled("echo", "float32")
    chosen, why = (engine, "") if engine != "auto" else _engine(model)
    if precision != "auto":
        return Settled(chosen, precision, why and f"{why} (precision {precision} as set)")
    if chosen != "ctranslate2":
        return Settled(chosen, "float32", why)
    exact, device = (ON_CUDA, "CUDA") if _on_cuda(run) else (ON_CPU, "a CPU")
    return Settled(chosen, exact, f"{why or chosen}, in {exact} as on {device}")


def _engine(model: Model) -> tuple[str, str]:
    if find_spec("ctranslate2") is None:
        return "transformers", "transformers, since ctranslate2 is not installed"
    if not is_convertible(model):
        return "transformers", "transformers, since ctranslate2 does not know this kind of checkpoint"
    return "ctranslate2", "ctranslate2"


def _on_cuda(run: Run) -> bool:
    from pipeline.engines.ctranslate2 import has_cuda

    return run.device != "cpu" and has_cuda()
