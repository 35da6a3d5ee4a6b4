"""Capitals of titles: how a shouted or Title Case sentence is written as a sentence for the model, and restored after it.

Words are cased as the same document's body cases them; where it does not have them, acronyms and well-known names keep
capitals and everything else is lowered. Pure functions of text; no model, no lexicon beyond `names.txt`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

Style = Literal["plain", "shouted", "titled"]

_WORD = re.compile(r"[^\W\d_]+(?:\d+)?")
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_VOWEL = re.compile(r"[aeiouyàèéìòù]", re.IGNORECASE)
_OPENING = re.compile(r"[\"'“”‘’«»(]*([^\W\d_]\w*)\b(?![.@/]\w)")
_SENTENCE_END = re.compile(r"[.!?:]\W*$")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """
    a an and as at but by for from in into nor of off on or over the to up with
    di del dello della dell dei degli delle da dal dallo dalla dall dai dagli dalle il lo la l i gli le un uno una e ed o per con su
    sul sullo sulla sull sui sugli sulle nel nello nella nell nei negli nelle al allo alla all ai agli alle tra fra che non
        """,
    )
)


def style(text: str) -> Style:
    """'shouted' for three words or more in capitals only, 'titled' for four long words or more that all begin with one."""
    if text.upper() == text and len(text.split()) >= 3 and sum(map(str.isalpha, text)) >= 10:
        return "shouted"
    long = 0
    for m in _WORD.finditer(text):  # most sentences say so with their second or third word
        if len(m[0]) >= 4:
            if not m[0][0].isupper():
                return "plain"
            long += 1
    return "titled" if long >= 4 else "plain"


class Casing:
    """How a document writes its words: learnt from the sentences that are written as sentences, sentence openings apart."""

    def __init__(self, texts: Iterable[str]) -> None:
        forms: dict[str, Counter[str]] = {}
        for text in texts:
            if style(text) != "plain":
                continue
            end = 0
            for m in _WORD.finditer(text):
                between = text[end : m.start()]
                if (end or between.strip(" \"'«“‘(—–-")) and not _SENTENCE_END.search(between):
                    forms.setdefault(m[0].lower(), Counter())[m[0]] += 1
                end = m.end()
        self.forms: Mapping[str, str] = {
            word: max(counts, key=lambda form: (counts[form], form)) for word, counts in forms.items()
        }

    def knows_in_lower_case(self, word: str) -> bool:
        """Whether the body mostly has this word without a capital."""
        return self.forms.get(word.lower(), "X").islower()

    def sentence(self, text: str, kind: Style) -> str:
        """A shouted or titled text as a sentence; a plain one as it is.

        A Title Case text is touched only where the body has two of its words, or a third of them, in lower case: a row of
        names is no Title Case.
        """
        if kind == "plain" or (kind == "titled" and not self._is_title(text)):
            return text
        dotted = [m.span() for m in _DOTTED.finditer(text)]

        def recase(m: re.Match[str]) -> str:
            if any(a <= m.start() < b for a, b in dotted):
                return m[0]
            word = self._word(m[0], kind)
            before = text[: m.start()]
            ended = re.search(r"[.!?]\W*$", before)
            opens = not before.strip(" \"'«“‘(—–-") or (ended and not any(a <= ended.start() < b for a, b in dotted))
            return word[:1].upper() + word[1:] if opens else word

        return _WORD.sub(recase, text)

    def _is_title(self, text: str) -> bool:
        long = [w for w in _WORD.findall(text) if len(w) >= 4]
        lower = sum(self.knows_in_lower_case(w) for w in long[1:])
        return lower >= 2 or 3 * lower >= len(long)

    def _word(self, word: str, kind: Style) -> str:
        low = word.lower()
        if low in self.forms:
            return self.forms[low]
        if low in _names():
            return _names()[low]
        if any(c.isdigit() for c in word) or (kind == "titled" and word.isupper() and len(word) > 1):
            return word
        if low not in _SMALL and 2 <= len(word) <= 5 and not _VOWEL.search(word):
            return word
        return low


def begun(source: str, target: str) -> str:
    """The target with a capital at its beginning if the source has one there; `iPhone`, addresses and their like stay as they are."""
    here, there = _OPENING.match(source), _OPENING.match(target)
    if here and there and here[1][0].isupper() and there[1].islower():
        place = there.start(1)
        return target[:place] + target[place].upper() + target[place + 1 :]
    return target


def restore(text: str, kind: Style) -> str:
    """The English of a title in the style of its Italian."""
    if kind == "shouted":
        return text.upper()
    if kind == "plain":
        return text

    def capital(m: re.Match[str]) -> str:
        inside = m.start() and text[m.start() - 1] in "'’"
        return m[0] if inside or (m.start() and m[0].lower() in _SMALL) else m[0][:1].upper() + m[0][1:]

    return _WORD.sub(capital, text)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Acronyms and names as they are written, by their lower case."""
    lines = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return {word.lower(): word for word in words}
