"""Cleaning rules as data: the model of a rule, and finding those that speak to a line. Reading packs is `loading`'s business.

Rules say what a line's wording means; whether the line goes is decided by `judge`, which also looks at its surroundings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import re2
from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal[
    "dateline",
    "byline",
    "source",
    "section",
    "tags",
    "share",
    "cookie",
    "related",
    "newsletter",
    "paywall",
    "comment",
    "caption",
    "copyright",
    "nav",
    "about",
    "code",
    "other",
]
_SAME = tuple(zip("’‘`´“”„«»–—\n", "'" * 4 + '"' * 5 + "-- ", strict=True))
_NARRATED = re2.compile(  # somebody is said to say it: the line tells of the banner or the button, and is none
    r"(?i)^\W*\"[^\"]+\",? (?:\w+ ){0,2}\w+[aeio]\b|[\",]\s+(?:ha|hanno|aveva|avevano|ci ha|gli ha|le ha)(?: \w+)? "
    r"(?:detto|spiegato|raccontato|scritto|ripetuto|aggiunto|dichiarato|chiesto|risposto|ammesso|assicurato|ricordato)\b"
    r"|[\",]\s+(?:dice|dicono|diceva|spiega|spiegano|racconta|raccontano|recita|recitava|ripete|ripeteva|avverte|scherza|"
    r"sostiene|ammette|assicura|ricorda|osserva|commenta|risponde|chiede|chiedeva|conclude|aggiunge|prometteva|promette|"
    r"si legge|si leggeva|secondo)\s"
)
_NARRATABLE = frozenset(["share", "newsletter", "paywall", "cookie", "other", "about"])

_REMEMBERED_WORDS = 12  # in lines that are worth remembering
_REMEMBERED = 20_000  # of them
_SET_MEMORY = 256 << 20  # bytes that the automaton of all rules may take at most


class Strict(BaseModel):
    """A part of a pack: nothing that has no meaning may stand in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Examples(Strict):
    """Lines that a rule must and must not match; each runs as a test."""

    match: list[str] = Field(min_length=1)
    keep: list[str] = Field(min_length=1)


class Rule(Strict):
    """One kind of line that is not part of the article.

    `pattern` (RE2, case ignored unless `case`) or `phrases` say what is looked for; `where` whether it is the whole `line`,
    its `start`, `inside` it, or `glued` to it: then only the match goes and the rest of the line stays. Patterns see
    straight quotes, straight apostrophes and hyphens whatever the text has. `also` must all be found too, none of
    `unless` may. Lines of sentences are left alone unless `sentences`. `block` says that title-like lines ('titles') or
    everything ('rest') below belong to it as well. Named groups in the pattern are metadata.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: Kind
    why: str
    pattern: str = ""
    phrases: list[str] = []
    where: Literal["line", "start", "inside", "glued"] = "line"
    scope: str = Field("anywhere", pattern=r"^(anywhere|head|tail|after:[a-z-]+)$")
    action: str = Field("drop", pattern=r"^(drop|flag|metadata:(date|section|author|source|tags|subtitle))$")
    also: list[str] = []
    unless: list[str] = []
    case: bool = False
    sentences: bool = False
    max_words: int = Field(0, ge=0)
    block: Literal["", "titles", "rest"] = ""
    examples: Examples

    @model_validator(mode="after")
    def _one_way(self) -> Rule:
        if bool(self.pattern) == bool(self.phrases):
            raise ValueError("needs either a pattern or phrases")
        name = self.action.removeprefix("metadata:")
        if name != self.action and f"(?P<{name}>" not in self.pattern:
            raise ValueError(f"the action {self.action} needs a group (?P<{name}>...) in the pattern")
        return self

    @property
    def expression(self) -> str:
        """The whole regular expression, anchored as `where` asks."""
        found = self.pattern or "|".join(_phrase(p) for p in self.phrases)
        flags = "" if self.case else "(?i)"
        if self.where == "line":
            return rf"{flags}^[\s\W]*(?:{found})[\s\W]*$"
        return rf"{flags}^\W*(?:{found})" if self.where == "start" else rf"{flags}(?:{found})"


def _phrase(phrase: str) -> str:
    return r"\s+".join(re2.escape(word) for word in plain(phrase).split())


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that speaks to a line, and the span of the line (relative to its start) that it would take out."""

    rule: Rule
    start: int
    end: int
    line: str
    pattern: Any

    def metadata(self) -> dict[str, str]:
        """What the pattern's named groups found."""
        match = self.pattern.search(self.line) if self.pattern.groupindex else None
        return {name: value.strip() for name, value in match.groupdict().items() if value} if match else {}


def plain(text: str) -> str:
    """The text with one form of quotes, apostrophes, dashes and spaces; every character stays at its place."""
    if text.isascii():
        return text.replace("\n", " ").replace("`", "'")
    for written, plain_form in _SAME:  # in less time than str.translate takes
        text = text.replace(written, plain_form)
    return text


class Rules:
    """Compiled rules; one pass of an RE2 set over a line says which of them are worth trying."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        options = re2.Options()
        options.max_mem = _SET_MEMORY
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        self._compiled = []
        self._also = []
        self._unless = []
        for rule in rules:
            self._set.Add(rule.expression)
            self._compiled.append(re2.compile(rule.expression))
            self._also.append([re2.compile("(?i)" + p) for p in rule.also])
            self._unless.append([re2.compile("(?i)" + p) for p in rule.unless])
        self._set.Compile()
        told = "\n".join(rule.model_dump_json() for rule in self.rules)
        self._digest = hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
        self._known: dict[str, tuple[Hit, ...]] = {}  # menus come again on every page of a site

    def hits(self, line: str, words: int, prose: bool) -> tuple[Hit, ...]:
        """Rules that match `line` (already `plain`), in the order of the packs, whatever their scope."""
        if words > _REMEMBERED_WORDS:
            return tuple(self._hits(line, words, prose))
        if (known := self._known.get(line)) is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[line] = tuple(self._hits(line, words, prose))
        return known

    def forget(self) -> None:
        """Let go of the lines that are remembered, which changes no answer."""
        self._known.clear()

    def _hits(self, line: str, words: int, prose: bool) -> Iterator[Hit]:
        found = sorted(self._set.Match(line) or ())
        narrated = bool(found) and prose and _NARRATED.search(line) is not None
        for index in found:
            rule = self.rules[index]
            if narrated and rule.kind in _NARRATABLE and rule.where != "glued":
                continue
            if (prose and not rule.sentences and rule.where != "glued") or (rule.max_words and words > rule.max_words):
                continue
            if not all(p.search(line) for p in self._also[index]) or any(p.search(line) for p in self._unless[index]):
                continue
            pattern = self._compiled[index]
            if rule.where == "glued":
                yield from (Hit(rule, m.start(), m.end(), line, pattern) for m in pattern.finditer(line))
            else:
                yield Hit(rule, 0, len(line), line, pattern)

    def digest(self) -> str:
        """A hash of all that the rules say."""
        return self._digest  # asked for by every document's key
