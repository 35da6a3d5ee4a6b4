"""Where a text goes round in circles: words that stutter, loops of a few words, and the share of word sequences that were said before."""

from __future__ import annotations

import re

from pipeline.stages.detection.words import WORD, Span, merged

_STUTTER = re.compile(r"([^\W\d_]{1,4}?)\1{3}", re.IGNORECASE)


def stutter(text: str) -> Span | None:
    """The first word in which a letter, or a syllable of up to four, comes four times in a row: 'Congresssss', 'banananana'; no 'Yaaaay!'."""
    if not _STUTTER.search(text):
        return None
    return next(
        (m.span() for m in WORD.finditer(text) if _STUTTER.search(m[0]) and text[m.end() : m.end() + 1] != "!"), None
    )


def loop(text: str) -> Span | None:
    """The first stretch in which up to six words come three times in a row (a single word, four times)."""
    found = list(WORD.finditer(text))
    spoken = [m[0].lower() for m in found]
    for size in range(1, 7):
        times = 4 if size == 1 else 3
        run = 0
        for i in range(size, len(spoken)):
            run = run + 1 if spoken[i] == spoken[i - size] else 0
            if run >= size * (times - 1) and not all(w.isdigit() for w in spoken[i - size : i]):
                return found[i - size * times + 1].start(), found[i].end()
    return None


def echo(text: str, size: int = 3) -> Span | None:
    """The first stretch of `size` words or more that is said twice in immediate succession: 'the end of the end of the'."""
    found = list(WORD.finditer(text))
    spoken = [m[0].lower() for m in found]
    for length in range(size, len(spoken) // 2 + 1):
        run = 0
        for i in range(length, len(spoken)):
            run = run + 1 if spoken[i] == spoken[i - length] else 0
            if run >= length:
                return found[i - 2 * length + 1].start(), found[i].end()
    return None


def repeated(text: str) -> tuple[float, tuple[Span, ...]]:
    """The share of words that stand in a sequence of three said before, and where; 0 in a text of fewer than ten."""
    found = list(WORD.finditer(text))
    if len(found) < 10:
        return 0.0, ()
    spoken = [m[0].lower() for m in found]
    seen: set[tuple[str, ...]] = set()
    again: set[int] = set()
    for i in range(len(spoken) - 2):
        triple = tuple(spoken[i : i + 3])
        if triple in seen:
            again.update(range(i, i + 3))
        seen.add(triple)
    return len(again) / len(found), merged([found[i].span() for i in sorted(again)], text)
