"""Bodies of short lines, such as verses, results, tables, recipes and timetables: a text, though no line is a sentence.

What tells them from a menu is that most lines go on (a small letter, a comma), count (a figure) or list (a mark), that several
of them follow each other, and that no rule knows a word of them. Looks at shape and hits only, before anything is decided.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.cleaning.judged import Judged
from pipeline.cleaning.lines import LONG

MIN_LINES = 4  # of a passage
MIN_ENTRIES = 3  # of them that begin or end as entries do, in a page of sentences
MIN_DIVIDERS = 2  # between the cells of a row without figures
MIN_MARKED = 0.6  # share of them that bear a mark of running on, counting or listing
EVIDENCE = frozenset(
    {"nav", "share", "cookie", "related", "newsletter", "paywall", "comment", "copyright", "about", "code"}
)
MIN_PROSE = 0.5  # of the characters that no rule knows
PARAGRAPH = 20  # words of a sentence that makes an article
MIN_EVIDENCE = 0.1  # known entries per unknown one, from which an unknown short line is an entry of the menu as well
SHAPES = frozenset({"shape-head", "shape-menu", "shape-tail"})  # verdicts without any word or markup to support them
_ENTRY = re.compile(  # begins with a quantity or a mark, or ends in a score, a price or a share
    r"(?:\d[\d.,]*\s+[^\W\d_A-ZÀ-Þ]|[-*•–]\s"
    r"|.*(?:\b\d{1,3}\s?[-–]\s?\d{1,3}|\d\s?(?:%|€|euro|punti|voti)|€\s?\d[\d.,]*)(?:\s?\([^()]*\))?\Z)"
)
_ROW = re.compile(r"[^|\t]*[^|\t\s]\s?[|\t]")
_TALLY = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?:\s[^\W\d_]+){0,2}\s\d{1,3}\Z")
_STANDINGS = re.compile(
    r"(?i)(?:la )?(?:classifica|graduatoria|medagliere|punteggi|marcatori|punti|voti)\b"
)  # over tallies
_INGREDIENTS = re.compile(r"(?i)(?:gli )?ingredienti\b")  # over what no mark or figure need tell
_QUANTITY = re.compile(r"(?i)\d|\bq\.? ?b\b|\b(?:mezz[oa]|un[oa]?|due|tre|quanto basta|pizzico)\b")
_OFFER = re.compile(r"(?i)\b(?:abbonament\w*|prova gratuita|gratis|sconto)\b")  # the page's own prices
_MARK = re.compile(r"^[^\W\d_A-ZÀ-Þ]|[,;.:!?]$|\d|^[\"'(-]|^\W+ |[;|\t]\S|[,;:] \S")


def prosaic(judged: Sequence[Judged]) -> bool:
    """Whether there is an article of sentences, a paragraph or most of what no rule knows: short lines around it are
    likelier to be a menu."""
    unknown = [one for one in judged if not one.kind and not _known(one)]
    if any(one.line.sentence and one.line.words >= PARAGRAPH for one in unknown):
        return True
    return sum(_size(one) for one in unknown if one.line.sentence) >= MIN_PROSE * sum(_size(one) for one in unknown)


def mark(judged: Sequence[Judged]) -> None:
    """Say of each line of a passage that it is one. In a page of sentences only what begins as entries do is believed."""
    often = Counter(one.key for one in judged)
    strict = prosaic(judged)
    least = MIN_ENTRIES if strict else MIN_LINES
    for run in _runs(judged, strict):
        marked = [one for one in run if _MARK.search(one.line.plain) and often[one.key] == 1 and not one.spoken_to]
        enough = len(run) >= least and len(marked) >= MIN_MARKED * len(run)
        if (enough and (not strict or _counted(run))) or _headed(run) or _tabular(run):
            for one in run:
                one.passage = True


def _runs(judged: Sequence[Judged], strict: bool) -> Iterator[list[Judged]]:
    """Short lines that no rule knows, up to the next sentence, known line or blank line."""
    run: list[Judged] = []
    airy = _airy(judged)
    for one in judged:
        if _known(one) or one.line.sentence or one.outside or (strict and one.spoken_to):
            yield run
            run = []
            continue
        if one.line.spaced and not airy:
            yield run
            run = []
        run.append(one)
    yield run


def _counted(run: Sequence[Judged]) -> bool:
    """Whether most lines begin or end as entries do, with a mark or a figure: enough even in a page of sentences."""
    lines = [one.line.plain for one in run if not one.spoken_to]
    entries = sum(bool(_ENTRY.match(line)) and not _OFFER.search(line) for line in lines)
    rows = [line for line in lines if _ROW.match(line)]
    if 2 * sum(any(c.isdigit() for c in row) for row in rows) >= len(rows):
        entries = max(entries, len(rows))
    if any(_STANDINGS.match(line) for line in lines):
        entries = max(entries, sum(bool(_TALLY.match(line)) for line in lines))
    return entries >= max(MIN_ENTRIES, MIN_MARKED * len(run))


def _headed(run: Sequence[Judged]) -> bool:
    """Whether these are the ingredients of a recipe, of which 'sale e pepe' bears neither mark nor figure."""
    lines = [one.line.plain for one in run]
    start = next((number for number, line in enumerate(lines) if _INGREDIENTS.match(line)), len(lines))
    return len(lines) - start > MIN_ENTRIES and sum(bool(_QUANTITY.search(line)) for line in lines[start:]) >= 2


def _tabular(run: Sequence[Judged]) -> bool:
    """Whether these are rows of a table, each with as many cells, though words alone stand in them."""
    cells = {one.line.plain.count(" | ") for one in run}
    return len(run) >= MIN_ENTRIES and len(cells) == 1 and cells.pop() >= MIN_DIVIDERS


def _airy(judged: Sequence[Judged]) -> bool:
    """Whether so many blank lines stand between the lines that they divide nothing."""
    return sum(one.line.spaced for one in judged) > MIN_MARKED * len(judged)


def _known(one: Judged) -> bool:
    return any(hit.rule.kind in EVIDENCE and hit.rule.action == "drop" for hit in one.hits)


def _size(one: Judged) -> int:
    return len(one.line.plain)


def _supported(run: Sequence[Judged], often: Counter[str]) -> bool:
    """Whether enough lines among these are known by their words, or come again, for the others to go by their shape."""
    shapes = sum(one.rule in SHAPES for one in run)
    known = sum((one.kind in EVIDENCE and one.rule not in SHAPES) or often[one.key] > 1 for one in run)
    return known >= max(1.0, MIN_EVIDENCE * shapes)


def stand_back(judged: Sequence[Judged]) -> None:
    """Take verdicts of mere shape back where no known line supports them: in front of a paragraph, and where there is none."""
    often = Counter(one.key for one in judged)
    bare = not prosaic(judged)
    titled = any(one.block == "title" for one in judged)
    page = any(one.kind in EVIDENCE and one.rule not in SHAPES for one in judged)  # and not just a text
    for run, inside, close in _dropped(judged, split=bare):
        if not (bare or inside) or _supported(run, often):
            continue
        if len(run) >= MIN_LINES or inside or not page or (close and not titled):
            for one in run:
                if one.rule in SHAPES:
                    one.kind = one.rule = ""
                    one.block, one.evidence = "paragraph", "a short line, and nothing but its shape against it"


def _dropped(judged: Sequence[Judged], split: bool) -> Iterator[tuple[list[Judged], bool, bool]]:
    """Runs of lines that are to go, with whether a paragraph follows that is not the first, and whether a line that stays follows.

    `split` says that known lines and blank ones divide runs.
    """
    run: list[Judged] = []
    begun = False
    airy = _airy(judged)
    for one in judged:
        known = split and bool(one.kind) and one.rule not in SHAPES
        if run and (not one.kind or known or (split and one.line.spaced and not airy)):
            follows = not one.kind and one.line.sentence and (one.line.words >= LONG or len(run) <= MIN_LINES)
            yield run, begun and follows, not one.kind
            run = []
        if not one.kind:
            begun = begun or one.block not in {"title", "subtitle"}
        elif not known:
            run.append(one)
    if run:
        yield run, False, False
