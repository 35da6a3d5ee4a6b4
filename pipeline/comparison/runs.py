"""Two runs held against each other, sentence by sentence, without references: what a change of config, glossary or model did to the English.

Reads what runs have written (`run.json`, `segments.tsv`), one document at a time. Documents are matched by their ids, sentences by their Italian: the second `Ha detto no.` of a
document with its second, wherever they stand. What a sentence says is compared, white space apart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.writers.segments import Row, read

_NEEDED = {"name", "signature", "models", "versions", "documents"}
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
FAR = 100_000
"""Pairs of equal words from which on a sentence is marked as a whole: where a model goes round in circles, looking for the changes would take minutes."""


class WrittenRun:
    """A run's folder, as a finished run left it. Raises UsageError for one that is not, or that has no `segments.tsv`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.manifest: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            formats = self.manifest["settings"]["write"]["formats"]
            if missing := _NEEDED - self.manifest.keys():
                raise ValueError(f"says nothing of {', '.join(sorted(missing))}")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UsageError(
                f"{folder}: is no output folder of a run that has ended: it has no run.json",
                "name the folder with index.html, such as outputs/articles",
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{folder / 'run.json'}: cannot be read: {error}", "run it2en again into it") from error
        if "segments" not in formats:
            raise UsageError(f"{folder}: has no segments.tsv", "run it again with 'segments' among write.formats")

    @property
    def name(self) -> str:
        """What the run is called."""
        return str(self.manifest["name"])

    @cached_property
    def documents(self) -> Mapping[str, None]:
        """The ids of its documents, in order."""
        return dict.fromkeys(document["id"] for document in self.manifest["documents"])

    def rows(self, document: str) -> tuple[Row, ...]:
        """The sentences of a document, none where it has not come so far. Raises UsageError for a file that is damaged."""
        file = self.folder / document / "segments.tsv"
        try:
            return read(file.read_bytes().decode("utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise UsageError(f"{file}: cannot be read: {error}", f"run it2en again into {self.folder}") from error


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence whose English is another in the second run, or that only one of them has; never both None."""

    before: Row | None
    after: Row | None

    @property
    def source(self) -> str:
        """The Italian."""
        row = self.after or self.before
        return row.source if row else ""

    @property
    def raised(self) -> list[str]:
        """The flags that only the second run has on the sentence."""
        return _without(self.after, self.before)

    @property
    def gone(self) -> list[str]:
        """The flags that only the first run has."""
        return _without(self.before, self.after)

    @property
    def scores(self) -> tuple[float, float] | None:
        """How sure the models were before and after, in nats a token; None where a score is missing."""
        before, after = (row.score if row else None for row in (self.before, self.after))
        return None if before is None or after is None else (before, after)

    @property
    def gain(self) -> float | None:
        """How much surer the second run's model is, in nats a token; None where a score is missing."""
        return self.scores[1] - self.scores[0] if self.scores else None

    @property
    def words(self) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
        """The English before and after as pieces of text, each with whether the other one has not got it there."""
        return changed_words(*(row.target if row else "" for row in (self.before, self.after)))


def _without(row: Row | None, other: Row | None) -> list[str]:
    return sorted(set(row.flags if row else ()) - set(other.flags if other else ()))


@dataclass
class Totals:
    """What was compared, counted. `pairs` are sentences that both runs have; scores are summed over those that have one in both."""

    documents: int = 0
    only_before: list[str] = field(default_factory=list)
    only_after: list[str] = field(default_factory=list)
    pairs: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0
    raised: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    scored: int = 0
    score_before: float = 0.0
    score_after: float = 0.0

    @property
    def means(self) -> tuple[float, float] | None:
        """The mean scores before and after, in nats a token, over the sentences that have one in both runs; None where none has."""
        if not self.scored:
            return None
        return round(self.score_before / self.scored, 3), round(self.score_after / self.scored, 3)

    @property
    def differs(self) -> bool:
        """Whether anything that was counted is not the same in both runs."""
        others = self.only_before or self.only_after or self.raised or self.gone
        return bool(self.changed or self.added or self.removed or others)


class Comparison:
    """Two runs, and what differs. Iterating reads all documents that both have and counts; it may be done once."""

    def __init__(self, before: WrittenRun, after: WrittenRun) -> None:
        self.before, self.after, self.totals = before, after, Totals()
        self.totals.only_before = [id for id in before.documents if id not in after.documents]
        self.totals.only_after = [id for id in after.documents if id not in before.documents]

    @property
    def names(self) -> tuple[str, str]:
        """What the two runs are called: their names, or their folders where the names are one."""
        before, after = self.before, self.after
        return (before.name, after.name) if before.name != after.name else (str(before.folder), str(after.folder))

    def __iter__(self) -> Iterator[tuple[str, list[Change]]]:
        """(document, its changes) in the second run's order, also where there are none."""
        for document in self.after.documents:
            if document in self.before.documents:
                yield document, self._count(self.pairs(document))

    def changes(self, document: str) -> list[Change]:
        """Those of one document."""
        return [pair for pair in self.pairs(document) if is_changed(pair)]

    def pairs(self, document: str) -> list[Change]:
        """All sentences of a document, in the second run's order; those that only the first one has come last."""
        return matched(self.before.rows(document), self.after.rows(document))

    @property
    def settings(self) -> list[tuple[str, Any, Any]]:
        """(key, before, after) of the settings that differ, what is under `run` apart, which changes no word."""
        old, new = (dict(_flat(run.manifest["settings"])) for run in (self.before, self.after))
        return [one for one in _differing(old, new) if not one[0].startswith("run.")]

    @property
    def versions(self) -> list[tuple[str, str, str]]:
        """(what, before, after) of the models, where they differ; of the signatures, where these are all that does."""
        old, new = (run.manifest for run in (self.before, self.after))
        found = [
            (f"model, {role}", one or "", other or "") for role, one, other in _differing(old["models"], new["models"])
        ]
        if found or self.settings or old["signature"] == new["signature"]:
            return found
        return [("signature", old["signature"], new["signature"])]

    def _count(self, pairs: Sequence[Change]) -> list[Change]:
        totals, found = self.totals, [pair for pair in pairs if is_changed(pair)]
        totals.documents += 1
        totals.added += sum(pair.before is None for pair in pairs)
        totals.removed += sum(pair.after is None for pair in pairs)
        totals.changed += sum(pair.before is not None and pair.after is not None for pair in found)
        for pair in pairs:
            totals.pairs += pair.before is not None and pair.after is not None
            totals.raised.update(pair.raised)
            totals.gone.update(pair.gone)
            if scores := pair.scores:
                totals.scored += 1
                totals.score_before += scores[0]
                totals.score_after += scores[1]
        return found


def matched(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """The sentences of two versions of a document, by their Italian and by how often it came before."""
    waiting: dict[tuple[str, int], Row] = dict(zip(_numbered(before), before, strict=True))
    pairs = [Change(waiting.pop(key, None), row) for key, row in zip(_numbered(after), after, strict=True)]
    return pairs + [Change(row, None) for row in waiting.values()]


def _numbered(rows: Sequence[Row]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        source = " ".join(row.source.split())
        found.append((source, seen[source]))
        seen[source] += 1
    return found


def is_changed(pair: Change) -> bool:
    """Whether the English is another, or only one run has the sentence."""
    if pair.before is None or pair.after is None:
        return True
    return pair.before.target.split() != pair.after.target.split()


def changed_words(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Two texts as pieces, each with whether it is in this one only; together the pieces are the texts."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    there = Counter(new)
    if sum(number * there[word] for word, number in Counter(old).items()) > FAR:
        return [(before, True)], [(after, True)]
    mine: list[tuple[str, bool]] = []
    theirs: list[tuple[str, bool]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        mine += [("".join(old[a:b]), kind != "equal")] if a < b else []
        theirs += [("".join(new[c:d]), kind != "equal")] if c < d else []
    return mine, theirs


def first_difference(before: str, after: str) -> int:
    """Where two texts part, in characters: at the start of a word."""
    pairs = zip(_WORD.findall(before), _WORD.findall(after), strict=False)
    return sum(len(old) for old, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(key, old, new) where the values differ, None for one that is missing."""
    keys = dict.fromkeys((*old, *new))
    return [(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
