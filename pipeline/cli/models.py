"""`it2en models`: which checkpoints are here, getting more, and whether they work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, Set, app, settings_of, show_table

if TYPE_CHECKING:
    from pipeline.engines.models import Model, Task
    from pipeline.settings import Reread, Settings, Summarise, Translate

models_app = typer.Typer(no_args_is_help=True, help="List, pull and check models.")
app.add_typer(models_app, name="models")


OURS: Mapping[Task, str] = {
    "translate": "comes with it2en",
    "read": "comes with it2en: goes from English to Italian, to read translations again",
    "summarise": "comes with it2en",
}


@models_app.command("list")
def list_() -> None:
    """The models that are installed, and those that can be pulled."""
    from pipeline.engines.models import KNOWN, best, installed
    from pipeline.engines.self_test import task_of

    here = installed()
    automatic = {model.name for model in (best("translate"), best("read"), best("summarise")) if model}
    facts = {known.name: known for known in KNOWN}
    rows = []
    for model in here:
        fact = facts.get(model.name)
        state = "installed, auto" if model.name in automatic else "installed"
        rows.append(
            (
                model.name,
                task_of(model),
                state,
                model.identity[:12],
                "",
                fact.description if fact else OURS[task_of(model)],
            )
        )
    names = {model.name for model in here}
    rows += [
        (k.name, k.task, "not installed", "", f"{k.megabytes} MB", k.description) for k in KNOWN if k.name not in names
    ]
    show_table(["model", "task", "state", "identity", "download", "what it is"], rows)


@models_app.command()
def pull(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A hub model such as Helsinki-NLP/opus-mt-it-en.")],
    revision: Annotated[
        str | None, typer.Option("--revision", help="A commit, branch or tag; the main branch by default.")
    ] = None,
) -> None:
    """Download a model, pinned to a commit. The only command that opens a connection."""
    from pipeline.engines.pull import pull as pull_model

    model = pull_model(name, revision, progress=lambda line: print(line, file=sys.stderr))
    print(f"{model.name}\t{model.revision}")


@models_app.command()
def check(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One model; by default those the config uses.")
    ] = None,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Let models decode known sentences; fails loudly when what comes out is gibberish."""
    from pipeline.engines import open_engine
    from pipeline.engines.choice import choose_models
    from pipeline.engines.self_test import self_test
    from pipeline.settings import Decoding, Reread

    settings = settings_of(config, set_) if name else choose_models(settings_of(config, set_)).settings
    for model, task, section in _wanted(name, settings):
        decoding = Decoding() if isinstance(section, Reread) else section.decoding
        engine = open_engine(section.engine, model, decoding, settings.run, section.precision)
        test = self_test(engine, model, task)
        print(f"{test.model}: works ({test.found} of {test.expected} expected words; held to the bar for: {test.bar})")
        for text, answer in test.answers:
            print(f"  {text}\n    → {answer}")


def _wanted(name: str | None, settings: Settings) -> Iterator[tuple[Model, Task, Translate | Reread | Summarise]]:
    """The models to check, each with what it is for and the settings to run it by: the one named, or those that the settings use."""
    from pipeline.engines.models import resolve
    from pipeline.engines.self_test import task_of

    translate, reread, summarise = settings.translate, settings.reread, settings.summarise
    if name:
        model = resolve(name, "translate")
        task = task_of(model)
        yield model, task, translate if task == "translate" else reread if task == "read" else summarise
        return
    if translate.enabled:
        yield resolve(translate.model, "translate", translate.revision), "translate", translate
    if settings.is_reread:
        yield resolve(reread.model, "read", reread.revision), "read", reread
    if summarise.enabled and summarise.method == "abstractive":
        yield resolve(summarise.model, "summarise", summarise.revision), "summarise", summarise
