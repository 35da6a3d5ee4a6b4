"""`it2en clean`: the cleaning stage on one file or on standard input."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, File, Set, app, read_bytes, refuse_table, settings_of, write_text

if TYPE_CHECKING:
    from pipeline.document import Source
    from pipeline.settings import Settings


@app.command()
def clean(
    file: File,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each line with its verdict, rule and evidence.")
    ] = False,
    html: Annotated[
        bool, typer.Option("--html", help="Take the input as HTML (files ending in .html are anyway).")
    ] = False,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Print the clean text of one Italian file, or show what cleaning does to each line."""
    from pipeline.cleaning import clean as clean_text

    settings = settings_of(config, set_)
    source = _source(file, html, settings)
    if explain:
        _explain(source, settings, file)
    else:
        write_text(clean_text(source, settings.clean, file).text + "\n")


def _source(file: str, html: bool, settings: Settings) -> Source:
    from pipeline.document import Skip
    from pipeline.errors import UsageError
    from pipeline.inputs import read
    from pipeline.inputs.found import HTML_SUFFIXES

    refuse_table(file)
    is_html = html or Path(file).suffix.lower() in HTML_SUFFIXES
    source = read(read_bytes(file), "html" if is_html else "txt", settings.inputs)
    if isinstance(source, Skip):
        raise UsageError(f"{file}: {source.reason}: {source.message}")
    return source


def _explain(source: Source, settings: Settings, file: str) -> None:
    from rich.console import Console
    from rich.text import Text

    from pipeline.cleaning import explain

    colours = {"kept": "", "dropped": "red strike", "metadata": "cyan"}
    lines, to_person = StringIO(), sys.stdout.isatty()
    console = Console(
        file=lines,
        force_terminal=to_person,
        soft_wrap=True,
        highlight=False,
        color_system="auto" if to_person else None,
    )
    for verdict in explain(source, settings.clean, file):
        why = f"{verdict.action:<8} {verdict.kind:<12} {verdict.rule:<28} "
        text = source.text[verdict.start : verdict.end]
        console.print(
            Text(why, "dim"), Text(text, colours[verdict.action]), Text(f"  ({verdict.evidence})", "dim"), sep=""
        )
    write_text(lines.getvalue())
