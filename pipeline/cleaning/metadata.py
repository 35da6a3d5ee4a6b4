"""What the removed lines tell about the article: date, section, author, source, tags. Reads Italian dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from pipeline.cleaning.judged import Judged
from pipeline.document import Metadata, Source

_MONTHS = {
    m: n for n, m in enumerate(["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"], 1)
}
_WORDED = re.compile(
    r"(?i)\b(\d{1,2})°?[\s/.-]+(gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic)[a-z]*\.?,?[\s/.-]+(\d{4})"
)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_ISO = re.compile(r"\b(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})\b")
_TIME = re.compile(r"(?:\b|T)(\d{1,2})[:.](\d{2})(?::\d{2})?\s*$")


def iso_date(written: str) -> str:
    """'29 settembre 2021 alle 20:29' as '2021-09-29T20:29'; '' where it is no date. Numeric dates are day first."""
    if match := _WORDED.search(written):
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
    elif match := _ISO.search(written):
        day, month, year = int(match[3]), int(match[2]), int(match[1])
    elif match := _NUMERIC.search(written):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 if year < 100 else 0
    else:
        return ""
    rest = _TIME.search(written[match.end() :])
    try:
        if rest:
            return datetime(year, month, day, int(rest[1]), int(rest[2])).isoformat(timespec="minutes")
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return ""


def metadata(judged: list[Judged], source: Source) -> Metadata:
    """The article's metadata: what its own lines say, filled up with what an HTML page declares."""
    page = source.page or Metadata()
    date = _first(judged, "date")
    title = _texts(judged, source, "title")
    subtitle = _texts(judged, source, "subtitle")
    return Metadata(
        title=title[0] if title else page.title,
        subtitle=" ".join(subtitle),
        date=date or page.date,
        date_iso=(iso_date(date) if date else "") or page.date_iso,
        section=_first(judged, "section") or page.section,
        author=_author(judged) or page.author,
        source=_first(judged, "source") or page.source,
        tags=_tags(judged) or page.tags,
    )


def _texts(judged: Iterable[Judged], source: Source, block: str) -> list[str]:
    return [" ".join(source.text[one.line.start : one.line.end].split()) for one in judged if one.block == block]


def _values(judged: Iterable[Judged], name: str) -> list[str]:
    return [value for one in judged if one.metadata and (value := _bare(one.metadata.get(name, "")))]


def _bare(value: str) -> str:
    """Without the punctuation around it; an abbreviation such as C.E.S.I. keeps its last full stop."""
    value = value.strip(" ,;|-")
    return value if value.count(".") > 1 else value.strip(" .")


def _first(judged: Iterable[Judged], name: str) -> str:
    return next(iter(_values(judged, name)), "")


def _author(judged: Iterable[Judged]) -> str:
    """A person rather than the newsroom, where both sign."""
    names = _values(judged, "author")
    return next((n for n in names if "redazione" not in n.lower()), names[0] if names else "")


def _tags(judged: Iterable[Judged]) -> tuple[str, ...]:
    listed = [part for value in _values(judged, "tags") for part in re.split(r"\s*[,|;#]\s*", value)]
    alone = [
        one.line.plain.strip(" ,#")
        for one in judged
        if one.rule == "tags-heading" and one.kind == "tags" and "headline" in one.evidence
    ]
    return tuple(dict.fromkeys(tag for tag in [*listed, *alone] if tag))
