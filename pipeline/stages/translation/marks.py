"""Emoji, icons and list marks: kept from the model, which knows none of them, and given to the English where the Italian has them.

No text: words and numbers in sentences, hashtags and addresses are not held back. Pure functions of text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.stages.detection.coverage import supported, units
from pipeline.stages.detection.lexicon import shipped
from pipeline.stages.detection.words import TAG

# Of Unicode's blocks: arrows, technical signs, circled numbers, shapes, dingbats, what icon fonts use (private), emoji.
_SIGN = "\u2190-\u21ff\u2300-\u23ff\u2460-\u249b\u24ea-\u24ff\u2580-\u27bf\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff\u3030\u303d\ue000-\uf8ff\U0001f000-\U0001faff"
_JOINER = "\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f"  # of what is one emoji in several characters
_BULLET = "•‣⁃·"
_EMOJI = rf"(?:[0-9#*]\ufe0f?\u20e3|[^\w\s]\ufe0f|[{_SIGN}])[{_SIGN}{_JOINER}]*+"
_NUMBER = r"(?:\d{1,3}[.)]|[a-zA-Z]\)|[ivx]{1,4}\)|\((?:\d{1,3}|[a-z])\))"
_LIST_MARK = rf"(?:[{_BULLET}]|(?:[-–—―*+>»›]+|\#{{1,6}}|{_NUMBER})(?=\s))"
_TAGS = rf"(?:(?<=[.!?…])(?:\s+{TAG})++|(?:\s+{TAG}){{2,}}+)"  # hung on behind a sentence: they are in none
_LEADING = re.compile(rf"\s*(?:(?:{_EMOJI}|{_LIST_MARK})\s*)+")
_TRAILING = re.compile(rf"(?<![\s{_SIGN}{_JOINER}])(?:{_TAGS})?(?:\s*{_EMOJI})*+\s*\Z")
_RUN = re.compile(rf"{_EMOJI}(?:\s*(?:{_EMOJI}|[{_BULLET}]))*+|(?<=\s)[{_BULLET}](?=\s)")
_SEPARATOR = re.compile(rf"[{_BULLET}\u2190-\u21ff\u25a0-\u25ff\u2794-\u27bf\u27f0-\u27ff\u2900-\u297f\u2b00-\u2b1f]")
_MAY_BE_MARKS = re.compile(f"[#@{_BULLET}{_SIGN}{_JOINER}]")
"""What an emoji, a hashtag or an icon cannot be without: few texts have it, and looking for those takes much longer. List marks apart."""
_MAY_GO_ON = re.compile(r"[-–—―*+>»›#@.)0-9]\Z")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"(?:(?<!\w)[-−+](?=\d))?[^\W_]+(?:['’.,][^\W_]+)*|[^\w\s]")
_ENDED = re.compile(r"[.!?…][»”\"')]*\s*\Z")
_OPENS = re.compile(r"\s*[«“\"(]?[A-ZÀ-Þ]")
_CLOSING, _OPENING = frozenset(".,;:!?…»”)]"), frozenset("«“([")
CLAUSE, NEAR, WITHIN = 3, 8, 150
"""Words that must stand on both sides of an emoji, within so many characters, for it to part two sentences; and how far from its share
of the sentence, in words, an emoji may be put."""


@dataclass(frozen=True, slots=True)
class Held:
    """A text without its marks. `before` and `after` stood at its ends, each of `inside` in front of `text[offset:]`; all with their spaces."""

    text: str
    before: str = ""
    after: str = ""
    inside: tuple[tuple[int, str], ...] = ()

    def within(self, target: str) -> str:
        """The English with the marks where they belong; what it has of them at their place stays. Nothing but marks is no English: ''."""
        if not (self.before or self.after or self.inside or _has_run(self.text)):
            return target
        body = target.strip()
        before, after = self.before.strip(), self.after.strip()
        if self._is_said(before, body) and _stands_alone(before, body.removeprefix(before)[:1]):
            body = body.removeprefix(before)
        if self._is_said(after, body) and _stands_alone(after[::-1], body.removesuffix(after)[-1:]):
            body = body.removesuffix(after)
        if not any(map(str.isalnum, body)):
            return ""
        body = _with_inside(self, body.strip())
        joint = " " * (body[-1:].isdigit() and self.after[:1].isdigit())  # a keycap is a digit and more
        return self.before + body + joint + self.after

    def _is_said(self, mark: str, body: str) -> bool:
        """Whether the engine said a mark that it did not read."""
        return body.count(mark) > self.text.count(mark)


def _stands_alone(mark: str, beside: str) -> bool:
    """Whether a mark ends before what is beside it; `3.` may be the start of `3.5`, and `-` that of `-5`, while emoji are no part of a word."""
    return not beside or beside.isspace() or not _MAY_GO_ON.search(mark)


NOTHING = Held("")


def held(text: str) -> Held:
    """A text and the marks that the model is not to read; those that part sentences stay for `around_marks`."""
    leading = _LEADING.match(text)
    if not leading and not _MAY_BE_MARKS.search(text):
        bare = text.rstrip()
        return Held(bare, "", text[len(bare) :])
    start = leading.end() if leading else 0
    trailing = _TRAILING.search(text, start)
    end = trailing.start() if trailing else len(text)
    kept: list[str] = []
    inside: list[tuple[int, str]] = []
    length, position = 0, start
    for run in _RUN.finditer(text, start, end):
        if _parts(
            text[max(start, run.start() - WITHIN) : run.start()], run[0], text[run.end() : min(end, run.end() + WITHIN)]
        ):
            continue
        here = text[position : run.start()].rstrip()
        inside.append((length + len(here), text[position + len(here) : run.end()]))
        position = _after(text, run.end())
        joint = "" if text[position : position + 1] in _CLOSING or here[-1:] in _OPENING else " "
        kept += (here, joint)
        length += len(here) + len(joint)
    return Held("".join(kept) + text[position:end], text[:start], text[end:], tuple(inside))


def around_marks(text: str) -> tuple[str, ...]:
    """A text parted around the marks that it has, each of which is a part."""
    parts: list[str] = []
    position = 0
    for run in _RUN.finditer(text) if _has_run(text) else ():
        parts += (text[position : run.start()], run[0])
        position = run.end()
    return tuple(part.strip() for part in (*parts, text[position:]) if part.strip())


def _has_run(text: str) -> bool:
    return _MAY_BE_MARKS.search(text) is not None and _RUN.search(text) is not None


def _after(text: str, position: int) -> int:
    """Where the white space at a position ends."""
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _parts(before: str, run: str, after: str) -> bool:
    """Whether a run parts what it stands between, rather than adorn a sentence."""
    if _SEPARATOR.match(run) or _ENDED.search(before):
        return True
    clauses = min(len(_WORD.findall(side)) for side in (before, after)) >= CLAUSE
    return clauses and bool(_OPENS.match(after))


class _Place(NamedTuple):
    """A place between words: how many words stand before it, the last and the next one, and what it is behind: 'word' or a mark."""

    at: int
    words: int
    last: str
    next: str
    kind: str


def _places(text: str) -> list[_Place]:
    """Every place behind a word or a mark of a text, in order."""
    tokens = list(_TOKEN.finditer(text))
    made: list[_Place] = []
    words, last = 0, ""
    for token, then in zip(tokens, [*tokens[1:], None], strict=True):
        is_word = token[0][-1].isalnum()
        words, last = words + is_word, token[0].lstrip("-−+") if is_word else last
        made.append(_Place(token.end(), words, last, then[0] if then else "", "word" if is_word else token[0]))
    return made


def _with_inside(marks: Held, body: str) -> str:
    """The English with the marks that stood in the sentence, in their order."""
    if not marks.inside:
        return body
    here, there = _places(marks.text), _places(body)
    pieces: list[str] = []
    position = 0
    wanted = Counter(run.strip() for _, run in marks.inside)
    known = {
        run for run, times in wanted.items() if body.count(run) - marks.text.count(run) >= times
    }  # the engine said them
    for offset, run in marks.inside:
        if run.strip() in known:
            continue
        place = _place(here, offset, there, position)
        at = place.at if place else len(body)
        before, after = body[:at][-1:], body[at : at + 1]
        spaced = before and not before.isspace() and (run[0].isspace() or before.isalnum())
        pieces += (body[position:at], " " * bool(spaced), run.strip(), " " * after.isalnum())
        position = at
    return "".join((*pieces, body[position:]))


def _place(here: Sequence[_Place], offset: int, there: Sequence[_Place], earliest: int) -> _Place | None:
    """The place in the target for a mark at an offset of the source: behind the same word or mark, or as far into the sentence."""
    number = bisect_right(here, offset, key=lambda p: p.at) - 1
    behind = here[number] if number >= 0 else _Place(0, 0, "", here[0].last if here else "", "")
    wanted = behind.words / max(1, here[-1].words if here else 1) * (there[-1].words if there else 0)

    def distance(place: _Place) -> float:
        near = _same(behind.last, place.last) + _same(behind.next, place.next)
        return abs(place.words - wanted) - 2.5 * near + 3 * (place.kind != behind.kind)

    first = bisect_left(there, earliest, key=lambda p: p.at)
    nearest = max(first, bisect_left(there, wanted - NEAR, key=lambda p: p.words))
    close = there[nearest : bisect_right(there, wanted + NEAR, key=lambda p: p.words)] or there[first : first + 1]
    return min(close, key=distance, default=None)


def _same(italian: str, english: str) -> bool:
    """Whether a word is the other's translation, by the lexicon, or the same mark."""
    if italian and italian == english:
        return True
    words, others = units(italian, "it"), units(english, "en")
    return bool(others) and any(supported(words, others, shipped().english))
