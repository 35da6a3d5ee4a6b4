"""What a number is worth by what comes a word later: 10-15 mila may be 10,000, tra 2 e 3 milioni, tre anni e mezzo is 3.5."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from pipeline.stages.numbers.digits import canonical, is_plain
from pipeline.stages.numbers.words import TABLES, Language

_AND_A_HALF = {
    "it": re.compile(r"[\s'’][^\W\d_]+ e mezz[oa]\b"),
    "en": re.compile(r" [^\W\d_]+ and a half\b"),
}
_TO = {
    "it": r"\s?(?:[-–/]|\b(?:ad?|ed?|o|a[il]|agli|alle)\b)\s?(?:(?:i|le|gli)\s)?",
    "en": r"\s?(?:[-–/]|\b(?:to|and|or)\b)\s?",
}
_SHARED = {
    language: re.compile(
        rf"{_TO[language]}[€$£]?\s?(?:\d[\d.,]*|(?P<word>[^\W\d_]+))[ -]?(?P<scale>{'|'.join(table.magnitudes)})(?![^\W\d_])",
        re.IGNORECASE,
    )
    for language, table in TABLES.items()
}


def worth(readings: Iterable[str], text: str, end: int, language: Language) -> frozenset[str]:
    """The readings of a number that ends at `end`, by what stands behind it: a half, or a magnitude that it may share with the next number."""
    found = frozenset(readings)
    if _AND_A_HALF[language].match(text, end):
        return frozenset(canonical(value + Decimal("0.5")) for value in _values(found))
    shared = _SHARED[language].match(text, end)
    if not shared or (shared["word"] and shared["word"].lower() not in TABLES[language].cardinals):
        return found
    scale = TABLES[language].magnitudes[shared["scale"].lower()]
    return found | {canonical(value * scale) for value in _values(found)}


def _values(readings: Iterable[str]) -> Iterator[Decimal]:
    return (Decimal(reading) for reading in readings if is_plain(reading))
