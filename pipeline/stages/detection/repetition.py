"""Where a text goes round in circles: words that stutter, loops of a few words, and the share of word sequences that were said before."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.stages.detection.words import WORD, ByWord, Span, merged, spoken

_STUTTER = re.compile(r"([^\W\d_]{1,4}?)\1{3}", re.IGNORECASE)


def stutter(text: str) -> Span | None:
    """The first word in which a letter, or a syllable of up to four, comes four times in a row: 'Congresssss', 'banananana'; no 'Yaaaay!'."""
    if not any(map(_STUTTERING.__getitem__, WORD.findall(text))):
        return None
    return next(
        (m.span() for m in WORD.finditer(text) if _STUTTERING[m[0]] and text[m.end() : m.end() + 1] != "!"), None
    )


_STUTTERING = ByWord(lambda word: _STUTTER.search(word) is not None)


def loop(text: str) -> Span | None:
    """The first stretch in which up to six words come three times in a row (a single word, four times)."""
    if not _repeats(text):
        return None
    said = spoken(text)
    for size in range(1, 7):
        times = 4 if size == 1 else 3
        run = 0
        for i in range(size, len(said)):
            run = run + 1 if said[i] == said[i - size] else 0
            if run >= size * (times - 1) and not all(w.isdigit() for w in said[i - size : i]):
                return _stretch(text, i - size * times + 1, i)
    return None


def echo(text: str, size: int = 3) -> Span | None:
    """The first stretch of `size` words or more that is said twice in immediate succession: 'the end of the end of the'."""
    if size >= 3 and not _repeats(text):
        return None
    said = spoken(text)
    for length in range(size, len(said) // 2 + 1):
        run = 0
        for i in range(length, len(said)):
            run = run + 1 if said[i] == said[i - length] else 0
            if run >= length:
                return _stretch(text, i - 2 * length + 1, i)
    return None


def repeated(text: str) -> tuple[float, tuple[Span, ...]]:
    """The share of words that stand in a sequence of three said before, and where; 0 in a text of fewer than ten."""
    said = spoken(text)
    if len(said) < 10 or not _repeats(text):
        return 0.0, ()
    seen: set[tuple[str, ...]] = set()
    again: set[int] = set()
    for i in range(len(said) - 2):
        triple = said[i : i + 3]
        if triple in seen:
            again.update(range(i, i + 3))
        seen.add(triple)
    spans = [m.span() for m in WORD.finditer(text)]
    return len(again) / len(said), merged([spans[i] for i in sorted(again)], text)


@lru_cache(maxsize=64)
def _repeats(text: str) -> bool:
    """Whether any three words come again in their order: without that no loop, no echo of three words and no repetition."""
    said = spoken(text)
    if len(set(said)) > len(said) - 3:
        return False  # each of the three was said before
    return len(set(zip(said, said[1:], said[2:], strict=False))) < len(said) - 2


def _stretch(text: str, first: int, last: int) -> Span:
    """From the start of one word, by its number, to the end of another."""
    found = list(WORD.finditer(text))
    return found[first].start(), found[last].end()
