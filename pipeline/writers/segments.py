"""One row a sentence, tab-separated, for spreadsheets, `cut` and `awk`, and the way back; what a cell may hold: `pipeline/cells.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.cells import escape, unescape
from pipeline.document import BlockKind, Document, Provenance
from pipeline.writers.encoding import encodable
from pipeline.writers.reading import Side, sides
from pipeline.writers.run_info import RunInfo

COLUMNS = (
    "id",
    "paragraph",
    "kind",
    "start",
    "end",
    "source",
    "target",
    "score",
    "tokens_in",
    "tokens_out",
    "provenance",
    "flags",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `segments.tsv`; what the translation would say is None where there is none."""

    id: int
    paragraph: int
    kind: BlockKind
    start: int
    end: int
    source: str
    target: str
    score: float | None
    tokens_in: int | None
    tokens_out: int | None
    provenance: Provenance | None
    flags: tuple[str, ...]


def write(document: Document, run: RunInfo) -> dict[str, Iterator[str]]:
    """`segments.tsv`: a header and a row for each segment; nothing for a document that has no segments."""
    if not document.segments:
        return {}
    return {"segments.tsv": _lines(chain([COLUMNS], map(_cells, sides(document))))}


def read(content: str) -> tuple[Row, ...]:
    """The rows of a `segments.tsv`. Raises ValueError when the header or the number of cells in a row is another."""
    header, *lines = content.removesuffix("\n").split("\n")
    if tuple(header.split("\t")) != COLUMNS:
        raise ValueError(f"segments.tsv must begin with the columns {', '.join(COLUMNS)}")
    return tuple(_row(number, line) for number, line in enumerate(lines, 2))


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    return (encodable("\t".join(map(escape, row))) + "\n" for row in rows)


def _cells(side: Side) -> tuple[str, ...]:
    segment, pair = side.segment, side.pair
    place = (str(segment.id), str(segment.paragraph), segment.kind, str(segment.start), str(segment.end), segment.text)
    flags = ";".join(dict.fromkeys(mark.flag.id for mark in side.marks))
    if pair is None:
        return (*place, "", "", "", "", "", flags)
    score = "" if pair.score is None else str(pair.score)
    return (*place, pair.target, score, str(pair.tokens_in), str(pair.tokens_out), pair.provenance, flags)


def _row(number: int, line: str) -> Row:
    cells = [unescape(cell) for cell in line.split("\t")]
    if len(cells) != len(COLUMNS):
        raise ValueError(f"segments.tsv, line {number}: {len(cells)} cells, not {len(COLUMNS)}")
    id_, paragraph, kind, start, end, source, target, score, tokens_in, tokens_out, provenance, flags = cells
    return Row(
        id=int(id_),
        paragraph=int(paragraph),
        kind=kind,  # type: ignore[arg-type]
        start=int(start),
        end=int(end),
        source=source,
        target=target,
        score=float(score) if score else None,
        tokens_in=int(tokens_in) if tokens_in else None,
        tokens_out=int(tokens_out) if tokens_out else None,
        provenance=provenance or None,  # type: ignore[arg-type]
        flags=tuple(flags.split(";")) if flags else (),
    )
