"""Italian segments to English, one sentence an input, never a token cut off.

What has nothing to translate is copied; what is longer than the soft limit is split at clause boundaries and joined again; capitals
are lowered for the model and restored. The engine decodes all segments of all documents at once. The rules by which a
sentence is prepared are in `preparation.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.document import Document, Generation, Pair, Segment, Segments, Translation
from pipeline.engines import open_engine
from pipeline.engines.engine import Memory, Remembered
from pipeline.engines.models import Model, resolve
from pipeline.settings import Run, Translate
from pipeline.stages.preparation import (
    NORMALISER,
    Normaliser,
    halve,
    has_words,
    is_shouted,
    join_parts,
    lower,
    pieces,
    whole,
)
from pipeline.stages.stage import Made, Stage


@dataclass(frozen=True, slots=True)
class Plan:
    """How one segment is translated: its parts, in order; none when the segment is copied."""

    segment: Segment
    parts: tuple[str, ...]
    shouted: bool

    @property
    def texts(self) -> list[str]:
        """The parts that go to the model; the others have no words and stay as they are."""
        return [part for part in self.parts if has_words(part)]


class TranslateStage(Stage):
    """Every segment becomes a pair; the pairs stand in the segments' order."""

    name = "translate"
    version = 1
    reads = (Segments,)
    makes = Translation
    not_in_key = frozenset({"model", "revision"})

    def __init__(self, config: Translate, run: Run) -> None:
        super().__init__(config, run)
        self.config = config
        self._engine: Remembered | None = None
        self._normalise = Normaliser(config.normalise)

    def identity(self) -> str:
        """The content identity of the checkpoint."""
        return self._model.identity

    def signature(self) -> str:
        """Checkpoint, engine and decoding by name: what tells two runs apart at a glance."""
        model, decoding = self._model, self.config.decoding
        normaliser = NORMALISER if self.config.normalise else "none"
        settings = f"{self.config.engine},{self.config.precision},beam{decoding.beam_size},lp{decoding.length_penalty:g},norm={normaliser}"
        return f"{model.name}@{model.identity[:12]},{settings},v{self.version}-{self.fingerprint[:6]}"

    def open(self, memory: Memory) -> None:
        """Stand by; the checkpoint is loaded when a sentence comes that the memory does not know."""
        model = self._model
        decoding = self.config.decoding
        normaliser = NORMALISER if self.config.normalise else "none"
        engine, precision = self.config.engine, self.config.precision
        space = "|".join([model.identity, engine, precision, decoding.fingerprint(), normaliser])
        self._engine = Remembered(lambda: open_engine(engine, model, decoding, self.run, precision), memory, space)

    def close(self) -> None:
        """Let go of the checkpoint."""
        self._engine = None

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """A Translation for each document, as soon as its last sentence is decoded."""
        plans = self._plans([document.get(Segments).items for document in documents])
        waiting = [{text for p in plan for text in p.texts} for plan in plans]
        yield from ((i, self._translation(plans[i], {})) for i, texts in enumerate(waiting) if not texts)
        texts = list(dict.fromkeys(text for plan in plans for p in plan for text in p.texts))
        wanted: dict[str, list[int]] = {text: [] for text in texts}
        for i, needed in enumerate(waiting):
            for text in sorted(needed):
                wanted[text].append(i)
        decoded: dict[str, Generation] = {}
        for place, generation in self._opened.stream(texts):
            text = texts[place]
            decoded[text] = generation
            for i in wanted[text]:
                waiting[i].discard(text)
                if not waiting[i]:
                    yield i, self._translation(plans[i], decoded)

    @property
    def _opened(self) -> Remembered:
        assert self._engine is not None, "open the stage first"
        return self._engine

    @cached_property
    def _model(self) -> Model:
        return resolve(self.config.model, "translate", self.config.revision)

    def _plans(self, documents: Sequence[Sequence[Segment]]) -> list[list[Plan]]:
        texts: dict[str, str] = {}
        for segments in documents:
            for segment in segments:
                if segment.text not in texts and has_words(segment.text):
                    text = self._normalise(segment.text)
                    texts[segment.text] = lower(text) if is_shouted(segment.text) else text
        parts = self._fit(list(dict.fromkeys(texts.values())))
        return [[self._plan(segment, texts, parts) for segment in segments] for segments in documents]

    @staticmethod
    def _plan(segment: Segment, texts: dict[str, str], parts: dict[str, tuple[str, ...]]) -> Plan:
        text = texts.get(segment.text)
        return Plan(segment, parts[text] if text is not None else (), is_shouted(segment.text))

    def _fit(self, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Each text as parts that are within the soft limit, in order. What is remembered whole needs no counting."""
        soft = self.config.soft_limit
        tree = {text: pieces(text) for text in texts}
        parts = list(dict.fromkeys(part for parts in tree.values() for part in parts))
        known = self._opened.recall(parts)
        long = [
            p for p in parts if not whole(p) and not (p in known and (known[p].approved or known[p].tokens_in <= soft))
        ]
        limit = min(soft, self._opened.limit) if long else soft
        while long:
            halves = {t: halve(t) for t, n in zip(long, self._opened.count(long), strict=True) if n > limit}
            tree = {text: tuple(h for part in parts for h in halves.get(part, (part,))) for text, parts in tree.items()}
            long = [half for pair in halves.values() for half in pair if not whole(half)]
        return tree

    def _translation(self, plans: Sequence[Plan], decoded: dict[str, Generation]) -> Translation:
        return Translation(
            tuple(_pair(plan, [decoded.get(p) or _copy(p) for p in plan.parts]) for plan in plans), self._model.name
        )


def _copy(text: str) -> Generation:
    return Generation(text, 0.0, 0, 0)


def _pair(plan: Plan, generations: Sequence[Generation]) -> Pair:
    segment = plan.segment
    if not generations:
        return Pair(segment.id, segment.text, segment.text, None, 0, 0, "copied")
    target = join_parts(plan.parts, [g.text for g in generations])
    tokens_out = sum(g.tokens_out for g in generations)
    score = sum(g.score * g.tokens_out for g in generations) / max(tokens_out, 1)
    approved = all(g.approved for g in generations)
    return Pair(
        segment.id,
        segment.text,
        target.upper() if plan.shouted and not approved else target,
        round(score, 3),
        sum(g.tokens_in for g in generations),
        tokens_out,
        "approved" if approved else "split" if len(generations) > 1 else "model",
        any(g.truncated for g in generations),
    )
