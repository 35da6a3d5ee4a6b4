"""The summarise stage: an English summary of the translated article, by a model where one is installed, else by choosing sentences.

Titles, headings and metadata are not part of what is summarised. How long texts are read is `summarisation/condensing.py`'s, how sentences are
chosen `summarisation/extractive.py`'s. A model's sentence with a number that the text does not have is not let through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.document import Document, Generation, Segments, Summary, SummarySentence, Translation
from pipeline.engines.engine import Memory, Remembered
from pipeline.settings import Run, Summarise
from pipeline.stages.numbers.numerals import numbers, unsupported
from pipeline.stages.stage import Made, Stage
from pipeline.stages.summarisation.condensing import Condensed, Job, condense
from pipeline.stages.summarisation.extractive import NAME, Pool, is_whole

if TYPE_CHECKING:
    from pipeline.engines.models import Model

LEAD = "extractive/lead.v1"
_SUMMARISED = frozenset({"paragraph", "list"})


@dataclass(frozen=True)
class Article:
    """What is summarised of a document: English sentences and the ids of the segments they translate."""

    texts: tuple[str, ...]
    ids: tuple[int, ...]

    @cached_property
    def words(self) -> int:
        """Its length in words."""
        return sum(len(text.split()) for text in self.texts)

    @cached_property
    def pool(self) -> Pool:
        """Its sentences, to choose from."""
        return Pool(self.texts)


class SummariseStage(Stage):
    """Segments and Translation to Summary."""

    name = "summarise"
    version = 3
    reads = (Segments, Translation)
    makes = Summary
    not_in_key = frozenset({"model", "revision"})

    def __init__(self, config: Summarise, run: Run) -> None:
        super().__init__(config, run)
        self.config = config
        self._engine: Remembered | None = None
        self._found: tuple[Model | None] | None = None

    def identity(self) -> str:
        """The content identity of the checkpoint, or the version of the extractive method."""
        model = self._model()
        return model.identity if model else "extractive.v1"

    def open(self, memory: Memory) -> None:
        """Stand by; a checkpoint is loaded when a text comes that the memory does not know."""
        model = self._model()
        if model is None:
            return
        from pipeline.engines import open_engine

        engine, precision, decoding = self.config.engine, self.config.precision, self.config.decoding
        space = "|".join([model.identity, engine, precision, decoding.fingerprint(), "summarise.v1"])
        self._engine = Remembered(lambda: open_engine(engine, model, decoding, self.run, precision), memory, space)

    def close(self) -> None:
        """Let go of the checkpoint."""
        self._engine = None

    def make(self, documents: Sequence[Document]) -> Iterator[tuple[int, Made]]:
        """A Summary for each document: first those that need no model, then each as soon as its last chunk is decoded."""
        articles = [article(document) for document in documents]
        jobs: dict[int, Job] = {}
        for i, text in enumerate(articles):
            extract = self._model() is None
            if text.words < self.config.min_words or (extract and len(text.texts) <= self.config.min_sentences):
                yield i, self._whole(text)
            elif extract:
                yield i, self._extract(text)
            else:
                assert self._engine is not None, "open the stage first"
                jobs[i] = condense(text.texts, self._engine, self.length(text))
        for i, condensed in run(jobs, self._engine):
            yield i, self._abstract(articles[i], condensed)

    def length(self, text: Article) -> int:
        """How many sentences the summary of this text may have."""
        wanted = round(self.config.ratio * len(text.texts))
        return min(max(wanted, self.config.min_sentences), self.config.max_sentences)

    def _model(self) -> Model | None:
        """The checkpoint to summarise with; None to choose sentences. Looked for once."""
        if self._found is None:
            self._found = (self._find_model(),)
        return self._found[0]

    def _find_model(self) -> Model | None:
        from pipeline.engines.models import best, resolve

        if self.config.method == "extractive":
            return None
        if self.config.method == "auto" and self.config.model == "auto":
            return best("summarise")
        return resolve(self.config.model, "summarise", self.config.revision)

    def _whole(self, text: Article) -> Summary:
        """The first sentences as they are, each once, of a text too short to be worth summarising; its rows and entries if it has none."""
        first: dict[str, int] = {}
        for said, segment in zip(text.texts, text.ids, strict=True):
            first.setdefault(said, segment)
        whole = [item for item in first.items() if is_whole(item[0])] or list(first.items())
        sentences = tuple(SummarySentence(said, (i,)) for said, i in whole[: self.config.min_sentences])
        return Summary(sentences, "whole", LEAD, 1 if text.texts else 0, text.words, text.words)

    def _extract(self, text: Article, note: str = "") -> Summary:
        """The best sentences, each with itself as evidence and then what is most like it."""
        chosen = text.pool.choose(self.length(text), self.config.lead)
        sentences = tuple(SummarySentence(text.texts[i], self._evidence(text, text.texts[i], i)) for i in chosen)
        return Summary(sentences, "extractive", NAME, 1, text.words, text.words, note)

    def _evidence(self, text: Article, sentence: str, itself: int | None = None) -> tuple[int, ...]:
        likely = text.pool.support(sentence, self.config.evidence + 1)
        if itself is not None:
            likely = [itself, *(i for i in likely if i != itself)]
        return tuple(text.ids[i] for i in likely[: self.config.evidence])

    def _abstract(self, text: Article, condensed: Condensed) -> Summary:
        """The model's summary with evidence, or the extractive one where the model left nothing that can stand."""
        if not condensed.sentences:
            return self._extract(text, "the model left no whole sentence, so sentences were chosen instead")
        if sum(len(s.split()) for s in condensed.sentences) >= text.words:
            return self._extract(
                text, "the model's summary was not shorter than the text, so sentences were chosen instead"
            )
        sentences, replaced = self._faithful(text, condensed.sentences)
        model = self._model()
        assert model is not None  # only a model condenses
        note = (
            f"{replaced} of the model's sentences had numbers the text does not have, and gave way" if replaced else ""
        )
        return Summary(
            sentences, "abstractive", model.name, condensed.chunks, condensed.tokens_read, condensed.tokens_total, note
        )

    def _faithful(self, text: Article, sentences: Sequence[str]) -> tuple[tuple[SummarySentence, ...], int]:
        """The sentences with evidence; one with a number that the text lacks gives way to the best sentence not yet used."""
        known = [n for t in text.texts for n in numbers(t, "en")]
        doubtful = [bool(unsupported(numbers(s, "en"), known)) for s in sentences]
        used = frozenset(
            i for s, doubt in zip(sentences, doubtful, strict=True) if not doubt for i in text.pool.support(s, 1)
        )
        spare = text.pool.choose(sum(doubtful), self.config.lead, without=used) if any(doubtful) else []
        made: list[SummarySentence] = []
        for sentence, doubt in zip(sentences, doubtful, strict=True):
            if not doubt:
                made.append(SummarySentence(sentence, self._evidence(text, sentence)))
            elif spare:
                i = spare.pop(0)
                made.append(SummarySentence(text.texts[i], self._evidence(text, text.texts[i], i)))
        return tuple(made), sum(doubtful)


def article(document: Document) -> Article:
    """The sentences to be summarised: translations of what stands in paragraphs and lists and has a letter in it."""
    kinds = {segment.id: segment.kind for segment in document.get(Segments).items}
    pairs = [
        (pair.target.strip(), pair.segment)
        for pair in document.get(Translation).pairs
        if kinds[pair.segment] in _SUMMARISED and pair.provenance != "source" and any(c.isalpha() for c in pair.target)
    ]
    return Article(tuple(text for text, _ in pairs), tuple(i for _, i in pairs))


def run(jobs: dict[int, Job], engine: Remembered | None) -> Iterator[tuple[int, Condensed]]:
    """Run all jobs through the engine, what they ask for at the same time as one batch; each result as soon as it is there."""
    asked = {i: next(job) for i, job in jobs.items()}
    while asked and engine is not None:
        places = [(i, n) for i, texts in asked.items() for n in range(len(texts))]
        answers: dict[int, dict[int, Generation]] = {i: {} for i in asked}
        following: dict[int, list[str]] = {}
        for place, generation in engine.stream([asked[i][n] for i, n in places]):
            i, n = places[place]
            answers[i][n] = generation
            if len(answers[i]) == len(asked[i]):
                try:
                    following[i] = jobs[i].send([answers[i][k] for k in range(len(asked[i]))])
                except StopIteration as done:
                    yield i, done.value
        asked = dict(sorted(following.items()))
