"""Words, addresses and spans of a text: the vocabulary of the detectors. No language in particular."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

WORD = re.compile(r"[^\W_]+")
Span = tuple[int, int]
Answer = TypeVar("Answer")
TAG = r"(?<![\w&/#@.])(?:#(?=\w*[^\W\d_])\w+|@(?=\w*[^\W\d_])\w+(?:\.\w+)*)"
"""A hashtag or an @name, as a pattern. Names have dots, as in `@luigi.verdi`; a hashtag ends before one."""
ADDRESS = re.compile(rf"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.[^\s@]+|{TAG}", re.IGNORECASE)


class ByWord(dict[str, Answer]):
    """What a function answers to each word, asked once; forgets all of it with the `MOST`-th word, and begins anew.

    Unlike an `lru_cache` it keeps no order, which costs more than most answers to a word.
    """

    MOST = 65_536

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> Answer:
        if len(self) >= self.MOST:
            self.clear()
        self[word] = answer = self._ask(word)
        return answer


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


@lru_cache(maxsize=64)
def may_have_addresses(text: str) -> bool:
    """Whether `ADDRESS` can match at all: few texts have one, and looking for one takes longer than this."""
    return "@" in text or "#" in text or "://" in text or "www." in text.lower()


def without_addresses(text: str) -> str:
    """A text with spaces for its addresses, which are words of no language: everything else stands where it stood."""
    return ADDRESS.sub(lambda m: " " * len(m[0]), text) if may_have_addresses(text) else text
