"""What digits with their marks are worth by a language's convention: 1.200,5 in Italian, 1,200.5 in English. No words, no context."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from pipeline.stages.numbers.words import Table

_THOUSANDS_MARKED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPV4 = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}")
"""An internet address: four numbers up to 255, which may look like thousands."""


def readings_of(digits: str, table: Table, thousandths: bool = False) -> set[str]:
    """What digits with their marks may be worth: by the language's own convention, and for Italian by the English one too.

    But 1.200 in Italian is never 1.2, unless `thousandths` says that it may be: otherwise a translation that keeps the mark, and
    so says a thousandth of it, would agree. One that keeps 3,5 or 1.200.000 reads as itself only, and agrees with no correct value.
    10.100.200.250 may be an internet address, and reads as itself as well.
    """
    found = set(_by_convention(digits, table.group, table.point))
    if table.group == "." and (thousandths or not _THOUSANDS_MARKED.fullmatch(digits)):
        found |= _by_convention(digits, ",", ".")
    return found | {digits} if not found or IPV4.fullmatch(digits) else found


@lru_cache(maxsize=4096)
def _by_convention(digits: str, group: str, point: str) -> frozenset[str]:
    """The one value that digits have by a convention, or none."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", digits)
    if re.fullmatch(rf"\d+(?:\{point}\d+)?", plain):
        return frozenset({canonical(Decimal(plain.replace(point, ".")))})
    if re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?", plain):
        return frozenset({canonical(Decimal(plain.replace(group, "").replace(point, ".")))})
    return frozenset()


def canonical(value: Decimal) -> str:
    """A value in plain digits, without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_plain(reading: str) -> bool:
    """Whether a reading is a value, rather than an hour, a month or digits that make no number."""
    return _PLAIN.fullmatch(reading) is not None
