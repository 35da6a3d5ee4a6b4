"""What differs between two runs, as a page, a table and JSON. What is compared, and how, `runs.py` says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.cells import escape
from pipeline.comparison.runs import Change, Comparison, WrittenRun
from pipeline.writers.encoding import encodable
from pipeline.writers.html import stream
from pipeline.writers.run_info import RunInfo

PAGE, TABLE = "compare.html", "compare.tsv"
COLUMNS = ("document", "id_before", "id_after", "source", "before", "after", "score_before", "score_after", "flags_gone", "flags_raised")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A document on the page: its changes, and where its review pages are, '' where they are not."""

    document: str
    changes: Sequence[Change]
    before: str
    after: str


def files(comparison: Comparison, order: Sequence[str], folder: Path) -> dict[str, Iterator[str]]:
    """The page and the table over these documents, in this order, for a folder that links are relative to."""
    return {PAGE: _page(comparison, order, folder), TABLE: _table(comparison, order)}


def most_changed(counts: dict[str, int]) -> list[str]:
    """The documents that differ, those with most changes first, of equals by name."""
    return sorted((id for id, number in counts.items() if number), key=lambda id: (-counts[id], id))


def to_json(comparison: Comparison, counts: dict[str, int]) -> dict[str, Any]:
    """The totals, what differs in settings and models, and how many changes each document has that has any."""
    totals = comparison.totals
    return {
        "schema": "it2en.compare/1",
        "before": str(comparison.before.folder),
        "after": str(comparison.after.folder),
        "documents": {
            "compared": totals.documents,
            "changed": {id: counts[id] for id in most_changed(counts)},
            "only_before": totals.only_before,
            "only_after": totals.only_after,
        },
        "sentences": {
            "compared": totals.pairs,
            "changed": totals.changed,
            "added": totals.added,
            "removed": totals.removed,
        },
        "flags": {"gone": dict(sorted(totals.gone.items())), "raised": dict(sorted(totals.raised.items()))},
        "mean_score": dict(zip(("before", "after"), totals.means or (None, None), strict=True)),
        "settings": [{"key": key, "before": old, "after": new} for key, old, new in comparison.settings],
        "versions": [{"what": what, "before": old, "after": new} for what, old, new in comparison.versions],
    }


def _page(comparison: Comparison, order: Sequence[str], folder: Path) -> Iterator[str]:
    manifest, totals = comparison.after.manifest, comparison.totals
    before, after = comparison.names
    models, version = tuple(manifest["models"].items()), manifest["versions"]["it2en"]
    info = RunInfo(f"{before} → {after}", manifest["signature"], (), models, version)
    yield from stream(
        "compare",
        info,
        before=before,
        after=after,
        totals=totals,
        settings=comparison.settings,
        versions=comparison.versions,
        documents=len(order),
        sections=_sections(comparison, order, folder),
    )


def _sections(comparison: Comparison, order: Sequence[str], folder: Path) -> Iterator[Section]:
    for document in order:
        pages = [_link(run, document, folder) for run in (comparison.before, comparison.after)]
        yield Section(document, comparison.changes(document), *pages)


def _link(run: WrittenRun, document: str, folder: Path) -> str:
    page = run.folder / document / "review.html"
    if not page.is_file():
        return ""
    return quote(Path(os.path.relpath(page.resolve(), folder.resolve())).as_posix())


def _table(comparison: Comparison, order: Sequence[str]) -> Iterator[str]:
    yield "\t".join(COLUMNS) + "\n"
    for document in order:
        for change in comparison.changes(document):
            yield encodable("\t".join(map(escape, _cells(document, change)))) + "\n"


def _cells(document: str, change: Change) -> Iterator[str]:
    rows = (change.before, change.after)
    yield document
    yield from ("" if row is None else str(row.id) for row in rows)
    yield change.source
    yield from ("" if row is None else row.target for row in rows)
    yield from ("" if row is None or row.score is None else str(row.score) for row in rows)
    yield from (";".join(flags) for flags in (change.gone, change.raised))
