"""Changes to a text that can be undone: applying replacements, and folding a second round of them into the first."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.document import Edit


@dataclass(frozen=True, slots=True)
class Change:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A text, the edits that lead back to the file, and the line end that every unedited LF stood as."""

    text: str
    edits: tuple[Edit, ...] = ()
    newline: str = "\n"

    def apply(self, changes: Sequence[Change]) -> Edited:
        """The text after `changes` (sorted, disjoint); edits still lead all the way back."""
        if not changes:
            return self
        pieces: list[str] = []
        edits: list[Edit] = []
        position = length = 0
        for start, end, old, new in _groups(self.edits, changes):
            pieces.append(self.text[position:start])
            length += start - position
            replaced = _changed(self.text, start, end, new)
            pieces.append(replaced)
            edits.append(Edit(length, length + len(replaced), _undone(self.text, start, end, old, self.newline)))
            length += len(replaced)
            position = end
        pieces.append(self.text[position:])
        return Edited("".join(pieces), tuple(edits), self.newline)

    def original(self) -> str:
        """The text as it stood in the file."""
        return _undone(self.text, 0, len(self.text), self.edits, self.newline)


def _groups(
    edits: Sequence[Edit], changes: Sequence[Change]
) -> Iterator[tuple[int, int, Sequence[Edit], Sequence[Change]]]:
    """Old edits and new changes that touch each other, as (start, end, edits, changes), in order."""
    i = j = 0
    while i < len(edits) or j < len(changes):
        first_i, first_j = i, j
        start = end = min(
            edits[i].start if i < len(edits) else sys.maxsize, changes[j].start if j < len(changes) else sys.maxsize
        )
        grown = True
        while grown:
            grown = False
            if i < len(edits) and edits[i].start <= end:
                end, i, grown = max(end, edits[i].end), i + 1, True
            if j < len(changes) and changes[j].start <= end:
                end, j, grown = max(end, changes[j].end), j + 1, True
        yield start, end, edits[first_i:i], changes[first_j:j]


def _changed(text: str, start: int, end: int, changes: Iterable[Change]) -> str:
    pieces, position = [], start
    for change in changes:
        pieces += [text[position : change.start], change.new]
        position = change.end
    return "".join([*pieces, text[position:end]])


def _undone(text: str, start: int, end: int, edits: Iterable[Edit], newline: str) -> str:
    pieces, position = [], start
    for edit in edits:
        pieces += [text[position : edit.start].replace("\n", newline), edit.original]
        position = edit.end
    return "".join([*pieces, text[position:end].replace("\n", newline)])
