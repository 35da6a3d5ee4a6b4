"""A line and what has been found out and decided about it. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.cleaning.lines import Line, key
from pipeline.cleaning.rules import Hit, Rules
from pipeline.document import BlockKind


@dataclass(slots=True)
class Judged:
    """A line with what has been decided about it. While `kind` and `block` are both '', it is undecided.

    `hits` are the rules that speak to the whole line, `cuts` those that speak to matter glued to it; `outside` says that
    an HTML page's markup puts it outside the article.
    """

    line: Line
    key: str
    hits: list[Hit]
    cuts: list[Hit]
    outside: bool = False
    passage: bool = False  # one of many short lines that are a text all the same: verses, results, a timetable
    kind: str = ""  # of boilerplate
    rule: str = ""
    evidence: str = ""
    block: BlockKind | Literal[""] = ""
    metadata: dict[str, str] = field(default_factory=dict)
    flag: Hit | None = None  # a rule that only wants the line to be looked at

    @property
    def spoken_to(self) -> bool:
        """Whether a rule speaks to the line wherever it may stand."""
        return any(hit.rule.scope == "anywhere" and hit.rule.action != "flag" for hit in self.hits)

    @property
    def prose(self) -> bool:
        """Whether it is running text, or a line of a passage, that nothing has taken out."""
        return not self.kind and (self.line.sentence or self.passage)

    def drop(self, kind: str, rule: str, evidence: str) -> None:
        """Decide that the line is boilerplate; what was decided first stands."""
        if not self.kind:
            self.kind, self.rule, self.evidence, self.block = kind, rule, evidence, ""

    def keep(self, block: BlockKind, evidence: str) -> None:
        """Decide that the line is part of the article."""
        if not self.kind and not self.block:
            self.block, self.evidence = block, evidence


def read(line: Line, rules: Rules) -> Judged:
    """The line with the rules that speak to it, undecided. Its shape is that of what the cuts leave."""
    found = list(rules.hits(line.plain, line.words, line.sentence))
    cuts = [h for h in found if h.rule.where == "glued"] if found else []
    if not cuts:
        return Judged(line, key(line.plain), found, [])
    left = _left(line, cuts)
    if not key(left):
        return Judged(line, key(line.plain), found, [])
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
