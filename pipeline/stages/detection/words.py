"""Words and spans of a text: the vocabulary of the detectors. No language in particular."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
Span = tuple[int, int]


@lru_cache(maxsize=64)  # half a dozen detectors ask for those of the same pair
def spoken(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, in order: as many as `WORD` finds."""
    return tuple(map(str.lower, WORD.findall(text)))


def merged(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans, in order, with nothing but marks and spaces between them as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and not WORD.search(text, found[-1][1], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def shortened(text: str, length: int = 60) -> str:
    """A text for a message: one line, cut at `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
