"""The words of one text that negate, in Italian or English: found by lists (`negators.txt`), with no parser. Nothing is compared here.

Three kinds: what negates for certain (`non`, *never*); what may or may not (`non solo`, *no later than*); what negates by what it means
(`rifiutare`, *fail*, `impossibile`). Italian negates twice what English negates once (`non … nessuno`): the second counts as part of the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.stages.detection.lexicon import function_words, parsed
from pipeline.stages.detection.listed import Listed
from pipeline.stages.numbers.words import Language

Phrase = tuple[int, tuple[frozenset[str], ...]]
"""Where in it the negative word stands, and the words that may stand at each place."""
MARKS = '.,;:!?…()"“”«»–—'
_TOKEN: Mapping[Language, re.Pattern[str]] = {
    "it": re.compile(rf"[^\W\d_]+|\d+|[{MARKS}]"),
    "en": re.compile(rf"[^\W\d_]+(?=n['’]t\b)|n['’]t\b|[^\W\d_]+|\d+|[{MARKS}]"),
}
_ENDS = {"it": {"ma", "però", "perché", "mentre", "e"}, "en": {"but", "because", "while", "and"}}
"""Words that end the reach of a negation, as marks do."""
AGAIN = frozenset(["nessun", "nessuno", "nessuna", "niente", "nulla", "neanche", "nemmeno", "neppure", "mica", "mai"])
"""Italian words that say once more what a negation before them has said, within `REACH` words."""
PRONOUNS = frozenset(["si", "lo", "la", "li", "le", "gli", "ci", "vi", "mi", "ti", "ne"])
"""Words that stand between `non` and its verb: `non si esclude`."""
LISTING = frozenset(["non", "no", "not"])
LISTED_AFTER = frozenset([",", "e", "o", "ed", "and", "or", "oppure"])
REACH = 12
FURTHER = frozenset({"né", "nor"})
"""Words that carry on a negation that stands anywhere before them."""
BEHIND = 5
"""Words behind a negation among which the one stands that it is about."""


class Token(NamedTuple):
    """A word, number or mark in lower case, and its place in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negators:
    """A text's tokens, and which of them negate: `certain`, `possible` (they excuse, and demand nothing), and by what they mean (`lexical`)."""

    tokens: Sequence[Token]
    certain: tuple[int, ...]
    possible: tuple[int, ...]
    lexical: tuple[int, ...]

    def about(self, i: int, language: Language) -> list[int]:
        """The first content words behind the negation at `i`, two at most: what it is likely to be about."""
        found: list[int] = []
        for k in range(i + 1, min(i + BEHIND, len(self.tokens))):
            word = self.tokens[k].text
            if word in ".;:!?" or k in self.certain:
                break
            if len(word) > 2 and word[0].isalpha() and word not in function_words(language):
                found.append(k)
        return found[:2]


@dataclass(frozen=True, slots=True)
class _Known:
    """What `negators.txt` has of a language; `followed` are lexical words that need a certain word behind them."""

    certain: frozenset[str]
    listed: Listed[str]
    followed: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Sequence[Phrase]]


def certain_words(language: Language) -> frozenset[str]:
    """The words that negate for certain, as `negators.txt` lists them."""
    return _known(language).certain


def always_negates(word: str, language: Language) -> bool:
    """Whether a lexical word stands for a negation whatever else it may translate."""
    return "always" in _known(language).listed[word]


def negators(text: str, language: Language) -> Negators:
    """Everything in a text that negates."""
    known = _known(language)
    tokens = [Token(m[0].lower().replace("’", "'"), *m.span()) for m in _TOKEN[language].finditer(text)]
    said = [token.text for token in tokens]
    ends = _ENDS[language] | set(MARKS)
    certain: list[int] = []
    possible: list[int] = []
    lexical: list[int] = []
    opened, unless = -REACH, False
    for i, word in enumerate(said):
        if word in ends:
            opened = -REACH
        unless = unless or said[max(0, i - 1) : i + 1] == ["meno", "che"]
        said_again = language == "it" and word in AGAIN
        again = said_again and i - opened < REACH
        if word in known.certain:
            if _is_possible(said, i, known) or (unless and word == "non") or (said_again and not again and certain):
                possible.append(i)
                unless = False
            elif (certain or possible) and _carries_on(said, i):
                possible.append(i)
            elif not again:
                certain.append(i)
            opened = i
        elif not again and _is_lexical(said, i, known):
            lexical.append(i)
    return Negators(tokens, tuple(certain), tuple(possible), tuple(lexical))


def _is_possible(said: Sequence[str], i: int, known: _Known) -> bool:
    """Whether the negation at `i` is part of a phrase, or of a negative word: what does not fail succeeds."""
    behind = i + 2 if said[i] == "non" and not PRONOUNS.isdisjoint(said[i + 1 : i + 2]) else i + 1
    beside = (k for k in (i - 1, behind) if 0 <= k < len(said) and said[k] not in known.certain)
    if any(_is_lexical(said, k, known) and "mild" not in known.listed[said[k]] for k in beside):
        return True
    return any(_stands(said, i - before, phrase) for before, phrase in known.phrases.get(said[i], ()))


def _stands(said: Sequence[str], start: int, phrase: Sequence[frozenset[str]]) -> bool:
    """Whether a phrase stands at `start`."""
    if start < 0 or start + len(phrase) > len(said):
        return False
    places = zip(phrase, said[start : start + len(phrase)], strict=True)
    return all(
        word in some or ("*" in some and word[0].isalpha()) or ("#" in some and word.isdigit()) for some, word in places
    )


def _carries_on(said: Sequence[str], i: int) -> bool:
    """Whether a negation goes on with another: `non … né`, `non …, non …`, *no … and no*."""
    return said[i] in FURTHER or (said[i] in LISTING and said[i - 1] in LISTED_AFTER)


def _is_lexical(said: Sequence[str], i: int, known: _Known) -> bool:
    kinds = known.listed[said[i]]
    if kinds and "plain" not in kinds and ("lexical" in kinds or "mild" in kinds):
        return True
    return said[i] in known.followed and i + 1 < len(said) and said[i + 1] in known.followed[said[i]]


@lru_cache(maxsize=2)
def _known(language: Language) -> _Known:
    sections = parsed(Path(__file__).with_name("negators.txt").read_text(encoding="utf-8"))

    def listed(name: str) -> list[str]:
        return [word for line in sections[f"{language}{name}"] for word in line.split()]

    certain, lexical = frozenset(listed("")), listed("-lexical")
    phrases: dict[str, list[Phrase]] = {}
    for line in sections[f"{language}-phrases"]:
        phrase = tuple(frozenset(some.split("/")) for some in line.split())
        for before, some in enumerate(phrase):
            for word in some & certain:
                phrases.setdefault(word, []).append((before, phrase))
    followed: dict[str, frozenset[str]] = {}
    for first, behind in (pair.split("_") for pair in lexical if "_" in pair):
        followed[first] = followed.get(first, frozenset()) | set(behind.split("/"))
    kinds = ("lexical", "mild", "plain", "always")
    return _Known(certain, Listed((w, kind) for kind in kinds for w in listed(f"-{kind}")), followed, phrases)
