"""What place and shape say of the lines that no rule has decided: head, body, tail, and files without running text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.cleaning.furniture import RECURS
from pipeline.cleaning.judged import Judged
from pipeline.cleaning.lines import MIN_SENTENCE

MENU_RUN = 4  # short lines in a row that make a menu
MENU_REPEATED = 3  # words up to which an entry that comes again within the article is still the menu's
KEY_POINT = 5  # words that an entry of a summary in front of the text has at least
MENU_WORDS = 7.0  # words that a menu's entries have at most, on average


def head(judged: list[Judged]) -> None:
    """Between title and first sentence only a subtitle stays; in front of the title nothing that is not running text."""
    first = next((i for i, one in enumerate(judged) if one.prose and one.block != "title"), len(judged))
    at = next((i for i, one in enumerate(judged) if one.block == "title"), -1)
    counts = Counter(one.key for one in judged)
    open_lines = [one for one in judged[at + 1 : first] if not one.kind]
    sure = any(one.kind == "title" for one in judged)  # a title that comes twice is no guess
    menu = False  # a menu stands between a sure title and this line
    for i, one in enumerate(judged[:first]):
        menu = menu or (sure and at < i and one.kind == "nav")
        if one.kind or one.block:
            continue
        if at < i and not menu and counts[one.key] == 1 and _could_be_subtitle(one, open_lines):
            one.keep("subtitle", "a longer line between title and text")
        elif at < i and one.line.stopped and one.line.words >= 3 and not one.outside:
            one.keep("subtitle", "a short sentence between title and text")
        elif 0 <= at < i and not menu and one.line.bulleted and one.line.words >= KEY_POINT and not one.outside:
            one.keep("list", "a key point between title and text")
        else:
            one.drop("nav", "shape-head", "a short line in front of the text")


def _could_be_subtitle(one: Judged, open_lines: Sequence[Judged]) -> bool:
    long = one.line.words >= MIN_SENTENCE or (one.line.words >= 5 and len(open_lines) <= 2)
    return long and not one.line.item and (not one.outside or one is open_lines[0])


def body(judged: list[Judged]) -> None:
    """Sentences stay. Short lines between them stay as headings or lists, unless they are so many that they make a menu."""
    prose = [i for i, one in enumerate(judged) if one.prose and one.block != "title"]
    if not prose:
        return
    above = {one.key for one in judged[: prose[0]] if one.kind == "nav"}
    run: list[Judged] = []
    listing = False
    for one in judged[prose[0] : prose[-1] + 1]:
        if one.prose:
            _settle(run, listing, above)
            run = []
            one.keep("list" if one.line.item else "paragraph", "running text")
            listing = one.line.plain.endswith(":")
        elif one.rule == RECURS or (not one.kind and not one.block):  # what recurs within a menu still makes it long
            run.append(one)
    _settle(run, listing, above)


def _settle(run: list[Judged], listing: bool, above: set[str]) -> None:
    average = sum(one.line.words for one in run) / len(run) if run else 0.0
    entries = sum(one.line.item or one.line.stopped or one.line.plain.startswith('"') for one in run)
    menu = len(run) >= MENU_RUN and average <= MENU_WORDS and not listing and entries < 0.5 * len(run)
    for one in run:
        if menu and not one.line.stopped:
            one.drop("nav", "shape-menu", f"one of {len(run)} short lines in a row")
        elif one.outside and not one.line.stopped:
            one.drop("nav", "html-outside-article", "a short line outside the article by the page's markup")
        elif one.key in above and one.line.words <= MENU_REPEATED and not listing:
            one.drop("nav", "shape-menu", "stands in the menu above the article as well")
        elif one.line.item or listing:
            one.keep("list", "an entry of a list")
        elif one.line.stopped:
            one.keep("paragraph", "a short sentence between sentences")
        else:
            one.keep("heading", "a short line between sentences")


def tail(judged: list[Judged]) -> None:
    """After the last running text only what follows it directly stays: short sentences, list entries, a line broken off."""
    last = max((i for i, one in enumerate(judged) if one.prose), default=-1)
    listing = judged[last].line.plain.endswith(":")
    direct = True
    for one in judged[last + 1 :]:
        if one.kind or one.block:
            direct = direct and not one.kind
        elif direct and not one.outside and _says_something(one):
            one.keep("paragraph", "a short sentence after the text")
        elif direct and not one.outside and (listing or one.line.item):
            one.keep("list", "an entry of a list")
        elif direct and not one.outside and one is judged[-1] and one.line.plain[0].islower() and one.line.words >= 3:
            one.keep("paragraph", "the last line, which goes on")
        elif direct and not one.outside and one is judged[-1] and one.line.words >= MIN_SENTENCE:
            one.keep("paragraph", "the last line, broken off")
        else:
            one.drop("nav", "shape-tail", "a short line after the text")
            direct = False


def _says_something(one: Judged) -> bool:
    """A short sentence; of one or two words only a statement or speech, since buttons shout and ask."""
    text = one.line.plain
    return one.line.stopped and (one.line.words >= 3 or text.rstrip("\"')").endswith(".") or text.startswith('"'))


def without_prose(judged: list[Judged]) -> None:
    """A file without any running text: lines of some length stay, and so does a file of a line or two."""
    left = [one for one in judged if not one.kind and not one.block]
    for one in left:
        if len(left) <= 2 or one.line.words >= 5 or (one.line.stopped and one.line.words >= 3):
            one.keep("paragraph", "no running text around it")
        else:
            one.drop("nav", "shape-menu", "a short line, and no running text around it")
