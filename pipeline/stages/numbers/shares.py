"""Shares in words and signs: due terzi, a quarter of, la metà di, ½, 1½. What a share agrees with, not which shares a pair has.

Digits with a stroke (3/4) are no share here: they may be three or four. `measures.py` takes them for one where it explains something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from pipeline.stages.numbers.words import Language

SIGNS = {"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_COUNTS = {
    "it": ["un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"],
    "en": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_PARTS = {
    "it": ["terz", "quart", "quint", "sest", "settim", "ottav", "non", "decim"],
    "en": ["third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
}
_MANY = {language: "|".join(words[1:]) for language, words in _COUNTS.items()}
_PART = {language: "|".join(words) for language, words in _PARTS.items()}
_OF = r"(?=\s(?:di|de[il]|degli|dell[aeo])\b(?! finale)|\s(?:d|dell)['’])"
_WORDS = {
    "it": re.compile(
        rf"\b(?:(?P<count>un|{_MANY['it']})\s(?P<part>{_PART['it']})(?:o{_OF}|i\b(?! (?:di finale|post[io])))|(?P<half>la metà{_OF}|mezz(?=['’]ora)))",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"\b(?P<count>an?|one|{_MANY['en']})[\s-](?P<part>{_PART['en']})(?:(?=\s(?:of|as)\b)|s\b(?!-))",
        re.IGNORECASE,
    ),
}
TELLING: dict[Language, frozenset[str]] = {
    "it": frozenset({"metà", "mezz", *(f"{part}o" for part in _PARTS["it"])}),
    "en": frozenset(_PARTS["en"]),
}
"""Words of which a share in words has one, unless it has a cardinal, in lower case."""
_SIGN = re.compile(rf"(?P<whole>\d{{1,3}}\s?)?(?P<sign>[{''.join(SIGNS)}])")


class Share(NamedTuple):
    """`text[start:end]` is a share; in words it accuses only as words do."""

    start: int
    end: int
    kind: Literal["digits", "word"]
    readings: frozenset[str]


def has_sign(text: str) -> bool:
    """Whether a text has a sign of a share, which is no digit to Python."""
    return any(map(text.__contains__, SIGNS))


def shares(text: str, language: Language) -> Iterator[Share]:
    """The shares of a text, those in words first."""
    for m in _WORDS[language].finditer(text):
        yield Share(m.start(), m.end(), "word", _readings(_value(m, language)))
    for m in _SIGN.finditer(text) if has_sign(text) else ():
        yield Share(m.start(), m.end(), "digits", _readings(int(m["whole"] or 0) + SIGNS[m["sign"]]))


def _value(match: re.Match[str], language: Language) -> Fraction:
    if match.groupdict().get("half"):
        return Fraction(1, 2)
    counts, count = _COUNTS[language], match["count"].lower()
    return Fraction(
        counts.index(count) + 1 if count in counts else 1, _PARTS[language].index(match["part"].lower()) + 3
    )


def _readings(share: Fraction) -> frozenset[str]:
    """A share as it is written: 3/4, 0.75, 75 per cent; 45 minutes, if it is one of quarters. Thirds are 33 or 66 and 67 per cent."""
    value = Decimal(share.numerator) / share.denominator
    hundredths = {(100 * value).quantize(Decimal(1), rounding) for rounding in (ROUND_DOWN, ROUND_HALF_UP)}
    found = {f"{share.numerator}/{share.denominator}", *map(str, hundredths if share < 1 else ())}
    if share.denominator in (2, 4, 5, 8, 10):
        found.add(f"{value.normalize():f}")
    return frozenset(found | ({str(int(60 * share))} if share.denominator in (2, 4) and share < 1 else set()))
