"""Which lines of a page lie outside its article, and what the page declares of itself, both by trafilatura's judgement."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from pipeline.document import Metadata

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words in a row that say that a longer line stands in the article
_MIN_SHARE = 0.5  # of a line's shingles


def main_text(tree: Any, text: str) -> tuple[tuple[tuple[int, int], ...], Metadata]:
    """Spans of `text` (one block a line) outside the article, and the page's metadata; neither where extraction fails."""
    import trafilatura
    from trafilatura.metadata import extract_metadata

    try:
        page = _metadata(extract_metadata(deepcopy(tree)))
    except Exception:  # a page may break the extractor in any way; its text is still there
        page = Metadata()
    try:
        main = trafilatura.extract(deepcopy(tree), favor_recall=True, include_comments=False, include_tables=True)
    except Exception:
        main = None
    return (outside(text, main) if main else ()), page


def outside(text: str, main: str) -> tuple[tuple[int, int], ...]:
    """Spans of the lines of `text` that `main` leaves out. Long lines are matched by word sequences, short ones whole.

    A short line counts as inside only near an inside long one, so that a menu entry that equals a sub-heading of the
    article stays outside. Neighbouring spans are joined.
    """
    words = _words(main)
    shingles = set(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))
    wholes = {tuple(_words(line)) for line in main.split("\n")}
    spans, position = [], 0
    lines = text.split("\n")
    verdicts = [_inside(_words(line), shingles, wholes) for line in lines]
    first, last = _extent(lines, verdicts)
    for number, line in enumerate(lines):
        if line.strip() and not (verdicts[number] and first <= number <= last):
            spans.append((position, position + len(line)))
        position += len(line) + 1
    return tuple(_joined(spans))


def _extent(lines: list[str], verdicts: list[bool]) -> tuple[int, int]:
    """First and last line that are inside and long; a little room in front for the heading."""
    core = [i for i, line in enumerate(lines) if verdicts[i] and len(_WORD.findall(line)) >= 8]
    return (max(0, core[0] - 8), core[-1] + 2) if core else (0, len(lines))


def _inside(words: list[str], shingles: set[tuple[str, ...]], wholes: set[tuple[str, ...]]) -> bool:
    if len(words) < _SHINGLE or tuple(words) in wholes:
        return tuple(words) in wholes
    own = list(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))
    return sum(s in shingles for s in own) >= _MIN_SHARE * len(own)


def _words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(text)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _metadata(found: Any) -> Metadata:
    if found is None:
        return Metadata()
    return Metadata(
        title=_line(found.title),
        subtitle=_line(found.description),
        date_iso=_line(found.date),
        author=_line(found.author),
        source=_line(found.sitename),
        tags=tuple(_line(t) for t in found.tags or () if t),
    )


def _line(value: Any) -> str:
    return " ".join(str(value).split()) if value else ""
