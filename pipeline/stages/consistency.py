"""Flags on what the translate stage did and on names and terms over a whole document: same term, same rendering.

A name's rendering is found without alignment, as the English word that is most like it; names that are translated beyond
likeness (Germania, Germany) are left alone, so that what is flagged is a name that is spelt in several ways.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from pipeline.document import Document, Pair, Translation
from pipeline.settings import Check
from pipeline.stages.detection.words import Span
from pipeline.stages.detectors import is_checked
from pipeline.stages.evidence import Finding
from pipeline.stages.repair import leak, lost_addresses

_NAME = re.compile(r"(?<!\w)[^\W\d_a-z][^\W\d_]{3,}")
_WORD = re.compile(r"[^\W\d_]{4,}")
_EXPANDED = re.compile(r"((?:[A-Z][\w’'-]+[ -](?:(?:of|for|the|and|on|in|to)[ ])*){2,8})\(([A-Z]{2,8})\)")
_OPENS = re.compile(r"(?:^|[.!?:;]\W*|[\"“”«'‘(—–-]\s*)\Z")
LIKE = 0.72


def untranslated(document: Document, config: Check) -> Iterator[Finding]:
    """A segment of which nothing fit came out: the Italian stands in its place."""
    for pair in document.get(Translation).pairs:
        if pair.provenance == "source":
            yield Finding(
                "no decoding gave a translation: this is the Italian", pair.segment, None, ((0, len(pair.source)),)
            )


def repaired(document: Document, config: Check) -> Iterator[Finding]:
    """A number or an address that was changed in a target because the source settles it."""
    for pair in document.get(Translation).pairs:
        for r in pair.repairs:
            if r.kind != "leak":
                told = f"{r.kind} '{r.before}' became '{r.after}'"
                yield Finding(told, pair.segment, None, (), ((r.start, r.end),))


def leaked(document: Document, config: Check) -> Iterator[Finding]:
    """A phrase of the model's training data: cut off the end of a target, or still there."""
    for pair in document.get(Translation).pairs:
        for r in pair.repairs:
            if r.kind == "leak":
                yield Finding(f"the model added '{r.before.strip()}', which was cut off", pair.segment)
        place = leak(pair.source, pair.target)
        if place and pair.provenance not in ("copied", "approved", "source"):
            yield Finding("a phrase of the model's training data", pair.segment, None, (), (place,))


def addresses(document: Document, config: Check) -> Iterator[Finding]:
    """A web or mail address of the source that the target does not have, character by character."""
    for pair in _translated(document):
        for address in lost_addresses(pair.source, pair.target):
            start = pair.source.index(address)
            yield Finding(f"not in the English: {address}", pair.segment, None, ((start, start + len(address)),))


def glossary(document: Document, config: Check) -> Iterator[Finding]:
    """A term of the glossary without its rendering, or a string that was to be kept and was not."""
    for pair in document.get(Translation).pairs:
        for use in pair.terms:
            if use.status == "unsatisfied":
                wanted = f"'{use.source}' must stay as it is" if use.kind == "keep" else f"'{use.target}' is not there"
                yield Finding(wanted, pair.segment, None, ((use.start, use.end),))


def inconsistent(document: Document, config: Check) -> Iterator[Finding]:
    """A name, a term or the expansion of an acronym that is rendered in more than one way, with all of them."""
    pairs = list(_translated(document))
    for name, uses in _renderings(pairs).items():
        variants = Counter(rendering for _, rendering, _ in uses)
        usual = max(variants, key=lambda v: (variants[v], v.lower() == name.lower(), v))
        told = f"{name} is rendered as " + ", ".join(f"{v} ({n})" for v, n in variants.most_common())
        for pair, rendering, places in uses:
            if not _same(rendering, usual):
                yield Finding(told, pair.segment, None, places, _spans(pair.target, rendering))
    yield from _expansions(pairs)


def _translated(document: Document) -> Iterator[Pair]:
    return (p for p in document.get(Translation).pairs if is_checked(p))


def _renderings(pairs: Sequence[Pair]) -> Mapping[str, list[tuple[Pair, str, tuple[Span, ...]]]]:
    """Names and terms of the Italian by the pairs that have them, with their rendering there."""
    found: dict[str, list[tuple[Pair, str, tuple[Span, ...]]]] = defaultdict(list)
    for pair in pairs:
        for use in pair.terms:
            if use.kind == "glossary" and use.rendering:
                found[use.source].append((pair, use.rendering.lower(), ((use.start, use.end),)))
        terms = {use.source for use in pair.terms}
        for name, places in _names(pair.source).items():
            rendering = _likest(name, pair.target)
            if rendering and name not in terms:
                found[name].append((pair, rendering, places))
    return {name: uses for name, uses in found.items() if len(uses) > 1}


def _names(source: str) -> Mapping[str, tuple[Span, ...]]:
    """The words with a capital that do not open anything, four letters or more; none in a title in capitals."""
    if source.upper() == source:
        return {}
    found: dict[str, list[Span]] = defaultdict(list)
    for m in _NAME.finditer(source):
        if m[0][0].isupper() and not _OPENS.search(source[: m.start()]):
            found[m[0]].append(m.span())
    return {name: tuple(places) for name, places in found.items()}


def _likest(name: str, target: str) -> str:
    """The word of the target with a capital that is most like the name; '' where none is like it."""
    words = [m[0] for m in _WORD.finditer(target) if m[0][0].isupper()]
    if name in words:
        return name
    rated = [(SequenceMatcher(None, name.lower(), w.lower(), autojunk=False).ratio(), w) for w in words]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= LIKE else ""


def _same(rendering: str, usual: str) -> bool:
    """Whether one is a form of the other, or its beginning (Kazakh, Kazakhstan)."""
    begins = len(rendering) >= 5 and usual.lower().startswith(rendering.lower())
    return begins or _stem(rendering) == _stem(usual)


def _stem(rendering: str) -> str:
    """What a rendering is compared by: Russia and Russian, Shanghai and Shanghai's are the same."""
    return re.sub(r"(?:'s|s|n|an|i|ian|ese|ish|ic)\Z", "", rendering.lower()).rstrip("aeiou")


def _spans(target: str, rendering: str) -> tuple[Span, ...]:
    return tuple(m.span() for m in re.finditer(re.escape(rendering), target, re.IGNORECASE))


def _expansions(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """An acronym that is expanded in brackets for a second time, and otherwise than the first time."""
    first: dict[str, str] = {}
    for pair in pairs:
        for m in _EXPANDED.finditer(pair.target):
            words, acronym = " ".join(m[1].split()).removeprefix("The "), m[2]
            if first.setdefault(acronym, words).lower() != words.lower():
                told = f"{acronym} was '{first[acronym]}' before and is '{words}' here"
                yield Finding(told, pair.segment, None, (), (m.span(),))
