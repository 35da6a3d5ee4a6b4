"""The command line: thin wrappers around what `pipeline` offers, one module a command, and nothing else.

`main` is the only place that catches `It2enError`: the message goes to stderr, the exit code says what kind it was. Commands
import what they need when they run, so that `it2en --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from pipeline.cli.app import app
from pipeline.errors import It2enError

for _command in ("run", "clean", "translate", "compare", "config", "models", "listing"):
    import_module(f"pipeline.cli.{_command}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 some documents failed, 2 usage or config, 3 model or engine, 4 flags, 5 a comparison with differences, 130 interrupted."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as some schedulers start programs
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    try:
        app(
            arguments, prog_name="it2en"
        )  # ends in SystemExit; Typer minds Ctrl-C and closed pipes while a command runs
    except It2enError as error:
        print(f"error: {error}", file=sys.stderr)
        if error.hint:
            print(f"  next: {error.hint}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
