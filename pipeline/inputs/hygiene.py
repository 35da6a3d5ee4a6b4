"""Text as it was decoded to clean Unicode: line ends, spaces, invisible characters, NFC, mojibake; each change on record.

Runs its passes until nothing changes any more, so that reading its own output changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

from pipeline.document import Edit
from pipeline.inputs.edits import Change, Edited

_LINE_ENDS = re.compile("\r\n|\r|\n")
_ODD = re.compile(
    "(?P<line_end>[\x0b\x0c\x85\u2028\u2029])"
    "|(?P<no_break>[\xa0\u202f])"
    "|(?P<tab>\t)"
    "|(?P<space>[\u1680\u2000-\u200a\u205f\u3000])"
    "|(?P<soft_hyphen>\xad+)"
    "|(?P<zero_width>[\u180e\u200b\u200c\u2060-\u2064\ufeff]+)"
    "|(?P<joiner>(?<![\ufe0f\U0001f000-\U0001faff\u2600-\u27bf])\u200d+|\u200d+(?![\U0001f000-\U0001faff\u2600-\u27bf]))"
    "|(?P<direction>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+)"
    "|(?P<nul>\0)"
    "|(?P<control>[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]+)"
)
_KINDS = {  # the group of _ODD: what it is called, and what stands in its place
    "line_end": ("line end", "\n"),
    "no_break": ("no-break space", " "),
    "tab": ("tab", " "),
    "space": ("odd space", " "),
    "soft_hyphen": ("soft hyphen", ""),
    "zero_width": ("zero-width character", ""),
    "joiner": ("zero-width character", ""),
    "direction": ("direction mark", ""),
    "nul": ("control character", " "),  # between two words it stood for a space more often than for nothing
    "control": ("control character", ""),
}
_CLUSTER = re.compile("[\x00-\u02ff]?[\u0300-\U0010ffff]+")  # nothing below U+0300 combines with what precedes it
_CHUNK = re.compile("[^\n]{1,20000}[^\n ]{0,200}")  # a line, or a long one's piece that ends before a space
_SUSPECT = re.compile("[^\x00-\x7f]{2}|\xc3[ \xa0]|[\x80-\x9f]")  # no mojibake without; cheaper than asking ftfy
_MAX_MARKS = 30  # combining marks on one letter, as in Unicode's Stream-Safe format (UAX 15): sorting more is quadratic
_MAX_ROUNDS = 6


def clean_unicode(text: str, repair_mojibake: bool = True) -> tuple[Edited, Counter[str]]:
    """The cleaned text with the way back, and how often each kind of repair was made."""
    counts: Counter[str] = Counter()
    edited = _unified_line_ends(text, counts)
    for _ in range(_MAX_ROUNDS):
        before = edited.text
        if repair_mojibake:
            edited = edited.apply(_mojibake(edited.text, counts))
        edited = edited.apply(_odd_characters(edited.text, counts))
        edited = edited.apply(_composition(edited.text, counts))
        if edited.text == before:
            break
    return edited, counts


def _unified_line_ends(text: str, counts: Counter[str]) -> Edited:
    """CRLF and CR to LF. The commonest line end of the file needs no edits: `newline` says what it was."""
    ends = Counter(_LINE_ENDS.findall(text))
    newline = max(ends, key=lambda end: (ends[end], end)) if ends else "\n"
    counts["line end"] += ends.total() - ends["\n"]
    if set(ends) <= {newline}:
        return Edited(text.replace(newline, "\n"), (), newline)
    pieces: list[str] = []
    edits: list[Edit] = []
    position = length = 0
    for match in _LINE_ENDS.finditer(text):
        pieces += [text[position : match.start()], "\n"]
        length += match.start() - position + 1
        if match[0] != newline:
            edits.append(Edit(length - 1, length, match[0]))
        position = match.end()
    return Edited("".join([*pieces, text[position:]]), tuple(edits), newline)


def _odd_characters(text: str, counts: Counter[str]) -> list[Change]:
    changes = []
    for match in _ODD.finditer(text):
        kind, new = _KINDS[match.lastgroup or ""]
        counts[kind] += 1
        changes.append(Change(match.start(), match.end(), new))
    return changes


def _mojibake(text: str, counts: Counter[str]) -> list[Change]:
    """UTF-8 that was once read as a legacy encoding ('perchÃ©'), line by line and only where ftfy sees evidence of it."""
    if text.isascii():
        return []
    import ftfy
    from ftfy.badness import is_bad

    config = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False)
    changes = []
    for match in _CHUNK.finditer(text):
        line = match[0]
        if not _SUSPECT.search(line) or not is_bad(line):
            continue
        fixed = ftfy.fix_encoding(line, config)
        if fixed != line and "\ufffd" not in fixed.replace("\ufffd", "", line.count("\ufffd")):
            counts["mojibake"] += 1
            changes.append(_trimmed(match.start(), line, fixed))
    return changes


def _composition(text: str, counts: Counter[str]) -> list[Change]:
    """NFC, cluster by cluster; marks beyond the thirtieth on one letter are taken away."""
    if text.isascii():
        return []
    changes = list(_excess_marks(text, counts))
    if changes:
        return changes  # the next round composes what is left
    if unicodedata.is_normalized("NFC", text):
        return []
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        composed = unicodedata.normalize("NFC", cluster)
        if composed != cluster:
            counts["decomposed accent"] += 1
            changes.append(_trimmed(match.start(), cluster, composed))
    return changes


def _excess_marks(text: str, counts: Counter[str]) -> Iterator[Change]:
    if not re.search(f"[\u0300-\U0010ffff]{{{_MAX_MARKS + 1}}}", text):
        return
    for match in re.finditer(f"(?<={_marks()})(?:{_marks()})+", text):
        start = match.start() - 1 + _MAX_MARKS
        if match.end() > start:
            counts["excess combining marks"] += 1
            yield Change(start, match.end(), "")


@cache
def _marks() -> str:
    """A regular expression for one combining mark."""
    return "[" + "".join(re.escape(chr(c)) for c in range(0x300, 0x1F000) if unicodedata.combining(chr(c))) + "]"


def _trimmed(start: int, old: str, new: str) -> Change:
    """The change from `old` at `start` to `new`, without what both begin and end with."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return Change(start + head, start + len(old) - tail, new[head : len(new) - tail])
