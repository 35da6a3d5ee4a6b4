"""The signs of numbers: a loss that became a gain, a frost that became mild. Signs before digits, and an Italian frost in words.

English may say the same in words (`fell by 4.8%`): a minus is only missed where nothing in the sentence goes down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.stages.numbers.reader import Number

_MINUS, _PLUS = frozenset("-−"), "+"
_BEFORE = re.compile(
    r"(?:[^\d\s]\s|[(\[:=]|[^\W\d_]['’])\Z"
)  # where a sign stands; elsewhere a hyphen joins: 3-2, F-16
_MENO = re.compile(r"\bmeno \Z", re.IGNORECASE)
_DEGREES_BEHIND = re.compile(r"\s?(?:°|grad[oi]\b)", re.IGNORECASE)
_BELOW_BEHIND = re.compile(r"\s?(?:°(?:\s?C\b)?|grad[oi]) sotto (?:lo )?zero\b", re.IGNORECASE)
_DEGREES = re.compile(r"°|\bgrad[oi]\b", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"[-−–]\s?\d|\b(?:minus|negative|below|under|sub-?zero|freez\w*|frost\w*)\b", re.IGNORECASE)
_DOWNWARDS = re.compile(
    _BELOW_ZERO.pattern
    + r"|[-−–]\s?[€$£]\s?\d|\b(?:down|off|behind|before|ago|left|away|fewer|fewest|less|lower\w*|los[est]\w*|fall\w*|fell|drop\w*|declin\w*"
    r"|decreas\w*|cuts?|reduc\w*|shr[aiu]nk\w*|slump\w*|slid\w*|s[aiu]nk\w*|plung\w*|tumbl\w*|shed\w*|contract\w*|deficit|short\w*|worse\w*|weak\w*"
    r"|dip\w*|eas(?:e[ds]?|ing)|retreat\w*)\b",
    re.IGNORECASE,
)


def turned(
    source: str, target: str, here: Sequence[Number], there: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """The numbers whose sign the English lost or turned round: those of the source, and those of the target that stand for them.

    A source number is only judged where one number of the target agrees with it, so that there is no doubt which it became.
    """
    lost: list[Number] = []
    found: list[Number] = []
    signed = [(number, mark) for number in here if (mark := sign(source, number))]
    if not signed:
        return lost, found
    mine, theirs = _Likes(here), _Likes([n for n in there if n.kind == "digits"])
    down = (_BELOW_ZERO if _DEGREES.search(source) else _DOWNWARDS).search(target) is not None
    for number, mark in signed:
        other = theirs.only(number) if mine.only(number) else None
        if other and _contradicts(mark, sign(target, other), down):
            lost.append(number)
            found.append(other)
    return lost, found


class _Likes:
    """Numbers by reading, so that looking for those that agree with one takes no longer in a long text."""

    def __init__(self, numbers: Sequence[Number]) -> None:
        self._by_reading: dict[str, list[Number]] = {}
        for number in numbers:
            for reading in number.readings:
                self._by_reading.setdefault(reading, []).append(number)

    def only(self, number: Number) -> Number | None:
        """The number that agrees with this one, if it is the only one."""
        found = {n.start: n for reading in number.readings for n in self._by_reading.get(reading, [])[:2]}
        return next(iter(found.values())) if len(found) == 1 else None


def sign(text: str, number: Number) -> str:
    """'+', '-', or '' for a number without a sign of its own; a mark at the start of the text begins a list's entry."""
    if number.kind == "digits" and _is_said_below_zero(text, number):
        return "-"
    mark = text[number.start - 1 : number.start] if number.start > 1 and number.kind == "digits" else ""
    if (
        not mark
        or not (mark in _MINUS or mark == _PLUS)
        or not _BEFORE.search(text, max(0, number.start - 3), number.start - 1)
    ):
        return ""
    return _PLUS if mark == _PLUS else "-"


def _is_said_below_zero(text: str, number: Number) -> bool:
    """Whether Italian says in words that it freezes: meno 5 gradi, 5 gradi sotto zero."""
    said = _MENO.search(text, max(0, number.start - 6), number.start) and _DEGREES_BEHIND.match(text, number.end)
    return bool(said or _BELOW_BEHIND.match(text, number.end))


def _contradicts(mark: str, opposite: str, down: bool) -> bool:
    """Whether a number with this mark cannot have become one with that; a minus may be gone where something goes `down`."""
    if mark == _PLUS or opposite:
        return bool(opposite) and opposite != mark
    return not down
