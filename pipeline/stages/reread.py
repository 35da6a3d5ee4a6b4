"""The reread stage: a model that goes from English to Italian reads doubtful translations again. It translates nothing.

Which pairs are doubtful, `detection/surroundings.py` says; what is asked of the reader, `rereading/trials.py`. What the answers mean is the
check stage's: here only numbers are written down, so that thresholds can change without reading again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from pipeline.document import Document, Pair, Reread, Rereading, Translation
from pipeline.engines import open_engine
from pipeline.engines.engine import Engine, Memory
from pipeline.engines.models import Model, resolve
from pipeline.settings import Decoding, Run
from pipeline.settings import Reread as RereadSettings
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.surroundings import QUESTIONS, Question, standings, suspicion
from pipeline.stages.rereading.trials import Trial, trial
from pipeline.stages.stage import Made, Stage
from pipeline.stages.translation.preparation import Normaliser

AT_ONCE = 64  # pairs that are put to the reader together: some hundred readings


class RereadStage(Stage):
    """Translation to Rereading."""

    name = "reread"
    version = 4
    reads = (Translation,)
    makes = Rereading
    not_in_key = frozenset({"model", "revision"})

    def __init__(self, config: RereadSettings, run: Run) -> None:
        super().__init__(config, run)
        self.config = config
        self._engine: Engine | None = None
        self._normalise = Normaliser(True)

    def identity(self) -> str:
        """The content identity of the reader's checkpoint."""
        return self._model.identity

    def open(self, memory: Memory) -> None:
        """Stand by; the checkpoint is loaded when a pair is in doubt."""

    def close(self) -> None:
        """Let go of the checkpoint."""
        self._engine = None

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """A Rereading for each document, doubtful pairs of all documents read together."""
        trials = [list(self.trials(document.get(Translation).pairs)) for document in documents]
        found: dict[int, list[Reread]] = {i: [] for i in range(len(documents))}
        waiting = [(i, one) for i, some in enumerate(trials) for one in some]
        for start in range(0, len(waiting), AT_ONCE):
            part = waiting[start : start + AT_ONCE]
            for (i, _), reread in zip(part, self.read([one for _, one in part]), strict=True):
                found[i].append(reread)
        yield from ((i, Rereading(tuple(items), self._model.name)) for i, items in found.items())

    def trials(self, pairs: Sequence[Pair]) -> Iterator[Trial]:
        """The trials of the pairs in doubt, in order."""
        doubts: dict[int, tuple[Pair, set[Question]]] = {}
        for question in QUESTIONS:
            for pair, standing in standings(pairs, question):
                if suspicion(question, standing) > self.config.suspicion:
                    doubts.setdefault(pair.segment, (pair, set()))[1].add(question)
        for _, (pair, asked) in sorted(doubts.items()):
            seen = coverage(pair.source, pair.target)
            yield trial(pair, seen, "missing_clause" in asked, "extra_text" in asked)

    def read(self, trials: Sequence[Trial]) -> list[Reread]:
        """What the reader says of each, all questions at once. A pair longer than it can read is left as it is: nothing is cut off."""
        engine = self._reader
        copies = {text: self._normalise(text) for one in trials for question in one.questions for text in question}
        texts = list(dict.fromkeys(copies.values()))
        readable = engine.readable(texts)
        fitting = [one for one in trials if all(copies[t] in readable for question in one.questions for t in question)]
        asked = {
            (english, italian): (copies[english], copies[italian])
            for one in fitting
            for english, italian in one.questions
        }
        read = dict(zip(asked, engine.likelihoods(list(asked.values())), strict=True))
        return [
            one.settle(read) if all(question in read for question in one.questions) else Reread(one.pair.segment)
            for one in trials
        ]

    @property
    def _reader(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self.config.engine, self._model, Decoding(), self.run, self.config.precision)
        return self._engine

    @cached_property
    def _model(self) -> Model:
        return resolve(self.config.model, "read", self.config.revision)
