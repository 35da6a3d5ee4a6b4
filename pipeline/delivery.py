"""The last pass: output files for each document, and for the run its `run.json` and `index.html`.

A document whose artifacts, run signature and formats are what they were, and whose files are as they were left, is not
touched and not even loaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, astuple
from typing import Any

from pipeline.document import FIELDS, Document, Failure
from pipeline.errors import OutputBlocked
from pipeline.outputs import OutputFolder
from pipeline.passes import load_documents
from pipeline.result import Outcome, RunResult, StageCount, State, outcome
from pipeline.roll import BY_ID, IN_ORDER, WORST_FIRST, Entry, Roll, Use
from pipeline.settings import Write
from pipeline.store import Store, Written
from pipeline.terminology import FILE, corrected, inconsistencies, table, term_counts, uses, worst, worst_terms
from pipeline.writers import FILES, VERSION, write_document
from pipeline.writers.index import IndexRow, Wording, row, stream_index, totals
from pipeline.writers.run_info import RunInfo
from pipeline.writers.tables import TABLES, Record, open_table, record

ALL_FILES = sorted({name for names in FILES.values() for name in names})


class Delivery:
    """Writes what a run has made, into one output folder."""

    def __init__(
        self, store: Store, output: OutputFolder, info: RunInfo, settings: Write, result: RunResult, roll: Roll
    ) -> None:
        self._store, self._output, self._info, self._result, self._roll = store, output, info, result, roll
        self._formats, self._tables = settings.formats, settings.tables
        self._pages = "review" in settings.formats
        self._common = [VERSION, asdict(info), list(settings.formats)]

    def deliver(self, window: Sequence[Entry], count: StageCount, give: bool) -> Iterator[Document]:
        """Write a window of documents where their files are not up to date; gives every document out if asked to."""
        folder = self._output.key
        before = self._store.written(folder, [e.found.id for e in window])
        keys = {e.found.id: self._key(e) for e in window}
        stale = [e for e in window if not self._up_to_date(keys[e.found.id], e.found.id, before)]
        documents = {d.id: d for d in load_documents(self._store, window if give else stale, list(FIELDS))}
        fresh = {e.found.id: self._write(documents[e.found.id], keys[e.found.id]) for e in stale}
        self._store.record_written(folder, fresh)
        count.made += len(fresh)
        count.found += len(window) - len(fresh)
        rows = [(fresh.get(e.found.id) or before[e.found.id]).row for e in window]
        self._roll.conclude(window, rows)
        for entry, values in zip(window, rows, strict=True):
            self._result.tally(Outcome(**values["outcome"]), values["flags"], values["terms"], values["corrected"])
            self._roll.note(entry.position, (Use(*use) for use in values["renderings"]))
        yield from (documents[e.found.id] for e in window if give)

    def tables(self, windows: Iterable[Sequence[Entry]]) -> None:
        """Write the tables that are asked for, each of all documents in order, and delete those that no longer are."""
        self._output.remove("", [name for kind, name in TABLES.items() if kind not in self._tables])
        if not self._tables:
            return
        with ExitStack() as stack:
            added = [open_table(kind, stack.enter_context(self._output.placing(TABLES[kind]))) for kind in self._tables]
            adders = [stack.enter_context(table) for table in added]
            for window in windows:
                records = list(self._records(window))
                for add in adders:
                    add(records)

    def finish(self) -> None:
        """Write `index.html` and `run.json`, from what lies on the roll."""
        self._result.gated.sort(key=lambda o: (-o.risk, -o.errors, -o.warnings, o.id))
        self._result.left_over = self._output.others(self._roll.has, ALL_FILES)
        by_state: dict[State, Iterator[IndexRow]] = {
            "failed": self._index_rows(BY_ID, "failed"),
            "skipped": self._index_rows(BY_ID, "skipped"),
            "done": self._index_rows(WORST_FIRST, "done"),
        }
        wording = self._wording()
        page = stream_index(totals(self._index_rows(IN_ORDER, *by_state)), by_state, self._info, wording)
        outcomes = (result["outcome"] for result in self._roll.results(IN_ORDER, *by_state))
        self._output.write("", {"index.html": page, "run.json": self._result.manifest(outcomes)})

    def _wording(self) -> Wording:
        """Write `consistency.tsv` if there is anything to put into it; what the index says of it and of the glossary."""
        result = self._result
        result.several, result.inconsistent = worst(inconsistencies(self._roll))
        if result.several:
            self._output.write("", {FILE: table(inconsistencies(self._roll))})
        else:
            self._output.remove("", [FILE])
        terms, unmet = worst_terms(result.terms), len(result.unmet_terms)
        return Wording(result.several, result.inconsistent, terms, len(result.terms), unmet, self._pages)

    def _index_rows(self, order: str, *states: State) -> Iterator[IndexRow]:
        return (IndexRow(**result["index"]) for result in self._roll.results(order, *states))

    def _records(self, window: Sequence[Entry]) -> Iterator[Record]:
        carried = self._roll.carried([e.position for e in window])
        for entry, document in zip(window, load_documents(self._store, window, list(FIELDS)), strict=True):
            yield record(document, carried.get(entry.position, {}))

    def _key(self, entry: Entry) -> str:
        """Hash of everything that the document's files follow from."""
        parts: list[Any] = [*self._common, entry.found.id, entry.found.path]
        parts += [asdict(entry.ending) if entry.ending else None, [entry.digests.get(kind) for kind in FIELDS]]
        return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()

    def _up_to_date(self, key: str, document: str, before: Mapping[str, Written]) -> bool:
        then = before.get(document)
        return then is not None and then.key == key and self._output.unchanged(document, then.files)

    def _write(self, document: Document, key: str) -> Written:
        """Write a document's files. Where they cannot be placed the document fails, and is tried again next time."""
        files = write_document(document, self._info, self._formats) if document.source else {}
        try:
            stamps = self._output.write(document.id, files) if files else {}
            if document.source or not isinstance(document.ending, Failure):  # what cannot be read today keeps its files
                self._output.remove(document.id, [name for name in ALL_FILES if name not in files])
        except OutputBlocked as error:
            document = document.plus(Failure("write", type(error).__name__, f"{error}; {error.hint}"))
            key, stamps, files = "", {}, {}
        page = "review.html" if "review.html" in files else ""
        flags = [[f.id, f.severity] for f in document.checks.flags] if document.checks else []
        said = {"renderings": [astuple(use) for use in uses(document)], "terms": term_counts(document)}
        seen = {"index": asdict(row(document, page)), "outcome": asdict(outcome(document)), "flags": flags}
        values = {**seen, **said, "corrected": corrected(document)}
        return Written(key, stamps, values)
