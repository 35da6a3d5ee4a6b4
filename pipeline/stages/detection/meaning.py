"""Whether a translation says what its source says: numbers, clauses, names, negations, opposites. A detector each, for the table in `detectors.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.finding import Finding
from pipeline.stages.detection.language import foreign, reads_english
from pipeline.stages.detection.names import lost_names
from pipeline.stages.detection.negation import odd_negation
from pipeline.stages.detection.opposites import opposite
from pipeline.stages.detection.words import Span, shortened
from pipeline.stages.numbers.hints import may_count
from pipeline.stages.numbers.lost_units import lost_units
from pipeline.stages.numbers.measures import unexplained
from pipeline.stages.numbers.numerals import Number, numbers
from pipeline.stages.numbers.ranks import changed_ranks
from pipeline.stages.numbers.signs import turned
from pipeline.stages.numbers.units import changed_units
from pipeline.stages.numbers.words import Language

ALONE = {"missing_clause": 1.2, "extra_text": 0.3}
"""Log-odds, in nats, from which on a clause is missed or held for invented in a pair that is seen without its neighbours."""
ENOUGH = 4
"""Content words from which on the coverage of a sentence says something."""


def differing_numbers(pair: Pair, config: Check) -> Iterator[Finding]:
    """A number or month of the source that the target lacks, one in the target that the source lacks, a sign or result turned round, another rank, or a unit lost."""
    language: Language = "en" if _was_english(pair) else "it"
    others, instead = changed_ranks(pair.source, pair.target, language)
    if others:
        message = f"another in the English: {', '.join(pair.source[start:end] for start, end in others)}"
        yield Finding("numbers", message, others, instead)
    if not (may_count(pair.source, language) or may_count(pair.target, "en")):
        return
    here, there = numbers(pair.source, language), numbers(pair.target, "en")
    missing, extra = unexplained(pair.source, pair.target, language)
    if missing or extra:
        told = [f"missing {quoted(pair.source, missing)}"] if missing else []
        told += [f"not in the source {quoted(pair.target, extra)}"] if extra else []
        yield Finding("numbers", ", ".join(told), places(missing), places(extra))
        return
    changed, units = changed_units(pair.source, pair.target, here, there)
    if changed:
        message = f"another unit in the English: {quoted(pair.source, changed)}"
        yield Finding("numbers", message, places(changed), places(units))
    lost, found = turned(pair.source, pair.target, here, there)
    if lost:
        signed = ", ".join(pair.source[n.start - 1 : n.end].strip() for n in lost)
        yield Finding("numbers", f"the sign of {signed} is lost or another", places(lost), places(found))
    for unit, spans in lost_units(pair.source, pair.target):
        figures = ", ".join(pair.source[start:end] for start, end in spans)
        yield Finding("numbers", f"no {unit} in the English: {figures}", spans)


def missing_clause(pair: Pair, config: Check) -> Iterator[Finding]:
    """A stretch of the Italian whose words have no support in the English; see `detection/coverage.py`."""
    seen = coverage(pair.source, pair.target)
    if seen.source.last and len(seen.source.words) >= ENOUGH and seen.score("missing_clause") > ALONE["missing_clause"]:
        start, end = seen.source.span
        told = f"not found in the English: {shortened(pair.source[start:end])}"
        yield Finding("missing_clause", told, ((start, end),))


def extra_text(pair: Pair, config: Check) -> Iterator[Finding]:
    """A stretch of the English whose words have no support in the Italian."""
    seen = coverage(pair.source, pair.target)
    if seen.target.last and len(seen.target.words) >= ENOUGH and seen.score("extra_text") > ALONE["extra_text"]:
        start, end = seen.target.span
        told = f"not found in the Italian: {shortened(pair.target[start:end])}"
        yield Finding("extra_text", told, (), ((start, end),))


def unrelated(pair: Pair, config: Check) -> Iterator[Finding]:
    """An English that shares next to nothing with its Italian: it may belong to another sentence."""
    seen = coverage(pair.source, pair.target)
    if len(seen.source.words) >= ENOUGH and seen.score("unrelated") > config.unrelated:
        told = f"{sum(seen.source.supported)} of {len(seen.source.words)} Italian words are found in the English"
        yield Finding("unrelated", told)


def missing_name(pair: Pair, config: Check) -> Iterator[Finding]:
    """A name of the Italian that is nowhere in the English, neither as it is nor as the lexicon knows it."""
    evidence, (start, end) = lost_names(pair.source, pair.target)
    if evidence > config.lost_name:
        yield Finding("names", f"not found in the English: {pair.source[start:end]}", ((start, end),))


def odd_negations(pair: Pair, config: Check) -> Iterator[Finding]:
    """A negation that only one side has."""
    odd = odd_negation(pair.source, pair.target)
    if odd and not _was_english(pair):
        here, text = (odd.source, pair.source) if odd.what == "lost" else (odd.target, pair.target)
        said = ", ".join(text[start:end] for start, end in here)
        side = "English" if odd.what == "lost" else "Italian"
        yield Finding("negation", f"no such negation in the {side}: {shortened(said)}", odd.source, odd.target)


def opposites(pair: Pair, config: Check) -> Iterator[Finding]:
    """A word that became its opposite, or another of its set."""
    turned = opposite(pair.source, pair.target)
    if turned and not _was_english(pair):
        (start, end), (first, last) = turned.source, turned.target
        told = f"{pair.source[start:end]} became {pair.target[first:last]}"
        yield Finding("opposite", told, (turned.source,), (turned.target,))


def quoted(text: str, found: Sequence[Number]) -> str:
    """Numbers as they stand in the text, for a message."""
    return ", ".join(text[n.start : n.end] for n in found)


def places(found: Sequence[Number]) -> tuple[Span, ...]:
    """Where numbers stand, in order."""
    return tuple(sorted((n.start, n.end) for n in found))


def _was_english(pair: Pair) -> bool:
    """Whether the source is English as a whole, rather than Italian with a title or name in English."""
    return reads_english(pair.source) and (pair.source == pair.target or foreign(pair.source) == "English")
