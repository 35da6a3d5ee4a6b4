"""Cleaning rules without the wording that only one site of a labelled set supports. Changes patterns, not the judgement.

Hand-written rules know the sites they were written with. To say what they do elsewhere, each alternative of each pattern is
taken out in turn; where only lines of one site stop matching, the alternative is that site's, and is switched off when the
site is scored as if it were new.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import re2

from pipeline.cleaning.lines import Line, lines
from pipeline.cleaning.rules import Rule, Rules
from pipeline.document import Source
from pipeline.inputs import read
from pipeline.settings import Inputs

NEVER = r"[^\x00-\x{10FFFF}]"
Span = tuple[int, int]


def labelled_lines(split: Path) -> list[tuple[Line, frozenset[str]]]:
    """Every different line of a split's plain texts, with the sites on which it stands; the project's own texts apart."""
    sites: dict[str, set[str]] = defaultdict(set)
    shapes: dict[str, Line] = {}
    for path in sorted((split / "gold").glob("*.json")):
        site = json.loads(path.read_text(encoding="utf-8"))["site"]
        source = read((split / "in" / f"{path.stem}.txt").read_bytes(), "txt", Inputs())
        if isinstance(source, Source) and not path.stem.startswith(("own-", "deg-")):
            for line in lines(source.text):
                sites[line.plain].add(site)
                shapes[line.plain] = line
    return [(shapes[text], frozenset(found)) for text, found in sites.items()]


def sites_by_rule(rules: Rules, labelled: list[tuple[Line, frozenset[str]]]) -> dict[str, set[str]]:
    """The sites on which each rule speaks to a line."""
    found: dict[str, set[str]] = defaultdict(set)
    for line, sites in labelled:
        for hit in rules.hits(line.plain, line.words, line.sentence):
            found[hit.rule.id] |= sites
    return found


def without_site(rules: Rules, labelled: list[tuple[Line, frozenset[str]]], site: str) -> tuple[Rules, int]:
    """The rules without what only this site supports, and how many rules and alternatives that were."""
    spoken: dict[str, list[tuple[Line, frozenset[str]]]] = defaultdict(list)
    for line, sites in labelled:
        for hit in rules.hits(line.plain, line.words, line.sentence):
            spoken[hit.rule.id].append((line, sites))
    kept: list[Rule] = []
    cuts = 0
    for rule in rules.rules:
        support = frozenset().union(*(sites for _, sites in spoken[rule.id])) if spoken[rule.id] else frozenset()
        if support == {site}:
            cuts += 1
            continue
        mine = [(line, sites) for line, sites in spoken[rule.id] if site in sites]
        spans = [s for s in _alternatives(rule.pattern) if _only(rule, s, spoken[rule.id], site)] if mine else []
        outer = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
        cuts += len(outer)
        kept.append(rule.model_copy(update={"pattern": _without(rule.pattern, outer)}) if outer else rule)
    return Rules(kept), cuts


def _only(rule: Rule, span: Span, spoken: list[tuple[Line, frozenset[str]]], site: str) -> bool:
    """Whether taking the alternative out silences the rule on lines of this site and of no other."""
    fewer = re2.compile(rule.model_copy(update={"pattern": _without(rule.pattern, [span])}).expression)
    silenced = [sites for line, sites in spoken if not fewer.search(line.plain)]
    return bool(silenced) and frozenset().union(*silenced) == {site}


def _without(pattern: str, spans: list[Span]) -> str:
    for start, end in sorted(spans, reverse=True):
        pattern = pattern[:start] + NEVER + pattern[end:]
    return pattern


def _alternatives(pattern: str) -> Iterator[Span]:
    """Every alternative of every group that has several, and of the whole pattern."""
    stack: list[list[int]] = [[0]]
    i = 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i += 2
            continue
        if c == "[":
            i = _class_end(pattern, i)
        elif c == "(":
            opening = i + 1
            if pattern.startswith("?", opening):
                opening = pattern.index(":" if pattern[opening + 1] != "P" else ">", opening) + 1
            stack.append([opening])
            i = opening
            continue
        elif c == "|":
            stack[-1].append(i + 1)
        elif c == ")":
            yield from _spans(stack.pop(), i)
        i += 1
    yield from _spans(stack.pop(), len(pattern))


def _class_end(pattern: str, i: int) -> int:
    """The place of the bracket that closes the character class opened at `i`."""
    i += 2 if pattern.startswith(("[]", "[^"), i) else 1
    while pattern[i] != "]":
        i += 2 if pattern[i] == "\\" else 1
    return i


def _spans(starts: list[int], end: int) -> Iterator[Span]:
    if len(starts) > 1:
        yield from ((a, b - 1) for a, b in zip(starts, [*starts[1:], end + 1], strict=True) if b - 1 > a)
