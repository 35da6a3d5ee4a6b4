"""Names of the Italian that are nowhere in the English: names that should have stayed, or whose English the lexicon knows."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from math import log

from pipeline.stages.detection.coverage import Unit, coverage
from pipeline.stages.detection.lexicon import COGNATE, Lexicon, as_name, shipped, titles
from pipeline.stages.detection.words import WORD, Span, spoken

UNSEEN, SHORT, FLOOR, TITLE = 0.05, 0.2, 0.08, 0.25
"""How often a name goes without support in good translations: one that stays as it is, one of two letters, one with a translation, an office's."""

LIKE = 0.75
"""The ratio of likeness (difflib) from which two names are one."""
_OPENS = re.compile(r"(?:^|[.!?:“«\"‘(–—*>•‣·\u2190-\u2bff\ufe0f\U0001f000-\U0001faff-]|\d\)|(?<!\w)[a-z]\))\s*\Z")


def lost_names(source: str, target: str, lexicon: Lexicon | None = None) -> tuple[float, Span]:
    """(evidence in nats, place) of the run of names that is most certainly lost; (0, (0, 0)) where there is none.

    Nothing is said of a source that is all capitals or mostly capitalised, as titles are: there a capital makes no name.
    """
    seen, known = coverage(source, target, lexicon), lexicon or shipped()
    side = seen.source
    unfound = [w for w, ok in zip(side.words, side.supported, strict=True) if not ok and source[w.start].isupper()]
    if not unfound or is_capitalised(source):
        return 0.0, (0, 0)
    there = frozenset(spoken(target))
    proper = [u.skeleton for u in seen.target.words if target[u.start].isupper()]
    best, total, start, before = (0.0, (0, 0)), 0.0, 0, -9
    for word in unfound:
        if source[word.start : word.end].lower() in there or word.end - word.start < 2:
            continue
        rare = _rare(word, known)
        if any(_spelled_alike(word.skeleton, other) for other in proper):
            continue
        if may_open_a_sentence(source, word.start) and not _is_only_a_name(word, rare, known):
            continue  # any word has a capital there
        if word.start - before > 1:
            total, start = 0.0, word.start
        total, before = total - log(rare), word.end
        if total > best[0]:
            best = total, (start, word.end)
    return best


def _is_only_a_name(word: Unit, rare: float, known: Lexicon) -> bool:
    """Whether a word is a name even where a sentence opens: seen as one, and no other word has its stem ('Portare', 'Port-au-Prince')."""
    return rare <= UNSEEN and as_name(word.stem) in known.doubt_it and known.doubt_it.get(word.stem, 0) <= UNSEEN


def may_open_a_sentence(text: str, start: int) -> bool:
    """Whether a sentence, a quotation or an item of a list may begin at `start`, where any word has a capital."""
    return bool(_OPENS.search(text, max(0, start - 4), start))


@lru_cache(maxsize=64)
def is_capitalised(text: str) -> bool:
    """Whether a text of four words or more is in capitals, or most of its words begin with one."""
    words = WORD.findall(text)
    return len(words) > 3 and sum(w[0].isupper() for w in words) > 0.6 * len(words)


def _spelled_alike(name: str, other: str) -> bool:
    """Whether one is the other in another spelling, such as Naqura and Naqoura."""
    if name[:1] != other[:1] or abs(len(name) - len(other)) > 2 or len(name) < 4:
        return False
    return SequenceMatcher(None, name, other, autojunk=False).ratio() >= LIKE


def _rare(word: Unit, known: Lexicon) -> float:
    """How often a name goes without support, going by what the lexicon knows of it and whether its English looks like it."""
    if word.stem in titles():
        return TITLE
    english = known.english.get(word.stem, frozenset())
    alike = not english or any(e.startswith(word.stem[:COGNATE]) for e in english)
    usual = UNSEEN if word.end - word.start > 2 else SHORT
    return min(
        0.9,
        max(UNSEEN if alike else FLOOR, known.doubt_it.get(as_name(word.stem), known.doubt_it.get(word.stem, usual))),
    )
