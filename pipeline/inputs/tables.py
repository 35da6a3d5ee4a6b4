"""Tables as inputs: every row of a JSONL, CSV or Parquet file is a document. Files are streamed, whatever their size.

A row is read twice: once for the list of documents, and again, in the same order, for its text. It decides nothing about
texts: a row's text is read as a file's would be.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.document import Failure, Metadata, Skip
from pipeline.errors import DocumentError, UsageError
from pipeline.inputs.files import too_large
from pipeline.inputs.found import Found, display, safe_name
from pipeline.settings import Inputs

METADATA = ("title", "date", "author", "section", "source")
_PORTION = 256  # rows of a Parquet file decoded at a time
_LONGEST = 2**31 - 1  # characters in a CSV cell


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number (for JSONL that of the line) from 1; `problem` says why it has no values."""

    number: int
    values: Mapping[str, Any]
    problem: str = ""

    def at(self, column: str | None) -> Any:
        """What stands in a column, or in one within it (`a.b`); None where there is nothing."""
        if column is None or column in self.values:
            return self.values.get(column) if column else None
        value: Any = self.values
        for part in column.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True)
class Article:
    """A row as a document: its text, what its columns say of it, and the columns that merely come along."""

    data: bytes
    page: Metadata | None
    carried: dict[str, Any]


def expand(found: Iterable[Found], settings: Inputs) -> Iterator[Found]:
    """The inputs with every table replaced by its rows, and with their sizes.

    A row that cannot be read is a Failure of its own, a table that cannot be read one for the whole file. Raises UsageError
    for a Parquet file where pyarrow is missing.
    """
    for one in found:
        reader = READERS.get(one.file.suffix.lower())
        if one.problem is not None:
            yield one
        elif reader is None:
            yield replace(one, size=_size(one.file))
        else:
            row = None
            try:
                for row in reader(one.file):
                    yield _document(one, row, settings)
                if row is None:
                    yield replace(one, problem=Skip("inputs", "empty", "is a table without rows"))
            except UsageError:
                raise
            except Exception as error:  # whatever a broken file makes a parser raise; rows read so far stand
                problem = Failure("inputs", type(error).__name__, f"cannot be read as a table: {_line(error)}")
                yield replace(one, problem=problem)


class Rows:
    """Gives the rows of tables out again by number. Reads forward, so ask in order."""

    def __init__(self, settings: Inputs) -> None:
        self._settings = settings
        self._file: Path | None = None
        self._rows: Iterator[Row] = iter(())
        self._last = 0

    def article(self, found: Found) -> Article | Skip:
        """What the row says. Raises DocumentError when the file is not what it was when the rows were listed."""
        row = self._row(found.file, found.row or 0)
        text = row.at(self._settings.text_column)
        if not isinstance(text, str) or _mark(row, self._settings) != found.mark:
            raise DocumentError(f"row {found.row} has changed while the run was at work; run again")
        data = text.encode("utf-8", "replace")
        if len(data) > self._settings.max_bytes:
            return too_large(len(data), self._settings)
        carried = {name: value for name, value in row.values.items() if name != self._settings.text_column}
        return Article(data, self._page(row), carried)

    def _row(self, file: Path, number: int) -> Row:
        if file != self._file or number <= self._last:
            self._file, self._rows = file, READERS[file.suffix.lower()](file)
        for row in self._rows:
            self._last = row.number
            if row.number == number:
                return row
        self._file = None
        raise DocumentError(f"row {number} is gone: the file has changed while the run was at work")

    def _page(self, row: Row) -> Metadata | None:
        values = {name: row.at(getattr(self._settings, f"{name}_column")) for name in METADATA}
        said: dict[str, Any] = {
            name: " ".join(str(value).split()) for name, value in values.items() if value is not None
        }
        return Metadata(**said) if any(said.values()) else None


def _document(table: Found, row: Row, settings: Inputs) -> Found:
    text, name = row.at(settings.text_column), row.at(settings.id_column)
    wanted, mark = _wanted(row, settings), _mark(row, settings)
    safe = safe_name(wanted)
    problem = row.problem or _refusal(row, text, name, settings)
    return replace(
        table,
        id=f"{table.id}/{safe}" + ("" if safe == wanted else f"-{mark}"),
        path=f"{table.path}:{row.number}",
        problem=Failure("inputs", "bad_row", problem) if problem else None,
        row=row.number,
        mark=mark,
        size=len(text) if isinstance(text, str) else 0,
    )


def _wanted(row: Row, settings: Inputs) -> str:
    """The id as the table has it."""
    name = row.at(settings.id_column)
    return f"{row.number:06}" if name is None else str(name)


def _mark(row: Row, settings: Inputs) -> str:
    """A hash of all that the row says, which tells it from another of the same id and from what it was before."""
    said = json.dumps([_wanted(row, settings), row.values], default=str, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()


def _refusal(row: Row, text: Any, name: Any, settings: Inputs) -> str:
    if not isinstance(text, str):
        what = "is not text" if text is not None else f"is missing; there are: {', '.join(map(display, row.values))}"
        if text is None and settings.text_column in row.values:
            what = "is null"
        return f"the column '{settings.text_column}' {what} (inputs.text_column)"
    if settings.id_column and name is None:
        return f"the column '{settings.id_column}' is missing (inputs.id_column)"
    return ""


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _jsonl(file: Path) -> Iterator[Row]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, f"is not JSON: {_line(error)}")
                continue
            yield Row(number, values) if isinstance(values, dict) else Row(number, {}, "is not a JSON object")


def _csv(file: Path) -> Iterator[Row]:
    """RFC 4180 with commas, semicolons or tabs, whichever the header has most of, in UTF-8, or in UTF-16 with its mark. Cells stay the strings they are.

    Of columns of one name the first keeps it, the others become `name.1`, `name.2` and so on.
    """
    csv.field_size_limit(_LONGEST)
    with file.open("rb") as start:
        wide = start.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding, errors = ("utf-16", "surrogatepass") if wide else ("utf-8-sig", "surrogateescape")
    with file.open(encoding=encoding, errors=errors, newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        records = csv.reader(lines, delimiter=max(",;\t", key=header.count), strict=True)
        columns = _distinct(next(records, []))
        for number in count(1):
            first = records.line_num + 1
            try:
                cells = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                # a quotation mark that nothing closes takes the rows below it along, up to the next
                places = f"lines {first} to {records.line_num}" if records.line_num > first else f"line {first}"
                yield Row(number, {}, f"is not CSV: {_line(error)} ({places}); put its quotation marks right")
                continue
            if cells:
                yield _csv_row(number, columns, cells)


def _csv_row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(columns):
        return Row(number, {}, f"has {len(cells)} cells, not {len(columns)}")
    if any("\ud800" <= c <= "\udfff" for cell in cells if not cell.isascii() for c in cell):
        return Row(number, {}, "has bytes that are no text in the table's encoding; save the table as UTF-8")
    return Row(number, dict(zip(columns, cells, strict=True)))


def _distinct(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        others = (f"{name}.{n}" for n in count(1))
        made.append(next(new for new in others if new not in (*names, *made)) if name in made else name)
    return made


def _parquet(file: Path) -> Iterator[Row]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            f"{file}: reading Parquet needs pyarrow, which is not installed",
            "install it with: pip install 'it2en[tables]'",
        ) from error
    number = 0
    with parquet.ParquetFile(file) as table:
        for batch in table.iter_batches(batch_size=_PORTION):
            for values in batch.to_pylist():
                number += 1
                yield Row(number, values)


READERS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": _parquet,
}
