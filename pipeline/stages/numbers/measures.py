"""What numbers measure together, and which measures are each other's conversion: 25 cm and 10 inches, 3 anni e 6 mesi and 3.5 years.

Such numbers differ and are right all the same. Shares are measures as well (3/4, three quarters), and times (1'30", 1:30). Only what
has a unit or such a mark on both sides is looked at. One number's unit is `units.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.stages.numbers.numerals import differing, numbers
from pipeline.stages.numbers.reader import Number
from pipeline.stages.numbers.signs import sign
from pipeline.stages.numbers.units import MONEY, Unit, unit_of
from pipeline.stages.numbers.words import Language

TOLERANCE, OF_TIME, EXACT = 1.3, 1.08, 1 + 1e-6
"""By what factor a converted measure may be off: into another system translators round, and a month is 28 to 31 days."""
FORTNIGHT = 15 / 14 + 1e-6
_DAY, _WEEK = 86_400, 604_800  # seconds
MOST = 10_000
"""Pairs of measures that are compared; beyond, it is a table of figures and no sentence."""
_JOINED = re.compile(r"\s?(?:[,+]|ed?\b|and\b)?\s?")
_MINUTES, _SECONDS = re.compile(r"['’′](?!['’])"), re.compile(r"[\"”″]|''|’’")
_CLOCK = re.compile(r"(?<![\d:.,])(?:(\d{1,2}):)?(\d{1,2}):(\d\d(?:\.\d+)?)(?![\d:])")
_SHARE = re.compile(r"(?<![\d/.,])(?:(\d{1,2})\s)?([1-9])/([2-9]|10)(?![\d/])")
_FRACTION = re.compile(r"(\d+)/(\d+)")


class Measure(NamedTuple):
    """`text[start:end]` measures one of `values`, of a kind; `systems` and `sizes` are those of its units, none for shares and clocks."""

    start: int
    end: int
    kind: str
    values: frozenset[float]
    systems: frozenset[str] = frozenset()
    sizes: frozenset[float] = frozenset()

    def holds(self, numbers: Sequence[Number]) -> bool:
        """Whether one of the numbers is part of it."""
        return any(self.start <= n.start < self.end for n in numbers)

    def outside(self, numbers: Sequence[Number]) -> list[Number]:
        """The numbers that are no part of it."""
        return [n for n in numbers if not self.start <= n.start < self.end]


def unexplained(source: str, target: str, language: Language) -> tuple[list[Number], list[Number]]:
    """The numbers missing and too many, as `differing` has them, without those that are parts of a measure and its conversion."""
    missing, extra = map(list, differing(source, target, language))
    if not missing and not extra:
        return missing, extra
    mine, theirs = list(measures(source, numbers(source, language))), list(measures(target, numbers(target, "en")))
    if len(mine) * len(theirs) > MOST:
        return missing, extra
    for one in mine:
        other = next((t for t in theirs if (one.holds(missing) or t.holds(extra)) and _same(one, t)), None)
        if other:
            theirs.remove(other)
            missing, extra = one.outside(missing), other.outside(extra)
    return missing, extra


def measures(text: str, numbers: Sequence[Number]) -> Iterator[Measure]:
    """What the numbers of a text measure; those of several units that follow one another are one measure."""
    last: Measure | None = None
    for number in numbers:
        part = _part(text, number)
        whole = _sum(text, last, number, part) if last else None
        if last and not whole:
            yield last
        last = whole or part
    if last:
        yield last
    yield from _clocks(text)
    yield from _shares(text, numbers)


def _part(text: str, number: Number) -> Measure | None:
    """What one number measures: by its unit, or by a mark of minutes or seconds. It ends behind its unit."""
    values = [float(r) for r in number.readings if re.fullmatch(r"\d+(?:\.\d+)?", r)]
    beside = unit_of(text, number) or _marked(text, number.end)
    if not beside or not values:
        return None
    (unit, end), factor = beside, -1 if sign(text, number) == "-" else 1
    found = frozenset(factor * unit.size * value for value in values)
    return Measure(number.start, end, unit.kind, found, frozenset({unit.system}), frozenset({unit.size}))


def _marked(text: str, at: int) -> tuple[Unit, int] | None:
    for pattern, size in ((_SECONDS, 1), (_MINUTES, 60)):
        if mark := pattern.match(text, at):
            return Unit("time", "clock", size), mark.end()
    return None


def _sum(text: str, first: Measure, number: Number, second: Measure | None) -> Measure | None:
    """Two measures that are one: 3 anni e 6 mesi, 1'30", 90'+3', 1 euro e 80."""
    if number.start < first.end or not _JOINED.fullmatch(text, first.end, number.start):
        return None
    if second is None:
        second = _smaller(text, first, number)
    if second is None or first.kind != second.kind:
        return None
    added = "+" in text[first.end : number.start]
    if not added and max(second.sizes) >= min(first.sizes):
        return None
    values = frozenset(a + b for a in first.values for b in second.values)
    return Measure(first.start, second.end, first.kind, values, first.systems, first.sizes | second.sizes)


def _smaller(text: str, first: Measure, number: Number) -> Measure | None:
    """What a number without a unit measures behind one that has one: cents, centimetres, or parts of seconds."""
    values = [float(r) for r in number.readings if re.fullmatch(r"\d\d?", r)]
    if values and (first.kind in MONEY or (first.kind == "length" and first.sizes == {1})):
        size = 0.01
    elif min(first.sizes, default=0) == 1 and first.kind == "time" and first.end == number.start and values:
        size = 0.1 ** (number.end - number.start)
    else:
        return None
    found = frozenset(size * value for value in values)
    return Measure(number.start, number.end, first.kind, found, first.systems, frozenset({size}))


def _clocks(text: str) -> Iterator[Measure]:
    """1:23:45, and 1:30, which may be minutes or hours."""
    for m in _CLOCK.finditer(text):
        small = 60 * int(m[2]) + float(m[3])
        values = {3600 * int(m[1]) + small} if m[1] else {small, 60 * small}
        yield Measure(m.start(), m.end(), "time", frozenset(values))


def _shares(text: str, numbers: Sequence[Number]) -> Iterator[Measure]:
    """Three quarters; 3/4 and 1 1/2 too, which may be three or four as well: the numbers stay two, and are one measure."""
    for number in numbers:
        shares = [m for reading in number.readings if (m := _FRACTION.fullmatch(reading))]
        if shares:
            yield Measure(number.start, number.end, "share", frozenset(int(m[1]) / int(m[2]) for m in shares))
    for m in _SHARE.finditer(text):
        if int(m[2]) < int(m[3]):
            share = int(m[1] or 0) + int(m[2]) / int(m[3])
            yield Measure(m.start(), m.end(), "share", frozenset({share}), frozenset({"stroke"}))


def _same(one: Measure, other: Measure) -> bool:
    if one.kind != other.kind:
        return False
    converted = one.systems and other.systems and one.systems != other.systems
    if one.kind == "warmth" and converted:
        return any(abs(here * 1.8 + 32 - there) <= 4 for here in one.values for there in other.values)
    if one.kind == "share" and one.systems and other.systems:
        return False  # 6/8 is not 3/4 where both are figures: it may be a day of a month
    most = TOLERANCE if converted else _slack(one, other)
    ratios = [there / here for here in one.values for there in other.values if here]
    return any(1 / most <= ratio <= most for ratio in ratios)


def _slack(one: Measure, other: Measure) -> float:
    """By what factor measures of one system may differ: not at all, but for months in days, and two weeks that are quindici giorni."""
    sizes = one.sizes | other.sizes
    if one.kind != "time" or one.sizes == other.sizes or _DAY not in sizes:
        return EXACT
    if max(sizes) > _WEEK:
        return OF_TIME
    return FORTNIGHT if {*one.values, *other.values} == {14.0 * _DAY, 15.0 * _DAY} else EXACT
