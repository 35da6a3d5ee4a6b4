"""The roll of a run: every document between passes, on disk, so that memory holds one window of them whatever their number.

It lies in a private temporary SQLite database that is gone with the run. What is worth keeping is the store's.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.document import FIELDS, Ending, Failure, Skip
from pipeline.errors import StoreError
from pipeline.inputs import Found

TABLES = """
CREATE TABLE entries (position INTEGER PRIMARY KEY, id TEXT, fold TEXT, mark TEXT, weight INT, live INT, found TEXT, state TEXT);
CREATE TABLE results (position INTEGER PRIMARY KEY, id TEXT, state TEXT, risk REAL, errors INT, warnings INT, score REAL, body TEXT);
CREATE TABLE renderings (kind TEXT, source TEXT, target TEXT, position INT, uses INT, segment INT);
CREATE TABLE carried (position INTEGER PRIMARY KEY, body TEXT);
"""
Kind = Literal["name", "term", "acronym"]
ENDINGS: Mapping[str, Callable[..., Ending]] = {"Skip": Skip, "Failure": Failure}
WORST_FIRST = "risk DESC, errors DESC, warnings DESC, score, id"
BY_ID = "id"
IN_ORDER = "position"
_PORTION = 256  # rows fetched at a time


@dataclass(slots=True)
class Entry:
    """A document between passes: what names its artifacts in the store, and how it ended if it did.

    `position` is its place among the inputs, from 1; `weight` the size of its input in bytes.
    """

    position: int
    found: Found
    weight: int = 0
    keys: dict[type, str] = field(default_factory=dict)
    digests: dict[type, str] = field(default_factory=dict)
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A document renders `source`, a name, a term or an acronym, as `target` so many times, first in `segment`."""

    kind: Kind
    source: str
    target: str
    uses: int
    segment: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendering over the whole run: uses, documents, and where it is used first."""

    target: str
    uses: int
    documents: int
    document: str
    segment: int


@contextmanager
def enough_room() -> Iterator[None]:
    """A StoreError where a run's temporary database, this one or the census', cannot grow. The store tells its own errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"the run's temporary database: {error}",
            "is the disk for temporary files full? TMPDIR names another place; what was made so far is stored",
        ) from error


class Roll:
    """All entries of a run in the order of the inputs, and what became of them."""

    def __init__(self, inputs: Iterable[Found]) -> None:
        """Enter the inputs. Ids that are equal but for case or composed accents are told apart by the inputs' marks."""
        self._db = sqlite3.connect("", isolation_level=None)  # "": on disk, private, deleted when closed
        weakref.finalize(self, self._db.close)
        self._db.executescript(TABLES)
        self._db.execute("BEGIN")
        rows = ((f.id, _folded(f.id), f.mark, f.size, f.problem is None, _packed(f), _state(f)) for f in inputs)
        self._db.executemany("INSERT INTO entries VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.execute("CREATE INDEX by_fold ON entries (fold)")
        self._tell_apart()
        self._db.execute("CREATE INDEX by_id ON entries (id)")
        self._db.execute("COMMIT")

    def _tell_apart(self) -> None:
        """Mark what shares an id; what shares the mark as well is equal in all things and is numbered."""
        shared = "fold IN (SELECT fold FROM entries GROUP BY fold HAVING COUNT(*) > 1)"
        self._db.execute(f"UPDATE entries SET id = id || '-' || mark, fold = fold || '-' || mark WHERE {shared}")
        number = "(SELECT COUNT(*) FROM entries e WHERE e.fold = entries.fold AND e.position <= entries.position)"
        rows = self._db.execute(f"SELECT position, {number} FROM entries WHERE {shared}").fetchall()
        numbered = [(f"-{n}", position) for position, n in rows if n > 1]
        self._db.executemany("UPDATE entries SET id = id || ? WHERE position = ?", numbered)

    def __len__(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM entries").fetchone()[0])

    @property
    def live(self) -> int:
        """How many documents have not ended."""
        return int(self._db.execute("SELECT COUNT(*) FROM entries WHERE live").fetchone()[0])

    def has(self, document: str) -> bool:
        """Whether a document of this id is on the roll."""
        return self._db.execute("SELECT 1 FROM entries WHERE id = ?", (document,)).fetchone() is not None

    def windows(self, documents: int, weight: int, ended: bool = False) -> Iterator[list[Entry]]:
        """Entries in order, so many documents and so much weight at a time; a heavier one comes alone.

        Without those that have ended unless `ended`. What is changed in a window is lost unless it is saved.
        """
        query = (
            f"SELECT position, id, weight, found, state FROM entries WHERE position > ?{'' if ended else ' AND live'}"
        )
        position = -1
        while window := self._db.execute(f"{query} ORDER BY position LIMIT ?", (position, documents)).fetchall():
            total, taken = 0, 0
            for row in window:
                total += row[2]
                if taken and total > weight:
                    break
                taken += 1
            position = window[taken - 1][0]
            yield [_entry(*row) for row in window[:taken]]

    def save(self, window: Sequence[Entry]) -> None:
        """Write down what a pass has changed of these entries."""
        rows = [(e.ending is None, json.dumps(_progress(e)), e.position) for e in window]
        self._many("UPDATE entries SET live = ?, state = ? WHERE position = ?", rows)

    def carry(self, columns: Mapping[int, dict[str, Any]]) -> None:
        """Keep what came along with the documents at these positions, for the outputs; what JSON lacks becomes text."""
        rows = [(position, json.dumps(values, default=str)) for position, values in columns.items() if values]
        self._many("INSERT OR REPLACE INTO carried VALUES (?, ?)", rows)

    def carried(self, positions: Sequence[int]) -> dict[int, dict[str, Any]]:
        """What came along with these documents, as far as there was anything."""
        found = {}
        for position in positions:
            row = self._db.execute("SELECT body FROM carried WHERE position = ?", (position,)).fetchone()
            if row:
                found[position] = json.loads(row[0])
        return found

    def conclude(self, window: Sequence[Entry], results: Sequence[dict[str, Any]]) -> None:
        """Enter what became of the documents: for each its row of the index, its outcome and its flags."""
        rows = []
        for entry, result in zip(window, results, strict=True):
            index = result["index"]
            score = 1.0 if index["mean_score"] is None else index["mean_score"]
            place = (
                entry.position,
                entry.found.id,
                index["state"],
                index["risk"],
                index["errors"],
                index["warnings"],
                score,
            )
            rows.append((*place, json.dumps(result)))
        self._many("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def results(self, order: str, *states: str) -> Iterator[dict[str, Any]]:
        """What became of the documents in these states, in one of the orders above."""
        marks = ",".join("?" * len(states))
        cursor = self._db.execute(f"SELECT body FROM results WHERE state IN ({marks}) ORDER BY {order}", states)
        while rows := cursor.fetchmany(_PORTION):
            yield from (json.loads(body) for (body,) in rows)

    def note(self, position: int, uses: Iterable[Use]) -> None:
        """Enter how the document at this position renders names, terms and acronyms."""
        rows = [(u.kind, u.source, u.target, position, u.uses, u.segment) for u in uses]
        self._many("INSERT INTO renderings VALUES (?, ?, ?, ?, ?, ?)", rows)

    def renderings(self) -> Iterator[tuple[Kind, str, list[Rendered]]]:
        """What is rendered in more than one way, by kind and source, with the ways in the order of their first use."""
        several = "SELECT kind, source FROM renderings GROUP BY kind, source HAVING COUNT(DISTINCT target) > 1"
        query = (  # SQLite takes the bare columns from the row with the least position
            "SELECT target, SUM(uses), COUNT(*), MIN(position), segment FROM renderings"
            " WHERE kind = ? AND source = ? GROUP BY target ORDER BY MIN(position), segment"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS by_source ON renderings (kind, source)")
        for kind, source in self._db.execute(f"{several} ORDER BY source, kind"):
            rows = self._db.execute(query, (kind, source)).fetchall()
            yield kind, source, [Rendered(t, n, d, self._id(p), s) for t, n, d, p, s in rows]

    def _id(self, position: int) -> str:
        return str(self._db.execute("SELECT id FROM entries WHERE position = ?", (position,)).fetchone()[0])

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        self._db.execute("BEGIN")
        self._db.executemany(statement, rows)
        self._db.execute("COMMIT")


def _folded(id: str) -> str:
    """Equal for ids that share a folder on some disk."""
    return unicodedata.normalize("NFC", id).casefold()


def _packed(found: Found) -> str:
    return json.dumps([found.path, str(found.file), found.row, found.mark, found.size])


def _state(found: Found) -> str:
    return json.dumps([[], [], _ending(found.problem)])


def _progress(entry: Entry) -> list[Any]:
    return [[entry.keys.get(k) for k in FIELDS], [entry.digests.get(k) for k in FIELDS], _ending(entry.ending)]


def _ending(ending: Ending | None) -> list[Any] | None:
    return None if ending is None else [type(ending).__name__, asdict(ending)]


def _entry(position: int, document: str, weight: int, found: str, state: str) -> Entry:
    path, file, row, mark, size = json.loads(found)
    keys, digests, packed = json.loads(state)
    ending: Ending | None = ENDINGS[packed[0]](**packed[1]) if packed else None
    return Entry(
        position,
        Found(document, path, Path(file), row=row, mark=mark, size=size),
        weight,
        {kind: key for kind, key in zip(FIELDS, keys, strict=False) if key},
        {kind: digest for kind, digest in zip(FIELDS, digests, strict=False) if digest},
        ending,
    )
