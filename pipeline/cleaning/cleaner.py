"""A source to its clean text: the lines that `judge` keeps, joined; everything else as `Removed`, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.cleaning.judge import NOTHING, judge
from pipeline.cleaning.judged import Judged
from pipeline.cleaning.loading import load
from pipeline.cleaning.metadata import metadata
from pipeline.cleaning.rules import Rules
from pipeline.document import BlockKind, CleanText, Kept, Recurrence, Removed, Source
from pipeline.settings import Clean

METADATA_KINDS = frozenset({"dateline", "byline", "source", "section", "tags"})
_GAP = re.compile(r"(?P<divided>(?<=[^\W\d_])-[^\S\n]*\n\s*)(?=[^\W\d_])|\s{2,}|\n")
"""Within a line: doubled spaces, or the line break of a hard wrap, with the hyphen that divides a word."""
NEAR, AROUND = 40, 10_000  # characters: the longest word, and how far to look for it with its hyphen
_LAST, _FIRST = re.compile(r"[^\W\d_]+$"), re.compile(r"^[^\W\d_]+")  # letters of a divided word


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about `source.text[start:end]`, by which rule, and the evidence in words.

    `kind` is the block's kind where the span is kept and the boilerplate's kind otherwise. A kept span has a rule only
    where one with the action 'flag' speaks to it.
    """

    start: int
    end: int
    action: Literal["kept", "dropped", "metadata"]
    kind: str
    rule: str
    evidence: str


def clean(source: Source, settings: Clean, path: str = "", recurrence: Recurrence = NOTHING) -> CleanText:
    """The article without the boilerplate around and within it. `restore()` of the result gives `source.text` again.

    `path` is that of the document, for what `clean.sites` says of it; `recurrence` tells which of its lines are in other articles.
    """
    return clean_by(source, load(settings, path), recurrence)


def clean_by(source: Source, rules: Rules, recurrence: Recurrence = NOTHING) -> CleanText:
    """As `clean`, by these rules."""
    judged = judge(source, rules, recurrence)
    kept: list[Kept] = []
    removed: list[Removed] = []
    position = 0
    for verdict in _verdicts(source.text, judged):
        if verdict.start > position:
            removed.append(_space(source.text, position, verdict.start))
        if verdict.action == "kept":
            kept.append(Kept(verdict.start, verdict.end, _block(verdict.kind), ""))
        else:
            text = source.text[verdict.start : verdict.end]
            removed.append(Removed(verdict.start, verdict.end, verdict.rule, verdict.kind, text))
        position = verdict.end
    if position < len(source.text):
        removed.append(_space(source.text, position, len(source.text)))
    joined = _with_separators(source.text, kept, [(one.line.start, one.line.end) for one in judged])
    text = "".join(source.text[k.start : k.end] + k.after for k in joined)
    return CleanText(text, tuple(joined), tuple(removed), metadata(judged, source))


def explain(source: Source, settings: Clean, path: str = "", recurrence: Recurrence = NOTHING) -> list[Verdict]:
    """Each line's verdict, in order; a line with boilerplate run on to it has one for each part."""
    return list(_verdicts(source.text, judge(source, load(settings, path), recurrence)))


def _space(text: str, start: int, end: int) -> Removed:
    return Removed(start, end, "space", "space", text[start:end])


def _block(kind: str) -> BlockKind:
    kinds: tuple[BlockKind, ...] = ("title", "subtitle", "heading", "paragraph", "list")
    return next(k for k in kinds if k == kind)


def _verdicts(text: str, judged: list[Judged]) -> Iterator[Verdict]:
    for one in judged:
        line = one.line
        if one.kind:
            action: Literal["dropped", "metadata"] = "metadata" if one.kind in METADATA_KINDS else "dropped"
            yield Verdict(line.start, line.end, action, one.kind, one.rule, one.evidence)
        else:
            yield from _parts(text, one)


def _parts(text: str, one: Judged) -> Iterator[Verdict]:
    """A kept line, cut where boilerplate is glued to it and where its white space is irregular."""
    position = one.line.start
    for cut in sorted(one.cuts, key=lambda h: h.start):
        start, end = max(position, one.line.start + cut.start), one.line.start + cut.end
        if end <= start:
            continue
        yield from _pieces(text, position, start, one)
        start, end = _stripped(text, start, end)
        yield Verdict(
            start,
            end,
            "metadata" if cut.rule.kind in METADATA_KINDS else "dropped",
            cut.rule.kind,
            cut.rule.id,
            cut.rule.why,
        )
        position = end
    yield from _pieces(text, position, one.line.end, one)


def _pieces(text: str, start: int, end: int, one: Judged) -> Iterator[Verdict]:
    position = start
    for gap in [*_GAP.finditer(text, start, end), None]:
        piece_start, piece_end = _stripped(text, position, _before(text, gap) if gap else end)
        if piece_end > piece_start:
            rule, evidence = (one.flag.rule.id, one.flag.rule.why) if one.flag else ("", one.evidence)
            yield Verdict(piece_start, piece_end, "kept", one.block or "paragraph", rule, evidence)
        position = gap.end() if gap else end


def _before(text: str, gap: re.Match[str]) -> int:
    """Where the piece in front of a gap ends: before a hyphen that only divides a word, behind one that is the word's own.

    Its own is a hyphen in front of a capital, as in 'Nord-Est', and one that the text has elsewhere within a line.
    """
    if gap["divided"] is None:
        return gap.start()
    first = _LAST.findall(text[max(0, gap.start() - NEAR) : gap.start()])
    word = f"{first[0]}-{_FIRST.findall(text[gap.end() : gap.end() + NEAR])[0]}"
    own = not text[gap.end()].islower() or word in text[max(0, gap.start() - AROUND) : gap.end() + AROUND]
    return gap.start() + own


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _with_separators(text: str, kept: list[Kept], spans: list[tuple[int, int]]) -> list[Kept]:
    """Kept spans with what follows each: within a line a space where there was any, between lines one break or two."""
    joined = []
    line = 0
    for number, one in enumerate(kept):
        after = ""
        if number + 1 < len(kept):
            following = kept[number + 1]
            while spans[line][1] < one.end:
                line += 1
            between = text[one.end : following.start]
            if following.start < spans[line][1]:
                after = " " if re.search(r"\s", between) and not _divides(text, one.end, following.start) else ""
            else:
                after = "\n\n" if re.search(r"\n[^\S\n]*\n", between) else "\n"
        joined.append(Kept(one.start, one.end, one.kind, after))
    return joined


def _divides(text: str, end: int, start: int) -> bool:
    """Whether the hyphen of a divided word, or its own at the end of a line, is all that stands between two pieces."""
    found = _GAP.match(text, end - (text[end - 1] == "-"), start + 1)
    return found is not None and found["divided"] is not None and found.end() == start
