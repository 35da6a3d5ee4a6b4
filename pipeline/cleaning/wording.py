"""What the rules say of the lines: of each for itself, of blocks under a heading, of the comments, of portraits at the end."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from pipeline.cleaning.judged import Judged
from pipeline.cleaning.rules import Hit
from pipeline.cleaning.titles import same_title

MAX_BLOCK = 15  # headlines that a heading such as 'Leggi anche' may take along in the middle of an article
MAX_APPEAL = 60  # words
CONTENTS = frozenset({"menu-index"})  # rules that open a table of contents
MIN_UNNAMED = 3  # headlines, with their dates, that make a label of a line
_READING = re2.compile(r"(?i)^\W*(?:articoli|notizie|contenuti|post|letture|storie|news|spunti|temi|servizi|video)\b")
APPEALS = frozenset({"paywall", "newsletter", "cookie", "share"})  # matter that speaks to the reader in several lines
_ADDRESSES = re2.compile(  # 'we' or 'you', as a page speaks and a report does not
    r"(?i)\b(?:noi|nostr[oaie]|\w{2,}(?:iamo|remo)|tu|ti|te|tuo[i]?|tua|tue|puoi|vuoi|hai|sei|grazie)(?:\W|$)"
)
COMMENTS_AFTER = 40  # words of article that must stand in front of a heading that opens the comments


def apply(judged: list[Judged], title: str) -> None:
    """Rules that hold wherever a line stands; the title is spared."""
    for one in judged:
        if not same_title(one.key, title):
            for hit in one.hits:
                _take(one, hit if hit.rule.scope == "anywhere" else None)


def _take(one: Judged, hit: Hit | None) -> None:
    if hit is None or one.kind:
        return
    if hit.rule.action == "flag":
        one.flag = hit
        return
    one.drop(hit.rule.kind, hit.rule.id, hit.rule.why)
    one.metadata.update(hit.metadata())


def apply_scoped(judged: list[Judged], title: str) -> None:
    """Rules for the head (before the first sentences), the tail (after half of the text) and what follows another line."""
    total = sum(one.line.words for one in judged if one.prose)
    seen = 0
    after: set[str] = set()
    for one in judged:
        scopes = after | ({"head"} if not seen else set()) | ({"tail"} if seen and seen >= 0.5 * total else set())
        for hit in one.hits:
            if hit.rule.scope in scopes and hit.rule.block != "rest" and not same_title(one.key, title):
                _take(one, hit)
        seen += one.line.words if one.prose else 0
        after = {f"after:{one.kind}", f"after:{one.rule}"} if one.kind else set()


def headline_blocks(judged: list[Judged], title: str) -> None:
    """Headings such as 'Leggi anche' take the headlines below them along, up to the next running text.

    The entries of a table of contents are met again as the article's own headings, which stay.
    """
    contents: set[str] = set()
    for start, one in enumerate(judged):
        opener = next((h for h in one.hits if h.rule.block == "titles" and h.rule.id == one.rule), None)
        if opener is None:
            continue
        entries: set[str] = set()
        below_lines = judged[start + 1 : start + 1 + MAX_BLOCK]
        dense = bool(below_lines) and not below_lines[0].line.spaced
        for number, below in enumerate(below_lines, start + 1):
            if not below.line.headline or same_title(below.key, title) or below.key in entries:
                break
            if not entries and _asked(below, judged[number + 1 : number + 2]):
                break
            if (dense and below.line.spaced) or (one.outside and not below.outside):
                break
            entries.add(below.key)
            below.drop(opener.rule.kind, opener.rule.id, f"a headline below '{one.line.plain[:40]}'")
        contents |= entries if opener.rule.id in CONTENTS else set()
    for one in judged:
        if one.key in contents:
            one.keep("heading", "named in the table of contents")


def _asked(one: Judged, after: Sequence[Judged]) -> bool:
    """Whether a line by itself is as likely a question of an interview as a headline: running text answers it."""
    return one.line.plain.endswith("?") and bool(after) and after[0].line.sentence


def unnamed_blocks(judged: list[Judged], title: str) -> None:
    """A short label such as 'Articoli suggeriti:' with three headlines below it points to them, whatever its adjective."""
    for start, one in enumerate(judged):
        if one.kind or one.block or one.line.words > 4 or not _READING.match(one.line.plain):
            continue
        run, dates = [], 0
        for below in judged[start + 1 : start + 1 + MAX_BLOCK]:
            if below.kind == "dateline":  # of the article that is pointed to
                dates += 1
                continue
            long = below.line.words >= 4 and below.line.headline and not below.line.item
            if below.kind or below.block or not long or same_title(below.key, title):
                break
            run.append(below)
        if run and len(run) + dates >= MIN_UNNAMED:
            one.drop("related", "shape-headlines", f"a label with {len(run)} headlines below it")
            for below in run:
                below.drop("related", "shape-headlines", f"a headline below '{one.line.plain[:40]}'")


def appeals(judged: list[Judged]) -> None:
    """A line between two that ask the reader for money, consent or an address, and that says 'we' or 'you' as they do."""
    for above, one, below in zip(judged, judged[1:], judged[2:], strict=False):
        if one.kind or one.block or one.line.plain.startswith('"') or one.line.words > MAX_APPEAL:
            continue
        if above.kind in APPEALS and above.kind == below.kind and _ADDRESSES.search(one.line.plain):
            one.drop(above.kind, "appeal-goes-on", "speaks to the reader, as the lines above and below it do")


def comments(judged: list[Judged]) -> None:
    """A heading of the comments takes everything below it, once enough of the article is over and comments do follow."""
    total = sum(one.line.words for one in judged if one.prose)
    seen = 0
    for start, one in enumerate(judged):
        hit = next((h for h in one.hits if h.rule.block == "rest"), None)
        if hit is None or one.prose:
            seen += one.line.words if one.prose else 0
            continue
        _take(one, hit)
        late = seen >= COMMENTS_AFTER and seen >= 0.5 * total
        if late and (total - seen <= 0.25 * total or _comments_follow(judged[start + 1 : start + 1 + MAX_BLOCK])):
            for below in judged[start + 1 :]:
                below.drop(hit.rule.kind, hit.rule.id, f"below '{one.line.plain[:40]}'")
            return


def _comments_follow(below: Sequence[Judged]) -> bool:
    """Whether names, dates and buttons of comments stand among the lines."""
    return any(hit.rule.kind in {"comment", "dateline"} for one in below for hit in one.hits)


def portraits(judged: list[Judged]) -> None:
    """Paragraphs that go on about the paper or the author, recognised by the name that they begin with."""
    names = {one.line.plain.split()[0] for one in judged if one.kind == "about"}
    after_about = False
    for one in judged:
        if one.kind == "about":
            after_about = True
        elif after_about and one.prose and one.line.plain.split()[0] in names:
            one.drop("about", "about-goes-on", "begins with the same name as the portrait of the paper above")
    authors = [a for one in judged if one.kind == "byline" and (a := one.metadata.get("author", "")) and " " in a]
    last = next((one for one in reversed(judged) if one.prose), None)
    if last is not None and any(last.line.plain.startswith(f"{author}, ") for author in authors):
        last.drop("byline", "byline-portrait", "the last paragraph begins with the author's name and tells who that is")
