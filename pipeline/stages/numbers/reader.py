"""Finds the numbers of a text and their readings, token by token: dates, hours, digits by each language's convention, words.

What the words are worth is `words.py`'s; which numbers of two texts correspond, `numerals.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.stages.numbers.digits import canonical, is_plain, readings_of
from pipeline.stages.numbers.hints import MAY_BEGIN
from pipeline.stages.numbers.hours import hours, said_hours, spoken_hours
from pipeline.stages.numbers.later import worth
from pipeline.stages.numbers.shares import shares
from pipeline.stages.numbers.thousandths import may_be_thousandths
from pipeline.stages.numbers.words import ELIDED, TABLES, Language, italian_thousands

Kind = Literal["digits", "word", "loose", "month"]

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+)"
    r"|(?P<date>(?<![\d.,])\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:\d{4}|\d{2})(?![.,]?\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<clock>(?<![\d.,:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\.?\d))"
    r"|(?P<digits>(?<!\d)\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d{1,2}(?!\d))?(?!\d)(?![.,]\d{3})|\d+(?:[.,]\d+)*)"
)
_UNIT_BEFORE = re.compile(r"(?:\b|\d)(?:[kcm]?m|CO|H)\Z")
_ROMAN = re.compile(r"[IVXLC]{2,}\Z")
_CENTURY = re.compile(r"\s(?:(?:e|o|al|e il|o il)\s[IVX]+\s)?(?:secolo|sec\.)")  # what makes a numeral of I, V and X
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_BETWEEN = re.compile(r"\bbetween (?:[a-z]+[ -]){1,2}\Z", re.IGNORECASE)
_PER = re.compile(r"(\w+)\s+per\s+\Z")
_PERIODS = frozenset({*range(20, 100, 10), *range(200, 1000, 100)})  # gli anni Novanta, il Settecento
_VERBS_TOO = frozenset({"MAY", "MAR", "MARCH"})  # months only beside a number, in capitals
_BESIDE_DIGIT = re.compile(r"\d(?:st|nd|rd|th)?,?\s\Z", re.IGNORECASE), re.compile(r",?\s\d")
_TO_A_YEAR = re.compile(r"[-–/]['’]?\d\d(?![\d.,]*\d)")  # la guerra del 15-18
_Token = re.Match[str]  # its group says of what kind it is
_GAPS = frozenset({"", " ", "-", "\u00a0", "\u202f"})


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]` is a number; `readings` are its possible values, canonically written ('3.5', '20:29', 'M9' for a month)."""

    start: int
    end: int
    kind: Kind
    readings: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Two *and a half million*."""

    factor: int
    halved: bool

    def of(self, value: Decimal) -> Decimal:
        return (value + Decimal("0.5") if self.halved else value) * self.factor


class Reader:
    """Reads the numbers of one text, token by token."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language, self.table = text, language, TABLES[language]
        self.tokens = list(_TOKEN.finditer(text))
        self.shares = {share.start: share for share in shares(text, language)}
        self.at = 0

    def read(self) -> Iterator[Number]:
        """The numbers in order; words that make one number, like 'two hundred million', are one.

        `at` is the place of the first token that belongs to no number yet.
        """
        readers = {"date": self._date, "clock": self._clock, "digits": self._digits, "word": self._word}
        may_begin = MAY_BEGIN[self.language]
        for place, token in enumerate(self.tokens):
            if place >= self.at and self.shares and token.start() in self.shares:
                yield self._share(place, Number(*self.shares[token.start()]))
            elif place >= self.at and (token.lastgroup != "word" or may_begin[token[0]]):
                self.at = place + 1
                yield from readers[token.lastgroup or ""](token)

    def _share(self, place: int, share: Number) -> Number:
        """A share, whose tokens are consumed."""
        self.at = next(
            (i for i in range(place, len(self.tokens)) if self.tokens[i].start() >= share.end), len(self.tokens)
        )
        return share

    def _date(self, token: _Token) -> Iterator[Number]:
        """29.09.2021, 9/29/2021, 2021-09-29: three numbers, of which any small one may be the month."""
        for part in re.finditer(r"\d+", token[0]):
            value = int(part[0])
            readings = {str(value)} | ({f"M{value}"} if 1 <= value <= 12 else set())
            if part.end() == len(token[0]) and value < 100:
                readings |= {str(1900 + value), str(2000 + value)}
            yield Number(token.start() + part.start(), token.start() + part.end(), "digits", frozenset(readings))

    def _clock(self, token: _Token) -> Iterator[Number]:
        hour, minute = (int(p) for p in token[0].split(":")[:2])
        readings = hours(self.text, token.end(), hour, minute, self.language)
        yield Number(token.start(), token.end(), "digits", frozenset(readings))

    def _digits(self, token: _Token) -> Iterator[Number]:
        if token[0] in ("2", "3") and _UNIT_BEFORE.search(self.text[max(0, token.start() - 4) : token.start()]):
            return  # km2, CO2: part of a symbol
        readings = readings_of(token[0], self.table, may_be_thousandths(self.text, token.start(), token.end()))
        scale = self._scale()
        if scale is None:
            found = worth(readings, self.text, token.end(), self.language)
            yield Number(token.start(), token.end(), "digits", found | self._context(token))
            return
        end = self.tokens[self.at - 1].end()
        scaled = {canonical(scale.of(Decimal(r))) for r in readings if is_plain(r)}
        bare = end - token.end() == 1  # 5m may be metres
        yield Number(token.start(), end, "digits", frozenset(scaled | readings if bare or not scaled else scaled))

    def _context(self, token: _Token) -> set[str]:
        """Further readings from what stands around: hours, the '90s, the 1990s, 2018-19."""
        before, digits = self.text[max(0, token.start() - 2) : token.start()], token[0]
        clock = re.fullmatch(r"([01]?\d|2[0-4])(?:\.([0-5]\d))?", digits)
        found = hours(self.text, token.end(), int(clock[1]), int(clock[2] or 0), self.language) if clock else set()
        if self.language == "it":
            found |= set(spoken_hours(self.text, token.start(), token.end(), digits))
        short = len(digits) == 2 and digits.isdigit()
        if short and (
            before[-1:] in ("'", "’") or re.fullmatch(r"\d[-–/]", before) or _TO_A_YEAR.match(self.text, token.end())
        ):
            found |= {str(1900 + int(digits)), str(2000 + int(digits))}
        if len(digits) == 4 and digits.isdigit() and digits[-1] == "0" and digits[-2:] != "00":
            found.add(str(int(digits) % 100))
        if self.language == "it" and before[-1:] in ("'", "’") and re.fullmatch("[1-9]00", digits):  # nel '900
            found |= {str(1000 + int(digits)), str(int(digits) // 100 + 11)}
        return found

    def _word(self, token: _Token) -> Iterator[Number]:
        word = token[0].lower()
        month = self.table.months.get(self._as_month(token) if self.language == "en" else word)
        if month:
            yield Number(token.start(), token.end(), "month", frozenset({f"M{month}"}))
            return
        value = self._cardinal(token, word)
        if value is not None:
            yield self._cardinal_number(token, value)
        elif word in self.table.firm:
            yield Number(token.start(), token.end(), "word", frozenset({self.table.firm[word]}))
        elif word in self.table.loose:
            yield self._loose(token, self.table.loose[word])
        elif _ROMAN.match(token[0]) or (token[0] in "IVX" and _CENTURY.match(self.text, token.end())):
            yield Number(token.start(), token.end(), "loose", frozenset({str(_roman(token[0]))}))

    def _loose(self, token: _Token, readings: tuple[str, ...]) -> Number:
        article = token[0].lower() in self.table.ones  # un anno e mezzo
        behind = worth(("1",), self.text, token.end(), self.language) if article else frozenset()
        return Number(token.start(), token.end(), "loose", behind.union(readings))

    def _as_month(self, token: _Token) -> str:
        """An English word as the table has months: in capitals too, but then no verb."""
        if not token[0].isupper() or len(token[0]) < 3:
            return token[0]
        (before, behind), start = _BESIDE_DIGIT, token.start()
        beside = before.search(self.text, max(0, start - 6), start) or behind.match(self.text, token.end())
        return "" if token[0] in _VERBS_TOO and not beside else token[0].capitalize()

    def _cardinal_number(self, token: _Token, value: Decimal) -> Number:
        scale = self._scale()
        end = self.tokens[self.at - 1].end()
        if scale and scale.factor == 1:  # le cinque e mezzo; tre secoli e mezzo
            return Number(token.start(), end, "word", frozenset({canonical(value), canonical(scale.of(value))}))
        if not scale and (said := said_hours(self.text, token.start(), end, value, self.language)):
            behind = worth((canonical(value),), self.text, end, self.language)  # by two metres and a half
            return Number(token.start(), end, "word", behind.union(said))
        value = scale.of(value) if scale else value
        if token[0][0].isupper() and self.language == "it" and value in _PERIODS:
            years = {str(value + 1000), str(int(value) // 100 + 11)} if value >= 200 else {str(1900 + value)}
            kind: Kind = "loose" if token.start() else "word"  # any word has a capital there
            return Number(token.start(), end, kind, frozenset({canonical(value)} | years))
        readings = frozenset({canonical(value)})
        return Number(token.start(), end, "word", readings if scale else worth(readings, self.text, end, self.language))

    def _cardinal(self, token: _Token, word: str) -> Decimal | None:
        """The value of the cardinal that begins here, without magnitudes; further words of it are consumed."""
        following = self._following(" ", "-")
        if word in self.table.ones and following in self.table.magnitudes and len(following) > 2:
            return self._english("one") if following == "hundred" else Decimal(1)
        if word in ("mezzo", "half"):
            return self._half_of()
        if self.language == "it":
            if word in ELIDED and self.text[token.end() : token.end() + 1] not in ("'", "’"):
                return None
            if word == "cento" and self._is_of_a_share(token):
                return None
            value = self.table.cardinals.get(word) or italian_thousands(word, self.table.cardinals)
            return Decimal(value) if value is not None else None
        return self._english(word)

    def _is_of_a_share(self, token: _Token) -> bool:
        """Whether a hundred is that of a percentage: 18 per cento, dieci per cento."""
        before = _PER.search(self.text, max(0, token.start() - 40), token.start())
        return before is not None and (before[1][-1].isdigit() or before[1].lower() in self.table.cardinals)

    def _half_of(self) -> Decimal | None:
        """Half, where it is half a million."""
        skip = 1 if self._following(" ") == "a" else 0
        if self.at + skip < len(self.tokens) and self.tokens[self.at + skip][0].lower() in self.table.magnitudes:
            self.at += skip
            return Decimal("0.5")
        return None

    def _english(self, word: str) -> Decimal | None:
        """An English cardinal below 1,000 of several words: two hundred and twenty-two, the hundred and ten."""
        cardinals = self.table.cardinals
        if word == "hundred":
            return Decimal(100 + self._rest()) if self._following(" ", "-") == "and" else None
        if word not in cardinals:
            return None
        value = cardinals[word] + self._unit(cardinals[word])
        if self._following(" ", "-") == "hundred" and value < 10:
            self.at += 1
            value = value * 100 + self._rest()
        return Decimal(value)

    def _rest(self) -> int:
        """What follows the hundreds: consumed, unless it is a number of its own (one hundred and four hundred, four hundred, one each)."""
        at, others = self.at, {"hundred"}
        if self._following(" ", "-") == "and":
            if _BETWEEN.search(self.text, max(0, self.tokens[at].start() - 40), self.tokens[at].start()):
                others = {*self.table.magnitudes}
            self.at += 1
        rest = self.table.cardinals.get(self._following(" ", "-"), 0)
        if rest:
            self.at += 1
            rest += self._unit(rest)
            if self._following(" ", "-") not in others:
                return rest
        self.at = at
        return 0

    def _unit(self, tens: int) -> int:
        """The unit behind 20, 30, …, or its ordinal behind a hyphen: consumed."""
        unit = self.table.cardinals.get(self._following("-", " "), 0) or self.table.ordinals.get(
            self._following("-"), 0
        )
        if tens < 20 or tens % 10 or not 0 < unit < 10:
            return 0
        self.at += 1
        return unit

    def _scale(self) -> _Scale | None:
        """What comes behind a value to make it more: magnitudes, and a half; consumed. None where nothing does."""
        before = self._is_and_a_half()
        factor = 1
        while (word := self._following(*_GAPS)) in self.table.magnitudes and not self._is_letter(word):
            factor *= self.table.magnitudes[word]
            self.at += 1
        halved = before or (factor > 1 and self._is_and_a_half())
        return _Scale(factor, halved) if factor > 1 or halved else None

    def _is_letter(self, word: str) -> bool:
        """Whether a short magnitude (m, k, bn) stands apart from its number, where it means something else."""
        stands_apart = self.tokens[self.at].start() != self.tokens[self.at - 1].end()
        return self.language == "en" and len(word) == 1 and stands_apart

    def _is_and_a_half(self) -> bool:
        """Whether 'and a half' comes next: consumed."""
        words = tuple(t[0].lower() for t in self.tokens[self.at : self.at + len(self.table.half)])
        if words != self.table.half:
            return False
        self.at += len(words)
        return True

    def _following(self, *gaps: str) -> str:
        """The next token in lower case if no more than one of these gaps stands between, else ''."""
        if not 0 < self.at < len(self.tokens):
            return ""
        gap = self.text[self.tokens[self.at - 1].end() : self.tokens[self.at].start()]
        return self.tokens[self.at][0].lower() if gap in gaps else ""


def _roman(text: str) -> int:
    values = [_ROMAN_DIGITS[c] for c in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-v if v < following else v for v, following in pairs)
