"""The segment stage: the clean text as sentences with exact offsets. The rules of Italian are `segmentation/sentences.py`'s.

A title, subtitle or heading is one segment; a paragraph or list item is split. No segment holds a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline import settings
from pipeline.document import BlockKind, CleanText, Document, Segment, Segments
from pipeline.errors import DocumentError
from pipeline.stages.segmentation.sentences import Sentences
from pipeline.stages.stage import Stage

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPLIT: frozenset[BlockKind] = frozenset({"paragraph", "list"})


class SegmentStage(Stage):
    """CleanText to Segments."""

    name = "segment"
    version = 4
    reads = (CleanText,)
    makes = Segments

    def __init__(self, config: settings.Segment, run: settings.Run) -> None:
        super().__init__(config, run)
        self._sentences = Sentences(config.abbreviations)

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Segments]]:
        """The sentences of each document. Raises DocumentError for a clean text that begins with white space."""
        for i, document in enumerate(documents):
            yield i, segments(document.get(CleanText), self._sentences)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the clean text without a line break: `text[start:end]`, of one kind."""

    start: int
    end: int
    kind: BlockKind


def blocks(clean: CleanText) -> list[Block]:
    """The text as blocks: kept spans up to the next line break or change of kind. Empty stretches are left out."""
    found: list[Block] = []
    position = 0
    start, kind = 0, clean.kept[0].kind if clean.kept else "paragraph"
    for kept in clean.kept:
        if kept.kind != kind:
            found += _lines(clean.text, start, position, kind)
            start, kind = position, kept.kind
        position += kept.end - kept.start + len(kept.after)
    return found + _lines(clean.text, start, len(clean.text), kind)


def _lines(text: str, start: int, end: int, kind: BlockKind) -> list[Block]:
    """The lines of `text[start:end]` that hold more than white space."""
    lines = _LINE.finditer(text, start, end)
    return [Block(line.start(), line.end(), kind) for line in lines if not line[0].isspace()]


def segments(clean: CleanText, sentences: Sentences) -> Segments:
    """The sentences of a clean text; what stands between two is the `after` of the first.

    Raises DocumentError for a text that begins with white space, since no segment could carry it.
    """
    text = clean.text
    if text[:1].isspace():
        raise DocumentError("the clean text begins with white space", "this is a fault of the clean stage")
    spans = [(p, b.kind, s, e) for p, b in enumerate(blocks(clean)) for s, e in _spans(text, b, sentences)]
    follows = [start for _, _, start, _ in spans[1:]] + [len(text)]
    items = (
        Segment(i, paragraph, start, end, kind, text[start:end], text[end:following])
        for i, ((paragraph, kind, start, end), following) in enumerate(zip(spans, follows, strict=True), 1)
    )
    return Segments(tuple(items)) if spans else Segments(())


def _spans(text: str, block: Block, sentences: Sentences) -> list[tuple[int, int]]:
    """The sentences of a block as ranges of the text; the whole block where it is a title."""
    line = text[block.start : block.end]
    if block.kind not in _SPLIT:
        return [(block.start + len(line) - len(line.lstrip()), block.start + len(line.rstrip()))]
    return [(block.start + s, block.start + e) for s, e in sentences.split(line)]
