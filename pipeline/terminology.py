"""How names, terms and acronyms are rendered over all documents of a run: the same one should be rendered in one way.

A document's own flags must not depend on its neighbours, so this is a product of the run: it stands in `consistency.tsv`,
`run.json` and the index, and changes no flag. What is compared lies on the roll, not in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import count
from typing import Any

from pipeline.cells import escape
from pipeline.document import Document, Translation
from pipeline.roll import Kind, Roll, Use
from pipeline.stages.flagging.renderings import differing, renderings, usual
from pipeline.stages.translation.corrections import key

FILE = "consistency.tsv"
COLUMNS = ("source", "kind", "rendering", "usual", "uses", "documents", "document", "segment")
SHOWN = 50  # that run.json and the index name; the file has all
WAYS = 10  # of rendering each of these


@dataclass(frozen=True, slots=True)
class Variant:
    """A rendering, how often and in how many documents it is used, and where first; `usual` that others are held against it."""

    target: str
    usual: bool
    uses: int
    documents: int
    document: str
    segment: int


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A name, a term or an acronym that the run renders in several ways, the usual first.

    `ways` counts them all, where `variants` may be but the first; `odd` the uses of those that are not usual: what there is to put right.
    """

    kind: Kind
    source: str
    ways: int
    odd: int
    variants: tuple[Variant, ...]


def uses(document: Document) -> list[Use]:
    """What a document renders and how, each rendering once with its number and its first segment."""
    found: dict[tuple[Kind, str, str], tuple[int, int]] = {}
    for one in renderings(document) if document.has(Translation) else ():
        name = (one.kind, one.source, one.target)
        times, first = found.get(name, (0, one.pair.segment))
        found[name] = times + 1, first
    return [Use(kind, source, target, n, first) for (kind, source, target), (n, first) in found.items()]


def term_counts(document: Document) -> list[tuple[str, str, int]]:
    """(term, 'satisfied' or 'repaired' or 'unsatisfied', number) of the glossary's terms and the strings to keep."""
    pairs = document.translation.pairs if document.translation else ()
    counts = Counter((use.source, use.status) for pair in pairs for use in pair.terms)
    return [(source, status, number) for (source, status), number in counts.items()]


def corrected(document: Document) -> list[str]:
    """The Italian, as corrections have it, of each sentence that stands as a reviewer corrected it."""
    pairs = document.translation.pairs if document.translation else ()
    return [key(pair.source) for pair in pairs if pair.provenance == "approved"]


def inconsistencies(roll: Roll) -> Iterator[Inconsistency]:
    """Everything that is rendered in really different ways, by name."""
    for kind, source, rows in roll.renderings():
        counts = {row.target: row.uses for row in rows}
        others = differing(kind, source, counts)
        if others:
            common = usual(source, counts)
            shown = [r for r in rows if r.target in others or r.target == common]
            shown.sort(key=lambda r: (r.target != common, -r.uses, r.target))
            variants = (
                Variant(r.target, r.target == common, r.uses, r.documents, r.document, r.segment) for r in shown
            )
            odd = sum(r.uses for r in shown if r.target != common)
            yield Inconsistency(kind, source, len(shown), odd, tuple(variants))


def worst(found: Iterable[Inconsistency]) -> tuple[int, list[Inconsistency]]:
    """How many there are, and those with most to put right, the worst first, of equals by name; each with its first ways."""
    passed = count()
    some = nlargest(SHOWN, (one for one, _ in zip(found, passed, strict=False)), key=lambda one: one.odd)
    return next(passed), [replace(one, variants=one.variants[:WAYS]) for one in some]


def worst_terms(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, Mapping[str, int]]]:
    """The terms that are most often unsatisfied, the worst first, of equals by name; last those that occur nowhere."""
    return sorted(counts.items(), key=_term_order)[:SHOWN]


def table(found: Iterable[Inconsistency]) -> Iterator[str]:
    """`consistency.tsv` line by line: a row for each variant."""
    yield "\t".join(COLUMNS) + "\n"
    for one in found:
        for v in one.variants:
            cells: tuple[Any, ...] = (one.source, one.kind, v.target, "yes" if v.usual else "no", v.uses, v.documents)
            yield "\t".join(map(_cell, (*cells, v.document, v.segment))) + "\n"


def _term_order(term: tuple[str, Mapping[str, int]]) -> tuple[int, bool, str]:
    name, counts = term
    return -counts.get("unsatisfied", 0), not any(counts.values()), name


def _cell(value: object) -> str:
    return escape(" ".join(str(value).split()))
