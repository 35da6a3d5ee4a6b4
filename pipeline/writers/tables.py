"""All documents of a run in one table, a row a document: JSON Lines or Parquet. Rows are written as they come, none is held back.

What stood in the other columns of an input table comes along under `columns`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.document import Document, Metadata
from pipeline.errors import UsageError
from pipeline.writers.encoding import encodable
from pipeline.writers.reading import mean_score, reason, state
from pipeline.writers.run_info import RunInfo
from pipeline.writers.text import write as texts

TABLES: Mapping[str, str] = {"jsonl": "documents.jsonl", "parquet": "documents.parquet"}
"""Kind of table -> file name in the run's folder."""

Record = dict[str, Any]
Add = Callable[[Sequence[Record]], None]
_NO_RUN = RunInfo("", "")
_STRINGS = ("id", "path", "state", "reason", "clean", "translation", "summary")


def record(document: Document, columns: Mapping[str, Any]) -> Record:
    """The row of a document: what became of it, metadata, texts ('' where there is none), flags, and what came along."""
    files = texts(document, _NO_RUN)
    metadata = document.clean.metadata if document.clean else Metadata()
    return {
        "id": document.id,
        "path": document.path,
        "state": state(document),
        "reason": reason(document),
        **{name: value for name, value in asdict(metadata).items() if name != "tags"},
        "tags": list(metadata.tags),
        "clean": files.get("clean.it.txt", ""),
        "translation": files.get("translation.en.txt", ""),
        "summary": files.get("summary.en.txt", ""),
        "mean_score": mean_score(document),
        "flags": sorted({flag.id for flag in document.checks.flags}) if document.checks else [],
        "columns": dict(columns),
    }


@contextmanager
def open_table(kind: str, path: Path) -> Iterator[Add]:
    """A function that adds rows to a new file at `path`. Raises UsageError for Parquet where pyarrow is missing."""
    with {"jsonl": _jsonl, "parquet": _parquet}[kind](path) as add:
        yield add


def check_tables(kinds: Sequence[str]) -> None:
    """Raise UsageError when one of these kinds cannot be written here."""
    if "parquet" in kinds:
        _pyarrow()


@contextmanager
def _jsonl(path: Path) -> Iterator[Add]:
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def add(records: Sequence[Record]) -> None:
            file.writelines(encodable(json.dumps(r, ensure_ascii=False)) + "\n" for r in records)

        yield add


@contextmanager
def _parquet(path: Path) -> Iterator[Add]:
    """Columns are strings but for the score and the lists; `columns` maps names to strings, other values as JSON."""
    arrow = _pyarrow()
    from pyarrow import parquet

    names = [*_STRINGS[:4], *(n for n in Metadata.__dataclass_fields__ if n != "tags"), *_STRINGS[4:]]
    schema = arrow.schema(
        [
            *((name, arrow.string()) for name in names),
            ("tags", arrow.list_(arrow.string())),
            ("mean_score", arrow.float64()),
            ("flags", arrow.list_(arrow.string())),
            ("columns", arrow.map_(arrow.string(), arrow.string())),
        ]
    )
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:

        def add(records: Sequence[Record]) -> None:
            writer.write_batch(arrow.RecordBatch.from_pylist([_flat(r) for r in records], schema=schema))

        yield add


def _flat(record: Record) -> Record:
    columns = [(name, _plain(value)) for name, value in record["columns"].items()]
    texts = {name: encodable(value) for name, value in record.items() if isinstance(value, str)}
    return {**record, **texts, "columns": columns}


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return encodable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise UsageError(
            "write.tables: Parquet needs pyarrow, which is not installed",
            "install it with: pip install 'it2en[tables]'",
        ) from error
    return pyarrow
