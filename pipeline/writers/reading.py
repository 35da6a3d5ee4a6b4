"""Questions that several writers ask of a document, whichever of its artifacts are there. It formats nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from pipeline.document import Document, Failure, Flag, Pair, Segment
from pipeline.errors import DocumentError

State = Literal["done", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A flag and its number in the document's list of flags, from 1."""

    number: int
    flag: Flag


@dataclass(frozen=True, slots=True)
class Side:
    """A segment, its English (None where there is none) and the flags that concern it."""

    segment: Segment
    pair: Pair | None
    marks: tuple[Mark, ...]


def sides(document: Document) -> tuple[Side, ...]:
    """Every segment beside its translation, in document order; empty before segmentation.

    Raises DocumentError when a pair belongs to no segment or two belong to one: better no file than a sentence beside
    the translation of another.
    """
    segments = document.segments.items if document.segments else ()
    pairs = document.translation.pairs if document.translation else ()
    by_id = {pair.segment: pair for pair in pairs}
    if len(by_id) != len(pairs) or not by_id.keys() <= {s.id for s in segments}:
        raise DocumentError(f"{document.id}: the translation's pairs do not match the segments")
    marks = segment_marks(document)
    return tuple(Side(s, by_id.get(s.id), tuple(marks[s.id])) for s in segments)


def all_marks(document: Document) -> tuple[Mark, ...]:
    """Every flag with its number."""
    flags = document.checks.flags if document.checks else ()
    return tuple(Mark(number, flag) for number, flag in enumerate(flags, 1))


def segment_marks(document: Document) -> dict[int, list[Mark]]:
    """Flags by segment id; any other id has none."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in all_marks(document):
        if mark.flag.segment is not None:
            found[mark.flag.segment].append(mark)
    return found


def titles(document: Document) -> tuple[str, str]:
    """The title in Italian and in English, '' where unknown.

    Italian as the page declares it, else as the text has it; English from the pairs of the segments that hold it.
    """
    declared = document.clean.metadata.title if document.clean else ""
    rows = sides(document)
    held = [r for r in rows if r.segment.kind == "title"]
    held = held or [r for r in rows if declared and r.segment.text == declared]
    italian = declared or " ".join(r.segment.text for r in held)
    return italian, " ".join(r.pair.target for r in held if r.pair)


def mean_score(document: Document) -> float | None:
    """The mean of the sentence scores, in nats a token to 3 places; None when no model decoded any."""
    pairs = document.translation.pairs if document.translation else ()
    scores = [p.score for p in pairs if p.score is not None]
    return round(sum(scores) / len(scores), 3) if scores else None


def approved(document: Document) -> int:
    """How many sentences are a reviewer's, corrected or approved as they stood."""
    pairs = document.translation.pairs if document.translation else ()
    return sum(pair.provenance == "approved" for pair in pairs)


def state(document: Document) -> State:
    """How the document ended."""
    if document.ending is None:
        return "done"
    return "failed" if isinstance(document.ending, Failure) else "skipped"


def reason(document: Document) -> str:
    """Why it was left out or failed, in one line: stage, word and message; '' when it was done."""
    if document.ending is None:
        return ""
    ending = document.ending
    word = ending.error if isinstance(ending, Failure) else ending.reason.replace("_", " ")
    return f"{ending.stage}: {word}: {ending.message}"
