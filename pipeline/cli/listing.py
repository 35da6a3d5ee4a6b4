"""`it2en list`: the names that configs and reports use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, Set, app, settings_of, show_table, write_text

if TYPE_CHECKING:
    from pipeline.document import Source
    from pipeline.settings import Settings

list_app = typer.Typer(
    no_args_is_help=True, help="List rules, recurring lines, flags, engines, stages, formats and profiles."
)
app.add_typer(list_app, name="list")


def _first_line(module: str) -> str:
    from importlib import import_module

    return (import_module(module.partition(":")[0]).__doc__ or "").strip().split("\n")[0]


@list_app.command()
def rules(config: Config = None, set_: Set = None) -> None:
    """The cleaning rules."""
    from pipeline.cleaning import list_rules

    found = list_rules(settings_of(config, set_).clean)
    show_table(["rule", "kind", "scope", "action", "why"], [(r.id, r.kind, r.scope, r.action, r.why) for r in found])


@list_app.command()
def flags() -> None:
    """The flags a reviewer meets, and how many good translations in a hundred raise them (human translations of news)."""
    from pipeline.settings import Flags
    from pipeline.stages.flagging.flags import false_alarms, list_flags

    levels, rates = Flags().model_dump(), false_alarms()
    rows = [(name, levels[name], meaning, rates.get(name, "")) for name, meaning in list_flags()]
    show_table(["flag", "severity", "meaning", "false alarms %"], rows)


@list_app.command()
def engines() -> None:
    """The engines."""
    from pipeline.engines import ENGINES

    show_table(["engine", "what it is"], [(name, _first_line(home)) for name, home in ENGINES.items()])


@list_app.command()
def stages() -> None:
    """The stages, in order."""
    from pipeline.stages import STAGES, stage_class

    known = [(name, stage_class(name)) for name in STAGES]
    rows = [
        (n, s.version, ", ".join(k.__name__ for k in s.reads), s.makes.__name__, _first_line(STAGES[n]))
        for n, s in known
    ]
    show_table(["stage", "version", "reads", "makes", "what it does"], rows)


@list_app.command()
def formats() -> None:
    """The output formats and their files."""
    from pipeline.writers import FILES, WRITERS

    show_table(
        ["format", "files", "what it is"], [(n, ", ".join(FILES[n]), _first_line(home)) for n, home in WRITERS.items()]
    )


@list_app.command()
def profiles() -> None:
    """The configs that ship with it2en."""
    from pipeline.config import profiles as shipped

    first = {n: p.read_text(encoding="utf-8").split("\n")[0].lstrip("# ") for n, p in shipped().items()}
    show_table(["profile", "what it is"], first.items())


@list_app.command()
def recurring(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUTS", help="Files, folders and globs.")],
    least: Annotated[
        int, typer.Option("--least", min=2, help="In how many articles of a folder a line must stand.")
    ] = 3,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Lines that cleaning left in many articles of a folder, as a rule pack to read, cut down and use."""
    from pipeline.cleaning import clean
    from pipeline.cleaning.recurring import as_packs
    from pipeline.cleaning.recurring import recurring as recurring_lines

    settings = settings_of(config, set_)
    cleaned = [(path, clean(source, settings.clean, path)) for path, source in _sources(inputs, settings)]
    lines = recurring_lines(cleaned, least)
    write_text(as_packs(lines) if lines else f"# No line stands in {least} articles of a folder.\n")


def _sources(inputs: Sequence[str], settings: Settings) -> Iterator[tuple[str, Source]]:
    """What can be read, rows of tables too, with its path."""
    from pipeline.document import Skip, Source
    from pipeline.inputs import Rows, expand, find, load, read

    rows = Rows(settings.inputs)
    for found in expand(find(inputs, settings.inputs), settings.inputs):
        if found.row is None or found.problem:
            data = load(found, settings.inputs)
        else:
            row = rows.article(found)
            data = row if isinstance(row, Skip) else row.data
        source = read(data, found.format, settings.inputs) if isinstance(data, bytes) else None
        if isinstance(source, Source):
            yield found.path, source
