"""What figures count that the English does not name at all: 12% that became 12, € 3.000 that became 3,000.

Looks at shares, money and degrees only, and holds any word of their kind for the unit: what is converted is `units.py`'s.
"""

from __future__ import annotations

import re

_FIGURE = r"\d[\d.,]*"
_COUNT = r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twenty)"
_KINDS: dict[
    str, tuple[str, str, str]
] = {  # what the figure cannot be without, the figure, what names its unit in English
    "per cent": (
        "% cento",
        rf"{_FIGURE}\s?(?:%|per ?cento\b)",
        r"%|per ?cent|\bpc\b|\bpoints?\b|\bhal(?:f|ves)\b|\bthirds?\b|\bquarters?\b|fifths?\b|tenths?\b|hundred|majority|\brates?\b"
        rf"|{_COUNT} (?:[^\W\d]+ ){{0,3}}(?:in|out of|of every|for every) {_COUNT}\b",
    ),
    "per mille": (
        "‰ lle",
        rf"{_FIGURE}\s?(?:‰|per ?mille\b)",
        r"‰|\bper ?mill?e?\b|\bthousand(?:th)?s?\b|\b1,000\b",
    ),
    "basis points": (
        "punt pb p.b",
        rf"{_FIGURE}\s?(?:punti base\b|p\.?b\b)",
        r"\bpoints?\b|\bbps?\b",
    ),
    "currency": (
        "€ $ £ euro dollar terl",
        rf"[€$£]\s?{_FIGURE}|{_FIGURE}\s?(?:(?:mila|mln|mld|milion[ei]|miliard[oi])\s)?(?:di\s)?(?:[€$£]|euro\b|dollar[oi]\b|sterlin[ea]\b)",
        r"[€$£¥]|euro|dollar|pound|sterling|\bcents?\b|\bpence\b|\b(?:eur|usd|gbp)\b|money|bucks?\b",
    ),
    "degrees": (
        "° º grad",
        rf"{_FIGURE}\s?[°º]\s?C\b|{_FIGURE} gradi\b",
        r"°|º|degrees?\b|celsius|centigrade|fahrenheit|\d\s?[CF]\b"
        r"|temperatures?\b[^;:]{0,60}?(?<![\d.,])\d+(?:[.,]\d+)?(?![.,]?\d)"
        r"(?:s\b|(?!\s?[^\W\d]|-))|temperatures?\b[^;:]{0,60}?\d (?:and|to|or|in|on|at|by|for|during|today|tomorrow|throughout)\b",
    ),
}
_HUNDRED = re.compile(r"100(?:[.,]0+)?\s?(?:%|per ?cento)\Z", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:all|every\w*|each|whole|wholly|entire\w*|full\w*|complete\w*|total\w*|absolute\w*)\b", re.IGNORECASE
)
_UNITS = {
    name: (telling.split(), re.compile(here, re.IGNORECASE), re.compile(there, re.IGNORECASE))
    for name, (telling, here, there) in _KINDS.items()
}


def lost_units(source: str, target: str) -> list[tuple[str, tuple[tuple[int, int], ...]]]:
    """(kind of unit, where figures of this kind stand in the source) for each kind that the target does not speak of."""
    missing = []
    low = source.lower()
    for name, (telling, here, there) in _UNITS.items():
        if not any(map(low.__contains__, telling)):
            continue
        places = tuple(m.span() for m in here.finditer(source))
        if places and _WHOLE.search(target):
            places = tuple((start, end) for start, end in places if not _HUNDRED.match(source[start:end]))
        if places and not there.search(target):
            missing.append((name, places))
    return missing
