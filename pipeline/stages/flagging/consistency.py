"""Flags on what the translate stage did and on names and terms over a whole document: same term, same rendering.

What a rendering is, `renderings.py` says. Over a whole batch, `pipeline/terminology.py` compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.document import Document, Pair, Translation
from pipeline.settings import Check
from pipeline.stages.detection.detectors import is_checked
from pipeline.stages.detection.language import other_language
from pipeline.stages.detection.words import shortened
from pipeline.stages.flagging.evidence import Finding
from pipeline.stages.flagging.renderings import by_source, differing, renderings, told
from pipeline.stages.translation.addresses import lost_addresses
from pipeline.stages.translation.leaks import leak
from pipeline.stages.translation.probing import likeness


def untranslated(document: Document, config: Check) -> Iterator[Finding]:
    """A segment of which nothing fit came out: the Italian stands in its place. What `not_italian` tells has that flag alone."""
    for pair in document.get(Translation).pairs:
        if pair.provenance == "source" and not other_language(pair.source):
            yield Finding(
                "no decoding gave a translation: this is the Italian", pair.segment, None, ((0, len(pair.source)),)
            )


def repaired(document: Document, config: Check) -> Iterator[Finding]:
    """A number, an address or a name that was changed in a target because the source settles it."""
    for pair in document.get(Translation).pairs:
        for r in pair.repairs:
            if r.kind in ("number", "address", "name"):
                told = f"{r.kind} '{r.before}' became '{r.after}'"
                yield Finding(told, pair.segment, None, (), ((r.start, r.end),))


def edited(document: Document, config: Check) -> Iterator[Finding]:
    """An English that a rule of the user's changed."""
    for pair in document.get(Translation).pairs:
        for r in pair.repairs:
            if r.kind == "edit":
                what = f"'{r.before}' became '{r.after}'" if r.after else f"'{r.before}' was taken out"
                yield Finding(f"{r.rule}: {what}", pair.segment, None, (), ((r.start, r.end),))


def unstable(document: Document, config: Check) -> Iterator[Finding]:
    """A translation that becomes another one when the sentence's full stop comes or goes; only `translate.probe` looks for it."""
    for pair in document.get(Translation).pairs:
        if pair.variant and likeness(pair.target, pair.variant) < config.unstable_likeness:
            yield Finding(f"with another ending: {shortened(pair.variant, 160)}", pair.segment)


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
    """A term of the glossary without its rendering, or a string that was to be kept and was not, unless a reviewer wrote it so."""
    for pair in document.get(Translation).pairs:
        for use in pair.terms:
            if use.status == "unsatisfied" and pair.provenance != "approved":
                wanted = f"'{use.source}' must stay as it is" if use.kind == "keep" else f"'{use.target}' is not there"
                yield Finding(wanted, pair.segment, None, ((use.start, use.end),))


def inconsistent(document: Document, config: Check) -> Iterator[Finding]:
    """A name, a term or the expansion of an acronym that is rendered in more than one way, with all of them."""
    for (kind, source), uses in by_source(renderings(document)).items():
        variants = Counter(use.target for use in uses)
        others = differing(kind, source, variants)
        for use in uses:
            if use.target in others:
                yield Finding(told(source, variants), use.pair.segment, None, use.source_spans, use.target_spans)


def _translated(document: Document) -> Iterator[Pair]:
    return (p for p in document.get(Translation).pairs if is_checked(p))
