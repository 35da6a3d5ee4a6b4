"""What can be put right in a target without a doubt, and what is cut off its end. Everything done is told as `TextRepair`.

A repair changes one number, one address, one name or one leaked phrase and nothing else, and only where the source settles it: after it,
the numbers of the two sides must agree better by exactly that pair. Repairing twice is repairing once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.document import TextRepair
from pipeline.stages.numbers.numerals import Number, all_readings, differing, numbers
from pipeline.stages.numbers.thousandths import is_unsure
from pipeline.stages.numbers.words import TABLES
from pipeline.stages.translation.acronyms import garbled_acronyms
from pipeline.stages.translation.addresses import garbled_address
from pipeline.stages.translation.leaks import leak
from pipeline.stages.translation.neighbours import names_by_neighbours
from pipeline.stages.translation.spelling import misspelt_names

_DIGITS = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*")
_ITALIAN = re.compile(r"(?P<whole>\d{1,3}(?:[. \u00a0\u202f]\d{3})+|\d+)(?:,(?P<part>\d+))?\Z")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_POINT = re.compile(r"\d+\.\d\Z")  # in Italian too: one digit behind a full stop is neither thousands nor minutes
_SHARE = re.compile(
    r"\d+\.\d\d\Z"
)  # and two may be minutes or a decimal, which English writes with a full stop as well
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DOTTED = re.compile(r"(?<![\d.,])\d+(?:\.\d+){2,}(?![.,]?\d)")  # a date, a version
_HOUR = re.compile(r"\b(?:ore|alle|dalle|le|delle|all'una)\s+\Z", re.IGNORECASE)
_UNIT = re.compile(r"\s?(?:%|per ?cento?\b|percent\b|[€$£]|euros?\b|dollar[is]?\b|km\b|mila\b)", re.IGNORECASE)
_TENS = ("Venti", "Trenta", "Quaranta", "Cinquanta", "Sessanta", "Settanta", "Ottanta", "Novanta")
_DECADE = re.compile(rf"\banni ({'|'.join(_TENS)})\b(?! del)")
Kind = Literal["number", "address", "name", "leak", "edit"]
_MONTHS = ("", *(name for name in list(TABLES["en"].months)[:12]))


@dataclass(frozen=True, slots=True)
class Repaired:
    """A target and what was done to it, in the order of places."""

    target: str
    repairs: tuple[TextRepair, ...] = ()

    def change(self, kind: Kind, start: int, end: int, after: str) -> Repaired:
        """With `target[start:end]` replaced; the places of earlier repairs move along."""
        return self.changes(kind, [(start, end, after)])

    def changes(self, kind: Kind, places: Sequence[tuple[int, int, str]], rule: str = "") -> Repaired:
        """With all of these (start, end, what stands there then) replaced at once; they are in order and apart."""
        made: list[TextRepair] = []
        pieces: list[str] = []
        position = length = 0
        for start, end, after in places:
            pieces += (self.target[position:start], after)
            length += start - position
            made.append(TextRepair(kind, self.target[start:end], after, length, length + len(after), rule))
            position, length = end, length + len(after)
        target = "".join(pieces) + self.target[position:]
        moved = (_moved(r, places, made) for r in self.repairs)
        return Repaired(target, tuple(sorted((*moved, *made), key=lambda r: (r.start, r.end))))


def _moved(earlier: TextRepair, places: Sequence[tuple[int, int, str]], made: Sequence[TextRepair]) -> TextRepair:
    """An earlier repair where it stands once `places` have become `made`; with the whole of those that touch it."""
    first = bisect_right(places, earlier.start, key=lambda place: place[1])
    last = max(first, bisect_left(places, earlier.end, key=lambda place: place[0]))
    start, end = (
        at + (made[n - 1].end - places[n - 1][1] if n else 0) for at, n in ((earlier.start, first), (earlier.end, last))
    )
    if first < last:
        start, end = min(start, made[first].start), max(end, made[last - 1].end)
    return replace(earlier, start=start, end=end)


def repair(source: str, target: str, fixed: Collection[str] = frozenset()) -> Repaired:
    """The target without leaks, with its addresses, names and numbers put right where that can be told.

    `fixed` are words of names that are to stand as they are, in lower case: a glossary's.
    """
    made = _without_leak(source, Repaired(target))
    for mended in (misspelt_names, names_by_neighbours, garbled_acronyms):
        made = made.changes("name", mended(source, made.target, fixed))
    made = _with_decades(source, _with_dotted(source, _with_addresses(source, made)))
    while (better := _with_number(source, made)) is not None:
        made = better
    return made


def _with_number(source: str, made: Repaired) -> Repaired | None:
    """One number put right, or None where nothing (more) can be told."""
    missing, extra = differing(source, made.target)
    if not missing:
        return None
    for lacking, wrong in _partners(source, made.target, missing, extra):
        after = _english(source, lacking, made.target, wrong)
        if after is None:
            continue
        start, end = _place(made.target, wrong)
        if made.target[start:end] == after:
            continue
        tried = made.change("number", start, end, after)
        left = differing(source, tried.target)
        accused = wrong in extra  # a month too many is not reported by itself
        if len(left[0]) == len(missing) - 1 and len(left[1]) == len(extra) - accused:
            return tried
    return None


def _partners(
    source: str, target: str, missing: Sequence[Number], extra: Sequence[Number]
) -> Iterator[tuple[Number, Number]]:
    """Pairs of which there is no doubt that the second stands for the first.

    Either it has the same digits in Italian notation (as often as they are missing), or it is the only one missing and the only one too many, and they look
    alike or count the same unit.
    """
    twins = Counter(_marked(source, m) for m in missing)
    same: dict[str, list[Number]] = {}
    for e in extra:
        same.setdefault(_marked(target, e), []).append(e)
    for lacking in missing:
        written = _marked(source, lacking)
        if len(same.get(written, ())) == twins[written]:
            yield lacking, same[written][0]
    digits = [n for n in missing if n.kind == "digits"], [n for n in extra if n.kind == "digits"]
    if all(len(side) == 1 for side in digits) and _alike(source, digits[0][0], target, digits[1][0]):
        yield digits[0][0], digits[1][0]
    months = [n for n in missing if n.kind == "month"]
    known = all_readings(numbers(source, "it"))
    strange = [n for n in numbers(target, "en") if n.kind == "month" and known.isdisjoint(n.readings)]
    if len(months) == len(strange) == 1:
        yield months[0], strange[0]


def _written(text: str, number: Number) -> str:
    found = _DIGITS.match(text, number.start)
    return found[0] if found else ""


def _marked(text: str, number: Number) -> str:
    """Its digits with full stops for the marks between them, whichever they are."""
    return _written(text, number).replace(",", ".")


def _alike(source: str, lacking: Number, target: str, wrong: Number) -> bool:
    """Whether one is the other garbled: the same digits but for one or in disorder, or some of them in order; or the unit is the same."""
    one, other = (re.sub(r"\D", "", w) for w in (_written(source, lacking), _written(target, wrong)))
    if not one or not other:
        return False
    if len(one) > 1 and sorted(one) == sorted(other):
        return True
    if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= (len(one) > 1):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= max(3, len(long) // 2) and _is_within(short, long):
        return True
    units = [_UNIT.match(text, _place(text, n)[1]) for text, n in ((source, lacking), (target, wrong))]
    near_month = [
        _beside_month(text, n, language) for text, n, language in ((source, lacking, "it"), (target, wrong, "en"))
    ]
    return all(near_month) or (all(units) and _unit(units[0]) == _unit(units[1]))


def _is_within(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in their order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _unit(found: re.Match[str] | None) -> str:
    unit = found[0].strip().lower().rstrip("s") if found else ""
    if unit.startswith(("per", "%")):
        return "%"
    return {"dollari": "dollar", "$": "dollar", "€": "euro"}.get(unit, unit)


def _beside_month(text: str, number: Number, language: str) -> bool:
    """Whether a small number is the day of a month."""
    if not re.fullmatch(r"\d{1,2}", _written(text, number)):
        return False
    months = [n for n in numbers(text, "it" if language == "it" else "en") if n.kind == "month"]
    return any(0 <= n.start - number.end <= 4 or 0 <= number.start - n.end <= 1 for n in months)


def _place(text: str, number: Number) -> tuple[int, int]:
    """Where the digits of a number stand, without the magnitude behind them but with the 'th' of an ordinal; or the month."""
    found = _DIGITS.match(text, number.start)
    if number.kind == "month" or found is None:
        return number.start, number.end
    ordinal = _ORDINAL.match(text, found.end())
    return found.start(), ordinal.end() if ordinal else found.end()


def _english(source: str, lacking: Number, target: str, wrong: Number) -> str | None:
    """The missing number as English writes it, or None where the Italian may be read in more than one way."""
    if lacking.kind == "month":
        month = next(iter(lacking.readings)).removeprefix("M")
        return _MONTHS[int(month)] if month.isdigit() else None
    written = _written(source, lacking)
    clock = bool(re.fullmatch(r"\d{1,2}[.:]\d{2}", written))
    if clock and (":" in written or _HOUR.search(source[: lacking.start])):
        return written.replace(".", ":")
    if _POINT.match(written) or (_SHARE.match(written) and _written(target, wrong) == written.replace(".", ",")):
        return written
    if clock:
        return None
    found = _ITALIAN.match(written)
    if found is None:
        return None
    whole = re.sub(r"[. \u00a0\u202f]", ",", found["whole"])
    if whole[0] == "0" and "," in whole:
        return None  # a telephone number
    after = whole + (f".{found['part']}" if found["part"] else "")
    start, end = _place(target, wrong)
    if target[start:end] == written and is_unsure(source, lacking.start, lacking.start + len(written)):
        return None
    return after + ordinal(int(after)) if _ORDINAL.search(target[start:end]) and after.isdigit() else after


def ordinal(number: int) -> str:
    """The letters behind an English ordinal in digits."""
    return "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _with_dotted(source: str, made: Repaired) -> Repaired:
    """Dates and versions whose full stops have become other marks, as the source writes them: English reads 15.02.2023 as well."""
    if source.count(".") < 2:
        return made
    for written, times in Counter(_DOTTED.findall(source)).items():
        if times > 1 or _THOUSANDS.fullmatch(written) or written in made.target:
            continue
        garbled = re.compile(rf"(?<![\d.,]){'[.,:]'.join(written.split('.'))}(?![.,]?\d)")
        places = [m.span() for m in garbled.finditer(made.target)]
        if len(places) == 1:
            made = made.change("number", *places[0], written)
    return made


def _with_decades(source: str, made: Repaired) -> Repaired:
    """`anni Novanta` as the 1990s, where the target has but the Italian word."""
    for word in dict.fromkeys(_DECADE.findall(source)):
        left = list(re.finditer(rf"\b([Tt]he )?(?:years? )?{word}s?\b", made.target))
        if len(left) == 1:
            after = f"{left[0][1] or 'the '}19{_TENS.index(word) + 2}0s"
            made = made.change("number", *left[0].span(), after)
    return made


def _with_addresses(source: str, made: Repaired) -> Repaired:
    """An address, hashtag or @name that the target has garbled, put back."""
    while (found := garbled_address(source, made.target)) is not None:
        made = made.change("address", *found)
    return made


def _without_leak(source: str, made: Repaired) -> Repaired:
    place = leak(source, made.target)
    if place is None:
        return made
    start = len(made.target[: place[0]].rstrip())
    return made.change("leak", start, place[1], "")
