"""The page of a whole run: totals, what failed and why, then the documents, worst first. One row a document, no more.

Its fragment is a view that can be shared, such as `#q=ponte&sort=-score`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import quote

from pipeline.document import Document, Severity
from pipeline.risk import risk
from pipeline.terminology import Inconsistency, Variant
from pipeline.writers.encoding import file
from pipeline.writers.html import excerpt, stream
from pipeline.writers.reading import State, approved, mean_score, reason, state, titles
from pipeline.writers.run_info import RunInfo

PAGE = "review.html"

EXCERPT = 150
"""Characters of the summary that a row carries."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What the index says of a document. `words` are those of the clean Italian; `mean_score` is in nats a token.

    `date` is in ISO 8601 where the page's date could be read, else as written. `summary` may be an excerpt. `page` is
    the file in the document's folder that the row links to, '' for none. `risk` is of a hundred sentences, see `pipeline.risk`. `approved` counts the sentences that are a reviewer's.
    """

    id: str
    path: str
    title_it: str
    title_en: str
    date: str
    state: State
    reason: str
    segments: int
    words: int
    errors: int
    warnings: int
    infos: int
    mean_score: float | None
    summary: str
    page: str = PAGE
    risk: float = 0.0
    approved: int = 0

    @property
    def weight(self) -> int:
        """Flags as one number to sort by: an error outweighs any warnings, a warning any infos."""
        return (self.errors * 10_000 + min(self.warnings, 9_999)) * 10_000 + min(self.infos, 9_999)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows."""

    done: int
    skipped: int
    failed: int
    segments: int
    words: int
    errors: int
    warnings: int
    infos: int
    approved: int


@dataclass(frozen=True, slots=True)
class Wording:
    """What the index says of names and terms.

    `several` is how many are rendered in several ways and `inconsistent` the worst of them; `terms` are the worst of all `glossary` terms,
    with their counts, and `unmet` is how many of all occur nowhere. `pages`: whether documents have pages to link to.
    """

    several: int = 0
    inconsistent: Sequence[Inconsistency] = ()
    terms: Sequence[tuple[str, Mapping[str, int]]] = ()
    glossary: int = 0
    unmet: int = 0
    pages: bool = True


def row(document: Document, page: str = PAGE) -> IndexRow:
    """The index row of a document, in whatever state; one that was never read has no page to link to."""
    italian, english = titles(document)
    metadata = document.clean.metadata if document.clean else None
    return IndexRow(
        id=document.id,
        path=document.path,
        title_it=italian,
        title_en=english,
        date=(metadata.date_iso or metadata.date) if metadata else "",
        state=state(document),
        reason=reason(document),
        segments=len(document.segments.items) if document.segments else 0,
        words=len(document.clean.text.split()) if document.clean else 0,
        errors=_count(document, "error"),
        warnings=_count(document, "warning"),
        infos=_count(document, "info"),
        mean_score=mean_score(document),
        summary=excerpt(document.summary.text, EXCERPT) if document.summary else "",
        page=page if document.source else "",
        risk=risk(document),
        approved=approved(document),
    )


def write_index(rows: Sequence[IndexRow], run: RunInfo) -> str:
    """The content of `index.html`, which stands beside the documents' folders; each id links to `<id>/<page>`.

    The order of `rows` does not matter: failures come by id, documents worst first.
    """
    by_id = sorted(rows, key=lambda r: r.id)
    states: dict[State, list[IndexRow]] = {s: [r for r in by_id if r.state == s] for s in ("failed", "skipped", "done")}
    states["done"].sort(key=badness)
    return file("".join(stream_index(totals(rows), states, run)))


def stream_index(
    sums: Totals,
    rows: Mapping[State, Iterable[IndexRow]],
    run: RunInfo,
    wording: Wording = Wording(),
) -> Iterator[str]:
    """The same page in pieces, from rows by state that are in order already and read once."""
    ordered = {str(state): found for state, found in rows.items()}
    return stream("index", run, totals=sums, **ordered, wording=wording, href=_href, place=_place, length=EXCERPT)


def badness(row: IndexRow) -> tuple[float, int, int, float, str]:
    """Sort key, worst first: risk, errors, warnings, then the lower mean score; documents without a score last among equals."""
    return (-row.risk, -row.errors, -row.warnings, row.mean_score if row.mean_score is not None else 1.0, row.id)


def totals(rows: Iterable[IndexRow]) -> Totals:
    """Sums over all rows; segments, words, flags and what is approved count whatever the state."""
    sums = dict.fromkeys((f.name for f in fields(Totals)), 0)
    for row in rows:
        sums[row.state] += 1
        for name in ("segments", "words", "errors", "warnings", "infos", "approved"):
            sums[name] += getattr(row, name)
    return Totals(**sums)


def _place(variant: Variant) -> str:
    """Where a rendering is used first: the sentence on the document's page."""
    return f"{quote(variant.document, safe='/', errors='replace')}/{PAGE}#s{variant.segment}"


def _href(row: IndexRow) -> str:
    return f"{quote(row.id, safe='/', errors='replace')}/{row.page}" if row.page else ""


def _count(document: Document, severity: Severity) -> int:
    return sum(f.severity == severity for f in document.checks.flags) if document.checks else 0
