"""Everything about a document in one JSON file of a versioned, published shape, and the way back to the artifacts.

The dataclasses here are that shape; `document.schema.json` beside this module is generated from them. An addition keeps
the number in `SCHEMA`; anything that would break a reader raises it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from pipeline.document import (
    BlockKind,
    Checks,
    CleanText,
    Document,
    Failure,
    Flag,
    Kept,
    Metadata,
    Pair,
    Provenance,
    Removed,
    Segment,
    Segments,
    Skip,
    Source,
    Summary,
    TermUse,
    TextRepair,
    Translation,
)
from pipeline.writers.encoding import encodable
from pipeline.writers.reading import Side, State, sides, state
from pipeline.writers.run_info import RunInfo

SCHEMA: Literal["it2en.document/1"] = "it2en.document/1"


@dataclass(frozen=True, slots=True)
class Languages:
    """ISO 639-1 codes of what is translated and of what it is translated into."""

    source: Literal["it"] = "it"
    target: Literal["en"] = "en"


@dataclass(frozen=True, slots=True)
class Clean:
    """A clean text without its metadata, which stands at the top of the record."""

    text: str
    kept: tuple[Kept, ...]
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A segment's English. `source` is null where the translator read the segment's text as it stands.

    `rung` names the step of the ladder that it comes from, '' for the first decoding; `repairs`, `terms`, `reading` and `variant` are
    those of the pair.
    """

    text: str
    score: float | None
    tokens_in: int
    tokens_out: int
    provenance: Provenance
    truncated: bool
    source: str | None
    rung: str
    repairs: tuple[TextRepair, ...]
    terms: tuple[TermUse, ...]
    reading: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class TermCount:
    """How often a term of the glossary occurs in the document, by what became of it."""

    kind: Literal["glossary", "keep"]
    source: str
    target: str
    satisfied: int
    repaired: int
    unsatisfied: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A segment and its English side by side; `target` is null where there is none."""

    id: int
    paragraph: int
    kind: BlockKind
    start: int
    end: int
    source: str
    after: str
    target: Target | None


@dataclass(frozen=True, slots=True)
class End:
    """Why the document went no further; `reason` is a word for a skip, the error's name for a failure."""

    kind: Literal["skip", "failure"]
    stage: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Record:
    """The whole file. Parts that no stage made are null."""

    schema: Literal["it2en.document/1"]
    id: str
    path: str
    state: State
    languages: Languages
    run: RunInfo
    ending: End | None
    metadata: Metadata | None
    source: Source | None
    clean: Clean | None
    segments: tuple[Sentence, ...] | None
    translation_model: str | None
    summary: Summary | None
    flags: tuple[Flag, ...] | None
    terms: tuple[TermCount, ...]


def write(document: Document, run: RunInfo) -> dict[str, Iterator[str]]:
    """`document.json`, whatever the document has."""
    return {"document.json": _pieces(record(document, run))}


def record(document: Document, run: RunInfo) -> Record:
    """The document in the published shape."""
    clean = document.clean
    return Record(
        schema=SCHEMA,
        id=document.id,
        path=document.path,
        state=state(document),
        languages=Languages(),
        run=run,
        ending=_end(document),
        metadata=clean.metadata if clean else None,
        source=document.source,
        clean=Clean(clean.text, clean.kept, clean.removed) if clean else None,
        segments=tuple(map(_sentence, sides(document))) if document.segments else None,
        translation_model=document.translation.model if document.translation else None,
        summary=document.summary,
        flags=document.checks.flags if document.checks else None,
        terms=_terms(document.translation),
    )


def _pieces(whole: Record) -> Iterator[str]:
    """What `json.dumps` makes of the record with an indent of 1, an item at a time: all of it at once takes many times its length."""
    for i, name in enumerate(Record.__dataclass_fields__):
        value = getattr(whole, name)
        yield ",\n " if i else "{\n "
        yield f'"{name}": '
        if isinstance(value, tuple) and value:
            yield from ((",\n  " if k else "[\n  ") + _encoded(item, 2) for k, item in enumerate(value))
            yield "\n ]"
        else:
            yield _encoded(value, 1)
    yield "\n}\n"


def _encoded(value: object, depth: int) -> str:
    """A value as JSON, as it stands `depth` levels down."""
    try:
        lines = to_json(value, indent=1).decode()
    except PydanticSerializationError:  # a lone surrogate, as names of files may have
        lines = encodable(json.dumps(value, default=asdict, ensure_ascii=False, indent=1))
    return lines.replace("\n", "\n" + " " * depth)


def read_document(content: str) -> Document:
    """The document that a `document.json` was written from. Raises ValueError for anything of another shape."""
    try:
        found = _adapter().validate_json(content, strict=True)
    except ValidationError as error:
        raise ValueError(f"not a document of the schema {SCHEMA}: {error}") from error
    segments = found.segments
    return Document(
        id=found.id,
        path=found.path,
        source=found.source,
        clean=_clean(found),
        segments=Segments(tuple(map(_segment, segments))) if segments is not None else None,
        translation=_translation(found),
        summary=found.summary,
        checks=Checks(found.flags) if found.flags is not None else None,
        ending=_ending(found.ending),
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `document.json`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{SCHEMA.replace('/', ':')}"}
    return head | _adapter().json_schema(mode="serialization")


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)


def _end(document: Document) -> End | None:
    match document.ending:
        case Skip(stage, reason, message):
            return End("skip", stage, reason, message)
        case Failure(stage, error, message):
            return End("failure", stage, error, message)
    return None


def _ending(end: End | None) -> Skip | Failure | None:
    if end is None:
        return None
    return (Skip if end.kind == "skip" else Failure)(end.stage, end.reason, end.message)


def _sentence(side: Side) -> Sentence:
    s, pair = side.segment, side.pair
    target = None
    if pair is not None:
        read = None if pair.source == s.text else pair.source
        target = Target(
            text=pair.target,
            score=pair.score,
            tokens_in=pair.tokens_in,
            tokens_out=pair.tokens_out,
            provenance=pair.provenance,
            truncated=pair.truncated,
            source=read,
            rung=pair.rung,
            repairs=pair.repairs,
            terms=pair.terms,
            reading=pair.reading,
            variant=pair.variant,
        )
    return Sentence(s.id, s.paragraph, s.kind, s.start, s.end, s.text, s.after, target)


def _terms(translation: Translation | None) -> tuple[TermCount, ...]:
    """The glossary terms of all pairs, in the order in which they first occur."""
    uses = [use for pair in (translation.pairs if translation else ()) for use in pair.terms]
    counts: dict[tuple[Literal["glossary", "keep"], str, str], Counter[str]] = {}
    for use in uses:
        counts.setdefault((use.kind, use.source, use.target), Counter())[use.status] += 1
    return tuple(
        TermCount(*term, found["satisfied"], found["repaired"], found["unsatisfied"]) for term, found in counts.items()
    )


def _clean(found: Record) -> CleanText | None:
    if found.clean is None or found.metadata is None:
        return None
    return CleanText(found.clean.text, found.clean.kept, found.clean.removed, found.metadata)


def _segment(s: Sentence) -> Segment:
    return Segment(s.id, s.paragraph, s.start, s.end, s.kind, s.source, s.after)


def _translation(found: Record) -> Translation | None:
    if found.translation_model is None:
        return None
    pairs = tuple(_pair(s, s.target) for s in found.segments or () if s.target is not None)
    return Translation(pairs, found.translation_model)


def _pair(s: Sentence, t: Target) -> Pair:
    read = s.source if t.source is None else t.source
    known = s.id, read, t.text, t.score, t.tokens_in, t.tokens_out, t.provenance, t.truncated
    return Pair(*known, t.rung, t.repairs, t.terms, t.reading, t.variant)


if __name__ == "__main__":  # python -m pipeline.writers.json_document > pipeline/writers/document.schema.json
    print(json.dumps(schema(), indent=1))
