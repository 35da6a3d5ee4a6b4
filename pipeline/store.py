"""What was made before: one SQLite file holding artifacts by key, decoded sentences, and what each run last saw.

The store never decides anything: keys come from the stages. One process writes at a time (WAL lets others read). Nothing in
it is irreplaceable: deleting the file costs time, not results.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipeline.document import FIELDS, Artifact, Generation, Metadata, Skip
from pipeline.errors import StoreError

SCHEMA = 1
TABLES = """
CREATE TABLE IF NOT EXISTS artifacts (key TEXT PRIMARY KEY, stage TEXT, kind TEXT, digest TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS sentences (space TEXT, source TEXT, target TEXT, score REAL, tokens_in INT, tokens_out INT,
                                      truncated INT, PRIMARY KEY (space, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lineage (run TEXT, document TEXT, stage TEXT, parts TEXT, PRIMARY KEY (run, document, stage)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written (folder TEXT, document TEXT, key TEXT, files TEXT, row TEXT, PRIMARY KEY (folder, document)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS configs (fingerprint TEXT PRIMARY KEY, settings TEXT) WITHOUT ROWID;
"""
_OURS = re.findall(r"IF NOT EXISTS (\w+)", TABLES)
KINDS: Mapping[str, type] = {kind.__name__: kind for kind in (*FIELDS, Skip, Metadata)}
Stored = Artifact | Skip


@dataclass(frozen=True, slots=True)
class Written:
    """The output files of a document: the key they follow from, {name: (size, mtime in ns)}, and its row of the index."""

    key: str
    files: dict[str, tuple[int, int]]
    row: dict[str, Any]


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def serialise(artifact: Stored | Metadata) -> bytes:
    """The artifact as canonical JSON: equal artifacts give equal bytes."""
    return _adapter(type(artifact).__name__).dump_json(artifact)


def deserialise(kind: str, body: bytes) -> Any:
    """The artifact of the named kind that was serialised."""
    return _adapter(kind).validate_json(body)


def digest(body: bytes) -> str:
    """The content digest of a serialised artifact."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


class Store:
    """The store in one file, or in memory for ':memory:'. Use it as a context manager, or call `close`."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        try:
            self._open()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"store {self.path}: cannot be used: {error}",
                "is the disk full or the folder read-only? A damaged store may be deleted: it only costs time",
            ) from error

    def _open(self) -> None:
        if self.path != ":memory:":
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            self._db.close()
            raise StoreError(
                f"store {self.path}: written by a newer it2en (schema {version})",
                "update it2en, or name another store with run.store",
            )
        tables = {name for (name,) in self._db.execute("SELECT tbl_name FROM sqlite_master")}
        if not version and not tables <= set(_OURS):  # a killed run may have left ours without a version
            self._db.close()
            raise StoreError(f"store {self.path}: is another program's database", "name another file with run.store")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(TABLES)
        self._db.execute(f"PRAGMA user_version={SCHEMA}")

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise StoreError(
                f"store {self.path}: cannot be written: {error}", "is the disk full, or another run busy with it?"
            ) from error

    def _select(self, query: str, values: Sequence[str], *first: str) -> list[tuple[Any, ...]]:
        """Rows of a query with '{}' for a list of values, asked in portions that SQLite takes."""
        found: list[tuple[Any, ...]] = []
        try:
            for i in range(0, len(values), 500):
                part = values[i : i + 500]
                found += self._db.execute(query.format(",".join("?" * len(part))), (*first, *part))
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        return found

    def _damaged(self, error: Exception) -> StoreError:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return StoreError(
            f"store {self.path}: cannot be read: {reason}", "a damaged store may be deleted: it only costs time"
        )

    # artifacts

    def digests(self, keys: Sequence[str]) -> dict[str, tuple[str, bool]]:
        """For each key that is there: the artifact's digest, and whether it is a Skip."""
        rows = self._select("SELECT key, digest, kind FROM artifacts WHERE key IN ({})", keys)
        return {key: (value, kind == "Skip") for key, value, kind in rows}

    def load(self, keys: Sequence[str]) -> dict[str, Stored]:
        """The artifacts behind those keys that are there."""
        rows = self._select("SELECT key, kind, body FROM artifacts WHERE key IN ({})", keys)
        try:
            return {key: deserialise(kind, zlib.decompress(body)) for key, kind, body in rows}
        except (zlib.error, ValueError, KeyError) as error:  # pydantic's ValidationError is a ValueError
            raise self._damaged(error) from error

    def put(self, stage: str, made: Mapping[str, Stored]) -> dict[str, str]:
        """Store artifacts by key; returns their digests. All or none are stored."""
        bodies = {key: (type(artifact).__name__, serialise(artifact)) for key, artifact in made.items()}
        rows = [(key, stage, kind, digest(body), zlib.compress(body, 1)) for key, (kind, body) in bodies.items()]
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?, ?, ?)", rows)
        return {row[0]: row[3] for row in rows}

    # sentences

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        """What these texts were decoded to, within a space."""
        columns = "source, target, score, tokens_in, tokens_out, truncated"
        query = f"SELECT {columns} FROM sentences WHERE space = ? AND source IN ({{}})"
        rows = self._select(query, texts, space)
        return {source: Generation(text, score, a, b, bool(cut)) for source, text, score, a, b, cut in rows}

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        """Remember what texts were decoded to."""
        rows = [
            (space, source, g.text, g.score, g.tokens_in, g.tokens_out, g.truncated)
            for source, g in generations.items()
        ]
        columns = "space, source, target, score, tokens_in, tokens_out, truncated"
        with self._transaction() as db:
            db.executemany(f"INSERT OR REPLACE INTO sentences ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    # what a run last saw

    def lineage(self, run: str, stage: str, documents: Sequence[str]) -> dict[str, dict[str, str]]:
        """What a stage's keys were made of when this run last came by: document -> parts."""
        query = "SELECT document, parts FROM lineage WHERE run = ? AND stage = ? AND document IN ({})"
        return {document: json.loads(parts) for document, parts in self._select(query, documents, run, stage)}

    def record(self, run: str, stage: str, lineage: Mapping[str, Mapping[str, str]]) -> None:
        """Note document -> parts for the next time."""
        rows = [(run, document, stage, json.dumps(dict(parts), sort_keys=True)) for document, parts in lineage.items()]
        if not rows:
            return
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO lineage VALUES (?, ?, ?, ?)", rows)

    def remember_config(self, fingerprint: str, settings: Mapping[str, Any]) -> None:
        """Keep the values behind a fingerprint, so that a later run can say what changed."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO configs VALUES (?, ?)", (fingerprint, json.dumps(settings, sort_keys=True))
            )

    def config(self, fingerprint: str) -> dict[str, Any] | None:
        """The values behind a fingerprint, if they were ever noted."""
        rows = self._select("SELECT settings FROM configs WHERE fingerprint IN ({})", [fingerprint])
        return json.loads(rows[0][0]) if rows else None

    # output files

    def written(self, folder: str, documents: Sequence[str]) -> dict[str, Written]:
        """What was last written for each document of an output folder."""
        query = "SELECT document, key, files, row FROM written WHERE folder = ? AND document IN ({})"
        rows = self._select(query, documents, folder)
        return {document: Written(key, json.loads(files), json.loads(row)) for document, key, files, row in rows}

    def record_written(self, folder: str, written: Mapping[str, Written]) -> None:
        """Note what was written for each document."""
        rows = [(folder, document, w.key, json.dumps(w.files), json.dumps(w.row)) for document, w in written.items()]
        if not rows:
            return
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?)", rows)
