"""The Typer application and what its commands share: common options, loading settings, showing tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turns folders of scraped Italian news into clean, reviewed English.",
    epilog="Start with: it2en run FOLDER --config embedded",
)

Config = Annotated[
    str | None, typer.Option("--config", "-c", metavar="FILE", help="A config file, or the name of a profile.")
]
Set = Annotated[
    list[str] | None, typer.Option("--set", "-s", metavar="KEY=VALUE", help="Override a key; may be repeated.")
]
File = Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")]


@app.callback(invoke_without_command=True)
def start(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    """Turns folders of scraped Italian news into clean, reviewed English."""
    if version:
        from importlib import metadata

        print(f"it2en {metadata.version('it2en')}")
        raise typer.Exit


def settings_of(config: str | None, overrides: Sequence[str] | None) -> Settings:
    """The settings that `--config` and `--set` amount to."""
    from pipeline.config import load

    return load(config, overrides or ())


def read_bytes(file: str) -> bytes:
    """The bytes of a file or, for '-', of standard input. Raises UsageError when there are none to be had."""
    from pathlib import Path

    from pipeline.errors import UsageError

    if file == "-":
        if sys.stdin is None:
            raise UsageError("-: there is no standard input to read")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error


def refuse_table(file: str) -> None:
    """Raise UsageError for a table, whose rows are documents."""
    from pathlib import Path

    from pipeline.errors import UsageError
    from pipeline.inputs.tables import READERS

    if Path(file).suffix.lower() in READERS:
        raise UsageError(f"{file}: is a table", "`it2en run` reads tables, each row a document")


def write_text(text: str, stream: TextIO | None = None) -> None:
    """Text to standard output or another stream: UTF-8 and LF whatever the locale says. Raises OutputError where it does not go."""
    from pipeline.errors import OutputError

    out = (stream or sys.stdout).buffer
    try:
        out.write(text.encode("utf-8", "surrogatepass"))
        out.flush()
    except BrokenPipeError:  # nobody reads on, as with `head`: no fault
        raise
    except OSError as error:
        raise OutputError(f"standard output: {error.strerror or error}", "is the disk full?") from error


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], stream: TextIO | None = None) -> None:
    """A table for people on a terminal, tab-separated lines for programs elsewhere."""
    cells = [[str(cell) for cell in row] for row in rows]
    stream = stream or sys.stdout
    if not stream.isatty():
        lines = ("\t".join(cell.replace("\n", " ") for cell in row) + "\n" for row in [list(columns), *cells])
        write_text("".join(lines), stream)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in cells:
        table.add_row(*map(escape, row))
    Console(file=stream).print(table)


def number_of(count: int, thing: str) -> str:
    """A number with its noun: '1 document', '2 documents'."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
