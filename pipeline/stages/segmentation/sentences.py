"""Where Italian sentences end, by rules over a list of abbreviations. Not a model, and not the pipeline's stage.

A boundary is a run of `.`, `!`, `?` or `…` with the quotes and brackets that close behind it, then white space, then something
that can open a sentence. What stands before a lone full stop (abbreviation, initial, acronym, list number) and the word
behind it decide the doubtful cases. One pass over the text, with look-backs of bounded length: linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

# A run of end marks, once, and what closes behind it: quotes, brackets, emoji, a guillemet set off by a space.
_END = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++)"
    r"(?P<close>(?:[”»’\"')\]]|[ \u00a0][»”](?![^\W_])|[ \u00a0]?[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)*+)"
    r"(?P<space>\s*+)"
)
_NEXT = re.compile(r"(?P<dash>[-–—]\s*)?(?P<open>[“«‘\"'(\[„‚¿¡]\s*)*(?P<word>[^\W\d_]*’?)(?P<dot>\.?)")
_TOKEN = re.compile(r"[^\s“«„\"(\[’'‘/…]*\Z")
_INITIAL = re.compile(r"(?:[^\W\d_]-)?[A-ZÀ-Þ]\Z")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}\Z")
_ITEM = re.compile(r"(?:\d{1,2}|[ivxIVX]{1,4}|[a-zA-Z])\Z")
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\Z")  # 2.1., of a judgment or a contract
_ARTICLE = re.compile(
    r"(?:Art|Capo|Titolo|Sez|Cap)\.?\s*(?:\d{1,4}|[IVXLC]{1,6})(?:[- ](?:bis|ter|quater))?\Z|(?:Ore|ORE)\s\d{1,2}(?:[.:]\d\d)?\Z"
)
_CLOSED = re.compile(r"(?:\d|[»”)%])\Z")
_DATE = re.compile(r"[A-ZÀ-Þ][^\W\d_]+,?\s\d{1,2}°?\s[^\W\d_]{3,9}\Z")  # Roma, 3 mag
_LOOK_BACK = 40  # longer than any abbreviation
_EXCLAIMED = {
    "yahoo",
    "wham",
    "jeopardy",
    "oxxxymiron",
    "viva",
    "eyes",
}  # names that are written with a mark at the end


class Sentences:
    """The splitter for one list of abbreviations. `extra` are a user's own: they never end a sentence."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        words = _words()
        self._never = words["never"] | {e.strip().rstrip(".").lower() for e in extra}
        self._sometimes, self._closing = words["sometimes"], words["closing"]
        self._openers, self._particles, self._lettered = words["openers"], words["particles"], words["lettered"]

    def split(self, text: str) -> list[tuple[int, int]]:
        """The sentences of one paragraph as half-open ranges of `text`, without the white space around them."""
        start = len(text) - len(text.lstrip())
        found = []
        for end, following in self._boundaries(text, start):
            found.append((start, end))
            start = following
        last = len(text.rstrip())
        if start < last:
            found.append((start, last))
        return found

    def _boundaries(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """(end of a sentence, start of the next), in order."""
        for match in _END.finditer(text):
            end, following = match.end("close"), match.end()
            if match.start() <= start or following >= len(text):
                continue
            if self._ends(text, start, match):
                yield end, following
                start = following

    def _ends(self, text: str, start: int, match: re.Match[str]) -> bool:
        """Whether the sentence that began at `start` ends with this mark."""
        following = _NEXT.match(text, match.end())
        assert following is not None  # the pattern matches the empty string
        if not match["space"]:
            return self._glued(text, match, following)
        if not _opens(text, following):
            return False
        before = _token(text, match.start())
        is_head = following["dash"] and match.start() - start < _LOOK_BACK
        if is_head and _is_dateline(text[start : match.start()], match["mark"]):
            return False
        if match["mark"] != ".":
            return before.lower() not in _EXCLAIMED or bool(match["close"]) or self._is_opener(following)
        if match["close"].strip("’'") or following["dash"]:
            return True  # a full stop within quotes or brackets that end: no abbreviation stands so
        return self._full_stop(text, start, match.start(), before, following)

    def _full_stop(self, text: str, start: int, at: int, before: str, following: re.Match[str]) -> bool:
        """Whether the lone full stop at `at` ends a sentence, given that what follows could open one."""
        word = before.lower().rpartition("-")[2]  # lun.-ven. 9-13
        if word in self._never:
            return False
        if self._is_item(text, start, at, before) or (
            before == "No" and text[following.start() : following.start() + 1].isdigit()
        ):
            return False
        if at - start < 20 and _ARTICLE.match(text, start, at):
            return False  # Art. 3. Tutti i cittadini; Ore 10.30. Il corteo parte: the number heads its text
        if _INITIAL.match(before):
            named = self._is_lettered(text, at - len(before))  # la lettera U. La commissione
            return self._is_opener(following, particles=named) or _quoted(following)
        if word in self._closing:
            return True
        if word in self._sometimes or (len(before) == 1 and before.isalpha()) or _ACRONYM.match(before):
            return self._is_opener(following) or _quoted(following)
        return True

    def _is_lettered(self, text: str, at: int) -> bool:
        """Whether the word before `at` is one that letters name, as in `vitamina C`: then the letter is no one's initial."""
        words = text[max(0, at - _LOOK_BACK) : at].split()
        return bool(words) and words[-1].lower() in self._lettered

    def _glued(self, text: str, match: re.Match[str], following: re.Match[str]) -> bool:
        """Whether a space is missing after the full stop (`finita.Il governo`, `3-2.Il`): only a word that opens sentences says so."""
        before, word = _token(text, match.start()), following["word"]
        if match["mark"] not in (".", "?", "!") or following["dash"] or following["open"] or following["dot"]:
            return False
        word_ends = before.isalpha() and before.islower() and (len(before) > 2 or match["mark"] != ".")
        figure_ends = _CLOSED.search(before) and not _ITEM.match(before)
        plain = word_ends or match["close"] or figure_ends
        after = text[following.end("word") : following.end("word") + 1]
        return (
            bool(plain)
            and word[:1].isupper()
            and (after.isspace() or word.endswith("’"))
            and self._is_opener(following)
        )

    def _is_item(self, text: str, start: int, at: int, before: str) -> bool:
        """Whether `before` numbers an item of a list: at the start of the sentence, or after a colon or semicolon."""
        ahead = text[max(start, at - len(before) - 3) : at - len(before)].strip()
        if _ITEM.match(before):
            return not ahead or ahead[-1] in ":;"
        return not ahead and bool(_CLAUSE.match(before))

    def _is_opener(self, following: re.Match[str], particles: bool = True) -> bool:
        """Whether the next word is one that opens sentences and is written with a capital."""
        word = following["word"]
        if not word[:1].isupper() or (following["dot"] and len(word) == 1):
            return False
        lower = word.lower()
        # an apostrophe may also be a closing quote: Un’altra, but also ‘Uno’
        known = lower in self._openers or lower.rstrip("’") in self._openers
        return known or (particles and lower in self._particles)


def _opens(text: str, following: re.Match[str]) -> bool:
    """Whether a sentence could begin here: a capital, a digit, an opening quote, a hashtag or a handle."""
    at = following.start("word")
    character = text[at : at + 1]
    if character.islower():
        return text[at + 1 : at + 2].isupper()  # iPhone, eBay
    return character.isalnum() or character in tuple("#@€$£")


def _quoted(following: re.Match[str]) -> bool:
    """Whether a quotation opens here."""
    return bool(following["open"]) and following["open"].strip() in '“«„"'


def _token(text: str, end: int) -> str:
    """The word that ends at `end`, inner full stops included."""
    match = _TOKEN.search(text, max(0, end - _LOOK_BACK), end)
    assert match is not None  # the pattern matches the empty string
    if (
        match.end() - match.start() == 1
        and text[match.start() - 1 : match.start()] in ("'", "’")
        and match[0].islower()
    ):
        return "’" + match[0]  # an English genitive, no initial: Sainsbury's
    return match[0].strip(",;:")


def _is_dateline(head: str, mark: str) -> bool:
    """Whether this stands before a dash at the head of a news item: one or two words (`ROMA. - Il governo`), or place and day (`Roma, 3 mag. - Il governo`)."""
    if head.startswith(("-", "–", "—")):
        return False
    return (len(head) < 30 and len(head.split()) <= 2) or (mark == "." and _DATE.search(head) is not None)


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    """The word lists beside this module, by section."""
    sections: dict[str, set[str]] = {}
    for name in ("abbreviations.txt", "openers.txt"):
        for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                current = sections.setdefault(line.strip("[]"), set())
            elif line and not line.startswith("#"):
                current.update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}
