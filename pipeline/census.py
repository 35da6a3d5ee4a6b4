"""In how many articles of its site each line of a run's documents stands: the only thing that cleaning knows of other documents.

Counts are exact and lie on disk. What a document is told of them is an artifact of its own, and only that is in the key of its
clean text: another document in the folder remakes a clean text only where it changes which of its lines recur.
"""

from __future__ import annotations

import hashlib
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from pipeline.cleaning.lines import key, lines
from pipeline.document import Recurrence, Source
from pipeline.passes import load_documents
from pipeline.roll import Entry
from pipeline.store import Store

VERSION = 1  # of what is counted and told: changes whenever the same sources may be told otherwise
MANY = 0.2  # share of the site's articles in which a line stands, beside the number that the settings ask for
MOST = 0.5
MAX_WORDS = 80  # longer lines are paragraphs
STAGE, BATCH = "recur", "*"  # what the store keeps the findings under, and those of the run as a whole
TABLES = """
CREATE TABLE articles (site TEXT, digest TEXT, PRIMARY KEY (site, digest)) WITHOUT ROWID;
CREATE TABLE lines (site TEXT, line TEXT, articles INT, PRIMARY KEY (site, line)) WITHOUT ROWID;
"""
Windows = Callable[[], Iterator[list[Entry]]]


class Tally:
    """Lines by site and the number of articles that each stands in, in a private database on disk that is gone with the run."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._db.close)
        self._db.executescript(TABLES)

    def add(self, articles: Iterable[tuple[str, str, frozenset[str]]]) -> None:
        """Count articles, each as site, digest and its lines; what is equal byte for byte is one article."""
        self._db.execute("BEGIN")
        for site, digest, own in articles:
            if self._db.execute("INSERT OR IGNORE INTO articles VALUES (?, ?)", (site, digest)).rowcount:
                rows = [(site, line) for line in sorted(own)]
                counted = "INSERT INTO lines VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET articles = articles + 1"
                self._db.executemany(counted, rows)
        self._db.execute("COMMIT")

    def articles(self, site: str) -> int:
        """How many different articles of a site were counted."""
        return int(self._db.execute("SELECT COUNT(*) FROM articles WHERE site = ?", (site,)).fetchone()[0])

    def recurring(self, site: str, own: frozenset[str], least: int) -> dict[str, int]:
        """Those of an article's lines that stand in at least so many articles of its site."""
        query = "SELECT articles FROM lines WHERE site = ? AND line = ?"
        counts = ((line, self._db.execute(query, (site, line)).fetchone()) for line in own)
        return {line: row[0] for line, row in counts if row and row[0] >= least}


class Census:
    """Gives each document on the roll its `Recurrence`, if any of its lines recurs."""

    def __init__(self, store: Store, folder: str, least: int) -> None:
        """`folder` is the run's, for what it found last time; `least` the setting `clean.recurring`."""
        self._store, self._folder, self._least = store, folder, least

    def take(self, windows: Windows, save: Callable[[Sequence[Entry]], None]) -> None:
        """Count over all windows, then tell each document. Where no source has changed, what was found last time holds."""
        if not self._least:
            return
        batch = {"input": self._batch(windows())}
        if self._store.lineage(self._folder, STAGE, [BATCH]).get(BATCH) == batch:
            for window in windows():
                self._recall(window)
                save(window)
            return
        self._store.record(self._folder, STAGE, {BATCH: {"input": ""}})  # until all are told, nothing holds
        tally = Tally()
        for window in windows():
            tally.add((_site(e.found.path, s), e.digests[Source], lines_of(s)) for e, s in self._sources(window))
        for window in windows():
            self._tell(window, tally)
            save(window)
        self._store.record(self._folder, STAGE, {BATCH: batch})

    def _batch(self, windows: Iterable[list[Entry]]) -> str:
        told = hashlib.blake2b(f"{VERSION}|{self._least}".encode(), digest_size=16)
        for window in windows:
            for entry in window:
                told.update(f"{entry.found.id}|{entry.found.path}|{entry.digests[Source]}\n".encode())
        return told.hexdigest()

    def _recall(self, window: Sequence[Entry]) -> None:
        found = self._store.lineage(self._folder, STAGE, [entry.found.id for entry in window])
        for entry in window:
            if (known := found.get(entry.found.id)) and known["key"]:
                entry.keys[Recurrence], entry.digests[Recurrence] = known["key"], known["digest"]

    def _tell(self, window: Sequence[Entry], tally: Tally) -> None:
        noted = {}
        for entry, source in self._sources(window):
            site = _site(entry.found.path, source)
            found = recurrence(tally.recurring(site, lines_of(source), self._least), tally.articles(site))
            noted[entry.found.id] = {"key": "", "digest": ""}
            if found != Recurrence():
                name = "recur-" + hashlib.blake2b(repr(found).encode(), digest_size=16).hexdigest()
                digest = self._store.put(STAGE, {name: found})[name]
                entry.keys[Recurrence], entry.digests[Recurrence] = name, digest
                noted[entry.found.id] = {"key": name, "digest": digest}
        self._store.record(self._folder, STAGE, noted)

    def _sources(self, window: Sequence[Entry]) -> Iterator[tuple[Entry, Source]]:
        for entry, document in zip(window, load_documents(self._store, window, [Source]), strict=True):
            yield entry, document.get(Source)


def _site(path: str, source: Source) -> str:
    """A folder is a site, unless its pages declare several."""
    return f"{PurePosixPath(path).parent}|{source.page.source if source.page else ''}"


def lines_of(source: Source) -> frozenset[str]:
    """The keys of all lines that are no paragraphs of their own article."""
    return frozenset(key(line.plain) for line in lines(source.text) if line.words <= MAX_WORDS) - {""}


def recurrence(counts: dict[str, int], articles: int) -> Recurrence:
    """What a document is told, from the counts of its lines that recur and the number of its site's articles."""
    most = sorted(line for line, n in counts.items() if n >= MOST * articles)
    many = sorted(line for line, n in counts.items() if MANY * articles <= n < MOST * articles)
    return Recurrence(tuple(many), tuple(most))
