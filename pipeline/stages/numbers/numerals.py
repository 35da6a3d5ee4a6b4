"""The numbers in an Italian or English text and which of them correspond: 1.200.000 is 1,200,000, and 'due miliardi' is 2 billion.

A number has readings, since writing is ambiguous (20.29 may be an hour); two numbers agree when they share one. Digits are held to
account; numbers in words mostly serve to explain digits on the other side. Reading them is `reader.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from pipeline.stages.numbers.digits import canonical, is_plain
from pipeline.stages.numbers.hints import may_be_roman, may_count
from pipeline.stages.numbers.reader import Number, Reader
from pipeline.stages.numbers.words import Language

__all__ = ["Number", "agreeing", "differing", "numbers", "unmatched", "unsupported"]


@lru_cache(maxsize=1024)  # several detectors and repairs ask for those of the same pair
def numbers(text: str, language: Language) -> tuple[Number, ...]:
    """All numbers of a text, in order."""
    found: list[Number] = []
    for number in Reader(text, language).read():
        whole = _sum(text, found[-1], number) if found else None
        if whole:
            found[-1] = whole
        else:
            found.append(number)
    return tuple(found)


def _sum(text: str, first: Number, second: Number) -> Number | None:
    """Two numbers that are one, 'un milione e duecentomila': words, or digits with a magnitude, each of one reading."""
    between = text[first.end : second.start]
    if first.kind == "month" or not between or between.strip() not in ("", "e", "and"):
        return None
    if second.kind != "word" and not (second.kind == "digits" and text[first.end - 1].isalpha()):
        return None
    if re.match(r"-[^\W\d_]", text[second.end : second.end + 2]):  # a thousand two-euro coins
        return None
    if len(first.readings) > 1 or len(second.readings) > 1:
        return None
    values = [next(iter(n.readings)) for n in (first, second)]
    if not all(map(is_plain, values)):  # alle 20:30 due uomini
        return None
    larger, smaller = map(Decimal, values)
    # what is said in words ends in as many zeros as what follows may fill: mille is followed by tens, a million by thousands
    if larger >= 10**6 and smaller < 100 and not between.strip():  # 1.7 million four years ago
        return None
    zeros = len(canonical(larger)) - len(canonical(larger).rstrip("0"))
    if zeros < 3 or not 1 <= smaller < 10 ** min(zeros, 6):
        return None
    if second.kind == "digits" and smaller < 1000:  # un milione e 2 posti
        return None
    return Number(first.start, second.end, first.kind, frozenset({canonical(larger + smaller)}))


def unsupported(wanted: Iterable[Number], known: Sequence[Number]) -> list[Number]:
    """The numbers in digits that agree with none of those known, however often they occur."""
    readings = all_readings(known)
    return [n for n in wanted if n.kind == "digits" and readings.isdisjoint(n.readings)]


def all_readings(found: Iterable[Number]) -> frozenset[str]:
    """What any of these numbers may mean."""
    return frozenset(reading for number in found for reading in number.readings)


@lru_cache(maxsize=64)  # repairs and a detector ask for those of the same pair
def differing(source: str, target: str, language: Language = "it") -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """`unmatched` for a text, in Italian as a rule, and its English; the numbers of half of all pairs need not be read for it."""
    if not (may_count(source, language) or may_count(target, "en")):
        return (), ()
    missing, extra = unmatched(numbers(source, language), numbers(target, "en"))
    return tuple(missing), tuple(extra)


def agreeing(source: str, target: str) -> tuple[list[Number], list[Number]]:
    """The numbers of an Italian text that stand in its English as well, and those that stand there for them."""
    if not (may_be_roman(source) or (may_count(source, "it") and may_count(target, "en"))):
        return [], []
    here, there = numbers(source, "it"), numbers(target, "en")
    said, heard = all_readings(here), all_readings(there)
    return (
        [n for n in here if not heard.isdisjoint(n.readings)],
        [n for n in there if not said.isdisjoint(n.readings)],
    )


def unmatched(source: Sequence[Number], target: Sequence[Number]) -> tuple[list[Number], list[Number]]:
    """(numbers of the source that the target lacks, numbers of the target that the source lacks), each used once.

    Digits look for digits first, then for words. Words accuse only where both sides have one left over, 2 or more: 'tre' against
    'four'. A month must be there, whatever else is.
    """
    if all(n.kind == "loose" for n in (*source, *target)):
        return [], []
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for kinds in (("digits",), ("word", "loose"), ("digits", "word", "loose", "month")):
        free = _Free(target, kinds, taken)
        for i, number in enumerate(source):
            if i not in partner and number.kind in ("digits", "word", "month"):
                found = free.first(number)
                if found is not None:
                    partner[i] = found
                    taken.add(found)
    left = [n for i, n in enumerate(source) if i not in partner]
    extra = [n for j, n in enumerate(target) if j not in taken]
    missing = [n for n in left if n.kind in ("digits", "month")]
    # what explains an extra number may be loose, or may have explained another already (a year named once for two events)
    invented = unsupported(extra, source)
    said = all_readings(source)
    words = [n for n in left if _accuses(n)], [n for n in extra if _accuses(n) and said.isdisjoint(n.readings)]
    if all(words):
        return missing + words[0], invented + words[1]
    return missing, invented


class _Free:
    """The numbers of these kinds that are not taken yet, by reading: looking for one takes no longer in a long text."""

    def __init__(self, numbers: Sequence[Number], kinds: Collection[str], taken: Collection[int]) -> None:
        self._taken = taken
        self._places: dict[str, list[int]] = {}
        for j in range(len(numbers) - 1, -1, -1):
            for reading in numbers[j].readings if numbers[j].kind in kinds else ():
                self._places.setdefault(reading, []).append(j)

    def first(self, number: Number) -> int | None:
        """The position of the first that agrees with the number."""
        heads = (self._head(self._places.get(reading, [])) for reading in number.readings)
        return min((head for head in heads if head is not None), default=None)

    def _head(self, places: list[int]) -> int | None:
        while places and places[-1] in self._taken:
            places.pop()
        return places[-1] if places else None


def _accuses(number: Number) -> bool:
    return number.kind == "word" and number.readings.isdisjoint({"0", "1"})
