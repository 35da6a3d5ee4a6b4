"""The review page: one self-contained HTML file with Italian and English side by side. It is read, never written to.

Its fragment is a view that can be shared: `#flagged`, `#removed`, `#details` and a sentence such as `#s12`, joined by `&`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Document, Metadata, Summary
from pipeline.writers.html import excerpt, stream
from pipeline.writers.layout import Piece, lay_out, pieces
from pipeline.writers.reading import Mark, Side, all_marks, approved, mean_score, reason, sides, state, titles
from pipeline.writers.run_info import RunInfo

RAW_LIMIT = 20_000
"""Characters shown of a source that was never cleaned."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A sentence of the summary: its pieces, its flags and the ids of the segments behind it."""

    text: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag in the list at the top: `href` leads to what it is about, `quote` is the Italian it is about."""

    mark: Mark
    href: str
    place: str
    quote: str


def write(document: Document, run: RunInfo) -> dict[str, Iterator[str]]:
    """`review.html`, whatever the document has."""
    return {"review.html": _page(document, run)}


def _page(document: Document, run: RunInfo) -> Iterator[str]:
    italian, english = titles(document)
    marks, rows = all_marks(document), sides(document)
    yield from stream(
        "review",
        run,
        document=document,
        title_it=italian,
        title_en=english,
        metadata=document.clean.metadata if document.clean else Metadata(),
        state=state(document),
        reason=reason(document),
        layout=lay_out(document),
        translated=document.translation is not None,
        sentences=len(document.segments.items) if document.segments else 0,
        words=len(document.clean.text.split()) if document.clean else 0,
        cuts=_cut_count(document),
        approved=approved(document),
        mean_score=mean_score(document),
        summary=document.summary,
        summary_lines=_summary(document, marks, rows),
        coverage=_coverage(document.summary),
        flags=_flags(document, marks, rows),
        severities=Counter(mark.flag.severity for mark in marks),
        raw=document.source.text if document.source and not document.clean else "",
        raw_limit=RAW_LIMIT,
        home="../" * (document.id.count("/") + 1) + "index.html",
    )


def _cut_count(document: Document) -> int:
    removed = document.clean.removed if document.clean else ()
    return sum(r.kind != "space" and bool(r.text.strip()) for r in removed)


def _summary(document: Document, marks: tuple[Mark, ...], rows: Sequence[Side]) -> list[SummaryLine]:
    known = {row.segment.id for row in rows}
    lines = []
    for i, sentence in enumerate(document.summary.sentences if document.summary else ()):
        own = tuple(mark for mark in marks if mark.flag.sentence == i)
        spans = [(a, b, mark.flag.severity) for mark in own for a, b in mark.flag.target_spans]
        evidence = tuple(e for e in sentence.evidence if e in known)
        lines.append(SummaryLine(pieces(sentence.text, spans), own, evidence))
    return lines


def _coverage(summary: Summary | None) -> str:
    """How much of the text the summariser read."""
    if summary is None or not summary.tokens_total:
        return ""
    share = summary.tokens_read / summary.tokens_total
    parts = "" if summary.chunks < 2 else f" in {summary.chunks} parts"
    return "read the whole text" + parts if share >= 1 else f"read {int(share * 100)} % of the text" + parts


def _flags(document: Document, marks: tuple[Mark, ...], rows: Sequence[Side]) -> Iterator[FlagLine]:
    texts = {row.segment.id: row.segment.text for row in rows}
    return (_flag(mark, texts, len(document.summary.sentences) if document.summary else 0) for mark in marks)


def _flag(mark: Mark, texts: Mapping[int, str], summary_length: int) -> FlagLine:
    """The line of a flag; what it is about may be missing from a document that was made in part."""
    segment, sentence = mark.flag.segment, mark.flag.sentence
    if segment is not None:
        href = f"#s{segment}" if segment in texts else ""
        return FlagLine(mark, href, f"sentence {segment}", excerpt(texts.get(segment, ""), 90))
    if sentence is not None:
        href = f"#y{sentence + 1}" if sentence < summary_length else ""
        return FlagLine(mark, href, f"summary, sentence {sentence + 1}", "")
    return FlagLine(mark, "", "whole document", "")
