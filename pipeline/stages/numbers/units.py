"""Measures that a translator converted: 25 cm that became 10 inches differ in the number and are right all the same.

Only measures whose unit stands beside the number on both sides and changed are looked at; currencies are no measures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.stages.numbers.reader import Number
from pipeline.stages.numbers.signs import sign

TOLERANCE = 1.3
"""By what factor a converted measure may be off: translators round."""
_UNITS: dict[str, tuple[str, float]] = {
    unit: (kind, size)
    for kind, table in {
        "length": "mm millimetri:0.001 cm centimetri:0.01 m metri metro:1 km chilometri chilometro:1000 inch inches:0.0254 "
        "foot feet:0.3048 yard yards:0.9144 mile miles miglia:1609",
        "speed": "km/h:1 kmh:1 kph:1 mph:1.609",
        "mass": "g grammi:0.001 kg chili chilogrammi:1 tonnellate:1000 pound pounds lb lbs:0.4536 ounce ounces:0.02835 stone:6.35",
        "area": "ettari ettaro:1 acre acres:0.4047",
        "volume": "litri litro:1 gallon gallons:3.8 pint pints:0.5",
        "warmth": "gradi °c ºc °c:1 degrees °f:2",
    }.items()
    for group in re.findall(r"([^:]+):([\d.]+)", table)
    for unit in group[0].split()
    for size in [float(group[1])]
}
_BESIDE = re.compile(
    r"[\s-]*(?:(?:a|ai|ed?|o|to|and|or|[-–])\s*(?:i\s+)?[\d.,]+[\s-]*)?("
    + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    + r")(?![^\W\d_])",
    re.IGNORECASE,
)


def unconverted(
    source: str, target: str, missing: Sequence[Number], extra: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """The numbers missing and too many, without those that are each other's conversion to another unit."""
    lost, left = list(missing), list(extra)
    for one in missing:
        other = next((e for e in left if _same(_measure(source, one), _measure(target, e))), None)
        if other is not None:
            lost.remove(one)
            left.remove(other)
    return lost, left


def _measure(text: str, number: Number) -> tuple[str, float, float] | None:
    """(kind, size of the unit, value) of a number with a unit beside it."""
    found = _BESIDE.match(text, number.end)
    values = [float(r) for r in number.readings if re.fullmatch(r"\d+(?:\.\d+)?", r)]
    if not found or not values:
        return None
    kind, size = _UNITS[found[1].lower()]
    return kind, size, -min(values) if sign(text, number) == "-" else min(values)


def _same(one: tuple[str, float, float] | None, other: tuple[str, float, float] | None) -> bool:
    if not one or not other or one[0] != other[0] or one[1] == other[1]:
        return False
    if one[0] == "warmth":
        return abs(one[2] * 1.8 + 32 - other[2]) <= 4
    here, there = one[1] * one[2], other[1] * other[2]
    return bool(here) and 1 / TOLERANCE <= there / here <= TOLERANCE
