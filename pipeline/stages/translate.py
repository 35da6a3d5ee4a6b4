"""Italian segments to English, one sentence an input, never a token cut off, never an empty target.

What has nothing to translate is copied, what is in another language left as it is; what is longer than the soft limit is split at clause boundaries and joined again (`translation/planning.py`).
All segments of all documents are decoded plainly first; those that detectors object to (`translation/judging.py`) climb the ladder (`translation/ladder.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from pipeline.document import Document, Generation, Pair, Segments, Translation
from pipeline.engines import open_engine
from pipeline.engines.engine import Memory, Remembered
from pipeline.engines.models import Model, resolve
from pipeline.settings import Ladder as LadderSettings
from pipeline.settings import Run, Translate
from pipeline.stages.stage import Made, Stage
from pipeline.stages.translation.corrections import Corrections, read_corrections
from pipeline.stages.translation.edits import Edits
from pipeline.stages.translation.glossary import Glossary, read_glossary
from pipeline.stages.translation.judging import Candidate, Judge
from pipeline.stages.translation.ladder import Engines, Ladder
from pipeline.stages.translation.planning import Plan, Planner
from pipeline.stages.translation.preparation import NORMALISER, Normaliser
from pipeline.stages.translation.probing import probed


class TranslateStage(Stage):
    """Every segment becomes a pair; the pairs stand in the segments' order."""

    name = "translate"
    version = 11
    reads = (Segments,)
    makes = Translation
    not_in_key = frozenset({"model", "revision", "glossary", "keep", "corrections"})

    def __init__(self, config: Translate, run: Run) -> None:
        super().__init__(config, run)
        self.config = config
        self.fingerprint = _keyed(config).fingerprint(self.not_in_key)
        self._engines: Engines | None = None
        self._normalise = Normaliser(config.normalise)

    def identity(self) -> str:
        """The content identity of the checkpoint."""
        return self._model.identity

    @cached_property
    def static_parts(self) -> dict[str, str]:
        """Also the content of the glossary and of the corrections and the identities of the ladder's other models, where there are any."""
        models = {"alternative": self._second, "reader": self._reader}
        digests = {"terms": self._glossary.digest, "corrections": self._corrections.digest}
        more = {**digests, **{name: model.identity for name, model in models.items() if model}}
        return {**super().static_parts, **{name: value for name, value in more.items() if value}}

    @property
    def terms(self) -> list[str]:
        """The terms of the glossary and the strings to keep, as the user wrote them, longest first."""
        return list(dict.fromkeys(term.source for term in self._glossary.terms))

    @property
    def corrected(self) -> Mapping[str, str]:
        """The English of the sentences that a reviewer corrected, by their Italian."""
        return self._corrections.english

    def signature(self) -> str:
        """Checkpoint, engine and decoding by name: what tells two runs apart at a glance."""
        model, decoding = self._model, self.config.decoding
        normaliser = NORMALISER if self.config.normalise else "none"
        settings = f"{self.config.engine},{self.config.precision},beam{decoding.beam_size},lp{decoding.length_penalty:g},norm={normaliser}"
        terms = f",terms={self._glossary.digest[:6]}" if self._glossary.terms else ""
        terms += f",corrections={self._corrections.digest[:6]}" if self._corrections.english else ""
        second = f",or={self._second.name}@{self._second.identity[:12]}" if self._second else ""
        ranked = f",ranked={self._reader.name}@{self._reader.identity[:12]}" if self._reader else ""
        return f"{model.name}@{model.identity[:12]},{settings}{second}{ranked}{terms},v{self.version}-{self.fingerprint[:6]}"

    def open(self, memory: Memory) -> None:
        """Stand by; the checkpoint is loaded when a sentence comes that the memory does not know.

        Raises ConfigError for a glossary or corrections that cannot be read.
        """
        assert self._judge
        normaliser = NORMALISER if self.config.normalise else "none"
        engine, precision = self.config.engine, self.config.precision
        self._engines = Engines(
            lambda model, decoding: open_engine(engine, model, decoding, self.run, precision),
            memory,
            engine,
            precision,
            normaliser,
        )

    def close(self) -> None:
        """Let go of the checkpoints."""
        self._engines = None

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """A Translation for each document: as soon as its last sentence is decoded if none has to climb, else in the end.

        With `probe` all of them come in the end, after every sentence has been put to the model with another ending too.
        """
        engine = self._opened.of(self._model, self.config.decoding)
        leaves = "not_italian" in self.config.ladder.pass_through
        edits = Edits(self.config.edits)
        planner = Planner(self._normalise, edits, self._corrections, self.config.soft_limit, engine, leaves)
        plans = planner.plans([document.get(Segments).items for document in documents])
        made = self._pairs(plans, engine)
        for i, pairs in self._probed(plans, dict(made), engine) if self.config.probe else made:
            yield i, Translation(tuple(pairs), self._model.name)

    def _pairs(self, plans: Sequence[Sequence[Plan]], engine: Remembered) -> Iterator[tuple[int, list[Pair]]]:
        """Segments are judged as they come, while the engine decodes the next."""
        ladder = Ladder(self._climbing, self._opened, self._judge, self._model, self._second, self._reader)
        waiting: dict[int, list[Candidate]] = {}
        decoded = _Decoded(plans)
        made: list[dict[int, Candidate]] = [{} for _ in plans]
        yield from ((i, []) for i, plan in enumerate(plans) if not plan)
        for i, k in decoded.complete(engine):
            made[i][k] = self._plain(plans[i][k], decoded.found)
            if len(made[i]) < len(plans[i]):
                continue
            candidates = [made[i].pop(k) for k in range(len(plans[i]))]
            if any(map(ladder.objects_to, candidates)):
                waiting[i] = candidates
            else:
                yield i, [c.pair for c in candidates]
        yield from self._climbed(ladder, plans, waiting)

    def _probed(
        self, plans: Sequence[Sequence[Plan]], made: Mapping[int, Sequence[Pair]], engine: Remembered
    ) -> Iterator[tuple[int, list[Pair]]]:
        """All documents' pairs together, so that batches cross documents here as well."""
        all_plans = [plan for i in made for plan in plans[i]]
        found = iter(probed(all_plans, [p for pairs in made.values() for p in pairs], engine, self._judge))
        yield from ((i, list(islice(found, len(pairs)))) for i, pairs in made.items())

    def _climbed(
        self, ladder: Ladder, plans: Sequence[Sequence[Plan]], waiting: dict[int, list[Candidate]]
    ) -> Iterator[tuple[int, list[Pair]]]:
        """The documents that wait, once their objectionable segments have been up the ladder, all of them together."""
        places = [(i, k) for i in sorted(waiting) for k, c in enumerate(waiting[i]) if ladder.objects_to(c)]
        made = ladder.climb([plans[i][k] for i, k in places], [waiting[i][k] for i, k in places])
        pairs = {i: [c.pair for c in candidates] for i, candidates in waiting.items()}
        for (i, k), pair in zip(places, made, strict=True):
            pairs[i][k] = pair
        yield from ((i, pairs[i]) for i in sorted(pairs))

    def _plain(self, plan: Plan, decoded: dict[str, Generation]) -> Candidate:
        generations = [decoded.get(p) or Generation(p, 0.0, 0, 0) for p in plan.parts]
        return self._judge.candidate(plan, plan.parts, generations, "split" if len(generations) > 1 else "model")

    @property
    def _opened(self) -> Engines:
        assert self._engines is not None, "open the stage first"
        return self._engines

    @cached_property
    def _model(self) -> Model:
        return resolve(self.config.model, "translate", self.config.revision)

    @property
    def _climbing(self) -> Translate:
        """The settings by which segments climb. An echo is Italian on purpose: no rung makes it English."""
        if self._model.kind != "echo":
            return self.config
        return self.config.model_copy(update={"ladder": self.config.ladder.model_copy(update={"rungs": []})})

    @cached_property
    def _second(self) -> Model | None:
        """The model of the ladder's last rung, if it is another one."""
        name = self.config.ladder.second
        if name is None:
            return None
        second = resolve(name, "translate")
        return second if second.identity != self._model.identity else None

    @cached_property
    def _reader(self) -> Model | None:
        """Who chooses among hypotheses, if anyone does."""
        name = self.config.ladder.reader_of(self._model.kind == "embedded")
        return None if name is None else resolve(name, "read")

    @cached_property
    def _glossary(self) -> Glossary:
        return read_glossary(self.config.glossary, self.config.keep)

    @cached_property
    def _corrections(self) -> Corrections:
        return read_corrections(self.config.corrections)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.config, self._glossary)


class _Decoded:
    """Keeps count of which segments still wait for a text."""

    def __init__(self, plans: Sequence[Sequence[Plan]]) -> None:
        self._waiting: dict[tuple[int, int], set[str]] = {}
        self._wanted: dict[str, list[tuple[int, int]]] = {}
        for place, texts in (((i, k), p.texts) for i, plan in enumerate(plans) for k, p in enumerate(plan)):
            self._waiting[place] = set(texts)
            for text in dict.fromkeys(texts):
                self._wanted.setdefault(text, []).append(place)
        self._texts = list(self._wanted)
        self.found: dict[str, Generation] = {}

    def complete(self, engine: Remembered) -> Iterator[tuple[int, int]]:
        """The segments, as (document, place in it), each as soon as it waits for nothing more."""
        yield from [place for place, texts in self._waiting.items() if not texts]
        for number, generation in engine.stream(self._texts):
            text = self._texts[number]
            self.found[text] = generation
            for place in self._wanted[text]:
                self._waiting[place].discard(text)
                if not self._waiting[place]:
                    yield place


def _keyed(config: Translate) -> Translate:
    """The settings without the names of the ladder's models, which their identities speak for, and without examples, which change no word."""
    ladder: LadderSettings = config.ladder.model_copy(update={"alternative": None, "reader": None})
    edits = [rule.model_copy(update={"examples": []}) for rule in config.edits]
    return config.model_copy(update={"ladder": ladder, "edits": edits})
