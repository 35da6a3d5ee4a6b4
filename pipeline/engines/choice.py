"""Which models and engines a run uses: 'auto' becomes a name, what is missing is said before any work, what a reader must know is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pipeline.engines import check_name
from pipeline.engines.automatic import settle
from pipeline.engines.conversion import is_converted, is_writable
from pipeline.engines.lock import default_home
from pipeline.engines.models import KNOWN, Model, Task, best, resolve
from pipeline.engines.self_test import task_of
from pipeline.errors import ModelError, UsageError
from pipeline.settings import Reread, Run, Settings, Summarise, Translate

PLACEHOLDER = "embedded/it-en"  # trained on a CPU for want of anything better; leave empty once it is a real translator
EXTRACTIVE = "extractive"
S = TypeVar("S", Translate, Reread, Summarise)


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings with every model, engine and precision named, and the models by role for people.

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
        _refuse("translate.model", model, "read")
        if translate.ladder.second:
            _refuse("translate.ladder.alternative", resolve(translate.ladder.second, "translate"), "read")
        models["translate"] = _shown(model)
        translate = _with_reader(translate, model)
        notices += _notice(model)
        translate = _settled(_named(translate, model), model, settings.run, hints)
    reread = settings.reread
    if settings.is_reread:
        out = "reread.model names another reader, reread.enabled: false does without"
        reader = _reader("reread.model", reread.model, reread.revision, out)
        models["reread"] = _shown(reader)
        reread = _settled(_named(reread, reader), reader, settings.run, hints)
    if summarise.enabled:
        summarise, models["summarise"] = _summariser(summarise, settings.run, hints)
        if settings.summarise.method == "auto" and models["summarise"] == EXTRACTIVE:
            name = next(known.name for known in KNOWN if known.task == "summarise")
            hints.append(
                f"Summaries pick sentences of the translation (extractive); `it2en models pull {name}` gets an abstractive model."
            )
    chosen = settings.model_copy(update={"translate": translate, "reread": reread, "summarise": summarise})
    return Choice(chosen, models, tuple(notices), tuple(dict.fromkeys(hints)))


def _refuse(key: str, model: Model, *tasks: Task) -> None:
    """Raise UsageError for a model that is for one of these tasks. What a folder is for is not always known, so not all others are refused."""
    if task_of(model) in tasks:
        what = {"read": "translates into Italian", "translate": "translates", "summarise": "summarises"}[task_of(model)]
        raise UsageError(f"{key}: '{model.name}' {what}", "`it2en models list` shows what each model is for")


def _with_reader(config: Translate, translator: Model) -> Translate:
    """The section with the name of the ladder's reader, which is there; None where nobody reads."""
    name = config.ladder.reader_of(translator.kind == "embedded")
    if name is not None:
        out = "translate.ladder.reader names another reader, or is null, which does without"
        reader = _reader("translate.ladder.reader", name, None, out)
        name = _name(name, reader)
    return config.model_copy(update={"ladder": config.ladder.model_copy(update={"reader": name})})


def _reader(key: str, name: str, revision: str | None, out: str) -> Model:
    """A model that reads. Raises ModelError or UsageError, with the ways `out`, for one that is not there or translates nothing."""
    try:
        reader = resolve(name, "read", revision)
    except (ModelError, UsageError) as error:
        raise type(error)(f"{key}: {error}", f"{error.hint}; {out}" if error.hint else out) from error
    if task_of(reader) != "read":
        raise UsageError(f"{key}: '{reader.name}' is no translator from English to Italian", out)
    return reader


def _summariser(config: Summarise, run: Run, hints: list[str]) -> tuple[Summarise, str]:
    wanted = config.method
    if wanted == "auto":
        wanted = "abstractive" if config.model != "auto" or best("summarise") else "extractive"
    if wanted == "extractive":
        return config.model_copy(update={"method": "extractive"}), EXTRACTIVE
    model = resolve(config.model, "summarise", config.revision)
    _refuse("summarise.model", model, "read", "translate")
    named = _named(config.model_copy(update={"method": "abstractive"}), model)
    return _settled(named, model, run, hints), _shown(model)


def _name(given: str, model: Model) -> str:
    """The name that settings keep: a folder's is the path it was given by."""
    return given if model.kind == "local" else model.name


def _named(config: S, model: Model) -> S:
    """The section with the model's name and commit; a folder keeps the path it was given by."""
    return config.model_copy(update={"model": _name(config.model, model), "revision": model.revision})


def _settled(config: S, model: Model, run: Run, hints: list[str]) -> S:
    """The section with engine and precision named; `hints` gets why, and what has to be done before the model runs."""
    check_name(config.engine)
    settled = settle(config.engine, config.precision, model, run)
    if settled.why:
        hints.append(f"{model.name} is run by {settled.why}.")
    if settled.engine == "ctranslate2":
        hints += _conversion(model, settled.precision)
    return config.model_copy(update={"engine": settled.engine, "precision": settled.precision})


def _conversion(model: Model, precision: str) -> list[str]:
    if is_converted(model, precision):
        return []
    home = default_home() / "converted"
    if is_writable(home):
        return [
            f"{model.name} is converted for ctranslate2 at its first use and kept in {home}: seconds to a minute, once."
        ]
    return [
        f"{home} cannot be written, so {model.name} is converted for ctranslate2 in each run anew; IT2EN_HOME names another folder."
    ]


def _shown(model: Model) -> str:
    return model.name if model.kind == "echo" else f"{model.name}@{model.identity[:12]}"


def _notice(model: Model) -> list[str]:
    if model.kind != "embedded":
        return []
    name = next(known.name for known in KNOWN if known.task == "translate")
    what = (
        "a small placeholder model that gets words wrong and invents some"
        if model.name == PLACEHOLDER
        else "a small model that comes with it2en"
    )
    return [f"Translated by {model.name}, {what}; `it2en models pull {name}` gets OPUS-MT, which replaces it."]
