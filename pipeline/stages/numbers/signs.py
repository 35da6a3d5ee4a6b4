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
    for number in here:
        mark = sign(source, number)
        if not mark:
            continue
        twins = [n for n in here if not n.readings.isdisjoint(number.readings)]
        same = [n for n in there if n.kind == "digits" and not n.readings.isdisjoint(number.readings)]
        if len(same) == len(twins) == 1 and _contradicts(mark, source, target, same[0]):
            lost.append(number)
            found.append(same[0])
    return lost, found


def sign(text: str, number: Number) -> str:
    """'+', '-', or '' for a number without a sign of its own; a mark at the start of the text begins a list's entry."""
    if number.kind == "digits" and _is_said_below_zero(text, number):
        return "-"
    mark = text[number.start - 1 : number.start] if number.start > 1 and number.kind == "digits" else ""
    if not mark or not (mark in _MINUS or mark == _PLUS) or not _BEFORE.search(text[: number.start - 1]):
        return ""
    return _PLUS if mark == _PLUS else "-"


def _is_said_below_zero(text: str, number: Number) -> bool:
    """Whether Italian says in words that it freezes: meno 5 gradi, 5 gradi sotto zero."""
    said = _MENO.search(text[: number.start]) and _DEGREES_BEHIND.match(text, number.end)
    return bool(said or _BELOW_BEHIND.match(text, number.end))


def _contradicts(mark: str, source: str, target: str, number: Number) -> bool:
    opposite = sign(target, number)
    if mark == _PLUS or opposite:
        return bool(opposite) and opposite != mark
    said = _BELOW_ZERO if _DEGREES.search(source) else _DOWNWARDS
    return said.search(target) is None
