"""The vocabulary: what a document is and every artifact that a stage makes of it.

All artifacts are frozen dataclasses of plain values, so that they can be hashed, stored as JSON and compared. All offsets
are half-open ranges of Python string indices (code points): of `Source.text` in `Kept` and `Removed`, of
`CleanText.text` in `Segment`. This module does nothing with them beyond what follows from their definition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, cast

Severity = Literal["info", "warning", "error"]
Provenance = Literal["model", "split", "redecoded", "alternative", "source", "copied", "approved"]
TermStatus = Literal["satisfied", "repaired", "unsatisfied"]
BlockKind = Literal["title", "subtitle", "heading", "paragraph", "list"]


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of change made while decoding: `kind` such as 'mojibake' or 'no-break space', and how often."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Edit:
    """`Source.text[start:end]` stood as `original` in the decoded file."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file decoded to text. For HTML, `text` is the page's visible text, one block a line.

    `text` has LF line ends and clean Unicode (NFC, ordinary spaces, no control characters); `edits`, `newline`, `bom` and
    `encoding` lead back to the bytes of a text file. `outside_main` are the spans of `text` that an HTML extractor
    puts outside the article; `page` is what the page declares of itself (title, author, date, site).
    """

    text: str
    format: Literal["txt", "html"]
    sha256: str
    size: int
    encoding: str
    newline: str = "\n"
    bom: bool = False
    repairs: tuple[Repair, ...] = ()
    edits: tuple[Edit, ...] = ()
    outside_main: tuple[tuple[int, int], ...] = ()
    page: Metadata | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says about the article, as written; `date_iso` is `date` in ISO 8601. '' where unknown."""

    title: str = ""
    subtitle: str = ""
    date: str = ""
    date_iso: str = ""
    section: str = ""
    author: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Which lines of a source stand in other articles of its site as well, as their keys (`cleaning.lines.key`), sorted.

    `many` stand in several articles, `most` in at least half. Made by the run, which alone sees more than one document.
    """

    many: tuple[str, ...] = ()
    most: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A span of the source that stays; `after` is what the clean text puts behind it ('', ' ', a line break or two)."""

    start: int
    end: int
    kind: BlockKind
    after: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of the source that was taken out, the rule that did it and what kind of matter it was.

    White space that the clean text does without has the kind 'space'; every other kind is worth showing.
    """

    start: int
    end: int
    rule: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CleanText:
    """The article: kept spans joined by their separators. Kept and removed spans together are the whole source, in order."""

    text: str
    kept: tuple[Kept, ...]
    removed: tuple[Removed, ...]
    metadata: Metadata

    @classmethod
    def verbatim(cls, text: str) -> CleanText:
        """A text from which nothing is removed: each line that is not blank is a paragraph."""
        lines = list(re.finditer(r"\S(?:.*\S)?", text))
        if not lines:
            return cls("", (), (Removed(0, len(text), "verbatim", "space", text),) if text else (), Metadata())
        ends = [line.end() for line in lines]
        starts = [line.start() for line in lines[1:]] + [len(text)]
        kept = tuple(
            Kept(m.start(), m.end(), "paragraph", text[m.end() : after]) for m, after in zip(lines, starts, strict=True)
        )
        gaps = [(0, lines[0].start()), *zip(ends, starts, strict=True)]
        removed = tuple(Removed(i, j, "verbatim", "space", text[i:j]) for i, j in gaps if i < j)
        return cls(text[gaps[0][1] :], kept, removed, Metadata())

    def restore(self) -> str:
        """Rebuild `Source.text` from the clean text and the removed spans alone."""
        pieces, position = [(r.start, r.text) for r in self.removed], 0
        for kept in self.kept:
            length = kept.end - kept.start
            pieces.append((kept.start, self.text[position : position + length]))
            position += length + len(kept.after)
        return "".join(text for _, text in sorted(pieces))


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence: `text` is `CleanText.text[start:end]`, `after` what stands between it and the next.

    `id` counts from 1 within the document, `paragraph` from 0; `kind` is that of the block the segment stands in.
    """

    id: int
    paragraph: int
    start: int
    end: int
    kind: BlockKind
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Segments:
    """All sentences; joining each text and what comes after it gives the clean text exactly."""

    items: tuple[Segment, ...]

    def join(self) -> str:
        """The clean text, rebuilt."""
        return "".join(s.text + s.after for s in self.items)


@dataclass(frozen=True, slots=True)
class Generation:
    """One decoded text. `score`: log-probability over length, in nats a token, rounded to 3 places.

    `tokens_in` and `tokens_out` count the model's subwords with the end-of-sentence mark. `truncated`: the length limit came
    before the end-of-sentence mark.
    """

    text: str
    score: float
    tokens_in: int
    tokens_out: int
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class TextRepair:
    """A place where the target was changed by rule: `before` became `after`, which stands at `Pair.target[start:end]`.

    `kind` is 'number', 'address' or 'name' for what the model got wrong and the source settles, 'leak' for a phrase of its training
    data that was cut off (then `after` is ''), 'edit' for what a rule of the user's changed, whose id is `rule`. Where a later
    change took in a part of the place, the place is what stands there now.
    """

    kind: Literal["number", "address", "name", "leak", "edit"]
    before: str
    after: str
    start: int
    end: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the glossary that occurs in a segment: at `Pair.source[start:end]`, to be rendered as `target`.

    'satisfied': the first decoding has it; 'repaired': another decoding has it; 'unsatisfied': none has. `kind` 'keep' stands for
    a string that must not be translated. `rendering` is what the target has for it, '' where nothing was recognised.
    """

    kind: Literal["glossary", "keep"]
    source: str
    target: str
    status: TermStatus
    start: int
    end: int
    rendering: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One segment and its English. `score` is the length-normalised log-probability (nats a token), None if no model ran.

    `provenance`: 'model' decoded whole, 'split' decoded in parts and joined, 'redecoded' decoded again with other settings,
    'alternative' by the second model, 'source' nothing fit came out and the Italian stands in its place behind a mark, 'copied' nothing
    to translate, 'approved' a reviewer's correction. `rung` names the step of the ladder that won, '' for the plain decoding.
    `truncated`: decoding met its length limit before the end of the sentence. `repairs` are in the target's order. `reading` is the Italian
    that the model was given where a rule of the user's (`translate.edits`) made it another, else ''. `variant` is the translation of
    the sentence with another ending, where that was asked for and has other words.
    """

    segment: int
    source: str
    target: str
    score: float | None
    tokens_in: int
    tokens_out: int
    provenance: Provenance
    truncated: bool = False
    rung: str = ""
    repairs: tuple[TextRepair, ...] = ()
    terms: tuple[TermUse, ...] = ()
    reading: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """One pair for each segment, in order; `model` names the checkpoint."""

    pairs: tuple[Pair, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Reread:
    """What a model that goes from English to Italian says of a pair that looked doubtful; log-probabilities are in nats.

    `clause`: the Italian, of the clauses that were tried, of which the English tells the least; `untold`: by how much what it tells of it
    falls short of what may be expected of its length (a high one speaks for an omission); `told`: what the English tells of a subword of the
    Italian, in the mean. `stretch`: the English that was left out with the largest `gain`: by how much the whole Italian is likelier
    then (a high one speaks for an invention). `likely`: the mean for a subword of the Italian. All 0 where there was nothing to try.
    """

    segment: int
    clause: tuple[int, int] = (0, 0)
    untold: float = 0.0
    told: float = 0.0
    stretch: tuple[int, int] = (0, 0)
    gain: float = 0.0
    likely: float = 0.0


@dataclass(frozen=True, slots=True)
class Rereading:
    """The doubtful pairs, read again, in order; a pair that is not among them was not in doubt. `model` names the reader."""

    items: tuple[Reread, ...]
    model: str


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of the summary and the ids of the segments that support it, best first."""

    text: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary in English. `method` says how it came about: 'abstractive', 'extractive' or 'whole' (the text was too short).

    `model` is the checkpoint, or the extractive method's name and version. `chunks` parts of the text were read, holding
    `tokens_read` of `tokens_total` tokens (model's subwords, or words where no model ran): equal unless something was lost.
    `note` says why a fallback was taken, or ''.
    """

    sentences: tuple[SummarySentence, ...]
    method: Literal["abstractive", "extractive", "whole"]
    model: str
    chunks: int
    tokens_read: int
    tokens_total: int
    note: str = ""

    @property
    def text(self) -> str:
        """The summary as one paragraph."""
        return " ".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a reviewer should look at. Without a segment or a summary sentence it concerns the whole document.

    `segment` is a segment id, `sentence` counts summary sentences from 0. `source_spans` and `target_spans` are the
    evidence, ranges of the segment's source and of its target (or of the summary sentence).
    """

    id: str
    severity: Severity
    message: str
    segment: int | None = None
    sentence: int | None = None
    source_spans: tuple[tuple[int, int], ...] = ()
    target_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """All flags, in document order."""

    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """A document that is rightly left out: `reason` is a word ('empty', 'binary', 'wrong_language'), `message` a sentence."""

    stage: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not go on: never stored, so the next run tries it again."""

    stage: str
    error: str
    message: str


Artifact = Source | Recurrence | CleanText | Segments | Translation | Rereading | Summary | Checks
Ending = Skip | Failure
A = TypeVar("A", bound=Artifact)

FIELDS: Mapping[type, str] = {
    Source: "source",
    Recurrence: "recurrence",
    CleanText: "clean",
    Segments: "segments",
    Translation: "translation",
    Rereading: "rereading",
    Summary: "summary",
    Checks: "checks",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document on its way: `id` names its output folder, `path` is the input file as the user would name it.

    Artifacts appear as stages make them; `ending` is set when the document was skipped or failed.
    """

    id: str
    path: str
    source: Source | None = None
    recurrence: Recurrence | None = None
    clean: CleanText | None = None
    segments: Segments | None = None
    translation: Translation | None = None
    rereading: Rereading | None = None
    summary: Summary | None = None
    checks: Checks | None = None
    ending: Ending | None = None

    def get(self, kind: type[A]) -> A:
        """The artifact of this kind. Raises KeyError when no stage has made it."""
        artifact = getattr(self, FIELDS[kind])
        if artifact is None:
            raise KeyError(f"{self.id} has no {kind.__name__} yet")
        return cast(A, artifact)

    def has(self, kind: type[Artifact]) -> bool:
        """Whether a stage has made an artifact of this kind."""
        return getattr(self, FIELDS[kind]) is not None

    def plus(self, made: Artifact | Ending) -> Document:
        """A copy that carries `made` as well."""
        if isinstance(made, Skip | Failure):
            return replace(self, ending=made)
        change: dict[str, Any] = {FIELDS[type(made)]: made}
        return replace(self, **change)
