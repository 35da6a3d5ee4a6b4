"""What can be wrong with one pair of sentences, one small function each: pure, model-free, well under a millisecond. Those that look at what is said are in `meaning.py`.

`findings` is what the check stage reports and what the translate stage looks at before it accepts a decoding. How loud a
finding is, the settings say; flags on more than one pair are `flags.py`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.finding import Finding
from pipeline.stages.detection.language import italian_words, not_english, reads_english
from pipeline.stages.detection.lexicon import function_words
from pipeline.stages.detection.meaning import (
    differing_numbers,
    extra_text,
    missing_clause,
    missing_name,
    odd_negations,
    opposites,
    unrelated,
)
from pipeline.stages.detection.repetition import echo, loop, repeated, stutter
from pipeline.stages.detection.shape import broken_off, inner_ends, quotes, unbalanced
from pipeline.stages.detection.words import WORD, merged, shortened, spoken, without_addresses

UNCHECKED = ("copied", "approved", "source")
"""Provenances of which nothing is asked but a target: nothing to translate, a reviewer's word, the Italian behind a mark."""
LONGEST = 10_000  # characters
UNREADABLE = "\ufffd"
LEAST_COPIED = 4
"""Common words that a source must have to be called copied."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A flag on a pair: what it means to a reader, and how it is found."""

    meaning: str
    find: Callable[[Pair, Check], Iterator[Finding]]


def findings(pair: Pair, config: Check) -> list[Finding]:
    """Everything that is wrong with a pair, in the order of `DETECTORS`, whatever is switched off in `config.flags`."""
    return [finding for name in _asked(pair) for finding in DETECTORS[name].find(pair, config)]


def detect(name: str, pair: Pair, config: Check) -> Iterator[Finding]:
    """What one detector finds in a pair. Raises KeyError for a name that is not in `DETECTORS`."""
    if name in _asked(pair):
        yield from DETECTORS[name].find(pair, config)


def _asked(pair: Pair) -> Collection[str]:
    """The detectors that look at a pair."""
    return DETECTORS if is_compared(pair) else ("empty",)


def is_compared(pair: Pair) -> bool:
    """Whether there is something to compare: a pair that is checked, and has a target."""
    return is_checked(pair) and bool(pair.target.strip())


def is_checked(pair: Pair) -> bool:
    """Whether detectors look at a pair: a model made it, and it is of a length that sentences have.

    Several detectors take time by the square of a text's length, and none of them means anything on a file without a full stop.
    """
    return pair.provenance not in UNCHECKED and max(len(pair.source), len(pair.target)) <= LONGEST


def _empty(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target without a single character for a source that has some."""
    if pair.source.strip() and not pair.target.strip():
        yield Finding("empty", "nothing came out", ((0, len(pair.source)),))


def _copied(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target with the Italian words still in it: `copied_share` of the source's, names, numbers and addresses apart, of `LEAST_COPIED` or more.

    What was in English before is no fault of the translation's, and `no` is a word of both languages.
    """
    plain, target = without_addresses(pair.source), without_addresses(pair.target)
    there = frozenset(spoken(target))
    if sum(map(there.__contains__, spoken(plain))) < config.copied_share * LEAST_COPIED:
        return  # not even if all of these were words that are looked at
    source = [word for word in _common_words(plain) if word not in function_words("en")]
    if len(source) < LEAST_COPIED or reads_english(pair.source):
        return
    if sum(map(there.__contains__, source)) < config.copied_share * len(source):
        return  # not even if each of them stood there as often as here
    shared = Counter(source) & Counter(spoken(target))
    if shared.total() >= config.copied_share * len(source):
        still = [m.span() for m in WORD.finditer(target) if m[0].lower() in shared]
        told = f"{shared.total()} of {len(source)} words are still Italian"
        yield Finding("copied", told, (), merged(still, pair.target))


def _garbled(pair: Pair, config: Check) -> Iterator[Finding]:
    """Signs in the target that stand for bytes which make no character, where the source has none: a decoder spelled one and failed."""
    if UNREADABLE in pair.target and UNREADABLE not in pair.source:
        spans = tuple(m.span() for m in re.finditer(f"{UNREADABLE}+", pair.target))
        told = ", ".join(shortened(pair.target[max(0, start - 10) : end + 10], 30) for start, end in spans)
        yield Finding("garbled", f"a character that is none: {told}", (), spans)


def _repetition(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target that goes round in circles where the source does not: a word that stutters, a loop, or the same word sequences over and over."""
    if (word := stutter(pair.target)) and pair.target[slice(*word)].lower() not in pair.source.lower():
        yield Finding("repetition", f"a word stutters: {shortened(pair.target[slice(*word)])}", (), (word,))
        return
    circle = loop(pair.target) or echo(pair.target)
    if circle:
        if not (loop(pair.source) or echo(pair.source, 2)):
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


def _hit_limit(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target whose decoding met its length limit: it may break off, or have looped up to there."""
    if pair.truncated:
        end = len(pair.target)
        yield Finding("hit_limit", "the model was stopped by its length limit", (), ((max(0, end - 40), end),))


def _wrong_language(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target whose function words are Italian, or neither Italian nor English."""
    if (language := not_english(pair.target)) and not_english(pair.source) != "another language":
        yield Finding("wrong_language", f"this is {language}", (), italian_words(pair.target)[0])


def _broken_off(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target that ends in the middle of a sentence where the source does not."""
    if broken_off(pair.source, pair.target):
        end = len(pair.target)
        yield Finding("broken_off", "the English ends without a full stop", (), ((max(0, end - 20), end),))


def _sentence_count(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target of more sentences than its source by `sentence_difference`, or of fewer."""
    here, there = inner_ends(pair.source), inner_ends(pair.target)
    if abs(there - here) >= config.sentence_difference:
        yield Finding("sentence_count", f"{here + 1} sentences became {there + 1}")


def _marks(pair: Pair, config: Check) -> Iterator[Finding]:
    """Quotes of the source that the target does not have at all, or brackets that do not balance as they do in the source."""
    if quotes(pair.source) > 1 and not quotes(pair.target) and not {"'", "‘"} & set(pair.target):
        yield Finding("marks", "the quotation marks are gone")
    elif (wrong := unbalanced(pair.target)) and not unbalanced(pair.source):
        yield Finding("marks", f"the brackets {wrong} do not balance")


def _low_score(pair: Pair, config: Check) -> Iterator[Finding]:
    """A decoding that the model itself holds for unlikely."""
    if pair.score is not None and pair.score < config.min_score:
        yield Finding("low_score", f"{pair.score:.2f} nats a token")


DETECTORS: dict[str, Detector] = {
    "empty": Detector("a sentence has no translation", _empty),
    "copied": Detector("a sentence was left in Italian", _copied),
    "garbled": Detector("characters that cannot be read stand in a translation", _garbled),
    "repetition": Detector("a translation repeats itself where the Italian does not", _repetition),
    "length_ratio": Detector("a translation is much too short or too long", _length_ratio),
    "numbers": Detector("numbers, dates or months differ between Italian and English", differing_numbers),
    "hit_limit": Detector("the model was stopped before the end of a sentence", _hit_limit),
    "wrong_language": Detector("a translation is in Italian, or in neither language", _wrong_language),
    "missing_clause": Detector("part of a sentence seems to be left out", missing_clause),
    "extra_text": Detector("part of a translation seems to be invented", extra_text),
    "unrelated": Detector("a translation has next to nothing to do with its sentence", unrelated),
    "names": Detector("a name is missing", missing_name),
    "negation": Detector("a negation is lost, or was put in", odd_negations),
    "opposite": Detector("a word became its opposite, or another of its set, such as a day of the week", opposites),
    "broken_off": Detector("a translation ends in the middle of a sentence", _broken_off),
    "sentence_count": Detector("a sentence became several, or several became one", _sentence_count),
    "marks": Detector("quotation marks are gone, or brackets do not balance", _marks),
    "low_score": Detector("the model was unsure of its translation", _low_score),
}


def _common_words(text: str) -> list[str]:
    """The words that are no names: those in lower case, or all of them where everything is in capitals."""
    shouted = text.isupper()
    return [w.lower() for w in WORD.findall(text) if (shouted or w.islower()) and w.isalpha() and len(w) > 1]
