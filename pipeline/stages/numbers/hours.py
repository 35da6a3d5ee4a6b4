"""The hours that a number may be: what stands behind it makes 8 the eighth hour, 20:00, 8:15 or 7:50. Reads no digits itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.stages.numbers.words import TABLES, Language

_HALF_DAY = re.compile(r"\s?([ap])\.?\s?m\b", re.IGNORECASE)
_LATE = re.compile(r"(?:\so['’]clock)?\s(?:in the (?:afternoon|evening)|at night)\b|\so['’]clock\b", re.IGNORECASE)
_EVENING = re.compile(r"\s(?:di|della|del)\s(?:sera|pomeriggio|notte)\b")
_ITALIAN_HOUR = re.compile(r"\b(?:ore|alle|dalle|le|delle|all'|dell'|dall')\s?\Z", re.IGNORECASE)
_ENGLISH_HOUR = re.compile(r"\b(?:at|from|until|till|to|by|before|after) \Z", re.IGNORECASE)
_LONGEST = 10
"""Characters of what stands before an hour."""
_MINUTES = {"un quarto": 15, "mezza": 30, "mezzo": 30, "tre quarti": 45} | {
    word: n for word, n in TABLES["it"].cardinals.items() if n in (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)
}
_AND_MINUTES = re.compile(rf"\s(e|meno)\s({'|'.join(_MINUTES)})\b(?! (?:milion|miliard|mil))")


def hours(text: str, end: int, hour: int, minute: int, language: Language) -> set[str]:
    """The readings of an hour whose digits end at `end`: by 12 and 24 hours, on the hour also as a number."""
    found = _on_the_clock(text, end, hour, language)
    return {f"{h}:{minute:02}" for h in found} | ({str(h) for h in found} if not minute else set())


def spoken_hours(text: str, start: int, end: int, digits: str) -> Iterator[str]:
    """Readings of an Italian hour that is written as it is said: 7 e mezza, 8 meno dieci, alle 15,30."""
    said = _AND_MINUTES.match(text, end)
    if said and digits.isdigit() and int(digits) <= 24:
        minutes = 60 * int(digits) + (1 if said[1] == "e" else -1) * _MINUTES[said[2]]
        yield from hours(text, said.end(), minutes // 60, minutes % 60, "it")
    written = re.fullmatch(r"([01]?\d|2[0-4]),([0-5]\d)", digits)
    if written and _ITALIAN_HOUR.search(text, max(0, start - _LONGEST), start):
        yield from hours(text, end, int(written[1]), int(written[2]), "it")


def said_hours(text: str, start: int, end: int, value: Decimal, language: Language) -> set[str]:
    """The readings of a number in words that may be an hour: alle nove, at nine, nine in the evening. Empty where it is none."""
    if value != int(value) or value > 12:
        return set()
    before = _ITALIAN_HOUR if language == "it" else _ENGLISH_HOUR
    found = hours(text, end, int(value), 0, language)
    return found if len(found) > 2 or before.search(text, max(0, start - _LONGEST), start) else set()


def _on_the_clock(text: str, end: int, hour: int, language: Language) -> set[int]:
    if language == "it":
        return {hour, hour + 12} if hour < 12 and _EVENING.match(text, end) else {hour}
    if hour < 12 and _LATE.match(text, end):
        return {hour, hour + 12}
    half = _HALF_DAY.match(text, end)
    if half and half[1].lower() == "a" and hour == 12:
        return {0, 12}
    return {hour, hour + 12} if half and half[1].lower() == "p" and hour < 12 else {hour}
