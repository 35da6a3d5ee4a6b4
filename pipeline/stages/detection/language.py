"""Which language a sentence is in, by its function words: two of them tell more about a short text than letter statistics do.

The letter statistics of py3langid are a second opinion, asked only about text that has hardly any English function word.
"""

from __future__ import annotations

from pipeline.stages.detection.lexicon import telling_words
from pipeline.stages.detection.words import WORD, Span, merged, spoken

LONG = 8
"""Words from which on a text without function words of either language is held to be in some other."""


def italian_words(text: str) -> tuple[tuple[Span, ...], int]:
    """(where Italian function words stand that English does not have, how many English ones there are)."""
    italian, english = telling_words("it"), telling_words("en")
    words = [(m.span(), m[0].lower()) for m in WORD.finditer(text)]
    return merged([s for s, w in words if w in italian], text), sum(w in english for _, w in words)


def not_english(text: str) -> str:
    """The language of a text that is not in English: 'Italian', 'another language', or '' for English or too little to tell."""
    italian, english = telling_words("it"), telling_words("en")
    said = spoken(text)
    ours, theirs = sum(w in italian for w in said), sum(w in english for w in said)
    if ours >= 2 and ours > theirs:
        return "Italian"
    if ours or theirs > len(said) // 20:
        return ""
    words = sum(not w.isdigit() for w in said)
    if words >= LONG and theirs <= words // 20 and text.upper() != text:
        return "another language" if _second_opinion(text) not in ("en", "it") else ""
    return ""


def reads_english(text: str) -> bool:
    """Whether a text, such as a quotation in an Italian article, is English already."""
    italian, english = telling_words("it"), telling_words("en")
    words = [m[0].lower() for m in WORD.finditer(text)]
    theirs = sum(w in english for w in words)
    return theirs >= 2 and theirs > 2 * sum(w in italian for w in words)


def _second_opinion(text: str) -> str:
    import py3langid

    return str(py3langid.classify(text)[0])
