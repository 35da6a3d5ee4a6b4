"""What is tried when a translation is objected to: rung by rung, for all such segments at once, until nothing is objected to.

The best candidate wins: the one with the least against it (`judging.Candidate.weight`). Where nothing weighs less, what a reader chose comes
before the plain decoding, that before all others, and of these the one with the higher score. Rungs are deterministic, and what they decode is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Generation, Pair, Provenance
from pipeline.engines.engine import Engine, Memory, Remembered
from pipeline.engines.models import Model
from pipeline.engines.reranked import Reranked
from pipeline.settings import Decoding, Rung, Translate
from pipeline.stages.translation.addresses import around_addresses
from pipeline.stages.translation.judging import Candidate, Judge, passed_through
from pipeline.stages.translation.planning import Plan
from pipeline.stages.translation.preparation import clauses, has_words, other_ending
from pipeline.stages.translation.terms import repaired

PROVENANCE: dict[Rung, Provenance] = {
    "rerank": "redecoded",
    "penalty": "redecoded",
    "beam": "redecoded",
    "period": "redecoded",
    "split": "split",
    "alternative": "alternative",
}


class Engines:
    """An engine for each model and decoding, behind the memory, opened when it has something to decode.

    The weights of a model are loaded once: the second decoding borrows the engine of the first where engines allow it.
    """

    def __init__(self, load: Callable[[Model, Decoding], Engine], memory: Memory, *names: str) -> None:
        self._load, self._memory, self._names = load, memory, names
        self._loaded: dict[str, Engine] = {}
        self._remembered: dict[str, Remembered] = {}

    def of(self, model: Model, decoding: Decoding) -> Remembered:
        """The engine for this decoding; its space in the memory names all that its output depends on."""
        return self._behind(self._space(model, decoding), lambda: self._open(model, decoding))

    def ranked(self, model: Model, decoding: Decoding, reader: Model, weight: float) -> Remembered:
        """The same engine with all the hypotheses of its beam ranked by a reader."""

        def load() -> Engine:
            translator = self._open(model, decoding)
            return Reranked(translator, lambda: self._open(reader, Decoding()), weight)

        return self._behind(f"{self._space(model, decoding)}|{reader.identity},{weight:g}", load)

    def _space(self, model: Model, decoding: Decoding) -> str:
        engine, *others = self._names
        return "|".join([model.identity, engine, decoding.fingerprint(), *others])

    def _behind(self, space: str, load: Callable[[], Engine]) -> Remembered:
        if space not in self._remembered:
            self._remembered[space] = Remembered(load, self._memory, space)
        return self._remembered[space]

    def _open(self, model: Model, decoding: Decoding) -> Engine:
        first = self._loaded.get(model.identity)
        engine = first.redirected(decoding) if first else None
        if engine is None:
            engine = self._load(model, decoding)
            self._loaded.setdefault(model.identity, engine)
        return engine


@dataclass(frozen=True, slots=True)
class Climber:
    """A segment on the ladder: what was tried so far, the plain decoding first."""

    plan: Plan
    tried: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The candidate with the least against it; of several, what a reader chose, else the plain one, else the most probable."""
        least = min(c.weight for c in self.tried)
        lightest = [c for c in self.tried if c.weight == least]
        chosen = [c for c in lightest if c.pair.rung == "rerank"]
        return max(chosen or lightest, key=lambda c: (c is self.tried[0], c.pair.score or 0.0))


class Ladder:
    """Climbs for one stage: the models are resolved, `second` is None without an alternative, `reader` where none ranks hypotheses."""

    def __init__(
        self,
        config: Translate,
        engines: Engines,
        judge: Judge,
        model: Model,
        second: Model | None,
        reader: Model | None,
    ) -> None:
        self._config, self._engines, self._judge = config, engines, judge
        self._model, self._second, self._reader = model, second, reader
        self._objectionable = frozenset({*config.ladder.triggers, *config.ladder.pass_through, "empty"})

    def objects_to(self, candidate: Candidate) -> bool:
        """Whether a plain decoding has to climb, or cannot stand as it is."""
        return bool(candidate.objections(self._objectionable)) or self._doubts(candidate)

    def _doubts(self, candidate: Candidate) -> bool:
        return self._reader is not None and candidate.doubt > self._config.ladder.doubt

    def climb(self, plans: Sequence[Plan], plain: Sequence[Candidate]) -> list[Pair]:
        """The pair of each segment in the end."""
        climbers = [Climber(plan, (candidate,)) for plan, candidate in zip(plans, plain, strict=True)]
        for rung in self._config.ladder.rungs:
            left = [i for i, c in enumerate(climbers) if self._goes_on(rung, c.best)]
            made = self._rung(rung, [climbers[i] for i in left])
            for i, candidates in zip(left, made, strict=True):
                climbers[i] = replace(climbers[i], tried=climbers[i].tried + candidates)
        return [self._settled(climber) for climber in climbers]

    def _goes_on(self, rung: Rung, best: Candidate) -> bool:
        objections = best.objections(self._config.ladder.triggers)
        return any(self._may_help(rung, one) for one in objections) or (rung == "rerank" and self._doubts(best))

    def _may_help(self, rung: Rung, finding: str) -> bool:
        """Whether a rung is worth its time for a finding: a lost name stands in another hypothesis or comes clause by clause, not by penalties."""
        wider: Rung = "rerank" if self._reader else "beam"
        return finding != "names" or rung in (wider, "split", "alternative")

    def _settled(self, climber: Climber) -> Pair:
        best = climber.best
        pair = replace(best.pair, terms=repaired(climber.tried[0].pair.terms, best.pair.terms))
        if best.objections([*self._config.ladder.pass_through, "empty"]):
            return passed_through(pair)
        return pair

    def _rung(self, rung: Rung, climbers: Sequence[Climber]) -> list[tuple[Candidate, ...]]:
        """The candidates that a rung gives to each climber; none where it does not apply."""
        parts = [self._parts(rung, climber) for climber in climbers]
        texts = list(dict.fromkeys(p for some in parts for p in some if has_words(p)))
        decoded = self._decoded(rung, texts) if texts else {}
        return [
            tuple(self._candidates(rung, c.plan, some, decoded)) if some else ()
            for c, some in zip(climbers, parts, strict=True)
        ]

    def _parts(self, rung: Rung, climber: Climber) -> tuple[str, ...]:
        """What the rung puts to the model of a segment; () where that would be nothing new."""
        plan, before = climber.plan, climber.plan.parts
        if rung == "rerank":
            return before if self._reader else ()
        if rung == "alternative":
            return before if self._second else ()
        if rung == "period":
            flipped = (*before[:-1], other_ending(before[-1]))
            return flipped if flipped != before else ()
        if rung == "split":
            lost = "addresses" in climber.best.objections(["addresses"])
            after = tuple(p for part in plan.parts for p in (around_addresses(part) if lost else clauses(part)))
            return after if after != before else ()
        return before

    def _decoded(self, rung: Rung, texts: Sequence[str]) -> dict[str, tuple[Generation, ...]]:
        """Every text that is within the limit of the rung's engine, decoded; with `beam`, all that the beam ends with."""
        ladder, plain = self._config.ladder, self._config.decoding
        wide = plain.model_copy(update={"beam_size": ladder.beam_size})
        if rung == "rerank" and self._reader:
            ranked = self._engines.ranked(self._model, wide, self._reader, ladder.reader_weight)
            return {t: (g,) for t, g in zip(texts, ranked.generate(texts), strict=True)}
        if rung == "beam":
            found = self._engines.of(self._model, wide).alternatives(texts, ladder.beam_size)
            return dict(zip(texts, found, strict=True))
        steered = {
            "no_repeat_ngram_size": ladder.no_repeat_ngram_size,
            "repetition_penalty": ladder.repetition_penalty,
        }
        decoding = plain.model_copy(update=steered) if rung == "penalty" else plain
        model = self._second if rung == "alternative" and self._second else self._model
        engine = self._engines.of(model, decoding)
        known = engine.recall(texts)
        unknown = [t for t in texts if t not in known]
        within = (
            [t for t, n in zip(unknown, engine.count(unknown), strict=True) if n <= engine.limit] if unknown else []
        )
        return {t: (g,) for t, g in [*known.items(), *zip(within, engine.generate(within), strict=True)]}

    def _candidates(
        self, rung: Rung, plan: Plan, parts: Sequence[str], decoded: dict[str, tuple[Generation, ...]]
    ) -> Iterator[Candidate]:
        """The parts' first decodings as one candidate, their second ones as another, and so on."""
        options = [decoded.get(p, ()) if has_words(p) else (Generation(p, 0.0, 0, 0),) for p in parts]
        if not all(options):
            return
        for rank in range(max(map(len, options))):
            chosen = [some[min(rank, len(some) - 1)] for some in options]
            yield self._judge.candidate(plan, parts, chosen, PROVENANCE[rung], rung)
