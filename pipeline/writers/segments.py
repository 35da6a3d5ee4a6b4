r"""One row a sentence, tab-separated, for spreadsheets, `cut` and `awk`, and the way back.

A tab, a line feed, a carriage return and a backslash within a cell are written as `\t`, `\n`, `\r` and `\\`, so that every line is one
row and every tab separates. A cell that begins with a quotation mark stands in quotation marks, its own doubled, as spreadsheets and
CSV libraries expect: they would take the rows up to the next mark for the rest of it. A cell that a spreadsheet would take for a formula
and execute (it begins with `=`, `+`, `-` or `@`, and is no plain number) gets an apostrophe in front. `unescape` undoes exactly that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

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

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_FORMULA = re.compile(r"'*[=+\-@](?![\d.]+\Z)")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_PLAIN = {escaped: plain for plain, escaped in _ESCAPES.items()}


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


def escape(cell: str) -> str:
    """`cell` without tabs and line breaks, a quotation mark that opens it by itself, or a formula; `unescape` gives it back."""
    flat = re.sub(r"[\\\t\n\r]", lambda found: _ESCAPES[found[0]], cell)
    if _FORMULA.match(flat):
        return f"'{flat}"
    return '"' + flat.replace('"', '""') + '"' if flat.startswith('"') else flat


def unescape(cell: str) -> str:
    """What `escape` was given; a cell that was not quoted as CSV has it is taken as it stands."""
    if _QUOTED.fullmatch(cell):
        cell = cell[1:-1].replace('""', '"')
    elif _FORMULA.match(cell):
        cell = cell.removeprefix("'")
    return re.sub(r"\\[\\tnr]", lambda found: _PLAIN[found[0]], cell)


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
