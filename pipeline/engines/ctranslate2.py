"""MarianMT translators and BART or T5 summarisers, decoded by CTranslate2: the words of transformers in float32, several times faster.

The only engine that imports CTranslate2. It needs no PyTorch once a checkpoint is converted, which happens at its first use.
"""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pipeline.engines.batched import AGAIN, Batched, first_line, is_out_of_memory
from pipeline.engines.batches import longest_first, next_batch
from pipeline.engines.conversion import Description, converted
from pipeline.engines.engine import Generation
from pipeline.engines.models import Model
from pipeline.engines.subwords import Fast, Pieces, plain_pieces
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

MOST_WORKERS = 8  # more of them share the memory's bandwidth, not the work
READ_BUDGET = (
    512  # tokens a batch when translations are read again: larger ones leave the caches, and took twice as long
)
LEAST_BUDGET = 64  # where batches so small do not fit into memory, smaller ones will not either
AHEAD = 4  # batches handed over for each worker, so that none waits for Python
PATIENT = 2.0  # of a search without early stopping, see CTranslate2


class CTranslate2(Batched[str]):
    """A converted checkpoint, decoded by beam search on several workers, batches in the order and of the make of `batches.py`.

    Search: in float32 as transformers with `early_stopping`, hypothesis for hypothesis. Without it transformers searches on while
    a running hypothesis might still win; here twice as many hypotheses are finished instead, which had the same winner in 198 of
    200 sentences. Where penalties, repeated n-grams or a least length steer the search, this one shares the probability of what is
    banned out among the other tokens and transformers does not: there the two may part.

    Score: as the engine `transformers` has it. Where nothing steers the search the search's own score is taken, in which the probability of
    the tokens that are never generated (padding, unknown) is shared out among the others; else the text is scored in another pass.
    In int8 the scores are those of the int8 model.
    """

    def __init__(self, model: Model, decoding: Decoding, run: Run, precision: str = "float32") -> None:
        if model.path is None:
            raise EngineError(f"'{model.name}' has no weights to load")
        import ctranslate2

        device = _device(run.device)
        supported = ctranslate2.get_supported_compute_types(device)
        if precision not in supported:
            raise EngineError(
                f"this {device.upper().replace('CUDA', 'CUDA device')} does not decode in {precision}",
                f"set precision to one of: {', '.join(sorted(supported))}",
            )
        folder = converted(model, precision)
        self._it = Description.read(folder)
        self._name, self._structure, self._decoding = model.name, self._it.structure, decoding
        self._workers, threads = layout(run.threads) if device == "cpu" else (1, 0)
        self._budget, self._translates = run.batch_tokens, self._it.family == "marian"
        try:
            self._subwords = (
                Pieces(folder, self._it.end, self._it.special)
                if self._it.family == "marian"
                else Fast(folder, self._structure.prefix)
            )
            self._translator = ctranslate2.Translator(
                str(folder),
                device,
                compute_type=precision,
                inter_threads=self._workers,
                intra_threads=threads,
                max_queued_batches=-1,
            )
        except MemoryError as error:
            raise EngineError(f"'{model.name}' does not fit into memory") from error
        except Exception as error:  # the libraries raise several kinds
            raise EngineError(f"'{model.name}' cannot be loaded by CTranslate2: {first_line(error)}") from error

    def _encode(self, texts: Sequence[str]) -> list[list[str]]:
        return self._subwords.encode(texts) if texts else []

    def _encode_target(self, texts: Sequence[str]) -> list[list[str]]:
        return self._subwords.encode_target(texts) if texts else []

    def _pieces(self, text: str, tokens: Sequence[str]) -> list[str]:
        return plain_pieces(tokens)

    def _read(self, sources: Sequence[list[str]], targets: Sequence[list[str]]) -> list[Sequence[float]]:
        if not sources:
            return []
        budget = min(self._budget, READ_BUDGET)
        while True:
            try:
                scored = self._translator.score_batch(
                    sources, targets, max_batch_size=budget, batch_type="tokens", max_input_length=0
                )
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error) or budget < LEAST_BUDGET:
                    raise EngineError(f"'{self._name}' failed to read: {first_line(error)}") from error
                budget //= 2
            else:
                return [one.log_probs for one in scored]

    def _batches(self, encoded: Mapping[str, list[str]], most: int) -> Iterator[tuple[str, tuple[Generation, ...]]]:
        """Keep all workers fed while results are read in the order in which batches were handed over."""
        lengths = {text: len(tokens) for text, tokens in encoded.items()}
        waiting: Sequence[str] = longest_first(lengths)
        flying: deque[Flight] = deque()
        while waiting or flying:
            while waiting and len(flying) < AHEAD * self._workers:
                batch = next_batch(waiting, lengths, self._budget)
                flying.append(Flight(self, batch, [encoded[text] for text in batch], most))
                waiting = waiting[len(batch) :]
            yield from self._land(flying.popleft())

    def _land(self, flight: Flight) -> Iterator[tuple[str, tuple[Generation, ...]]]:
        """The results of a batch; one that did not fit into memory is decoded in parts, and those to come are made smaller."""
        made = flight.result()
        if made is not None:
            yield from zip(flight.texts, made, strict=True)
            return
        longest, count = len(flight.sources[0]), len(flight.texts)
        self._budget = min(self._budget, self._halved(longest, count))
        for part in (slice(None, count // 2), slice(count // 2, None)):
            yield from self._land(Flight(self, flight.texts[part], flight.sources[part], flight.most))


class Flight:
    """One batch on its way through the engine's workers. `sources` are its texts as tokens, the longest first.

    Each text comes back as its `most` best hypotheses.
    """

    def __init__(self, engine: CTranslate2, texts: Sequence[str], sources: Sequence[list[str]], most: int) -> None:
        self.texts, self.sources, self.most = texts, sources, most
        self._engine, self._it, self._decoding = engine, engine._it, engine._decoding
        parameters = engine._structure.parameters(engine._decoding, len(sources[0]))
        self._most, self._least = parameters["max_new_tokens"], parameters["min_new_tokens"]
        self._forced_end = parameters["forced_eos_token_id"] is not None
        self._prefix = [self._it.first] if self._it.first else []
        self._futures: Sequence[Any] = ()
        self._fault: Exception | None = None
        try:
            self._futures = self._submit()
        except (RuntimeError, MemoryError) as error:
            self._fault = error

    def _submit(self) -> Sequence[Any]:
        """Every parameter that matters is said, none left to the library's defaults."""
        decoding = self._decoding
        futures: Sequence[Any] = self._engine._translator.translate_batch(
            self.sources,
            target_prefix=[self._prefix] * len(self.sources) if self._prefix else None,
            asynchronous=True,
            max_batch_size=0,
            beam_size=decoding.beam_size,
            num_hypotheses=self.most,
            patience=1.0 if decoding.early_stopping else PATIENT,
            length_penalty=decoding.length_penalty,
            coverage_penalty=0.0,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            disable_unk=True,
            suppress_sequences=self._it.banned or None,
            return_end_token=True,
            max_input_length=0,
            max_decoding_length=self._most - self._forced_end,
            min_decoding_length=self._least,
            sampling_topk=1,
            return_scores=True,
        )
        return futures

    def result(self) -> list[tuple[Generation, ...]] | None:
        """The generations of each text, waited for, or None where memory ran out. Raises EngineError for other trouble."""
        try:
            if self._fault is not None:
                raise self._fault
            found = [future.result() for future in self._futures]
            rows = [row for result in found for row in result.hypotheses]
            sources = [source for source, result in zip(self.sources, found, strict=True) for _ in result.hypotheses]
            steered = self._is_steered
            scores = self._again(sources, rows) if steered else [t for result in found for t in self._totals(result)]
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise EngineError(f"'{self._engine._name}' failed to decode: {first_line(error)}") from error
            return None
        texts = self._engine._subwords.decode(rows)
        made = iter([self._generation(*one) for one in zip(texts, rows, scores, sources, strict=True)])
        return [tuple(islice(made, len(result.hypotheses))) for result in found]

    def _generation(self, text: str, row: Sequence[str], total: float, source: Sequence[str]) -> Generation:
        """`total` is the log-probability of the tokens that the model chose, in nats."""
        cut = not row or row[-1] != self._it.end
        tokens = len(row) + (cut and self._forced_end)
        if not math.isfinite(total):
            raise ModelBroken(f"the scores of '{self._engine._name}' are no numbers: its weights are broken", AGAIN)
        return Generation(text, min(0.0, round(total / tokens, 3)) + 0.0, len(source), tokens, cut)

    @property
    def _is_steered(self) -> bool:
        """Whether the search's scores are not the model's own."""
        decoding = self._decoding
        plain = decoding.repetition_penalty == 1 and not decoding.no_repeat_ngram_size and not self._least
        return not plain or bool(self._prefix)

    def _totals(self, result: Any) -> list[float]:
        """The sums behind the hypotheses' scores, which are divided by their lengths to the power of the penalty."""
        penalty = self._decoding.length_penalty
        return [float(s) * max(1, len(row)) ** penalty for s, row in zip(result.scores, result.hypotheses, strict=True)]

    def _again(self, sources: Sequence[list[str]], rows: Sequence[Sequence[str]]) -> list[float]:
        """The log-probability of finished texts under the plain model, without the forced first token and forced end mark."""
        ended = [bool(row) and row[-1] == self._it.end for row in rows]
        targets = [list(row[:-1]) if end else list(row) for row, end in zip(rows, ended, strict=True)]
        scored = self._engine._translator.score_batch(
            sources, targets, max_batch_size=0, max_input_length=0, offset=len(self._prefix)
        )
        logs = [one.log_probs if end else one.log_probs[:-1] for one, end in zip(scored, ended, strict=True)]
        return [math.fsum(row) for row in logs]


def layout(threads: int) -> tuple[int, int]:
    """Workers, and threads for each of them, for so many threads in all; 0 stands for the cores that this process may use.

    A worker of one thread wastes nothing on waiting for others: two of them decode a tenth more than one with two threads.
    """
    cores = threads or available_cores()
    each = -(-cores // MOST_WORKERS)
    return cores // each, each


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def has_cuda() -> bool:
    """Whether CTranslate2 sees a CUDA device."""
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count() > 0)


def _device(wanted: str) -> str:
    if wanted == "cuda" and not has_cuda():
        raise EngineError("run.device is 'cuda', but there is no CUDA device", "set run.device to 'auto' or 'cpu'")
    return "cuda" if wanted != "cpu" and has_cuda() else "cpu"
