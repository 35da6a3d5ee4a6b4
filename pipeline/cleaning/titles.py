"""Which line is the title, and which lines only repeat it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.cleaning.judged import Judged
from pipeline.cleaning.lines import key
from pipeline.document import Source

TITLE_WORDS = (3, 40)
STEM = 5  # letters of a word that its other forms begin with as well
NEAR = 3  # lines that may stand between a title and its subtitle, counted from the latter
SAID_AGAIN = 0.5  # of what the best line scores that a title must reach
NO_TITLES = frozenset({"comment", "section"})  # '2 commenti su <title>' holds the title and is none
_WORD = re.compile(r"[^\W\d_]{4,}")
_SITE = re.compile(r"\s+[-|]\s+[^-|]{2,40}$")  # ' - Name of the site' behind a page's title


def find_title(judged: list[Judged], source: Source, shared: frozenset[str] = frozenset()) -> str:
    """The key of the title's text: what the page declares, or a line that comes twice, or the likeliest line of the head.

    `shared` are keys of lines that other articles have as well: none of them is the title where another line could be.
    """
    head = _before_prose(judged)
    keys = Counter(one.key for one in head)
    declared = key(source.page.title) if source.page else ""
    if declared:
        fitting = [k for k in keys if len(k) >= 10 and (k in declared or declared in k)]
        if fitting:
            return max(fitting, key=len)
    fit = [one for one in head if _could_be_title(one)]
    fit = [one for one in fit if one.key not in shared] or fit
    if not fit:
        return ""
    echoed = _echoes(fit, judged)
    best = max(echoed)
    whole = [one for one, times in zip(fit, echoed, strict=True) if times >= 2 and times == len(_stems(one))]
    for one in fit:  # 'Title - Site' in the first line, 'Title' above the text
        bare = key(_SITE.sub("", one.line.plain))
        if bare != one.key and bare in keys and len(bare) >= 0.5 * len(one.key):
            return bare
    twice = next((one for one in fit if keys[one.key] > 1 and one.line.words >= 4), None)
    first = fit[0] if fit[0] is judged[0] and (fit[0].line.words >= 4 or len(head) <= 4) else None
    if first and best >= 2 and not echoed[0]:  # a slogan says nothing that the text says again
        first = None
    if best >= 2 and not (twice or first):
        fit = [one for one, times in zip(fit, echoed, strict=True) if times >= SAID_AGAIN * best or one in whole]
    return (twice or first or _likeliest(head, fit, whole)).key


def _echoes(fit: Sequence[Judged], judged: Sequence[Judged]) -> list[int]:
    """How many of each line's longer words the running text says again, by their first letters: a title is about the text."""
    text = " ".join(one.line.plain for one in judged if one.prose and not any(one is other for other in fit)).casefold()
    return [sum(stem in text for stem in _stems(one)) for one in fit]


def _stems(one: Judged) -> set[str]:
    return {word[:STEM] for word in _WORD.findall(one.line.plain.casefold())}


def _likeliest(head: Sequence[Judged], fit: Sequence[Judged], whole: Sequence[Judged]) -> Judged:
    """The longest line, or one close above it that is long as well, or of which the text says every word (`whole`) again: a
    title in front of its subtitle."""
    longest = max(fit, key=lambda one: min(one.line.words, 20))
    place = head.index(longest)
    above = [one for one in head[max(0, place - NEAR) : place] if one in fit and (one.line.words >= 5 or one in whole)]
    return above[-1] if above else longest


def _before_prose(judged: list[Judged]) -> list[Judged]:
    """The lines in front of the first one that is running text beyond doubt."""
    for number, one in enumerate(judged):
        sure = one.line.sentence and (one.line.plain.rstrip("\"')").endswith(".") or one.line.words > TITLE_WORDS[1])
        if number and (sure or one.passage) and not one.spoken_to and not one.outside:
            return judged[:number]
    return judged


def _could_be_title(one: Judged) -> bool:
    low, high = TITLE_WORDS
    if not low <= one.line.words <= high or one.line.plain.endswith("."):
        return False
    return not one.spoken_to and not one.line.item and not any(hit.rule.kind in NO_TITLES for hit in one.hits)


def place_title(judged: list[Judged], title: str) -> None:
    """Keep the last of the title's occurrences in the head; the others repeat it."""
    if not title:
        return
    first = next((i for i, one in enumerate(judged) if one.prose and one.key != title), len(judged))
    places = [i for i, one in enumerate(judged) if _is_title(one, title)]
    kept = max((i for i in places if i <= first), default=places[0])
    for i in places:
        one = judged[i]
        if i == kept:
            one.kind, one.block, one.evidence = "", "title", "the title"
        elif not one.line.sentence or i < kept:
            one.kind, one.rule, one.evidence = "title", "title-repeated", "says the same as the title"


def _is_title(one: Judged, title: str) -> bool:
    return same_title(one.key, title) or (one.key.startswith(title) and key(_SITE.sub("", one.line.plain)) == title)


def same_title(a: str, title: str) -> bool:
    """Whether two keys are those of the same title, which one of them may have cut short."""
    if not title or a == title:
        return bool(title)
    short, long = sorted((a, title), key=len)
    return len(short) >= 20 and long.startswith(short) and len(short) >= 0.85 * len(long)
