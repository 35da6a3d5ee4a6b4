"""`it2en compare`: what differs between two runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import app, number_of, write_text

if TYPE_CHECKING:
    from pipeline.comparison.runs import Comparison

SHOWN = 10  # on the terminal; the page has all
DIFFERS = 5
AROUND = 30  # characters shown in front of the first difference


@app.command()
def compare(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The folder of a run, such as outputs/before.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The folder of another run over the same articles.")],
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where the page and the table go; by default beside AFTER, named by both.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what differs to standard output as JSON.")] = False,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="End with exit code 5 if anything differs.")
    ] = False,
) -> None:
    """Hold the English of two runs against each other, sentence by sentence; needs no references."""
    from pipeline.comparison.report import PAGE, files, most_changed, to_json
    from pipeline.comparison.runs import Comparison, WrittenRun
    from pipeline.errors import UsageError
    from pipeline.outputs import OutputFolder

    runs = [WrittenRun(Path(folder)) for folder in (before, after)]
    place = Path(out) if out else runs[1].folder.resolve().parent / f"compare-{runs[0].name}-{runs[1].name}"
    if (place / "run.json").exists():
        raise UsageError(f"{place}: is the folder of a run", "choose another with --out")
    comparison = Comparison(*runs)
    counts = {document: len(changes) for document, changes in comparison}
    order = most_changed(counts)
    folder = OutputFolder(place)
    folder.write("", files(comparison, order, folder.path))
    if as_json:
        write_text(json.dumps(to_json(comparison, counts), ensure_ascii=False, indent=2) + "\n")
    else:
        _close(comparison, order, folder.path / PAGE)
    if fail_on_change and comparison.totals.differs:
        raise typer.Exit(DIFFERS)


def _close(comparison: Comparison, order: list[str], page: Path) -> None:
    """What a reader wants to know first."""
    from rich.console import Console
    from rich.markup import escape

    from pipeline.comparison.runs import first_difference
    from pipeline.stages.detection.words import shortened

    console, totals = Console(stderr=True, soft_wrap=True, highlight=False), comparison.totals
    for what, old, new in (*comparison.settings, *comparison.versions):
        console.print(escape(f"{what}: {shortened(str(old), 80)} → {shortened(str(new), 80)}"))
    only = [(len(totals.only_before), "before"), (len(totals.only_after), "after")]
    alone = "".join(f", {number} only in {which}" for number, which in only if number)
    console.print(f"{number_of(totals.documents, 'document')} in both{alone}; {len(order)} differ")
    console.print(
        f"{number_of(totals.pairs, 'sentence')} in both, {totals.changed} changed; {totals.added} added, {totals.removed} removed"
    )
    if totals.means:
        console.print("mean score {} → {}".format(*totals.means))
    for name, counts in (("gone", totals.gone), ("new", totals.raised)):
        if counts:
            console.print(f"flags {name}: " + ", ".join(f"{id} {n}" for id, n in counts.most_common()))
    shown = 0
    for document in order:
        for change in comparison.changes(document)[: SHOWN - shown]:
            shown += 1
            old, new = (row.target if row else "(not there)" for row in (change.before, change.after))
            start = max(0, first_difference(old, new) - AROUND)
            old, new = (("…" if start else "") + shortened(side[start:], 90) for side in (old, new))
            console.print(escape(f"  {document}: {old}\n    → {new}"))
        if shown >= SHOWN:
            break
    console.print(escape(f"read: {page}"))
