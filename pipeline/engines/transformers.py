"""MarianMT translators and BART or T5 summarisers, decoded by PyTorch. Loads what lies on this machine, never downloads.

The only module that imports torch and transformers, and it does so when an engine is opened. Nothing is inherited from a
checkpoint's own decoding defaults: of its generation config only the token ids come along.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engines import checkpoint
from pipeline.engines.batches import longest_first, next_batch
from pipeline.engines.engine import Engine, Generation
from pipeline.engines.models import Model
from pipeline.engines.structure import structure
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

if TYPE_CHECKING:
    import torch

AGAIN = "pull or copy the model again; `it2en models check` tells whether it works"
LOGITS_AT_ONCE = 2**25  # numbers held while scoring: 128 MB in float32, and as much again
NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory")


class Transformers(Engine):
    """A sequence-to-sequence checkpoint in float32, decoded by beam search.

    The score of a text is the mean of log p(token | source, tokens before) over the tokens generated, the end mark among
    them, under the plain model: penalties and bans steer the search and do not enter the score, and a token that the
    checkpoint forces (BART's first, the end mark at the length limit) counts as certain. With a length penalty of 1
    and no forced tokens this is the score that beam search itself ranks by.
    """

    def __init__(self, model: Model, decoding: Decoding, run: Run) -> None:
        if model.path is None:
            raise EngineError(f"'{model.name}' has no weights to load")
        import torch
        import transformers

        self._config = transformers.GenerationConfig
        self._torch, self._name, self._decoding, self._run = torch, model.name, decoding, run
        self._device = _device(run.device)
        with quiet(), offline():
            self._tokenizer, self._net = _load(model.path, model.name)
        self._net.to(self._device)
        self._structure = structure(model.path, self._net.config, self._net.generation_config, self._tokenizer)
        self._net.generation_config = self._config(**self._structure.ids)  # else generate() fills gaps from its own
        self._budget = run.batch_tokens

    @property
    def limit(self) -> int:
        """The positions that the encoder has, or fewer where the tokenizer says so."""
        return self._structure.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Subwords and special tokens, nothing cut off."""
        return [len(ids) for ids in self._encode(texts)]

    def redirected(self, decoding: Decoding) -> Transformers:
        """The same tokenizer and network, which decoding does not change."""
        other = copy.copy(self)
        other._decoding = decoding
        return other

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """Longest texts first, in batches of at most `run.batch_tokens` padded tokens."""
        yield from ((i, found[0]) for i, found in self._stream(texts, 1))

    def alternatives(self, texts: Sequence[str], most: int) -> list[tuple[Generation, ...]]:
        """The hypotheses that the beam ends with, `most` of them or as many as it is wide."""
        found = dict(self._stream(texts, min(most, self._decoding.beam_size)))
        return [found[i] for i in range(len(texts))]

    def _stream(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        places: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            places.setdefault(text, []).append(i)
        blank = [text for text in places if not text.strip()]
        unique = [text for text in places if text.strip()]
        encoded = dict(zip(unique, self._encode(unique), strict=True))
        self._refuse_over_limit(encoded)
        for text in blank:
            yield from ((i, (Generation("", 0.0, 0, 0),)) for i in places[text])
        for text, generations in self._batches(encoded, most):
            yield from ((i, generations) for i in places[text])

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids. Text that looks like a special token ('<s>' in stray HTML) is text."""
        if not texts:
            return []
        with quiet():
            batch = self._tokenizer(
                [self._structure.prefix + t for t in texts], truncation=False, split_special_tokens=True
            )
        ids: list[list[int]] = batch["input_ids"]
        return ids

    def _refuse_over_limit(self, encoded: Mapping[str, Sequence[int]]) -> None:
        for text, ids in encoded.items():
            if len(ids) > self.limit:
                raise EngineError(
                    f"a text of {len(ids)} tokens is over the limit of {self.limit} that '{self._name}' has: "
                    f"'{text[:60]}…'",
                    "split it first; nothing is cut off silently",
                )

    def _batches(self, encoded: Mapping[str, list[int]], most: int) -> Iterator[tuple[str, tuple[Generation, ...]]]:
        """Decode batch by batch; where memory runs out, go on with batches half as large."""
        lengths = {text: len(ids) for text, ids in encoded.items()}
        waiting: Sequence[str] = longest_first(lengths)
        while waiting:
            batch = next_batch(waiting, lengths, self._budget)
            made = self._attempt([encoded[text] for text in batch], most)
            if made is None:
                if len(batch) == 1:
                    raise EngineError(
                        f"memory ran out on a single text of {lengths[batch[0]]} tokens with '{self._name}'",
                        "lower decoding.beam_size, or split texts shorter",
                    )
                self._budget = lengths[batch[0]] * (len(batch) // 2)
                continue
            yield from ((text, tuple(made[i * most : (i + 1) * most])) for i, text in enumerate(batch))
            waiting = waiting[len(batch) :]

    def _attempt(self, encoded: Sequence[list[int]], most: int) -> list[Generation] | None:
        """One batch decoded, `most` generations a text; or None if it does not fit into memory."""
        try:
            with quiet(), self._threads(), self._torch.inference_mode():
                return self._decode(encoded, most)
        except (RuntimeError, MemoryError) as error:  # torch.OutOfMemoryError is a RuntimeError
            if not isinstance(error, MemoryError | self._torch.OutOfMemoryError) and not any(
                sign in str(error).lower() for sign in NO_MEMORY
            ):
                raise EngineError(f"'{self._name}' failed to decode: {_first_line(error)}") from error
        if self._device == "cuda":
            self._torch.cuda.empty_cache()
        return None

    def _decode(self, encoded: Sequence[list[int]], most: int) -> list[Generation]:
        inputs = self._padded(encoded)
        parameters = self._structure.parameters(self._decoding, max(len(ids) for ids in encoded))
        parameters["num_return_sequences"] = most
        sequences = self._net.generate(**inputs, generation_config=self._config(**parameters))
        tokens = [self._structure.generated(row) for row in sequences.tolist()]
        cut = [self._structure.is_truncated(row, parameters["max_new_tokens"]) for row in tokens]
        if most > 1:  # each hypothesis is scored against its own text
            encoded = [ids for ids in encoded for _ in range(most)]
            inputs = {name: tensor.repeat_interleave(most, dim=0) for name, tensor in inputs.items()}
        scores = self._scores(inputs, sequences, tokens, cut)
        texts = self._text(sequences)
        return [
            Generation(text, score, len(ids), len(row), truncated)
            for text, score, ids, row, truncated in zip(texts, scores, encoded, tokens, cut, strict=True)
        ]

    def _padded(self, encoded: Sequence[list[int]]) -> dict[str, torch.Tensor]:
        """Ids and attention mask, batch x longest."""
        longest, pad = max(len(ids) for ids in encoded), self._structure.pad
        ids = [row + [pad] * (longest - len(row)) for row in encoded]
        mask = [[1] * len(row) + [0] * (longest - len(row)) for row in encoded]
        tensor = self._torch.tensor
        return {
            "input_ids": tensor(ids, device=self._device),
            "attention_mask": tensor(mask, device=self._device),
        }

    def _scores(
        self,
        inputs: Mapping[str, torch.Tensor],
        sequences: torch.Tensor,
        tokens: Sequence[Sequence[int]],
        cut: Sequence[bool],
    ) -> list[float]:
        """Mean log-probability per generated token, from one more pass over the finished texts.

        A pass costs less than keeping what beam search could tell: the scores of the whole vocabulary at each step.
        """
        scores = list[float]()
        step = max(1, LOGITS_AT_ONCE // (sequences.shape[1] * self._net.config.vocab_size))
        for start in range(0, len(tokens), step):
            rows = slice(start, start + step)
            given, labels = sequences[rows, :-1], sequences[rows, 1:]
            part = {name: tensor[rows] for name, tensor in inputs.items()}
            logits = self._net(**part, decoder_input_ids=given).logits
            logs = logits.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)  # logsumexp is 7 times slower
            for row, generated, truncated in zip(logs.tolist(), tokens[rows], cut[rows], strict=True):
                if not math.isfinite(sum(row[: len(generated)])):
                    raise ModelBroken(f"the scores of '{self._name}' are no numbers: its weights are broken", AGAIN)
                mean = sum(row[i] for i in self._structure.chosen(generated, truncated)) / len(generated)
                scores.append(min(0.0, round(mean, 3)) + 0.0)  # never -0.0
        return scores

    def _text(self, sequences: torch.Tensor) -> list[str]:
        """Tokens back to text, by the target side's own rules and no clean-up of anybody's."""
        side = {"use_source_tokenizer": False} if hasattr(self._tokenizer, "spm_target") else {}
        try:
            decoded = self._tokenizer.batch_decode(
                sequences, skip_special_tokens=True, clean_up_tokenization_spaces=False, **side
            )
        except IndexError as error:
            raise ModelBroken(f"'{self._name}' speaks tokens that its tokenizer does not know", AGAIN) from error
        return [text.strip() for text in decoded]

    @contextlib.contextmanager
    def _threads(self) -> Iterator[None]:
        """As many threads as the run asks for, while decoding."""
        before = self._torch.get_num_threads()
        if self._run.threads:
            self._torch.set_num_threads(self._run.threads)
        try:
            yield
        finally:
            if self._run.threads:
                self._torch.set_num_threads(before)


def _load(folder: Path, name: str) -> tuple[Any, Any]:
    """Tokenizer and network in float32. Raises ModelBroken for anything short of a complete checkpoint."""
    import torch
    import transformers

    checkpoint.refuse_unsafe_pickle(folder, torch.__version__)
    safe = checkpoint.has_safetensors(path.name for path in checkpoint.files(folder))
    common = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **common)
        net, report = transformers.AutoModelForSeq2SeqLM.from_pretrained(
            folder, use_safetensors=safe, weights_only=True, dtype=torch.float32, output_loading_info=True, **common
        )
    except MemoryError as error:
        raise EngineError(f"'{name}' does not fit into memory") from error
    except Exception as error:  # the libraries raise a dozen kinds
        raise ModelBroken(f"'{name}' cannot be loaded: {_first_line(error)}", AGAIN) from error
    lost = sorted({*report["missing_keys"], *(str(key) for key in report["mismatched_keys"]), *report["error_msgs"]})
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise ModelBroken(f"'{name}' lacks weights, which would be random: {lost[0]}{more}", AGAIN)
    return tokenizer, net.eval()


def _device(wanted: str) -> str:
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise EngineError("run.device is 'cuda', but there is no CUDA device", "set run.device to 'auto' or 'cpu'")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without transformers' log lines, warnings and bars, which speak to programmers and not to users."""
    from transformers.utils import logging as bars

    logger, bar = logging.getLogger("transformers"), bars.is_progress_bar_enabled()
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.CRITICAL)
        bars.disable_progress_bar()
        try:
            yield
        finally:
            logger.setLevel(level)
            if bar:
                bars.enable_progress_bar()


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """With the hub's client in offline mode, for this process and for those it starts."""
    from huggingface_hub import constants

    flag, variable = constants.HF_HUB_OFFLINE, os.environ.get("HF_HUB_OFFLINE")
    constants.HF_HUB_OFFLINE = True
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = flag
        os.environ.pop("HF_HUB_OFFLINE")
        if variable is not None:
            os.environ["HF_HUB_OFFLINE"] = variable
