"""The lines of a source and their shape: how long, ended how, a sentence or a label. Knows no rules and no wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pipeline.cleaning.rules import plain

_LINE = re.compile(r"\S(?:.*\S)?")
_SENTENCE_END = re.compile(r"[.!?…:;][\"')\]*]*$")
_FULL_STOP = re.compile(r"[.!?…][\"')\]*]*$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)$")
_LIST_ITEM = re.compile(r"^(?:[-*•·◦▪–]|\d{1,2}[.)]|[a-z]\))\s+\S")
_HARD_WRAP = 120  # characters; no hard-wrapped text has longer lines
MIN_SENTENCE = 8  # words from which a line that ends like a sentence is one, rather than a headline or a label
LONG = 26  # words from which a line is running text however it ends


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or several that a hard wrap divided: `start` and `end` without the white space around it.

    `plain` is its text with one form of quotes and dashes, of the same length. `words` counts its words; `spaced` says
    that a blank line stands above it; `sentence` is running text by its shape: long, or of some length and ended like a
    sentence.
    """

    start: int
    end: int
    plain: str
    words: int
    spaced: bool = False
    sentence: bool = field(init=False)

    def __post_init__(self) -> None:
        sentence = self.words >= LONG or (self.words >= MIN_SENTENCE and bool(_SENTENCE_END.search(self.plain)))
        object.__setattr__(self, "sentence", sentence)  # asked for many times

    @property
    def stopped(self) -> bool:
        """Ends with a full stop, a question or exclamation mark, however short."""
        return bool(_FULL_STOP.search(self.plain))

    @property
    def headline(self) -> bool:
        """Could be the title of another article: not too long, and ended by no full stop, though perhaps by '?' or '...'."""
        text = self.plain.rstrip("\"')")
        if self.words > 24 or (self.words > 5 and self.plain.endswith((":", ";"))):
            return False
        return bool(_ELLIPSIS.search(text)) or (
            not text.endswith(".") and (not text.endswith(("!", "?")) or self.words <= 16)
        )

    @property
    def item(self) -> bool:
        """An entry of a list by its mark, or by the comma or semicolon at its end."""
        return bool(_LIST_ITEM.match(self.plain)) or self.plain.endswith((";", ","))

    @property
    def bulleted(self) -> bool:
        """Begins with the mark of a list that is neither figure nor letter."""
        return bool(_LIST_ITEM.match(self.plain)) and not self.plain[0].isalnum()

    @property
    def capitals(self) -> bool:
        """Written in capitals throughout."""
        return self.plain.isupper()


def lines(text: str) -> list[Line]:
    """All lines that are not blank, hard-wrapped paragraphs as one line each."""
    spans = [m.span() for m in _LINE.finditer(text)]
    if _is_hard_wrapped(text, spans):
        spans = _unwrapped(text, spans)
    made, above = [], 0
    for start, end in spans:
        piece = text[start:end]
        made.append(Line(start, end, plain(piece), len(piece.split()), text.count("\n", above, start) > 1))
        above = end
    return made


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The letters and digits of a text, for telling whether two lines say the same."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_hard_wrapped(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether most long lines break off within a sentence, as in text wrapped at 72 columns."""
    if len(spans) < 4 or max((end - start for start, end in spans), default=0) > _HARD_WRAP:
        return False
    pairs = [(a, b) for a, b in pairwise(spans) if _adjacent(text, a, b) and a[1] - a[0] >= 40]
    broken = sum(_breaks_off(text, a, b) for a, b in pairs)
    return broken >= 3 and broken >= 0.5 * len(pairs)


def _adjacent(text: str, above: tuple[int, int], below: tuple[int, int]) -> bool:
    return text.count("\n", above[1], below[0]) == 1


def _breaks_off(text: str, above: tuple[int, int], below: tuple[int, int]) -> bool:
    return text[above[1] - 1] not in '.!?:;”»"' and text[below[0]].islower()


def _unwrapped(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    width = sorted(end - start for start, end in spans)[int(0.9 * (len(spans) - 1))]
    joined = [spans[0]]
    previous = spans[0]
    for span in spans[1:]:
        full = previous[1] - previous[0] >= 0.75 * width
        if _adjacent(text, previous, span) and (_breaks_off(text, previous, span) or full):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
        previous = span
    return joined
