"""The flags, one small function each: what in a document a reviewer should look at, with the evidence as spans.

Nothing here decides how loud a flag is, nor whether it is on: that is in the settings, and `check.py` reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.cleaning import guard
from pipeline.document import CleanText, Document, Pair, Segments, Summary, Translation
from pipeline.settings import Check
from pipeline.stages import source_gaps
from pipeline.stages.numerals import Number, numbers, unmatched, unsupported

_WORD = re.compile(r"[^\W_]+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag without its name and severity; see `document.Flag`."""

    message: str
    segment: int | None = None
    sentence: int | None = None
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Flagger:
    """A flag: what it means to a reader, the artifacts it needs, and how it is found."""

    meaning: str
    reads: tuple[type, ...]
    find: Callable[[Document, Check], Iterator[Finding]]


def empty(document: Document, config: Check) -> Iterator[Finding]:
    """A target without a single character for a source that has some."""
    for pair in document.get(Translation).pairs:
        if pair.source.strip() and not pair.target.strip():
            yield Finding("nothing came out", pair.segment, source_spans=((0, len(pair.source)),))


def copied(document: Document, config: Check) -> Iterator[Finding]:
    """A target with the Italian words still in it: `copied_share` of the source's, names and numbers apart, of four or more."""
    for pair in _decoded(document):
        source = _common_words(pair.source)
        if len(source) < 4:
            continue
        shared = Counter(source) & Counter(w.lower() for w in _WORD.findall(pair.target))
        if shared.total() >= config.copied_share * len(source):
            spans = _spans(pair.target, frozenset(shared))
            yield Finding(
                f"{shared.total()} of {len(source)} words are still Italian", pair.segment, target_spans=spans
            )


def repetition(document: Document, config: Check) -> Iterator[Finding]:
    """A target that goes round in circles where the source does not: a loop, or the same word sequences over and over."""
    for pair in _decoded(document):
        loop = _loop(pair.target)
        if loop and not _loop(pair.source):
            yield Finding("the same words come again and again", pair.segment, target_spans=(loop,))
            continue
        share, spans = _repeated(pair.target)
        if share > config.repeated_share and share > _repeated(pair.source)[0] + 0.15:
            yield Finding(f"{share:.0%} of the words repeat earlier ones", pair.segment, target_spans=spans)


def length_ratio(document: Document, config: Check) -> Iterator[Finding]:
    """A target much shorter or longer than its source. 15 characters are added to both, which spares short segments."""
    for pair in _decoded(document):
        if not pair.target.strip():
            continue
        ratio = (len(pair.target) + 15) / (len(pair.source) + 15)
        if not config.min_length_ratio <= ratio <= config.max_length_ratio:
            yield Finding(
                f"the English is {len(pair.target) / max(1, len(pair.source)):.2f} times as long", pair.segment
            )


def wrong_numbers(document: Document, config: Check) -> Iterator[Finding]:
    """A number or month of the source that the target lacks, or one in the target that the source lacks."""
    for pair in _decoded(document):
        missing, extra = unmatched(numbers(pair.source, "it"), numbers(pair.target, "en"))
        if (missing or extra) and pair.target.strip():
            told = [f"missing {_quoted(pair.source, missing)}"] if missing else []
            told += [f"not in the source {_quoted(pair.target, extra)}"] if extra else []
            yield Finding(", ".join(told), pair.segment, None, _places(missing), _places(extra))


def hit_limit(document: Document, config: Check) -> Iterator[Finding]:
    """A target whose decoding met its length limit: it may break off, or have looped up to there."""
    for pair in _decoded(document):
        if pair.truncated:
            end = len(pair.target)
            yield Finding(
                "the model was stopped by its length limit", pair.segment, target_spans=((max(0, end - 40), end),)
            )


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
            yield Finding(f"not in the text {_quoted(sentence.text, wrong)}", None, i, target_spans=_places(wrong))


FLAGS: dict[str, Flagger] = {
    "empty": Flagger("a sentence has no translation", (Translation,), empty),
    "copied": Flagger("a sentence was left in Italian", (Translation,), copied),
    "repetition": Flagger("a translation repeats itself where the Italian does not", (Translation,), repetition),
    "length_ratio": Flagger("a translation is much too short or too long", (Translation,), length_ratio),
    "numbers": Flagger("numbers, dates or months differ between Italian and English", (Translation,), wrong_numbers),
    "hit_limit": Flagger("the model was stopped before the end of a sentence", (Translation,), hit_limit),
    "over_removed": Flagger(
        "cleaning took out sentences that may be the article's, or most of the page", (CleanText,), over_removed
    ),
    "source_gap": Flagger("words are missing from the Italian itself", (Segments,), source_gap),
    "low_coverage": Flagger("the summary was made without reading the whole text", (Summary,), low_coverage),
    "summary_numbers": Flagger(
        "the summary has a number that the text does not have", (Translation, Summary), summary_numbers
    ),
}


def list_flags() -> list[tuple[str, str]]:
    """Every flag and what it means, in the order in which they are looked for."""
    return [(name, flag.meaning) for name, flag in FLAGS.items()]


def _decoded(document: Document) -> Iterator[Pair]:
    """The pairs that a model made: not those copied for want of words, nor those a reviewer approved."""
    return (p for p in document.get(Translation).pairs if p.provenance in ("model", "split"))


def _common_words(text: str) -> list[str]:
    """The words that are no names: those in lower case, or all of them where everything is in capitals."""
    found = [w for w in _WORD.findall(text) if w.isalpha() and len(w) > 1]
    return [w.lower() for w in found if w.islower() or text.isupper()]


def _spans(text: str, wanted: frozenset[str]) -> tuple[Span, ...]:
    """The stretches of neighbouring words that are among those wanted, in lower case."""
    found: list[Span] = []
    last = -2
    for i, m in enumerate(_WORD.finditer(text)):
        if m[0].lower() in wanted:
            found = [*found[:-1], (found[-1][0], m.end())] if i == last + 1 and found else [*found, m.span()]
            last = i
    return tuple(found)


def _loop(text: str) -> Span | None:
    """The first stretch in which up to six words come three times in a row (a single word, four times)."""
    found = list(_WORD.finditer(text))
    spoken = [m[0].lower() for m in found]
    for size in range(1, 7):
        times = 4 if size == 1 else 3
        run = 0
        for i in range(size, len(spoken)):
            run = run + 1 if spoken[i] == spoken[i - size] else 0
            if run >= size * (times - 1) and not all(w.isdigit() for w in spoken[i - size : i]):
                return found[i - size * times + 1].start(), found[i].end()
    return None


def _repeated(text: str) -> tuple[float, tuple[Span, ...]]:
    """The share of words that stand in a sequence of three said before, and where; 0 in a text of fewer than ten."""
    found = list(_WORD.finditer(text))
    if len(found) < 10:
        return 0.0, ()
    spoken = [m[0].lower() for m in found]
    seen: set[tuple[str, ...]] = set()
    again: set[int] = set()
    for i in range(len(spoken) - 2):
        triple = tuple(spoken[i : i + 3])
        if triple in seen:
            again.update(range(i, i + 3))
        seen.add(triple)
    return len(again) / len(found), _merged([found[i].span() for i in sorted(again)], text)


def _merged(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans with nothing but marks and spaces between them as one."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and not _WORD.search(text, merged[-1][1], start):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _quoted(text: str, found: Sequence[Number]) -> str:
    return ", ".join(text[n.start : n.end] for n in found)


def _places(found: Sequence[Number]) -> tuple[Span, ...]:
    return tuple(sorted((n.start, n.end) for n in found))
