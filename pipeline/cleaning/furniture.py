"""What it says of a line that it stands in other articles of its site: evidence beside wording, shape and place, never a verdict.

Counts nothing; it is told which of a document's own lines recur. What may be the page's furniture: a fragment in front of the
text, behind it or beside other boilerplate, and at the article's edges even running text, where nearly every article of the
site has it. What is left alone: headings and sentences between sentences, which reports share with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.cleaning.judged import Judged
from pipeline.document import Recurrence

SAME_ARTICLE = 0.5  # share of a document's running text that recurs, from which on it is another version of an article


def mark(judged: Sequence[Judged], recurrence: Recurrence, title: str) -> None:
    """Take out what recurs and stands where a page's furniture stands; the title is spared."""
    most = frozenset(recurrence.most) - {title}
    many = most.union(recurrence.many) - {title}
    if not many or _another_version(judged, many):
        return
    for one in (*_edge(judged, many, most), *_edge(reversed(judged), many, most), *_beside(judged, many)):
        others = "nearly every article" if one.key in most else "several articles"
        one.drop("other", "recurs", f"stands in {others} of the site")


def _edge(judged: Iterable[Judged], many: frozenset[str], most: frozenset[str]) -> Iterator[Judged]:
    """The undecided lines from one end on, up to the first that is the article's own."""
    for one in judged:
        if one.kind:
            continue
        if one.key not in (most if one.prose else many):
            return
        yield one


def _beside(judged: Sequence[Judged], many: frozenset[str]) -> Iterator[Judged]:
    """The fragments that recur right above or below a line that has been taken out."""
    for i, one in enumerate(judged):
        beside = (*judged[max(0, i - 1) : i], *judged[i + 1 : i + 2])
        if one.key in many and not one.prose and any(other.kind for other in beside):
            yield one


def _another_version(judged: Sequence[Judged], many: frozenset[str]) -> bool:
    """Whether most of the running text stands in other articles too: then it is one article several times, and nothing follows."""
    prose = [one for one in judged if one.prose]
    same = sum(one.line.words for one in prose if one.key in many)
    return same > SAME_ARTICLE * sum(one.line.words for one in prose)
