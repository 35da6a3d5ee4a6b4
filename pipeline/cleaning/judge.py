"""Which lines are the article: what the rules say of each line, weighed with its shape, its place and its neighbours.

The order of doubt: a line of sentences stays unless a rule made for sentences takes it; a short line stays only where the
article's own sentences stand around it.
"""

from __future__ import annotations

from pipeline.cleaning import furniture, passages, places, stamps, titles, wording
from pipeline.cleaning.judged import Judged, read
from pipeline.cleaning.lines import lines
from pipeline.cleaning.rules import Rules
from pipeline.document import Recurrence, Source

NOTHING = Recurrence()
MIN_INSIDE = 0.4  # share of a page's running text that an HTML extractor must find, to be believed


def judge(source: Source, rules: Rules, recurrence: Recurrence = NOTHING) -> list[Judged]:
    """Every line of the source, decided. `recurrence` says which of its lines stand in other articles of its site."""
    judged = [read(line, rules) for line in lines(source.text)]
    _mark_outside(judged, source)
    passages.mark(judged)
    stamps.mark(judged)
    title = titles.find_title(judged, source, frozenset(recurrence.many + recurrence.most))
    wording.apply(judged, title)
    wording.headline_blocks(judged, title)
    wording.unnamed_blocks(judged, title)
    wording.apply_scoped(judged, title)
    wording.appeals(judged)
    wording.comments(judged)
    wording.portraits(judged)
    furniture.mark(judged, recurrence, title)
    _outside_prose(judged)
    titles.place_title(judged, title)
    if any(one.prose and one.block != "title" for one in judged):
        places.head(judged)
        places.body(judged)
        places.tail(judged)
    else:
        places.without_prose(judged)
    passages.stand_back(judged)
    return judged


def _mark_outside(judged: list[Judged], source: Source) -> None:
    spans = iter(source.outside_main)
    span = next(spans, None)
    for one in judged:
        while span is not None and span[1] <= one.line.start:
            span = next(spans, None)
        one.outside = span is not None and span[0] <= one.line.start and one.line.end <= span[1]

    _trust(judged)


def _trust(judged: list[Judged]) -> None:
    """Take the extractor's word back where it would lose most of the page's running text."""
    inside = sum(one.line.words for one in judged if one.line.sentence and not one.outside)
    if inside < MIN_INSIDE * sum(one.line.words for one in judged if one.line.sentence):
        for one in judged:
            one.outside = False


def _outside_prose(judged: list[Judged]) -> None:
    """Running text before or after everything that the extractor takes for the article is another text."""
    inside = [i for i, one in enumerate(judged) if one.prose and not one.outside]
    if not inside:
        return
    for i, one in enumerate(judged):
        if one.outside and one.prose and not inside[0] <= i <= inside[-1]:
            one.drop("other", "html-outside-article", "outside the article by the page's markup")
