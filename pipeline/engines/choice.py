"""Which models a run uses: 'auto' becomes a name, what is missing is said before any work, what a reader must know is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pipeline.engines.models import KNOWN, Model, best, resolve
from pipeline.settings import Settings, Summarise, Translate

PLACEHOLDER = "embedded/it-en"  # trained on a CPU for want of anything better; leave empty once it is a real translator
EXTRACTIVE = "extractive"
S = TypeVar("S", Translate, Summarise)


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings with every model named, and the models by role for people.

    `notices` belong on every page; `hints` are for whoever started the run.
    """

    settings: Settings
    models: Mapping[str, str]
    notices: tuple[str, ...]
    hints: tuple[str, ...]


def choose_models(settings: Settings) -> Choice:
    """Settle what 'auto' stands for on this machine. Raises ModelMissing, with the command to run, for what is not there."""
    models: dict[str, str] = {}
    notices: list[str] = []
    hints: list[str] = []
    translate, summarise = settings.translate, settings.summarise
    if translate.enabled:
        model = resolve(translate.model, "translate", translate.revision)
        models["translate"] = _shown(model)
        notices += _notice(model)
        translate = _named(translate, model)
    if summarise.enabled:
        summarise, models["summarise"] = _summariser(summarise)
        if settings.summarise.method == "auto" and models["summarise"] == EXTRACTIVE:
            name = next(known.name for known in KNOWN if known.task == "summarise")
            hints.append(
                f"Summaries pick sentences of the translation (extractive); `it2en models pull {name}` gets an abstractive model."
            )
    chosen = settings.model_copy(update={"translate": translate, "summarise": summarise})
    return Choice(chosen, models, tuple(notices), tuple(hints))


def _summariser(config: Summarise) -> tuple[Summarise, str]:
    wanted = config.method
    if wanted == "auto":
        wanted = "abstractive" if config.model != "auto" or best("summarise") else "extractive"
    if wanted == "extractive":
        return config.model_copy(update={"method": "extractive"}), EXTRACTIVE
    model = resolve(config.model, "summarise", config.revision)
    return _named(config.model_copy(update={"method": "abstractive"}), model), _shown(model)


def _named(config: S, model: Model) -> S:
    """The section with the model's name and commit; a folder keeps the path it was given by."""
    name = config.model if model.kind == "local" else model.name
    return config.model_copy(update={"model": name, "revision": model.revision})


def _shown(model: Model) -> str:
    return model.name if model.kind == "echo" else f"{model.name}@{model.identity[:12]}"


def _notice(model: Model) -> list[str]:
    if model.kind != "embedded":
        return []
    name = next(known.name for known in KNOWN if known.task == "translate")
    what = (
        "a placeholder whose English is hardly readable"
        if model.name == PLACEHOLDER
        else "a small model that comes with it2en"
    )
    return [f"Translated by {model.name}, {what}; `it2en models pull {name}` gets OPUS-MT, which replaces it."]
