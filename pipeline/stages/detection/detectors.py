"""What can be wrong with one pair of sentences, one small function each: pure, model-free, well under a millisecond.

`findings` is what the check stage reports and what the translate stage looks at before it accepts a decoding. How loud a
finding is, the settings say; flags on more than one pair are `flags.py`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.language import foreign, italian_words, not_english, reads_english
from pipeline.stages.detection.lexicon import function_words
from pipeline.stages.detection.names import lost_names
from pipeline.stages.detection.negation import odd_negation
from pipeline.stages.detection.opposites import opposite
from pipeline.stages.detection.repetition import echo, loop, repeated, stutter
from pipeline.stages.detection.shape import broken_off, inner_ends, quotes, unbalanced
from pipeline.stages.detection.words import WORD, Span, merged, shortened, spoken, without_addresses
from pipeline.stages.numbers.hints import may_count
from pipeline.stages.numbers.lost_units import lost_units
from pipeline.stages.numbers.measures import unexplained
from pipeline.stages.numbers.numerals import Number, numbers
from pipeline.stages.numbers.signs import turned
from pipeline.stages.numbers.units import changed_units
from pipeline.stages.numbers.words import Language

UNCHECKED = ("copied", "approved", "source")
"""Provenances of which nothing is asked but a target: nothing to translate, a reviewer's word, the Italian behind a mark."""
ALONE = {"missing_clause": 1.2, "extra_text": 0.3}
"""Log-odds, in nats, from which on a clause is missed or held for invented in a pair that is seen without its neighbours."""
LONGEST = 10_000  # characters
UNREADABLE = "\ufffd"
LEAST_COPIED = 4
"""Common words that a source must have to be called copied."""
ENOUGH = 4
"""Content words from which on the coverage of a sentence says something."""


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
    return [finding for name in _asked(pair) for finding in DETECTORS[name].find(pair, config)]


def detect(name: str, pair: Pair, config: Check) -> Iterator[Finding]:
    """What one detector finds in a pair. Raises KeyError for a name that is not in `DETECTORS`."""
    if name in _asked(pair):
        yield from DETECTORS[name].find(pair, config)


def _asked(pair: Pair) -> Collection[str]:
    """The detectors that look at a pair."""
    return DETECTORS if is_checked(pair) and pair.target.strip() else ("empty",)


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


def _numbers(pair: Pair, config: Check) -> Iterator[Finding]:
    """A number or month of the source that the target lacks, one in the target that the source lacks, a sign turned round, or a unit lost."""
    language: Language = "en" if _was_english(pair) else "it"
    if not (may_count(pair.source, language) or may_count(pair.target, "en")):
        return
    here, there = numbers(pair.source, language), numbers(pair.target, "en")
    missing, extra = unexplained(pair.source, pair.target, language)
    if missing or extra:
        told = [f"missing {quoted(pair.source, missing)}"] if missing else []
        told += [f"not in the source {quoted(pair.target, extra)}"] if extra else []
        yield Finding("numbers", ", ".join(told), places(missing), places(extra))
        return
    changed, others = changed_units(pair.source, pair.target, here, there)
    if changed:
        message = f"another unit in the English: {quoted(pair.source, changed)}"
        yield Finding("numbers", message, places(changed), places(others))
    lost, found = turned(pair.source, pair.target, here, there)
    if lost:
        signed = ", ".join(pair.source[n.start - 1 : n.end].strip() for n in lost)
        yield Finding("numbers", f"the sign of {signed} is lost or another", places(lost), places(found))
    for unit, spans in lost_units(pair.source, pair.target):
        figures = ", ".join(pair.source[start:end] for start, end in spans)
        yield Finding("numbers", f"no {unit} in the English: {figures}", spans)


def _hit_limit(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target whose decoding met its length limit: it may break off, or have looped up to there."""
    if pair.truncated:
        end = len(pair.target)
        yield Finding("hit_limit", "the model was stopped by its length limit", (), ((max(0, end - 40), end),))


def _wrong_language(pair: Pair, config: Check) -> Iterator[Finding]:
    """A target whose function words are Italian, or neither Italian nor English."""
    if (language := not_english(pair.target)) and not_english(pair.source) != "another language":
        yield Finding("wrong_language", f"this is {language}", (), italian_words(pair.target)[0])


def _missing_clause(pair: Pair, config: Check) -> Iterator[Finding]:
    """A stretch of the Italian whose words have no support in the English; see `detection/coverage.py`."""
    seen = coverage(pair.source, pair.target)
    if seen.source.last and len(seen.source.words) >= ENOUGH and seen.score("missing_clause") > ALONE["missing_clause"]:
        start, end = seen.source.span
        told = f"not found in the English: {shortened(pair.source[start:end])}"
        yield Finding("missing_clause", told, ((start, end),))


def _extra_text(pair: Pair, config: Check) -> Iterator[Finding]:
    """A stretch of the English whose words have no support in the Italian."""
    seen = coverage(pair.source, pair.target)
    if seen.target.last and len(seen.target.words) >= ENOUGH and seen.score("extra_text") > ALONE["extra_text"]:
        start, end = seen.target.span
        told = f"not found in the Italian: {shortened(pair.target[start:end])}"
        yield Finding("extra_text", told, (), ((start, end),))


def _unrelated(pair: Pair, config: Check) -> Iterator[Finding]:
    """An English that shares next to nothing with its Italian: it may belong to another sentence."""
    seen = coverage(pair.source, pair.target)
    if len(seen.source.words) >= ENOUGH and seen.score("unrelated") > config.unrelated:
        told = f"{sum(seen.source.supported)} of {len(seen.source.words)} Italian words are found in the English"
        yield Finding("unrelated", told)


def _names(pair: Pair, config: Check) -> Iterator[Finding]:
    """A name of the Italian that is nowhere in the English, neither as it is nor as the lexicon knows it."""
    evidence, (start, end) = lost_names(pair.source, pair.target)
    if evidence > config.lost_name:
        yield Finding("names", f"not found in the English: {pair.source[start:end]}", ((start, end),))


def _negation(pair: Pair, config: Check) -> Iterator[Finding]:
    """A negation that only one side has."""
    odd = odd_negation(pair.source, pair.target)
    if odd and not _was_english(pair):
        here, text = (odd.source, pair.source) if odd.what == "lost" else (odd.target, pair.target)
        said = ", ".join(text[start:end] for start, end in here)
        side = "English" if odd.what == "lost" else "Italian"
        yield Finding("negation", f"no such negation in the {side}: {shortened(said)}", odd.source, odd.target)


def _opposite(pair: Pair, config: Check) -> Iterator[Finding]:
    """A word that became its opposite, or another of its set."""
    turned = opposite(pair.source, pair.target)
    if turned and not _was_english(pair):
        (start, end), (first, last) = turned.source, turned.target
        told = f"{pair.source[start:end]} became {pair.target[first:last]}"
        yield Finding("opposite", told, (turned.source,), (turned.target,))


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
    "numbers": Detector("numbers, dates or months differ between Italian and English", _numbers),
    "hit_limit": Detector("the model was stopped before the end of a sentence", _hit_limit),
    "wrong_language": Detector("a translation is in Italian, or in neither language", _wrong_language),
    "missing_clause": Detector("part of a sentence seems to be left out", _missing_clause),
    "extra_text": Detector("part of a translation seems to be invented", _extra_text),
    "unrelated": Detector("a translation has next to nothing to do with its sentence", _unrelated),
    "names": Detector("a name is missing", _names),
    "negation": Detector("a negation is lost, or was put in", _negation),
    "opposite": Detector("a word became its opposite, or another of its set, such as a day of the week", _opposite),
    "broken_off": Detector("a translation ends in the middle of a sentence", _broken_off),
    "sentence_count": Detector("a sentence became several, or several became one", _sentence_count),
    "marks": Detector("quotation marks are gone, or brackets do not balance", _marks),
    "low_score": Detector("the model was unsure of its translation", _low_score),
}


def quoted(text: str, found: Sequence[Number]) -> str:
    """Numbers as they stand in the text, for a message."""
    return ", ".join(text[n.start : n.end] for n in found)


def places(found: Sequence[Number]) -> tuple[Span, ...]:
    """Where numbers stand, in order."""
    return tuple(sorted((n.start, n.end) for n in found))


def _was_english(pair: Pair) -> bool:
    """Whether the source is English as a whole, rather than Italian with a title or name in English."""
    return reads_english(pair.source) and (pair.source == pair.target or foreign(pair.source) == "English")


def _common_words(text: str) -> list[str]:
    """The words that are no names: those in lower case, or all of them where everything is in capitals."""
    shouted = text.isupper()
    return [w.lower() for w in WORD.findall(text) if (shouted or w.islower()) and w.isalpha() and len(w) > 1]
