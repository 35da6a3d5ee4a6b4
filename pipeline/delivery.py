"""The last pass: output files for each document, and for the run its `run.json` and `index.html`.

A document whose artifacts, run signature and formats are what they were, and whose files are as they were left, is not
touched and not even loaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.document import FIELDS, Document
from pipeline.outputs import OutputFolder
from pipeline.passes import Entry, load_documents
from pipeline.result import Outcome, RunResult, StageCount, outcome
from pipeline.store import Store, Written
from pipeline.writers import FILES, VERSION, write_document
from pipeline.writers.index import IndexRow, row, write_index
from pipeline.writers.run_info import RunInfo

ALL_FILES = sorted({name for names in FILES.values() for name in names})


class Delivery:
    """Writes what a run has made, into one output folder."""

    def __init__(
        self, store: Store, output: OutputFolder, info: RunInfo, formats: Sequence[str], result: RunResult
    ) -> None:
        self._store, self._output, self._info, self._formats, self._result = store, output, info, formats, result
        self._rows: list[IndexRow] = []

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
        for entry in window:
            self._tally({**before, **fresh}[entry.found.id].row)
        yield from (documents[e.found.id] for e in window if give)

    def finish(self, entries: Sequence[Entry]) -> None:
        """Write `index.html` and `run.json`."""
        self._result.left_over = self._output.others({e.found.id for e in entries}, ALL_FILES)
        manifest = json.dumps(self._result.to_json(), ensure_ascii=False, indent=2) + "\n"
        self._output.write("", {"index.html": write_index(self._rows, self._info), "run.json": manifest})

    def _key(self, entry: Entry) -> str:
        """Hash of everything that the document's files follow from."""
        parts: list[Any] = [VERSION, asdict(self._info), list(self._formats), entry.found.id, entry.found.path]
        parts += [asdict(entry.ending) if entry.ending else None, [entry.digests.get(kind) for kind in FIELDS]]
        return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()

    def _up_to_date(self, key: str, document: str, before: Mapping[str, Written]) -> bool:
        then = before.get(document)
        return then is not None and then.key == key and self._output.unchanged(document, then.files)

    def _write(self, document: Document, key: str) -> Written:
        files = write_document(document, self._info, self._formats) if document.source else {}
        stamps = self._output.write(document.id, files) if files else {}
        self._output.remove(document.id, [name for name in ALL_FILES if name not in files])
        page = "review.html" if "review.html" in files else ""
        flags = [[f.id, f.severity] for f in document.checks.flags] if document.checks else []
        return Written(
            key, stamps, {"index": asdict(row(document, page)), "outcome": asdict(outcome(document)), "flags": flags}
        )

    def _tally(self, row: Mapping[str, Any]) -> None:
        self._rows.append(IndexRow(**row["index"]))
        self._result.outcomes.append(Outcome(**row["outcome"]))
        self._result.flags.update(id for id, _ in row["flags"])
        self._result.severities.update(severity for _, severity in row["flags"])
