"""Which lines are the article: what the rules say of each line, weighed with its shape, its place and its neighbours.

The order of doubt: a line of sentences stays unless a rule made for sentences takes it; a short line stays only where the
article's own sentences stand around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.cleaning.lines import MIN_SENTENCE, Line, key, lines
from pipeline.cleaning.rules import Hit, Rules
from pipeline.document import BlockKind, Source

MAX_BLOCK = 15  # headlines that a heading such as 'Leggi anche' may take along in the middle of an article
CONTENTS = frozenset({"menu-index"})  # rules that open a table of contents
MENU_RUN = 4  # short lines in a row that make a menu
MENU_WORDS = 7.0  # words that a menu's entries have at most, on average
TITLE_WORDS = (3, 40)
COMMENTS_AFTER = 60  # words of article that must stand in front of a heading that opens the comments


_SITE = re.compile(r"\s+[-|]\s+[^-|]{2,40}$")  # ' - Name of the site' behind a page's title


@dataclass(slots=True)
class Judged:
    """A line with what has been decided about it. While `kind` and `block` are both '', it is undecided."""

    line: Line
    key: str
    hits: list[Hit]
    cuts: list[Hit]
    outside: bool = False
    kind: str = ""  # of boilerplate
    rule: str = ""
    evidence: str = ""
    block: BlockKind | Literal[""] = ""
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def spoken_to(self) -> bool:
        """Whether a rule speaks to the line wherever it may stand."""
        return any(hit.rule.scope == "anywhere" for hit in self.hits)

    @property
    def prose(self) -> bool:
        return not self.kind and self.line.sentence

    def drop(self, kind: str, rule: str, evidence: str) -> None:
        """Decide that the line is boilerplate; what was decided first stands."""
        if not self.kind:
            self.kind, self.rule, self.evidence, self.block = kind, rule, evidence, ""

    def keep(self, block: BlockKind, evidence: str) -> None:
        """Decide that the line is part of the article."""
        if not self.kind and not self.block:
            self.block, self.evidence = block, evidence


def judge(source: Source, rules: Rules) -> list[Judged]:
    """Every line of the source, decided."""
    judged = [_read(line, rules) for line in lines(source.text)]
    _mark_outside(judged, source)
    title = _title(judged, source)
    _apply(judged, "anywhere", title)
    _headline_blocks(judged, title)
    _apply_scoped(judged, title)
    _comments(judged)
    _tail_prose(judged)
    _outside_prose(judged)
    _place_title(judged, title)
    _head(judged, title)
    _body(judged)
    _tail(judged)
    return judged


# ---- what the rules say


def _read(line: Line, rules: Rules) -> Judged:
    found = list(rules.hits(line.plain, line.words, line.sentence))
    cuts = [h for h in found if h.rule.where == "glued"]
    if not cuts:
        return Judged(line, key(line.plain), found, [])
    left = _left(line, cuts)
    if not key(left):
        return Judged(line, key(line.plain), cuts + [h for h in found if h not in cuts], [])
    one = Judged(
        replace(line, plain=left, words=len(left.split())), key(left), [h for h in found if h not in cuts], cuts
    )
    for cut in cuts:
        one.metadata.update(cut.metadata())
    return one


def _left(line: Line, cuts: Sequence[Hit]) -> str:
    """What remains of a line without its cuts."""
    text, position = "", 0
    for cut in sorted(cuts, key=lambda h: h.start):
        text += line.plain[position : max(position, cut.start)]
        position = max(position, cut.end)
    return (text + line.plain[position:]).strip()


def _apply(judged: list[Judged], scope: str, title: str) -> None:
    for one in judged:
        if _same_title(one.key, title):
            continue
        for hit in one.hits:
            if hit.rule.scope == scope:
                _take(one, hit)
                break


def _take(one: Judged, hit: Hit) -> None:
    if one.kind or hit.rule.action == "flag":
        return
    one.drop(hit.rule.kind, hit.rule.id, hit.rule.why)
    one.metadata.update(hit.metadata())


def _apply_scoped(judged: list[Judged], title: str) -> None:
    """Rules for the head (before the first sentences), the tail (after half of the text) and what follows another line."""
    total = sum(one.line.words for one in judged if one.prose)
    seen = 0
    after: set[str] = set()
    for one in judged:
        scopes = after | ({"head"} if not seen else set()) | ({"tail"} if seen and seen >= 0.5 * total else set())
        for hit in one.hits:
            if hit.rule.scope in scopes and hit.rule.block != "rest" and not _same_title(one.key, title):
                _take(one, hit)
        seen += one.line.words if one.prose else 0
        after = {f"after:{one.kind}", f"after:{one.rule}"} if one.kind else set()


def _headline_blocks(judged: list[Judged], title: str) -> None:
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
        for below in below_lines:
            if not below.line.headline or _same_title(below.key, title) or below.key in entries:
                break
            if (dense and below.line.spaced) or (one.outside and not below.outside):
                break
            entries.add(below.key)
            below.drop(opener.rule.kind, opener.rule.id, f"a headline below '{one.line.plain[:40]}'")
        contents |= entries if opener.rule.id in CONTENTS else set()
    for one in judged:
        if one.key in contents:
            one.keep("heading", "named in the table of contents")


def _comments(judged: list[Judged]) -> None:
    """A heading of the comments, once enough of the article is over, takes everything below it."""
    total = sum(one.line.words for one in judged if one.prose)
    seen = 0
    for start, one in enumerate(judged):
        hit = next((h for h in one.hits if h.rule.block == "rest"), None)
        if hit is not None and not one.prose and seen >= COMMENTS_AFTER and seen >= 0.5 * total:
            _take(one, hit)
            for below in judged[start + 1 :]:
                below.drop(hit.rule.kind, hit.rule.id, f"below '{one.line.plain[:40]}'")
            return
        if hit is not None and not one.prose:
            _take(one, hit)
        seen += one.line.words if one.prose else 0


def _tail_prose(judged: list[Judged]) -> None:
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


# ---- what an HTML extractor says


def _mark_outside(judged: list[Judged], source: Source) -> None:
    spans = iter(source.outside_main)
    span = next(spans, None)
    for one in judged:
        while span is not None and span[1] <= one.line.start:
            span = next(spans, None)
        one.outside = span is not None and span[0] <= one.line.start and one.line.end <= span[1]


def _outside_prose(judged: list[Judged]) -> None:
    """Running text before or after everything that the extractor takes for the article is another text."""
    inside = [i for i, one in enumerate(judged) if one.prose and not one.outside]
    if not inside:
        return
    for i, one in enumerate(judged):
        if one.outside and one.prose and not inside[0] <= i <= inside[-1]:
            one.drop("other", "html-outside-article", "outside the article by the page's markup")


# ---- title


def _title(judged: list[Judged], source: Source) -> str:
    """The key of the title's text: what the page declares, or a line that comes twice, or the likeliest line of the head."""
    head = _before_prose(judged)
    keys = [one.key for one in head]
    declared = key(source.page.title) if source.page else ""
    if declared:
        fitting = [k for k in keys if len(k) >= 10 and (k in declared or declared in k)]
        if fitting:
            return max(fitting, key=len)
    fit = [one for one in head if _could_be_title(one)]
    if not fit:
        return ""
    for one in fit:  # 'Title - Site' in the first line, 'Title' above the text
        bare = key(_SITE.sub("", one.line.plain))
        if bare != one.key and bare in keys and len(bare) >= 0.5 * len(one.key):
            return bare
    twice = next((one for one in fit if keys.count(one.key) > 1 and one.line.words >= 4), None)
    first = fit[0] if fit[0] is judged[0] and (fit[0].line.words >= 4 or len(head) <= 4) else None
    return (twice or first or _likeliest(head, fit)).key


def _likeliest(head: Sequence[Judged], fit: Sequence[Judged]) -> Judged:
    """The longest line, or the one right above it if that is long as well: a title in front of its subtitle."""
    longest = max(fit, key=lambda one: min(one.line.words, 20))
    above = head[max(0, head.index(longest) - 1)]
    return above if above in fit and above.line.words >= 5 else longest


def _before_prose(judged: list[Judged]) -> list[Judged]:
    """The lines in front of the first one that is running text beyond doubt."""
    for number, one in enumerate(judged):
        sure = one.line.sentence and (one.line.plain.rstrip("\"')").endswith(".") or one.line.words > TITLE_WORDS[1])
        if number and sure and not one.spoken_to and not one.outside:
            return judged[:number]
    return judged


def _could_be_title(one: Judged) -> bool:
    low, high = TITLE_WORDS
    return (
        not one.spoken_to and low <= one.line.words <= high and not one.line.item and not one.line.plain.endswith(".")
    )


def _place_title(judged: list[Judged], title: str) -> None:
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
    return _same_title(one.key, title) or (one.key.startswith(title) and key(_SITE.sub("", one.line.plain)) == title)


def _same_title(a: str, title: str) -> bool:
    if not title or a == title:
        return bool(title)
    short, long = sorted((a, title), key=len)
    return len(short) >= 20 and long.startswith(short) and len(short) >= 0.85 * len(long)


# ---- place and shape


def _head(judged: list[Judged], title: str) -> None:
    """Between title and first sentence only a subtitle stays; in front of the title nothing that is not running text."""
    first = next((i for i, one in enumerate(judged) if one.prose and one.block != "title"), len(judged))
    at = next((i for i, one in enumerate(judged) if one.block == "title"), -1)
    counts = Counter(one.key for one in judged)
    open_lines = [one for one in judged[at + 1 : first] if not one.kind]
    menu = False  # a menu stands between the title and this line
    for i, one in enumerate(judged[:first]):
        menu = menu or (at < i and one.kind == "nav")
        if one.kind or one.block:
            continue
        if at < i and not menu and counts[one.key] == 1 and _could_be_subtitle(one, open_lines):
            one.keep("subtitle", "a longer line between title and text")
        elif at < i and one.line.stopped and one.line.words >= 3 and not one.outside:
            one.keep("subtitle", "a short sentence between title and text")
        else:
            one.drop("nav", "shape-head", "a short line in front of the text")


def _could_be_subtitle(one: Judged, open_lines: Sequence[Judged]) -> bool:
    long = one.line.words >= MIN_SENTENCE or (one.line.words >= 5 and len(open_lines) <= 2)
    return long and not one.line.item and (not one.outside or one is open_lines[0])


def _body(judged: list[Judged]) -> None:
    """Sentences stay. Short lines between them stay as headings or lists, unless they are so many that they make a menu."""
    prose = [i for i, one in enumerate(judged) if one.prose and one.block != "title"]
    if not prose:
        return
    run: list[Judged] = []
    listing = False
    for one in judged[prose[0] : prose[-1] + 1]:
        if one.prose:
            _settle(run, listing)
            run = []
            one.keep("list" if one.line.item else "paragraph", "running text")
            listing = one.line.plain.endswith(":")
        elif not one.kind and not one.block:
            run.append(one)
    _settle(run, listing)


def _settle(run: list[Judged], listing: bool) -> None:
    average = sum(one.line.words for one in run) / len(run) if run else 0.0
    entries = sum(one.line.item or one.line.stopped or one.line.plain.startswith('"') for one in run)
    menu = len(run) >= MENU_RUN and average <= MENU_WORDS and not listing and entries < 0.5 * len(run)
    for one in run:
        if menu and not one.line.stopped:
            one.drop("nav", "shape-menu", f"one of {len(run)} short lines in a row")
        elif one.outside and not one.line.stopped:
            one.drop("nav", "html-outside-article", "a short line outside the article by the page's markup")
        elif one.line.item or listing:
            one.keep("list", "an entry of a list")
        elif one.line.stopped:
            one.keep("paragraph", "a short sentence between sentences")
        else:
            one.keep("heading", "a short line between sentences")


def _tail(judged: list[Judged]) -> None:
    """After the last running text only short sentences and list entries that follow it directly stay."""
    last = max((i for i, one in enumerate(judged) if one.prose or one.block == "title"), default=-1)
    if last < 0:
        _without_prose(judged)
        return
    listing = judged[last].line.plain.endswith(":")
    direct = judged[last].block != "title"
    for one in judged[last + 1 :]:
        if one.kind or one.block:
            direct = direct and not one.kind
        elif direct and one.line.stopped and one.line.words >= 3 and not one.outside:
            one.keep("paragraph", "a short sentence after the text")
        elif direct and (listing or one.line.item) and not one.outside:
            one.keep("list", "an entry of a list")
        else:
            one.drop("nav", "shape-tail", "a short line after the text")
            direct = False


def _without_prose(judged: list[Judged]) -> None:
    """A file of a line or two is kept; more short lines without a sentence among them are a menu."""
    left = [one for one in judged if not one.kind and not one.block]
    for one in left:
        if len(left) <= 2 or one.line.stopped:
            one.keep("paragraph", "one of very few lines")
        else:
            one.drop("nav", "shape-menu", "short lines without a sentence among them")
