"""The flags, one small function each: what in a document a reviewer should look at, with the evidence as spans.

What can be seen in one pair of sentences is `detectors.py`'s; here stand the flags on a document, on neighbours, on the
summary. Nothing decides how loud a flag is, nor whether it is on: that is in the settings, and `check.py` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from pipeline.cleaning import guard
from pipeline.document import CleanText, Document, Segments, Summary, Translation
from pipeline.settings import Check
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.detectors import DETECTORS, UNCHECKED, detect, is_checked, is_compared
from pipeline.stages.detection.language import foreign_quotations, other_language
from pipeline.stages.detection.meaning import ENOUGH, places, quoted
from pipeline.stages.flagging import source_gaps
from pipeline.stages.flagging.clauses import extra_text, missing_clause
from pipeline.stages.flagging.consistency import (
    addresses,
    edited,
    glossary,
    inconsistent,
    leaked,
    repaired,
    unstable,
    untranslated,
)
from pipeline.stages.flagging.evidence import Finding
from pipeline.stages.numbers.numerals import numbers, unsupported


@dataclass(frozen=True, slots=True)
class Flagger:
    """A flag: what it means to a reader, the artifacts it needs, and how it is found."""

    meaning: str
    reads: tuple[type, ...]
    find: Callable[[Document, Check], Iterator[Finding]]


def in_pairs(names: Sequence[str], document: Document, config: Check) -> Iterator[tuple[str, Finding]]:
    """What detectors find, pair by pair: they ask the same of a pair, and the answers are remembered of the latest only."""
    for pair in document.get(Translation).pairs:
        for name in names:
            for found in detect(name, pair, config):
                yield name, Finding(found.message, pair.segment, None, found.source_spans, found.target_spans)


def in_each_pair(name: str, document: Document, config: Check) -> Iterator[Finding]:
    """What one detector finds in each pair of the translation."""
    return (found for _, found in in_pairs([name], document, config))


def swapped(document: Document, config: Check) -> Iterator[Finding]:
    """An English that fits the Italian of the sentence before or after much better than its own."""
    pairs = [p for p in document.get(Translation).pairs if is_compared(p)]
    for i, pair in enumerate(pairs):
        own = coverage(pair.source, pair.target)
        if len(own.source.words) < ENOUGH or own.score("unrelated") < config.unrelated:
            continue
        for other in pairs[max(0, i - 1) : i] + pairs[i + 1 : i + 2]:
            fit = coverage(other.source, pair.target)
            if fit.target.covered > own.target.covered + 0.25 and fit.score("unrelated") < config.unrelated:
                told = f"this seems to be the English of segment {other.segment}"
                yield Finding(told, pair.segment, None, (), ((0, len(pair.target)),))
                break


def low_score(document: Document, config: Check) -> Iterator[Finding]:
    """A decoding that is unlikely in itself, or more unlikely than those of the rest of the document (of eight or more)."""
    pairs = [p for p in document.get(Translation).pairs if p.score is not None and p.provenance not in UNCHECKED]
    scores = [p.score for p in pairs if p.score is not None]
    usual = median(scores) if len(scores) >= 8 else 0.0
    spread = median(abs(s - usual) for s in scores) if len(scores) >= 8 else 0.0
    floor = (
        min(usual - config.score_spread * spread, usual - config.score_gap) if len(scores) >= 8 else config.min_score
    )
    for pair, score in zip(pairs, scores, strict=True):
        if score < max(floor, config.min_score):
            yield Finding(f"{score:.2f} nats a token, where {usual:.2f} is usual", pair.segment)


def unchecked(document: Document, config: Check) -> Iterator[Finding]:
    """A sentence that is too long to be one, so that no other flag was looked for."""
    for pair in document.get(Translation).pairs:
        if pair.provenance not in UNCHECKED and not is_checked(pair):
            yield Finding(f"not checked: {len(pair.source):,} characters without the end of a sentence", pair.segment)


def over_removed(document: Document, config: Check) -> Iterator[Finding]:
    """A page of which cleaning took out sentences that may be the article's, or very much of the running text."""
    clean = document.get(CleanText)
    lost, removed = guard.lost_share(clean), guard.removed_share(clean)
    if lost > config.max_lost_share:
        first = " ".join(guard.lost_sentences(clean)[0].text.split())
        yield Finding(f"{lost:.0%} of the sentences may have been lost, such as '{first[:60]}'")
    elif removed > config.max_removed_share:
        yield Finding(f"{removed:.0%} of the page's running text was removed as boilerplate")


def source_gap(document: Document, config: Check) -> Iterator[Finding]:
    """Words that are missing from the Italian itself, as where a scraper stripped the text of links."""
    for segment in document.get(Segments).items:
        found = source_gaps.gaps(segment.text)
        if found:
            places = ", ".join(f"'{segment.text[g.start : g.end]}'" for g in found)
            spans = tuple((g.start, g.end) for g in found)
            yield Finding(f"words seem to be missing at {places}", segment.id, source_spans=spans)


def not_italian(document: Document, config: Check) -> Iterator[Finding]:
    """A sentence in another language than Italian and English, or a quotation in another than Italian, whatever language the rest is in."""
    for segment in document.get(Segments).items:
        if language := other_language(segment.text):
            yield Finding(f"the sentence is in {language}, not in Italian", segment.id, None, ((0, len(segment.text)),))
        for span, spoken in foreign_quotations(segment.text):
            yield Finding(f"a quotation is in {spoken}, not in Italian", segment.id, None, (span,))


def low_coverage(document: Document, config: Check) -> Iterator[Finding]:
    """A summary made without reading all of the text."""
    summary = document.get(Summary)
    if summary.tokens_read < summary.tokens_total:
        yield Finding(f"the summary was made from {summary.tokens_read} of {summary.tokens_total} tokens")


def summary_numbers(document: Document, config: Check) -> Iterator[Finding]:
    """A number in the summary that stands nowhere in the translation."""
    known = [n for pair in document.get(Translation).pairs for n in numbers(pair.target, "en")]
    for i, sentence in enumerate(document.get(Summary).sentences):
        wrong = unsupported(numbers(sentence.text, "en"), known)
        if wrong:
            yield Finding(f"not in the text {quoted(sentence.text, wrong)}", None, i, target_spans=places(wrong))


FLAGS: dict[str, Flagger] = {
    **{name: Flagger(d.meaning, (Translation,), partial(in_each_pair, name)) for name, d in DETECTORS.items()},
    "missing_clause": Flagger(DETECTORS["missing_clause"].meaning, (Translation,), missing_clause),
    "extra_text": Flagger(DETECTORS["extra_text"].meaning, (Translation,), extra_text),
    "swapped": Flagger("a translation belongs to the sentence before or after", (Translation,), swapped),
    "low_score": Flagger(DETECTORS["low_score"].meaning, (Translation,), low_score),
    "untranslated": Flagger("nothing fit came out, so the Italian stands in its place", (Translation,), untranslated),
    "leak": Flagger("the model added a phrase of its training data", (Translation,), leaked),
    "addresses": Flagger(
        "a web or mail address, a hashtag or an @name differs between Italian and English", (Translation,), addresses
    ),
    "glossary": Flagger("a term of the glossary is not rendered as it says", (Translation,), glossary),
    "inconsistent": Flagger("a name or a term is rendered in several ways", (Translation,), inconsistent),
    "repaired": Flagger("a number, an address or a name was put right", (Translation,), repaired),
    "edited": Flagger("a rule of translate.edits changed the English", (Translation,), edited),
    "unstable": Flagger("with another ending the sentence is translated otherwise", (Translation,), unstable),
    "unchecked": Flagger("a sentence is too long to be checked", (Translation,), unchecked),
    "over_removed": Flagger(
        "cleaning took out sentences that may be the article's, or most of the page", (CleanText,), over_removed
    ),
    "source_gap": Flagger("words are missing from the Italian itself", (Segments,), source_gap),
    "not_italian": Flagger("a sentence or a quotation is not in Italian", (Segments,), not_italian),
    "low_coverage": Flagger("the summary was made without reading the whole text", (Summary,), low_coverage),
    "summary_numbers": Flagger(
        "the summary has a number that the text does not have", (Translation, Summary), summary_numbers
    ),
}


def look_for(names: Sequence[str], document: Document, config: Check) -> Iterator[tuple[str, Finding]]:
    """What these flags find, with their names: first what single pairs show, pair by pair, then flag by flag."""
    detectors = [name for name in names if isinstance(FLAGS[name].find, partial)]
    yield from in_pairs(detectors, document, config) if detectors else ()
    for name in names:
        if name not in detectors:
            yield from ((name, found) for found in FLAGS[name].find(document, config))


def list_flags() -> list[tuple[str, str]]:
    """Every flag and what it means, in the order in which they are looked for."""
    return [(name, flag.meaning) for name, flag in FLAGS.items()]


def false_alarms() -> dict[str, str]:
    """How many good translations in a hundred raise a flag, in articles of this project's and in NTREX: '0.40 / 1.10'.

    Measured by `benchmarks/faithfulness.py`; a flag that only a decoder's doings raise has no such rate.
    """
    lines = Path(__file__).with_name("flag_rates.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: f"{articles} / {ntrex}" for name, articles, ntrex in rows}
