"""Whether a word or a text can have to do with numbers at all: cheap tests, so that `reader.py` need not read most of them.

A yes is only a perhaps; a no is certain.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.stages.detection.words import spoken
from pipeline.stages.numbers.shares import TELLING, has_sign
from pipeline.stages.numbers.words import TABLES, Language

_DIGIT = re.compile(r"\d")
_THOUSANDS = "mil"  # of mila and mille, in compounds of any length


@lru_cache(maxsize=65536)
def may_begin(word: str, language: Language) -> bool:
    """Whether a number may begin with a word: nine in ten have nothing to do with numbers."""
    low = word.lower()
    return low in TABLES[language].telling or _THOUSANDS in low or word.isupper()


@lru_cache(maxsize=64)  # several look at the same pair
def may_count(text: str, language: Language) -> bool:
    """Whether a text may have a number that is not loose: it has a digit, or a word that makes a cardinal or is a month."""
    if _DIGIT.search(text) or has_sign(text) or _THOUSANDS in text.lower():
        return True
    said = spoken(text)
    return not (TABLES[language].counting.isdisjoint(said) and TELLING[language].isdisjoint(said))
