"""What can be wrong with one pair of sentences, one small function each: pure, model-free, well under a millisecond.

`findings` is what the check stage reports and what the translate stage looks at before it accepts a decoding. How loud a
finding is, the settings say; flags on more than one pair are `flags.py`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.repetition import loop, repeated
from pipeline.stages.detection.words import WORD, Span, merged
from pipeline.stages.numerals import Number, numbers, unmatched

UNCHECKED = ("copied", "approved", "source")
"""Provenances of which nothing is asked but a target: nothing to translate, a reviewer's word, the Italian behind a mark."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a pair: the flag's id, what a reader is told, and the evidence as spans of source and target."""

    id: str
    message: str
    source_spans: tuple[Span, ...] = ()
    target_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Detector:
    """A flag on a pair: what it means to a reader, and how it is found."""

    meaning: str
    find: Callable[[Pair, Check], Iterator[Finding]]


def findings(pair: Pair, config: Check) -> list[Finding]:
    """Everything that is wrong with a pair, in the order of `DETECTORS`, whatever is switched off in `config.flags`."""
    return [finding for name in DETECTORS for finding in detect(name, pair, config)]


def detect(name: str, pair: Pair, config: Check) -> Iterator[Finding]:
    """What one detector finds in a pair. Raises KeyError for a name that is not in `DETECTORS`."""
    if name == "empty" or (pair.provenance not in UNCHECKED and pair.target.strip()):
        yield from DETECTORS[name].find(pair, config)


def _empty(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target without a single character for a source that has some."""
    if pair.source.strip() and not pair.target.strip():
        yield Finding("empty", "nothing came out", ((0, len(pair.source)),))


def _copied(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target with the Italian words still in it: `copied_share` of the source's, names and numbers apart, of four or more."""
    source = _common_words(pair.source)
    if len(source) < 4:
        return
    shared = Counter(source) & Counter(w.lower() for w in WORD.findall(pair.target))
    if shared.total() >= config.copied_share * len(source):
        still = [m.span() for m in WORD.finditer(pair.target) if m[0].lower() in shared]
        told = f"{shared.total()} of {len(source)} words are still Italian"
        yield Finding("copied", told, (), merged(still, pair.target))


def _repetition(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target that goes round in circles where the source does not: a loop, or the same word sequences over and over."""
    circle = loop(pair.target)
    if circle and not loop(pair.source):
        yield Finding("repetition", "the same words come again and again", (), (circle,))
        return
    share, spans = repeated(pair.target)
    if share > config.repeated_share and share > repeated(pair.source)[0] + 0.15:
        yield Finding("repetition", f"{share:.0%} of the words repeat earlier ones", (), spans)


def _length_ratio(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target much shorter or longer than its source. 15 characters are added to both, which spares short segments."""
    ratio = (len(pair.target) + 15) / (len(pair.source) + 15)
    if not config.min_length_ratio <= ratio <= config.max_length_ratio:
        times = len(pair.target) / max(1, len(pair.source))
        yield Finding("length_ratio", f"the English is {times:.2f} times as long")


def _numbers(pair: Pair, config: Check) -> Iterator[Finding]:
    """A number or month of the source that the target lacks, or one in the target that the source lacks."""
    missing, extra = unmatched(numbers(pair.source, "it"), numbers(pair.target, "en"))
    if missing or extra:
        told = [f"missing {quoted(pair.source, missing)}"] if missing else []
        told += [f"not in the source {quoted(pair.target, extra)}"] if extra else []
        yield Finding("numbers", ", ".join(told), places(missing), places(extra))


def _hit_limit(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target whose decoding met its length limit: it may break off, or have looped up to there."""
    if pair.truncated:
        end = len(pair.target)
        yield Finding("hit_limit", "the model was stopped by its length limit", (), ((max(0, end - 40), end),))


DETECTORS: dict[str, Detector] = {
    "empty": Detector("a sentence has no translation", _empty),
    "copied": Detector("a sentence was left in Italian", _copied),
    "repetition": Detector("a translation repeats itself where the Italian does not", _repetition),
    "length_ratio": Detector("a translation is much too short or too long", _length_ratio),
    "numbers": Detector("numbers, dates or months differ between Italian and English", _numbers),
    "hit_limit": Detector("the model was stopped before the end of a sentence", _hit_limit),
}


def quoted(text: str, found: Sequence[Number]) -> str:
    """Numbers as they stand in the text, for a message."""
    return ", ".join(text[n.start : n.end] for n in found)


def places(found: Sequence[Number]) -> tuple[Span, ...]:
    """Where numbers stand, in order."""
    return tuple(sorted((n.start, n.end) for n in found))


def _common_words(text: str) -> list[str]:
    """The words that are no names: those in lower case, or all of them where everything is in capitals."""
    found = [w for w in WORD.findall(text) if w.isalpha() and len(w) > 1]
    return [w.lower() for w in found if w.islower() or text.isupper()]
