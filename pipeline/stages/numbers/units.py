"""The unit beside a number, and numbers whose unit became another of its kind: 3 anni that became 3 months, 300 euro $300.

What units are worth is told here, and what one number with its unit measures. Measures of several numbers, and which of two
texts are each other's conversion, are `measures.py`'s; units that are gone altogether are `lost_units.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.stages.numbers.reader import Number

MONEY = frozenset({"euro", "dollar", "sterling"})
"""Kinds that are no measures of one thing, so never converted, but taken for one another."""
_TABLE = """
length metric mm millimetro millimetri millimetre millimetres millimeter millimeters 0.001
length metric cm centimetro centimetri centimetre centimetres centimeter centimeters 0.01
length metric m metro metri metre metres meter meters 1
length metric km chilometro chilometri kilometre kilometres kilometer kilometers 1000
length imperial inch inches pollice pollici 0.0254
length imperial foot feet piede piedi 0.3048
length imperial yard yards iarda iarde 0.9144
length imperial mile miles miglio miglia 1609
speed metric km/h kmh kph 1
speed imperial mph 1.609
mass metric g gr grammo grammi gram grams 0.001
mass metric etto etti ettogrammo ettogrammi 0.1
mass metric kg chilo chili chilogrammo chilogrammi kilo kilos kilogram kilograms 1
mass metric quintale quintali quintal quintals 100
mass metric tonnellata tonnellate tonne tonnes ton tons 1000
mass imperial pound pounds lb lbs libbra libbre 0.4536
mass imperial ounce ounces oncia once 0.02835
mass imperial stone 6.35
area metric ettaro ettari hectare hectares 1
area imperial acre acres acro acri 0.4047
volume metric litro litri litre litres liter liters 1
volume imperial gallon gallons gallone galloni 3.8
volume imperial pint pints pinta pinte 0.5
warmth metric gradi °c ºc 1
warmth imperial degrees °f 1
time clock secondo secondi second seconds sec 1
time clock minuto minuti minute minutes min 60
time clock ora ore hour hours h 3600
time clock giorno giorni day days 86400
time clock settimana settimane week weeks 604800
time clock mese mesi month months 2629746
time clock anno anni year years 31556952
euro - euro euros eur € 1
euro - centesimo centesimi cent cents 0.01
dollar - dollaro dollari dollar dollars usd $ 1
sterling - sterlina sterline gbp £ 1
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit measures, in which system, and how many of the kind's first unit it is."""

    kind: str
    system: str
    size: float

    @property
    def family(self) -> str:
        """The kind, or money for any currency: within a family one unit is taken for another."""
        return "money" if self.kind in MONEY else self.kind


_UNITS = {
    word: Unit(kind, system, float(size))
    for kind, system, *words, size in map(str.split, _TABLE.strip().splitlines())
    for word in words
}
_BEHIND = re.compile(
    r"(?:st|nd|rd|th|[ºª])?[\s'’-]*(?:(?:a|ai|ed?|o|to|and|or|[-–])\s*(?:i\s+)?[\d.,]+[\s-]*)?(?:(?:di|of)\s|(?<=half\s)an?\s)?("
    + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    + r")(?![^\W\d_])",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"([€$£])\s?\Z")


def unit_of(text: str, number: Number) -> tuple[Unit, int] | None:
    """(the unit that stands beside a number, where number and unit end), behind a range too: 20 of 20-30 km. None where there is none."""
    if sign := _BEFORE.search(text, max(0, number.start - 2), number.start):
        return _UNITS[sign[1]], number.end
    behind = _BEHIND.match(text, number.end)
    return (_UNITS[behind[1].lower()], behind.end()) if behind else None


def changed_units(
    source: str, target: str, here: Sequence[Number], there: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """The numbers of the source that all their likes in the target have with another unit of the family, and those likes."""
    measured = [(n, beside[0]) for n in here if _is_figure(n) and (beside := unit_of(source, n))]
    if not measured:
        return [], []
    units: dict[str, set[Unit | None]] = {}
    for number in (n for n in there if n.kind != "loose"):
        beside = unit_of(target, number)
        for reading in number.readings:
            units.setdefault(reading, set()).add(beside[0] if beside else None)
    wrong: list[Number] = []
    for number, unit in measured:
        others = {other for reading in number.readings for other in units.get(reading, ())}
        if others and all(_is_another(unit, other) for other in others):
            wrong.append(number)
    readings = {reading for number in wrong for reading in number.readings}
    return wrong, [n for n in there if not readings.isdisjoint(n.readings)]


def _is_figure(number: Number) -> bool:
    """Whether a number says how many there are of a unit. No share does: half an hour is 30 minutes."""
    return number.kind in ("digits", "word") and not any("/" in reading for reading in number.readings)


def _is_another(unit: Unit, other: Unit | None) -> bool:
    """Whether the other unit is one that this was taken for. Degrees do not tell which they are."""
    return other is not None and unit.family == other.family != "warmth" and unit != other
