"""What it says of a line that it stands in other articles of its site: evidence beside wording, shape and place, never a verdict.

Counts nothing; it is told which of a document's own lines recur. What may be the page's furniture: a fragment in front of the
text, behind it or beside other boilerplate, and beyond the page's frame (a menu, a share bar) even running text, where half of the
site's articles have it. What is left alone: headings and sentences between sentences, and sentences that join on to them
directly, which reports share with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.cleaning.guard import reads_like_body
from pipeline.cleaning.judged import Judged
from pipeline.document import Recurrence

RECURS = "recurs"  # the rule that removed lines name
FRAME = frozenset(
    {"nav", "share", "cookie", "paywall", "comment", "copyright", "about"}
)  # around an article, not within it
MIN_WORDS = 3  # of a sentence
SAME_ARTICLE = 0.5  # share of a document's running text that recurs, from which on it is another version of an article


def mark(judged: Sequence[Judged], recurrence: Recurrence, title: str) -> None:
    """Take out what recurs and stands where a page's furniture stands; the title is spared."""
    most = frozenset(recurrence.most) - {title}
    many = most.union(recurrence.many) - {title}
    if not many or _another_version(judged, many):
        return
    for one in (*_edge(judged, many, most), *_edge(reversed(judged), many, most), *_beside(judged, many)):
        others = "at least half of the articles" if one.key in most else "several articles"
        one.drop("other", RECURS, f"stands in {others} of the site")


def _edge(judged: Iterable[Judged], many: frozenset[str], most: frozenset[str]) -> Iterator[Judged]:
    """The undecided lines from one end on, up to the first that is the article's own; what reads like the article only beyond
    the page's frame, since sentences that follow the article's directly may be its own in every article."""
    attached: list[Judged] = []
    for one in judged:
        if one.kind in FRAME:
            yield from attached
            attached = []
        if one.kind:
            continue
        if one.key not in (most if one.prose else many):
            break
        attached.append(one)
    yield from (one for one in attached if not _bodily(one))


def _bodily(one: Judged) -> bool:
    """Whether a line, however short, could be the article's: a sentence that does not speak to the reader, an entry of a list."""
    return one.line.item or (one.line.words >= MIN_WORDS and reads_like_body(one.line))


def _beside(judged: Sequence[Judged], many: frozenset[str]) -> Iterator[Judged]:
    """The fragments that recur right above or below a line that has been taken out."""
    for i, one in enumerate(judged):
        beside = (*judged[max(0, i - 1) : i], *judged[i + 1 : i + 2])
        if one.key in many and not one.prose and not _bodily(one) and any(other.kind for other in beside):
            yield one


def _another_version(judged: Sequence[Judged], many: frozenset[str]) -> bool:
    """Whether most of the running text stands in other articles too: then it is one article several times, and nothing follows."""
    prose = [one for one in judged if one.prose]
    same = sum(one.line.words for one in prose if one.key in many)
    return same > SAME_ARTICLE * sum(one.line.words for one in prose)
