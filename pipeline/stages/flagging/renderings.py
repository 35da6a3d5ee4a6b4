"""How names, terms and acronyms of a document are rendered, and which renderings are really different ones.

A name's rendering is found without alignment, as the English word that is most like it; names that are translated beyond
likeness (Germania, Germany) are left alone, so that what is told apart is a name that is spelt in several ways.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.document import Document, Pair, Translation
from pipeline.roll import Kind
from pipeline.stages.detection.detectors import is_checked
from pipeline.stages.detection.words import Span

_NAME = re.compile(r"(?<!\w)[^\W\d_a-z][^\W\d_]{3,}")
_WORD = re.compile(r"[^\W\d_]{4,}")
_EXPANDED = re.compile(r"((?:[A-Z][\w’'-]+[ -](?:(?:of|for|the|and|on|in|to)[ ])*){2,8})\(([A-Z]{2,8})\)")
_OPENS = re.compile(r"(?:^|[.!?:;]\W*|[\"“”«'‘(—–-]\s*)\Z")
LIKE = 0.72


@dataclass(frozen=True, slots=True)
class Rendering:
    """`source` is rendered as `target` in a pair: a name, a term of the glossary, or an acronym by its expansion."""

    kind: Kind
    source: str
    target: str
    pair: Pair
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]


def renderings(document: Document) -> Iterator[Rendering]:
    """Every rendering that can be recognised in the pairs that a model translated, in order."""
    for pair in document.get(Translation).pairs:
        if is_checked(pair):
            yield from _terms(pair)
            yield from _names(pair)
            yield from _expansions(pair)


def usual(source: str, variants: Mapping[str, int]) -> str:
    """The rendering that the others are held against: the most frequent, of equals the source itself or else the first."""
    return max(variants, key=lambda v: (variants[v], v.lower() == source.lower()))


def differing(kind: Kind, source: str, variants: Mapping[str, int]) -> frozenset[str]:
    """The variants that are more than forms of the usual one; none where there is but one way."""
    if len(variants) < 2:
        return frozenset()
    common = usual(source, variants)
    return frozenset(v for v in variants if not _same(kind, v, common))


def told(source: str, variants: Mapping[str, int]) -> str:
    """All variants in a sentence, the most frequent first."""
    return f"{source} is rendered as " + ", ".join(f"{v} ({n})" for v, n in Counter(variants).most_common())


def by_source(found: Iterable[Rendering]) -> Mapping[tuple[Kind, str], list[Rendering]]:
    """The renderings of each source, in order."""
    groups: dict[tuple[Kind, str], list[Rendering]] = defaultdict(list)
    for one in found:
        groups[one.kind, one.source].append(one)
    return groups


def _terms(pair: Pair) -> Iterator[Rendering]:
    for use in pair.terms:
        if use.kind == "glossary" and use.rendering:
            place = ((use.start, use.end),)
            yield Rendering("term", use.source, use.rendering.lower(), pair, place, _spans(pair.target, use.rendering))


def _names(pair: Pair) -> Iterator[Rendering]:
    """The words with a capital that do not open anything, four letters or more; none in a title in capitals."""
    if pair.source.upper() == pair.source:
        return
    places: dict[str, list[Span]] = defaultdict(list)
    for m in _NAME.finditer(pair.source):
        if m[0][0].isupper() and not _OPENS.search(pair.source[: m.start()]):
            places[m[0]].append(m.span())
    terms = {use.source for use in pair.terms}
    for name, spans in places.items():
        rendering = _likest(name, pair.target)
        if rendering and name not in terms:
            yield Rendering("name", name, rendering, pair, tuple(spans), _spans(pair.target, rendering))


def _likest(name: str, target: str) -> str:
    """The word of the target with a capital that is most like the name; '' where none is like it."""
    words = [m[0] for m in _WORD.finditer(target) if m[0][0].isupper()]
    if name in words:
        return name
    rated = [(SequenceMatcher(None, name.lower(), w.lower(), autojunk=False).ratio(), w) for w in words]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= LIKE else ""


def _expansions(pair: Pair) -> Iterator[Rendering]:
    """Acronyms that the English expands in front of brackets: World Health Organization (WHO)."""
    for m in _EXPANDED.finditer(pair.target):
        yield Rendering("acronym", m[2], " ".join(m[1].split()).removeprefix("The "), pair, (), (m.span(),))


def _same(kind: Kind, rendering: str, common: str) -> bool:
    """Whether one is a form of the other, or its beginning (Kazakh, Kazakhstan)."""
    if kind == "acronym":
        return rendering.lower() == common.lower()
    begins = len(rendering) >= 5 and common.lower().startswith(rendering.lower())
    return begins or _stem(rendering) == _stem(common)


def _stem(rendering: str) -> str:
    """What a rendering is compared by: Russia and Russian, Shanghai and Shanghai's are the same."""
    return re.sub(r"(?:'s|s|n|an|i|ian|ese|ish|ic)\Z", "", rendering.lower()).rstrip("aeiou")


def _spans(target: str, rendering: str) -> tuple[Span, ...]:
    return tuple(m.span() for m in re.finditer(re.escape(rendering), target, re.IGNORECASE))
