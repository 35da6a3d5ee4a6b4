"""Which language a sentence is in, by its function words: two of them tell more about a short text than letter statistics do.

The letter statistics of py3langid are a second opinion, asked only about text that has hardly any function word of the language it should be in.
What is written in another script is in another language, whichever.
Addresses, hashtags and @names are words of no language, and are asked nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pipeline.stages.detection.lexicon import telling_words
from pipeline.stages.detection.words import WORD, Span, merged, spoken, without_addresses

LONG = 8
"""Words from which on a text without function words of either language is held to be in some other."""
FOREIGN_WORDS, FOREIGN_PROBABILITY, ITALIAN_SHARE = 6, 0.9, 0.3
"""A sentence of an Italian article is in another language from so many words on, if that is so probable and no more of them are Italian function words."""
KINDRED = frozenset(
    ["it", "vec", "lij", "nap", "scn", "lmo", "pms", "egl", "rgn", "fur", "sc", "co"]
)  # Italian, and what it may be taken for
NAMES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "pt": "Portuguese",
    "ro": "Romanian",
    "la": "Latin",
    "ca": "Catalan",
    "nl": "Dutch",
    "ru": "Russian",
    "ar": "Arabic",
    "zh": "Chinese",
}
SCRIPTS = {
    "ARABIC": "Arabic script",
    "ARMENIAN": "Armenian",
    "BENGALI": "Bengali",
    "CJK": "Chinese or Japanese",
    "CYRILLIC": "Cyrillic script",
    "DEVANAGARI": "Devanagari script",
    "ETHIOPIC": "Ethiopic script",
    "GEORGIAN": "Georgian",
    "GREEK": "Greek",
    "HANGUL": "Korean",
    "HEBREW": "Hebrew",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "TAMIL": "Tamil",
    "THAI": "Thai",
}
"""What a letter's script, the first word of its name in Unicode, tells."""
_BEYOND_LATIN = re.compile(r"[\u0370-\u1dff\u2c80-\U0003ffff]")
_DENSE = frozenset(["CJK", "HANGUL", "HIRAGANA", "KATAKANA"])  # two letters are a word
_TAKEN_FOR = frozenset(["la", "ca"])  # what Italian terms of law and northern dialects may be taken for
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


def italian_words(text: str) -> tuple[tuple[Span, ...], int]:
    """(where Italian function words stand that English does not have, how many English ones there are)."""
    italian, english = telling_words("it"), telling_words("en")
    words = [(m.span(), m[0].lower()) for m in WORD.finditer(without_addresses(text))]
    return merged([s for s, w in words if w in italian], text), sum(w in english for _, w in words)


def not_english(text: str) -> str:
    """The language of a text that is not in English: 'Italian', 'another language', or '' for English or too little to tell."""
    plain = without_addresses(text)
    said = spoken(plain)
    ours, theirs = _told(plain)
    if ours >= 2 and ours > theirs:
        return "Italian"
    if ours or theirs > len(said) // 20:
        return ""
    words = sum(not w.isdigit() for w in said)
    if words >= LONG and theirs <= words // 20 and plain.upper() != plain:
        return "another language" if _second_opinion(plain) not in ("en", "it") else ""
    return ""


def reads_english(text: str) -> bool:
    """Whether a text, such as a quotation in an Italian article, is English already."""
    italian, english = _told(without_addresses(text))
    return english >= 2 and english > 2 * italian


@lru_cache(maxsize=64)  # several ask of the same pair
def _told(text: str) -> tuple[int, int]:
    """How many words of a text only Italian has as function words, and how many only English has."""
    italian, english = telling_words("it"), telling_words("en")
    said = spoken(text)
    return sum(map(italian.__contains__, said)), sum(map(english.__contains__, said))


@lru_cache(maxsize=1024)
def foreign(text: str) -> str:
    """The language, such as 'German', of a sentence that is clearly not Italian; '' for Italian, kindred languages and what is in doubt.

    Where there are words around a quotation, they decide: `Ha detto: «Das ist alles, was wir wissen»` is a sentence in Italian.
    """
    text = without_addresses(text)
    around = _QUOTED.sub(" ", text)
    frame = around if around != text and len(spoken(around)) > 1 else text
    if written := _other_script(frame):
        return written
    said = spoken(frame)
    words = len(said) - sum(map(str.isdigit, said))
    if words < FOREIGN_WORDS or _told(frame)[0] > ITALIAN_SHARE * words or text.upper() == text:
        return ""
    best, probability = _identifier().classify(frame)
    sure = probability >= FOREIGN_PROBABILITY and best not in _TAKEN_FOR
    return NAMES.get(best, "") if sure else ""


def _other_script(text: str) -> str:
    """What the letters tell of a text most of which is in another script than Latin; four make a text, symbols of science do not."""
    if not _BEYOND_LATIN.search(text):
        return ""
    scripts = Counter(unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
    others = Counter({script: n for script, n in scripts.items() if script in SCRIPTS})
    if 2 * others.total() <= scripts.total():
        return ""
    script, letters = others.most_common(1)[0]
    return SCRIPTS[script] if letters >= (2 if script in _DENSE else 4) else ""


def other_language(text: str) -> str:
    """The language of a sentence that is clearly neither Italian nor English, '' for one that may be; the program can do nothing with it."""
    language = foreign(text)
    return "" if language == "English" else language


def foreign_among(texts: Sequence[str]) -> list[str]:
    """The language for which a sentence is kept from the model, '' for none: `foreign` of each.

    Where most of a document is foreign, it was kept on purpose (`clean.language`), and English alone is told.
    """
    found, others = [foreign(text) for text in texts], [other_language(text) for text in texts]
    if 2 * sum(map(bool, others)) <= len(texts):
        return found
    return ["" if other else name for name, other in zip(found, others, strict=True)]


def foreign_quotations(text: str) -> list[tuple[Span, str]]:
    """(where, its language) of each quotation in a sentence in Italian that is clearly not Italian, English included."""
    found = [(m.span(), foreign(m[0][1:-1])) for m in _QUOTED.finditer(text)]
    return [] if foreign(text) else [(span, language) for span, language in found if language]


def ranked_languages(text: str) -> Mapping[str, float]:
    """The probability of each language by its ISO code, the most probable first, by letter statistics."""
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    return {code: float(p) for code, p in sorted(ranked, key=lambda r: -r[1])}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _second_opinion(text: str) -> str:
    return str(_identifier().classify(text)[0])
