"""Where an Italian 1.799 may be less than two: lap times, degrees, prices of fuel, rates of exchange, magnitudes, versions.

Tells by what stands around the digits only; what they are worth is `digits.py`'s.
"""

from __future__ import annotations

import re

from pipeline.stages.numbers.digits import IPV4

WITHIN = 60
"""Characters before a number that are looked at."""
_LAP = re.compile(r"\d[:'’′]\Z")  # 1'32.456
_LITRE_OR_DEGREE = re.compile(r"°|\s?(?:euro|€)?\s?(?:/|al )\s?l(?:itro)?\b")
_FUEL = re.compile(
    r"\b(?:la|il|della|del|alla|al|per) (?:benzina|gasolio|diesel|gpl|metano)\b[^.;:]*\Z|(?:\A|[.;:] )(?:benzina|gasolio|diesel)\b[^.;:]*\Z",
    re.IGNORECASE,
)  # not a diesel car of 9.500 euro
_EUROS = re.compile(r"\s?(?:euro\b|€)")
_FINE = re.compile(
    r"\b(?:version[ei]|release|magnitudo)(?: di| pari a| della?)?[ :]\Z"
    r"|(?<!in )\bcambio(?: \S+)?(?: è| era)? (?:a|di)? ?\Z",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:euro|dollaro|sterlina) (?:[^\W\d]+ ){1,3}\Z", re.IGNORECASE)
_RATE_IN = re.compile(r" (?:dollar[oi]|sterlin[ae]|franc(?:o|hi)|euro)\b")
_DEGREE = re.compile(r"\d{1,3}\.\d{3}")
_PLACE = re.compile(
    r"\b(?:coordinate|latitudine|longitudine|gps)\W+(?:[^\W\d]+\W+){0,2}(?:\d{1,3}\.\d{3}\W+(?:[^\W\d]\W+)?)?\Z",
    re.IGNORECASE,
)
_PLACES = re.compile(r"(?<![\d.,])\d{1,2}\.\d{3}(?:, ?|,? ?[NSEWO],? ?){1,2}\d{1,3}\.\d{3}(?![\d.,]*\d)")
_ONE = re.compile(r"\d\.\d{3}")
_LONE = re.compile(r"(?<![\d.,])[1-9]\.\d{3}(?![.,]?\d)")
_CODE = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?<!000)(?![.,]?\d)")
_ADDRESS = re.compile(rf"(?<![\d.,]){IPV4.pattern}(?![.,]?\d)")
_MONEY = re.compile(r"[€$£%]")


def may_be_thousandths(text: str, start: int, end: int) -> bool:
    """Whether the digits `text[start:end]` may be a decimal although the full stop has three digits behind it."""
    before, written = text[max(0, start - WITHIN) : start], text[start:end]
    if _LAP.search(before) or _LITRE_OR_DEGREE.match(text, end):
        return True
    if _DEGREE.fullmatch(written) and _PLACE.search(before):
        return True
    return bool(_ONE.fullmatch(written)) and _is_rate(text, before, end)


def _is_rate(text: str, before: str, end: int) -> bool:
    """Whether it is a version, a magnitude, a rate of exchange or a price of fuel."""
    fuel = _EUROS.match(text, end) and _FUEL.search(before) and text[end - 5] in "12"
    rate = _RATE.search(before) and _RATE_IN.match(text, end)
    return bool(fuel or rate or _FINE.search(before))


def is_unsure(text: str, start: int, end: int) -> bool:
    """Whether nothing tells thousands from thousandths: 1.085 dollari; 45.464, 9.190 may be a place. Nobody writes 1.5 as 1.500."""
    if _ONE.fullmatch(text, start, end) and text[start] != "0" and text[end - 2 : end] != "00":
        return True
    return any(m.start() <= start < m.end() for m in _PLACES.finditer(text))


def has_unsure(figures: str) -> bool:
    """Whether a line of figures alone, without a word to explain them, has one that may be no thousands.

    So are 1.085, a pair of coordinates, an internet address, and a code such as 978.123.456 where there is no sign of money.
    """
    if any(pattern.search(figures) for pattern in (_LONE, _PLACES, _ADDRESS)):
        return True
    return bool(_CODE.search(figures)) and not _MONEY.search(figures)
