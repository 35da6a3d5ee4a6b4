"""What became another of its kind though no value is at stake: third as fourth, Pius XII as Pius XI, 3-1 as 1-3.

Such words have many other uses (`secondo`, *a second*), so it takes one left over on both sides. First and last are not looked at, nor are years of school,
which other countries count otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.stages.detection.words import Span
from pipeline.stages.numbers.numerals import all_readings, numbers
from pipeline.stages.numbers.reader import Number
from pipeline.stages.numbers.words import Language

_ORDINAL = {
    "it": re.compile(
        r"\b(?:seconda|(?:terz|quart|quint|sest|settim|ottav|decim)[oae])\b(?! (?:media|elementare|superiore|liceo|ginnasio)\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b", re.IGNORECASE),
}
_ROMAN = re.compile(r"\b(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})\b")
_RESULT = re.compile(r"(?<![\w.,/:–-])(\d{1,3})-(\d{1,3})(?![\w/–-]|[.,:]\d)")
_HOW_IT_WENT = re.compile(
    r"\b(?:los[est]\w*|defeat\w*|beat\w*|down|fell|behind|trail\w*|crash\w*|thrash\w*|w[io]n\w*|over)\b", re.IGNORECASE
)
"""Where English puts the winner's figure first, whoever is spoken of: `ha perso 1-3` is *lost 3-1*."""


def changed_ranks(source: str, target: str, language: Language = "it") -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """(ordinals, Roman numerals and results of the source that became others, those others)."""
    found: list[tuple[Sequence[Span], Sequence[Span]]] = [_turned_results(source, target)]
    for here, there in ((_ORDINAL[language], _ORDINAL["en"]), (_ROMAN, _ROMAN)):
        if here.search(source) and there.search(target):
            mine, theirs = numbers(source, language), numbers(target, "en")
            lost, put = _left(here, source, mine, theirs), _left(there, target, theirs, mine)
            found += [(lost, put)] if lost and put else []
    return tuple(s for spans, _ in found for s in spans), tuple(s for _, spans in found for s in spans)


def _left(kind: re.Pattern[str], text: str, mine: Sequence[Number], theirs: Sequence[Number]) -> list[Span]:
    """Those of a kind whose value the other side does not have in any form."""
    said, places = all_readings(theirs), {m.span() for m in kind.finditer(text)}
    return [
        (n.start, n.end)
        for n in mine
        if n.kind == "loose" and said.isdisjoint(n.readings) and (n.start, n.end) in places
    ]


def _turned_results(source: str, target: str) -> tuple[Sequence[Span], Sequence[Span]]:
    here = {m[0]: m for m in _RESULT.finditer(source)}
    if not here:
        return (), ()
    there = {m[0]: m for m in _RESULT.finditer(target)}
    went = _HOW_IT_WENT.search(target) is not None
    turned = [
        (m.span(), there[other].span())
        for m in here.values()
        for other in [f"{m[2]}-{m[1]}"]
        if other in there and other not in here and m[0] not in there and not (went and int(m[2]) > int(m[1]))
    ]
    return [mine for mine, _ in turned], [theirs for _, theirs in turned]
