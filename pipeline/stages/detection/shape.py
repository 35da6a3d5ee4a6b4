"""The outer shape of a sentence: how it ends, how many sentences it looks like, its quotes and brackets."""

from __future__ import annotations

import re

_ENDED = re.compile(r"[.!?…:;][\s”»’\"')\]]*\Z")
_INNER = re.compile(r"[^\W\d_]{3,}[”»\"')\]]*[.!?…][”»\"')\]]*\s+[“«\"'(]?[A-ZÀ-Þ][a-zà-ÿ’]")
_END_INSIDE = re.compile(r"[.!?…][”»\"')\]]*\s")
_QUOTES = '“”«»„"'
_BRACKETS = (("(", ")"), ("[", "]"))


def broken_off(source: str, target: str) -> bool:
    """Whether the source ends as a sentence does, and the target in the middle of one."""
    return bool(_ENDED.search(source)) and not _ENDED.search(target) and len(source.split()) >= 4


def inner_ends(text: str) -> int:
    """How many sentences seem to end within the text."""
    return len(_INNER.findall(text)) if _END_INSIDE.search(text) else 0


def quotes(text: str) -> int:
    """How many quotation marks there are; apostrophes, which may also be single quotes, are none."""
    return sum(map(text.count, _QUOTES))


def unbalanced(text: str) -> str:
    """The bracket that is opened and not closed, or closed and not opened; '' where all is well."""
    return next((o + c for o, c in _BRACKETS if text.count(o) != text.count(c)), "")
