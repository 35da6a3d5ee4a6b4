"""Hours and days over the entries of a live report or a chronology, which look like a page's dates and are the article's.

One of them alone is the page's. What tells the article's is that several stand by themselves, each another, with running text
right below. Looks at shape only, before anything is decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.cleaning.judged import Judged

MIN_STAMPS = 3  # of one form
_HOUR = re.compile(r"(?i)(?:ore |h\.? ?)?\d{1,2}[:.]\d{2}(?P<headline>\s?[-|:]\s.*|[^\w-]*\Z)")
_DAY = re.compile(
    r"(?i)(?:(?:lune|marte|mercole|giove|vener)dì |sabato |domenica )?\d{1,2}°? (?:gennaio|febbraio|marzo|aprile|maggio|giugno"
    r"|luglio|agosto|settembre|ottobre|novembre|dicembre)(?: \d{4})?(?P<headline>\s?[-|:]\s.*|[^\w-]*\Z)"
)


def mark(judged: Sequence[Judged]) -> None:
    """Keep the stamps as headings, whatever the rules on dates say of such a line."""
    for form in (_HOUR, _DAY):
        found = list(_over_text(judged, form))
        if len({one.key for one in found}) >= MIN_STAMPS:
            for one in found:
                one.hits = []
                one.keep("heading", "one of several hours or days, each with its text below")


def _over_text(judged: Sequence[Judged], form: re.Pattern[str]) -> Iterator[Judged]:
    """The lines that are nothing but a stamp, or a stamp and a headline, and that have text below."""
    for one, below in pairwise(judged):
        alone = form.match(one.line.plain) and not one.line.sentence and not one.outside
        if alone and below.line.stopped and not below.spoken_to:
            yield one
