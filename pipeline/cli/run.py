"""`it2en run`: the main job."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import Config, Set, app, number_of, settings_of, show_table, write_text

if TYPE_CHECKING:
    from pipeline.progress import Progress
    from pipeline.result import RunResult
    from pipeline.runner import Run
    from pipeline.settings import Settings

SHOWN = 10  # documents named on the terminal; run.json has them all


@app.command()
def run(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUTS", help="Files, folders (searched recursively) and globs.")
    ],
    config: Config = None,
    set_: Set = None,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="DIR", help="Where runs and the store are kept.")
    ] = "outputs",
    name: Annotated[
        str | None, typer.Option("--name", "-n", help="The run's folder in DIR; by default the first input's name.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Break off if anything tries to open a connection. (No run needs one.)")
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on", metavar="LEVEL", help="End with exit code 4 where flags are this bad: error, warning or never."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print run.json to standard output.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say for each document and stage why it was made or found.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no closing table.")] = False,
) -> None:
    """Clean, translate, summarise and check Italian files; write everything side by side."""
    from pipeline.runner import Run

    settings = settings_of(config, [*(set_ or []), *([f"check.fail_on={fail_on}"] if fail_on else [])])
    if offline:
        _refuse_connections(settings)
    with ExitStack() as stack:
        stack.enter_context(_terminable())
        progress = _progress(quiet, stack)
        work = Run(inputs, settings, out=out, name=name, progress=progress, explain=explain)
        if not quiet:
            _say_models(work)
        try:
            result = work.execute()
        except KeyboardInterrupt:
            stack.close()
            print("interrupted: what was made so far is stored; run the same command again to go on", file=sys.stderr)
            raise typer.Exit(130) from None
    if explain:
        show_table(
            ["document", "stage", "verdict", "why"],
            [(e.document, e.stage, e.verdict, e.reason) for e in work.explanations],
            sys.stderr if as_json else sys.stdout,
        )
    if as_json:
        write_text((result.folder / "run.json").read_text(encoding="utf-8"))
    if quiet:
        _say_failures(result)
    else:
        _close(result)
    for outcome in result.gated[:SHOWN]:
        counts = f"{number_of(outcome.errors, 'error')}, {number_of(outcome.warnings, 'warning')}, risk {outcome.risk}"
        print(f"quality gate: {outcome.path}: {counts}", file=sys.stderr)
    if len(result.gated) > SHOWN:
        print(f"quality gate: … {len(result.gated)} documents; all of them are in run.json", file=sys.stderr)
    raise typer.Exit(result.exit_code)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let a polite request to end (SIGTERM: `timeout`, a container's stop) interrupt the run as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse_connections(settings: Settings) -> None:
    """Make any connection an error for the rest of the process."""
    from pipeline.errors import EngineError, UsageError

    if settings.run.executor == "ray":
        raise UsageError("--offline: the executor 'ray' is made of connections", "leave one of the two out")

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            raise EngineError(
                f"--offline: something tried to open a connection ({event})", "please report this: no run should"
            )

    sys.addaudithook(refuse)


def _progress(quiet: bool, stack: ExitStack) -> Progress:
    from pipeline.progress import Lines, Live, Silent

    if quiet:
        return Silent()
    return stack.enter_context(Live()) if sys.stderr.isatty() else Lines()


def _say_models(work: Run) -> None:
    for role, model in work.result.models.items():
        print(f"{role:<10} with {model}", file=sys.stderr)
    for notice in (*work.result.notices, *work.result.hints):
        print(f"note: {notice}", file=sys.stderr)


def _say_failures(result: RunResult) -> None:
    """What makes the exit code 1, even where nothing else is said."""
    failed = [outcome for outcome in result.troubles if outcome.state == "failed"]
    for outcome in failed[:SHOWN]:
        print(f"failed: {outcome.path}: {outcome.reason}: {outcome.message}", file=sys.stderr)
    if result.states["failed"] > SHOWN:
        print(f"failed: … {result.states['failed']} documents; all of them are in run.json", file=sys.stderr)


def _close(result: RunResult) -> None:
    """The closing table and what a person does next, on stderr: stdout is for data."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from pipeline.inputs import counted
    from pipeline.stages.detection.words import shortened

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    table = Table(
        "stage",
        *["found", "made", "skipped", "failed", "seconds", "sentences/s"],
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for stage, count in result.stages.items():
        speed = f"{count.decoded / count.seconds:.1f}" if count.decoded and count.seconds else ""
        counts = [str(n) if n else "·" for n in (count.found, count.made, count.skipped, count.failed)]
        table.add_row(stage, *counts, f"{count.seconds:.1f}", speed)
    console.print(table)
    states = result.states
    console.print(
        f"{states['done']} done, {states['skipped']} skipped, {states['failed']} failed of {states.total()} documents in {result.seconds:.1f} s"
    )
    for outcome in sorted(result.troubles, key=lambda o: o.state)[:SHOWN]:  # failed before skipped
        console.print(escape(f"  {outcome.state}: {outcome.path}: {outcome.reason}: {outcome.message}"))
    if states["skipped"] + states["failed"] > SHOWN:
        console.print(f"  … all of them are in {escape(str(result.folder / 'run.json'))}")
    if result.left_aside:
        console.print(escape(f"left aside: {counted(result.left_aside)}; folders are read for inputs.suffixes"))
    for site in result.unmet_sites:
        console.print(escape(f"clean.sites: no document's path matches '{site}'"))
    severities = ", ".join(number_of(result.severities[s], s) for s in ("error", "warning") if result.severities[s])
    console.print(f"flags for the reviewer: {severities or 'none'}")
    if result.terms:
        console.print("glossary: " + ", ".join(f"{n} {state}" for state, n in result.term_totals.items()))
        if result.unmet_terms:
            unmet, more = ", ".join(result.unmet_terms[:SHOWN]), " …" if len(result.unmet_terms) > SHOWN else ""
            said = f"  {len(result.unmet_terms)} of {len(result.terms)} terms occur nowhere: {unmet}{more}"
            console.print(escape(said), highlight=False)
    if result.corrections:
        idle = result.unmet_corrections
        said = (
            f"; {len(idle)} of {len(result.corrections)} corrections fit none, '{shortened(idle[0])}' first"
            if idle
            else ""
        )
        console.print(escape(f"approved: {number_of(sum(result.corrections.values()), 'sentence')}{said}"))
    elif result.settings.translate.enabled and result.settings.translate.corrections:
        console.print("approved: nothing, since translate.corrections names no file with a correction in it")
    if result.several:
        several = f"rendered in several ways: {result.several}, {escape(result.inconsistent[0].source)} first"
        console.print(f"{several}; see {escape(str(result.folder / 'consistency.tsv'))}")
    if result.left_over:
        console.print(escape(f"left from an earlier run: {', '.join(result.left_over[:SHOWN])}; not part of this one"))
    console.print(escape(f"read: {result.folder / 'index.html'}"))
