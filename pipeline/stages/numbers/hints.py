"""Whether a word or a text can have to do with numbers at all: cheap tests, so that `reader.py` need not read most of them.

A yes is only a perhaps; a no is certain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache, partial

from pipeline.stages.detection.words import ByWord, spoken
from pipeline.stages.numbers.shares import TELLING, has_sign
from pipeline.stages.numbers.words import TABLES, Language

_DIGIT = re.compile(r"\d")
_ROMAN = re.compile(r"\b[IVXLC]+\b")
_THOUSANDS = "mil"  # of mila and mille, in compounds of any length


def _may_begin(word: str, language: Language) -> bool:
    low = word.lower()
    return low in TABLES[language].telling or _THOUSANDS in low or word.isupper()


MAY_BEGIN: Mapping[Language, Mapping[str, bool]] = {
    language: ByWord(partial(_may_begin, language=language)) for language in TABLES
}
"""By language, whether a number may begin with a word: nine in ten have nothing to do with numbers."""


@lru_cache(maxsize=64)  # several look at the same pair
def may_count(text: str, language: Language) -> bool:
    """Whether a text may have a number that is not loose: it has a digit, or a word that makes a cardinal or is a month."""
    if _DIGIT.search(text) or has_sign(text) or _THOUSANDS in text.lower():
        return True
    said = spoken(text)
    return not (TABLES[language].counting.isdisjoint(said) and TELLING[language].isdisjoint(said))


def may_be_roman(text: str) -> bool:
    """Whether a text has a word of the letters of Roman numerals."""
    return _ROMAN.search(text) is not None
