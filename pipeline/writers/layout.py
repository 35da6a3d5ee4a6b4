"""How a document stands on the review page: paragraphs of sentences in pieces, with the removed matter in its place.

Works out positions only; what it looks like is the template's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from pipeline.document import BlockKind, CleanText, Document, Removed, Segment, Severity
from pipeline.writers.html import number
from pipeline.writers.reading import Mark, Side, sides

RANK: dict[str, int] = {"": 0, "info": 1, "warning": 2, "error": 3}

Span = tuple[int, int, Severity]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that looks the same throughout; `cut` holds removed matter instead of text."""

    text: str = ""
    severity: Severity | None = None
    cut: Removed | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A segment on the page. `id` is None for text that was never segmented; `detail` says how the English came about; `approved` is a reviewer's."""

    id: int | None
    source: tuple[Piece, ...]
    target: tuple[Piece, ...] | None
    after: str
    marks: tuple[Mark, ...]
    severity: Severity | None
    detail: str
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together, and the removed matter that stood before them."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]
    cuts: tuple[Removed, ...]

    @property
    def flagged(self) -> bool:
        """Whether any sentence has a flag."""
        return any(s.marks for s in self.sentences)


@dataclass(slots=True)
class Cuts:
    """Where removed matter goes: within a sentence (by its index, at an offset), before a paragraph, or at the end."""

    within: dict[int, list[tuple[int, Removed]]] = field(default_factory=lambda: defaultdict(list))
    before: dict[int, list[Removed]] = field(default_factory=lambda: defaultdict(list))
    tail: list[Removed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's sentences and the removed matter between them; paragraphs are only put together when they are asked for."""

    rows: tuple[Side, ...]
    cuts: Cuts
    segmented: bool

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """All paragraphs, in order."""
        for place, group in groupby(enumerate(self.rows), lambda pair: pair[1].segment.paragraph):
            members = list(group)
            made = tuple(_sentence(row, self.cuts.within.get(i, []), self.segmented) for i, row in members)
            yield Paragraph(members[0][1].segment.kind, made, tuple(self.cuts.before.get(place, ())))

    @property
    def tail(self) -> Sequence[Removed]:
        """The removed matter behind the last paragraph."""
        return self.cuts.tail


def lay_out(document: Document) -> Layout:
    """The page of a document that has a clean text; blocks stand in for sentences where it was not segmented."""
    rows = sides(document)
    if not rows and document.clean:
        rows = tuple(Side(s, None, ()) for s in _blocks(document.clean))
    cuts = _place(document.clean, [r.segment for r in rows]) if document.clean else Cuts()
    return Layout(rows, cuts, document.segments is not None)


def pieces(text: str, spans: Iterable[Span], cuts: Sequence[tuple[int, Removed]] = ()) -> tuple[Piece, ...]:
    """`text` cut at the bounds of spans and at the offsets of cuts; where spans overlap the worse severity shows."""
    size = len(text)
    clipped = [(max(0, start), min(size, end), severity) for start, end, severity in spans if start < end]
    offsets = [(min(max(0, offset), size), cut) for offset, cut in cuts]
    bounds = sorted({0, size, *(b for s in clipped for b in s[:2] if 0 <= b <= size), *(o for o, _ in offsets)})
    made = [Piece(cut=cut) for offset, cut in offsets if offset == 0]
    for start, end in pairwise(bounds):
        covering = [severity for a, b, severity in clipped if a <= start and end <= b]
        made.append(Piece(text[start:end], worst(covering)))
        made += [Piece(cut=cut) for offset, cut in offsets if offset == end]
    return tuple(made)


def worst(severities: Iterable[Severity]) -> Severity | None:
    """The gravest of the severities."""
    return max(severities, key=lambda s: RANK[s], default=None)


def _sentence(row: Side, cuts: Sequence[tuple[int, Removed]], segmented: bool) -> Sentence:
    flags = [mark.flag for mark in row.marks]
    target = None
    if row.pair is not None:
        target = pieces(row.pair.target, [(a, b, f.severity) for f in flags for a, b in f.target_spans])
    return Sentence(
        id=row.segment.id if segmented else None,
        source=pieces(row.segment.text, [(a, b, f.severity) for f in flags for a, b in f.source_spans], cuts),
        target=target,
        after="\n" if "\n" in row.segment.after else row.segment.after,
        marks=row.marks,
        severity=worst(f.severity for f in flags),
        detail=_detail(row),
        approved=row.pair is not None and row.pair.provenance == "approved",
    )


def _detail(row: Side) -> str:
    pair = row.pair
    if pair is None:
        return "not translated"
    parts: list[str] = [f"{pair.provenance} ({pair.rung})" if pair.provenance == "redecoded" else pair.provenance]
    if pair.score is not None:
        parts += [f"score {number(pair.score)}", f"{pair.tokens_in} → {pair.tokens_out} tokens"]
    if pair.truncated:
        parts.append("cut off at the length limit")
    if pair.reading:
        parts.append(f"the model read: {pair.reading}")
    return " · ".join(parts)


def _blocks(clean: CleanText) -> list[Segment]:
    made, position, paragraph = [], 0, 0
    for i, kept in enumerate(clean.kept, 1):
        end = position + kept.end - kept.start
        made.append(Segment(i, paragraph, position, end, kept.kind, clean.text[position:end], kept.after))
        position = end + len(kept.after)
        paragraph += "\n" in kept.after
    return made


def _place(clean: CleanText, segments: Sequence[Segment]) -> Cuts:
    """Find each removed span its place among the segments (sorted by start)."""
    cuts, source = Cuts(), clean.restore()
    starts = [0]
    for kept in clean.kept:
        starts.append(starts[-1] + kept.end - kept.start + len(kept.after))
    kept_starts, segment_starts = [k.start for k in clean.kept], [s.start for s in segments]
    for removed in clean.removed:
        if removed.kind == "space" or not removed.text.strip():
            continue
        following = bisect_left(kept_starts, removed.start)
        position = _inline(clean, removed, following, starts, source)
        if not segments:
            cuts.tail.append(removed)
        elif position is not None:
            _within(cuts, removed, position, segments, segment_starts)
        elif following == len(clean.kept):
            cuts.tail.append(removed)
        else:
            index = min(bisect_left(segment_starts, starts[following]), len(segments) - 1)
            cuts.before[segments[index].paragraph].append(removed)
    return cuts


def _inline(clean: CleanText, removed: Removed, following: int, starts: Sequence[int], source: str) -> int | None:
    """Where in the clean text a span stood that shared its line with kept text; None for one that stood apart."""
    before = clean.kept[following - 1] if following else None
    after = clean.kept[following] if following < len(clean.kept) else None
    inner_start = removed.start + len(removed.text) - len(removed.text.lstrip())
    inner_end = removed.start + len(removed.text.rstrip())
    ends_at = starts[following - 1] + before.end - before.start if before else 0
    if before and after and "\n" not in before.after:
        return ends_at
    if after and "\n" not in source[inner_end : after.start]:
        return starts[following]
    if before and "\n" not in source[before.end : inner_start]:
        return ends_at
    return None


def _within(
    cuts: Cuts, removed: Removed, position: int, segments: Sequence[Segment], segment_starts: Sequence[int]
) -> None:
    index = max(bisect_right(segment_starts, position) - 1, 0)
    if position > segments[index].end and index + 1 < len(segments):
        index += 1
    segment = segments[index]
    cuts.within[index].append((min(max(0, position - segment.start), len(segment.text)), removed))
