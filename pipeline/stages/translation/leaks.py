"""Phrases of training data that a model adds to a translation: where one stands. Cutting it off is `repair.py`'s."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path


def leak(source: str, target: str) -> tuple[int, int] | None:
    """Where a phrase of the training data stands at the end of a target whose source has nothing like it."""
    made = target.lower()
    for first, phrase, hints in _leaks():
        found = phrase.search(target) if first in made else None
        if found and not any(hint in source.lower() for hint in hints):
            return found.span()
    return None


@lru_cache(maxsize=1)
def _leaks() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    """Each phrase in brackets of some kind, or after a sentence's end, at the end of a text; longest first. Its first word is told."""
    lines = Path(__file__).with_name("leaks.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition("|") for line in lines if line.strip() and not line.startswith("#")]
    made = []
    for phrase, _, hints in sorted(rows, key=lambda row: -len(row[0])):
        words = r"\s+".join(map(re.escape, phrase.split()))
        bracketed, bare = rf"[(\[]\s*{words}[^)\]]{{0,30}}[)\]][.\s]*$", rf"(?<=[.!?\"”])\s+{words}[.\s]*$"
        made.append((phrase.split()[0], re.compile(f"{bracketed}|{bare}", re.IGNORECASE), tuple(hints.split())))
    return tuple(made)
