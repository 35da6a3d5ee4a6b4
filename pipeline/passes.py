"""One step of the main job over many documents: look it up in the store; make what is missing; put it in the store.

A pass is a stage at work, or the reading of files, which differs only in where its input comes from. Between passes a
document is an `Entry` on the roll: its keys and digests, while artifacts lie in the store.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from pipeline.document import Document, Ending, Failure, Generation, Metadata, Skip, Source
from pipeline.engines.engine import Memory
from pipeline.executors.executor import Work
from pipeline.explanation import Explanation, Parts, explain
from pipeline.inputs import INPUTS_VERSION, Rows, load, read
from pipeline.progress import Progress
from pipeline.result import StageCount
from pipeline.roll import Entry
from pipeline.settings import Inputs
from pipeline.stages.stage import Made, Stage, failure, key_of
from pipeline.store import Store, digest, serialise

HELD = 64  # decoded texts, and ...
HELD_SECONDS = 1.0  # ... the time that they are held before they are stored


class Pass(Protocol):
    """What differs between reading files and running a stage."""

    @property
    def name(self) -> str:
        """The name that counts, timings and explanations go under."""

    @property
    def makes(self) -> type:
        """The kind of artifact that is made."""

    def parts(self, entry: Entry) -> Parts | Ending:
        """What the artifact's key is made of, or why there will be no artifact."""

    def make(self, entries: Sequence[Entry]) -> Iterator[tuple[int, Made]]:
        """An artifact for each entry, with its position, in any order."""


def load_documents(store: Store, entries: Sequence[Entry], kinds: Sequence[type]) -> list[Document]:
    """The entries as documents that carry these kinds of artifacts, as far as they exist."""
    artifacts = store.load(sorted({e.keys[kind] for e in entries for kind in kinds if kind in e.keys}))
    documents = []
    for entry in entries:
        document = Document(entry.found.id, entry.found.path, ending=entry.ending)
        for kind in kinds:
            if kind in entry.keys:
                document = document.plus(artifacts[entry.keys[kind]])
        documents.append(document)
    return documents


class Reading:
    """Files to sources. The bytes of a window are read once, for the key and for the decoding."""

    name = "read"
    makes = Source
    # which files and columns are read is not what they say
    not_in_key = frozenset(name for name in Inputs.model_fields if name != "repair_mojibake")

    def __init__(self, settings: Inputs) -> None:
        self.settings = settings
        self.fingerprint = settings.fingerprint(self.not_in_key)
        self._rows = Rows(settings)
        self._bytes: dict[int, bytes] = {}
        self._pages: dict[int, Metadata] = {}
        self._carried: dict[int, dict[str, Any]] = {}

    def parts(self, entry: Entry) -> Parts | Ending:
        """The content of the file, or of the row, and how it is read."""
        data = load(entry.found, self.settings) if entry.found.row is None else self._row(entry)
        if isinstance(data, Skip | Failure):
            return data
        self._bytes[entry.position] = data
        content = f"{entry.found.format}:{hashlib.sha256(data).hexdigest()}"
        page = self._pages.get(entry.position)
        if page is not None:
            content += f":{digest(serialise(page))}"
        return {"version": f"read.v{INPUTS_VERSION}", "config": self.fingerprint, "model": "", "input": content}

    def make(self, entries: Sequence[Entry]) -> Iterator[tuple[int, Made]]:
        """Decode each file; one that breaks is that document's failure."""
        for i, entry in enumerate(entries):
            try:
                made: Made = read(self._bytes[entry.position], entry.found.format, self.settings)
            except Exception as error:  # one bad file must not take the others along
                made = failure(self.name, error)
            page = self._pages.get(entry.position)
            yield i, replace(made, page=page) if isinstance(made, Source) and page else made

    def forget(self) -> dict[int, dict[str, Any]]:
        """Let go of a window that is done; returns what came along with its documents, by position."""
        carried, self._carried = self._carried, {}
        self._bytes.clear()
        self._pages.clear()
        return carried

    def _row(self, entry: Entry) -> bytes | Ending:
        try:
            article = self._rows.article(entry.found)
        except Exception as error:  # one bad row must not take the others along
            return failure(self.name, error)
        if isinstance(article, Skip):
            return article
        if article.page is not None:
            self._pages[entry.position] = article.page
        self._carried[entry.position] = article.carried
        return article.data


class StageWork:
    """A stage, opened by an executor, over entries whose artifacts lie in the store."""

    def __init__(self, stage: Stage, work: Work, store: Store, meter: Meter) -> None:
        self.name, self.makes = stage.name, stage.makes
        self._stage, self._work, self._store, self._meter = stage, work, store, meter

    def parts(self, entry: Entry) -> Parts | Ending:
        """What the stage says its output depends on."""
        return self._stage.parts(entry.digests, entry.found.path)

    def make(self, entries: Sequence[Entry]) -> Iterator[tuple[int, Made]]:
        """Load what the stage reads, and let the executor work."""
        documents = load_documents(self._store, entries, (*self._stage.reads, *self._stage.may_read))
        self._meter.expect(len(documents), sum(len(d.segments.items) if d.segments else 1 for d in documents))
        yield from self._work(documents)


class Meter:
    """A memory that listens: counts what engines decode, and moves the progress between one document and the next.

    A window of n documents holding s segments advances by n / s for each text decoded, and never past n. What engines decode
    is handed on some texts at a time, since each time is a transaction: within a second, and when the block ends however
    it ends.
    """

    def __init__(self, memory: Memory, progress: Progress, count: StageCount) -> None:
        self._memory, self._progress, self._count = memory, progress, count
        self._documents, self._segments, self._shown, self._done = 0.0, 1, 0.0, 0.0
        self._held: dict[str, dict[str, Generation]] = {}
        self._since = 0.0

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        self._hand_on()

    def recall(self, space: str, texts: Sequence[str]) -> dict[str, Generation]:
        """What the memory beneath knows, and what is still held here."""
        self._hand_on()
        return self._memory.recall(space, texts)

    def keep(self, space: str, generations: Mapping[str, Generation]) -> None:
        """Hand on to the memory beneath, soon, and count."""
        if not self._held:
            self._since = time.monotonic()
        held = self._held.setdefault(space, {})
        held.update(generations)
        if len(held) >= HELD or time.monotonic() - self._since > HELD_SECONDS:
            self._hand_on()
        self._count.decoded += len(generations)
        self._progress.decoded(len(generations))
        self._show(self._shown + len(generations) * self._documents / self._segments)

    def _hand_on(self) -> None:
        held, self._held = self._held, {}
        for space, generations in held.items():
            self._memory.keep(space, generations)

    def expect(self, documents: int, segments: int) -> None:
        """A window of so many documents and segments begins."""
        self._documents, self._segments, self._shown, self._done = documents, max(segments, 1), 0.0, 0.0

    def made(self, documents: int) -> None:
        """So many documents of the window are finished."""
        self._done += documents
        self._show(max(self._shown, self._done))

    def finish(self, documents: int) -> None:
        """The window is done: it counts as so many documents in all, found ones included."""
        self._progress.advance(documents - self._shown)
        self.expect(0, 0)

    def _show(self, documents: float) -> None:
        documents = min(documents, self._documents)
        if documents > self._shown:
            self._progress.advance(documents - self._shown)
            self._shown = documents


class Desk:
    """Takes windows of entries through a pass, and notes what keys were made of; with `explanations`, what that tells."""

    def __init__(self, store: Store, folder: str, explanations: list[Explanation] | None = None) -> None:
        self._store, self._folder, self._explanations = store, folder, explanations

    def take(self, step: Pass, window: Sequence[Entry], count: StageCount, made: Callable[[int], None]) -> None:
        """Look up, make, store. `made` hears how many documents each new artifact serves."""
        parts: dict[str, Parts] = {}
        groups: dict[str, list[Entry]] = {}
        for entry in window:
            answer = step.parts(entry)
            if isinstance(answer, Skip | Failure):
                _end(entry, answer, count)
            else:
                parts[entry.found.id] = answer
                groups.setdefault(key_of(answer), []).append(entry)
        known = self._found(step, groups, count)
        missing = [key for key in groups if key not in known]
        for i, artifact in step.make([groups[key][0] for key in missing]) if missing else ():
            self._settle(step, missing[i], artifact, groups[missing[i]], count)
            made(len(groups[missing[i]]))
        self._explain(step.name, parts, groups, known)

    def _found(self, step: Pass, groups: Mapping[str, Sequence[Entry]], count: StageCount) -> set[str]:
        known = self._store.digests(list(groups))
        skips = self._store.load([key for key, (_, is_skip) in known.items() if is_skip])
        for key, (content, _) in known.items():
            for entry in groups[key]:
                count.found += 1
                skip = skips.get(key)
                if isinstance(skip, Skip):
                    entry.ending = skip
                else:
                    entry.keys[step.makes], entry.digests[step.makes] = key, content
        return set(known)

    def _settle(self, step: Pass, key: str, made: Made, entries: Sequence[Entry], count: StageCount) -> None:
        """Store an artifact and hand it to every entry that waits for it. A failure is not stored, so it is tried again."""
        content = "" if isinstance(made, Failure) else self._store.put(step.name, {key: made})[key]
        for entry in entries:
            if isinstance(made, Skip | Failure):
                _end(entry, made, count)
            else:
                entry.keys[step.makes], entry.digests[step.makes] = key, content
                count.made += 1

    def _explain(
        self, name: str, parts: Mapping[str, Parts], groups: Mapping[str, Sequence[Entry]], known: set[str]
    ) -> None:
        before = self._store.lineage(self._folder, name, list(parts))
        if self._explanations is not None:
            for key, entries in groups.items():
                for entry in entries:
                    document = entry.found.id
                    verdict = "found" if key in known else "failed" if isinstance(entry.ending, Failure) else "made"
                    reason = explain(verdict, parts[document], before.get(document), self._store.config)
                    self._explanations.append(Explanation(document, name, verdict, reason))
        self._store.record(self._folder, name, {d: p for d, p in parts.items() if before.get(d) != p})


def _end(entry: Entry, ending: Ending, count: StageCount) -> None:
    entry.ending = ending
    if isinstance(ending, Skip):
        count.skipped += 1
    else:
        count.failed += 1


@contextmanager
def timed(count: StageCount) -> Iterator[None]:
    """Add the seconds spent inside to a stage's count."""
    began = time.monotonic()
    try:
        yield
    finally:
        count.seconds += time.monotonic() - began
