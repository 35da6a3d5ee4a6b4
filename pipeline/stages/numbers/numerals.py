"""The numbers in an Italian or English text and which of them correspond: 1.200.000 is 1,200,000, and 'due miliardi' is 2 billion.

A number has readings, since writing is ambiguous (20.29 may be an hour); two numbers agree when they share one. Digits are held to
account; numbers in words mostly serve to explain digits on the other side. Reading them is `reader.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from pipeline.stages.numbers.reader import Number, Reader, canonical
from pipeline.stages.numbers.words import Language

__all__ = ["Number", "numbers", "unmatched", "unsupported"]


@lru_cache(maxsize=1024)  # several detectors and repairs ask for those of the same pair
def numbers(text: str, language: Language) -> tuple[Number, ...]:
    """All numbers of a text, in order."""
    found: list[Number] = []
    for number in Reader(text, language).read():
        whole = _sum(text, found[-1], number) if found else None
        found = [*found[:-1], whole] if whole else [*found, number]
    return tuple(found)


def _sum(text: str, first: Number, second: Number) -> Number | None:
    """Two numbers that are one, 'un milione e duecentomila': words, or digits with a magnitude, each of one reading."""
    between = text[first.end : second.start]
    if first.kind == "month" or second.kind != "word" or not between or between.strip() not in ("", "e", "and"):
        return None
    if len(first.readings) > 1 or len(second.readings) > 1:
        return None
    larger, smaller = (Decimal(next(iter(n.readings))) for n in (first, second))
    # what is said in words ends in as many zeros as what follows may fill: mille is followed by tens, a million by thousands
    if larger >= 10**6 and smaller < 100 and not between.strip():  # 1.7 million four years ago
        return None
    zeros = len(canonical(larger)) - len(canonical(larger).rstrip("0"))
    if zeros < 3 or not 1 <= smaller < 10 ** min(zeros, 6):
        return None
    return Number(first.start, second.end, first.kind, frozenset({canonical(larger + smaller)}))


def unsupported(wanted: Iterable[Number], known: Sequence[Number]) -> list[Number]:
    """The numbers in digits that agree with none of those known, however often they occur."""
    readings = frozenset().union(*(n.readings for n in known)) if known else frozenset()
    return [n for n in wanted if n.kind == "digits" and readings.isdisjoint(n.readings)]


def unmatched(source: Sequence[Number], target: Sequence[Number]) -> tuple[list[Number], list[Number]]:
    """(numbers of the source that the target lacks, numbers of the target that the source lacks), each used once.

    Digits look for digits first, then for words. Words accuse only where both sides have one left over, 3 or more: 'tre' against
    'four'. A month must be there, whatever else is.
    """
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for kinds in (("digits",), ("word", "loose"), ("digits", "word", "loose", "month")):
        for i, number in enumerate(source):
            if i not in partner and number.kind in ("digits", "word", "month"):
                free = (j for j, n in enumerate(target) if n.kind in kinds and j not in taken)
                found = next((j for j in free if target[j].agrees(number)), None)
                if found is not None:
                    partner[i] = found
                    taken.add(found)
    left = [n for i, n in enumerate(source) if i not in partner]
    extra = [n for j, n in enumerate(target) if j not in taken]
    missing = [n for n in left if n.kind in ("digits", "month")]
    # what explains an extra number may be loose, or may have explained another already (a year named once for two events)
    invented = unsupported(extra, source)
    words = [n for n in left if _accuses(n)], [n for n in extra if _accuses(n) and not any(n.agrees(s) for s in source)]
    if all(words):
        return missing + words[0], invented + words[1]
    return missing, invented


def _accuses(number: Number) -> bool:
    return number.kind == "word" and number.readings.isdisjoint({"0", "1", "2"})
