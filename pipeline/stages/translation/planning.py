"""How each segment will be put to the model: copied or corrected and not at all, or without its marks, cased, normalised and in parts within the soft limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.document import Segment
from pipeline.engines.engine import Remembered
from pipeline.stages.detection.language import foreign_among
from pipeline.stages.translation.casing import Casing, Style, style
from pipeline.stages.translation.corrections import Corrections
from pipeline.stages.translation.edits import Edits
from pipeline.stages.translation.marks import NOTHING, Held, around_marks, held
from pipeline.stages.translation.preparation import halve, has_words, pieces, whole


@dataclass(frozen=True, slots=True)
class Plan:
    """How one segment is translated: its parts, in order; none when the segment is copied, corrected or left as it is."""

    segment: Segment
    parts: tuple[str, ...]
    style: Style
    reading: str = ""  # the Italian after the user's edits, where they changed it
    held: Held = NOTHING  # the segment's text and the marks that were kept from the model
    foreign: str = ""  # the language for which the segment is left as it is
    correction: str = ""  # the English that a reviewer gave it

    @property
    def texts(self) -> list[str]:
        """The parts that go to the model; the others have no words and stay as they are."""
        return [part for part in self.parts if has_words(part)]


class Draft(NamedTuple):
    """What the model is to read of a segment ('' for nothing), its style if that was changed, and the rest as in `Plan` and in its order."""

    text: str
    style: Style
    reading: str
    held: Held
    foreign: str
    correction: str


class Planner:
    """Makes plans. The engine is only asked to count what it does not remember.

    English sentences are copied. Those in other languages are left as they are if `leaves_foreign`, else put to the model.
    """

    def __init__(
        self,
        normalise: Callable[[str], str],
        edits: Edits,
        corrections: Corrections,
        soft_limit: int,
        engine: Remembered,
        leaves_foreign: bool = False,
    ) -> None:
        self._normalise, self._edits, self._soft, self._engine = normalise, edits, soft_limit, engine
        self._corrections, self._leaves = corrections, leaves_foreign

    def plans(self, documents: Sequence[Sequence[Segment]]) -> list[list[Plan]]:
        """A plan for each segment of each document; a title is cased as the rest of its own document is."""
        drafts = [self._drafts(segments) for segments in documents]
        parts = self._fit(list(dict.fromkeys(d.text for some in drafts for d in some if d.text)))
        return [
            [Plan(s, parts.get(draft.text, ()), *draft[1:]) for s, draft in zip(segments, some, strict=True)]
            for segments, some in zip(documents, drafts, strict=True)
        ]

    def _drafts(self, segments: Sequence[Segment]) -> list[Draft]:
        """What the model is to read of each segment."""
        without = [held(segment.text) for segment in segments]
        styles = [style(bare.text) for bare in without]
        casing = Casing(s.text for s in segments) if any(kind != "plain" for kind in styles) else None
        made: list[Draft] = []
        languages = foreign_among([segment.text for segment in segments])
        corrections = [self._corrections.of(segment.text) for segment in segments]
        for bare, kind, language, correction in zip(without, styles, languages, corrections, strict=True):
            foreign = language if self._leaves and language != "English" else ""
            is_read = has_words(bare.text) and language != "English" and not (foreign or correction)
            plain = self._normalise(bare.text) if is_read else ""
            text = self._edits.italian(plain)
            cased = casing.sentence(text, kind) if casing else text
            changed = kind == "shouted" or cased != text
            made.append(
                Draft(cased, kind if changed else "plain", text if text != plain else "", bare, foreign, correction)
            )
        return made

    def _fit(self, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Each text as parts that are within the soft limit, in order. What is remembered whole needs no counting."""
        tree = {text: tuple(p for part in around_marks(text) for p in pieces(part)) for text in texts}
        parts = list(dict.fromkeys(part for parts in tree.values() for part in parts))
        known = self._engine.recall(parts)
        long = [p for p in parts if not whole(p) and not (p in known and known[p].tokens_in <= self._soft)]
        limit = min(self._soft, self._engine.limit) if long else self._soft
        while long:
            halves = {t: halve(t) for t, n in zip(long, self._engine.count(long), strict=True) if n > limit}
            tree = {text: tuple(h for part in parts for h in halves.get(part, (part,))) for text, parts in tree.items()}
            long = [half for pair in halves.values() for half in pair if not whole(half)]
        return tree
