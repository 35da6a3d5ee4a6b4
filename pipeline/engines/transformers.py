"""MarianMT translators and BART or T5 summarisers, decoded by PyTorch. Loads what lies on this machine, never downloads.

The only engine that imports torch and transformers, and it does so when it is opened. Nothing is inherited from a
checkpoint's own decoding defaults: of its generation config only the token ids come along.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engines import checkpoint
from pipeline.engines.batched import AGAIN, Batched, first_line, is_out_of_memory
from pipeline.engines.batches import longest_first, next_batch
from pipeline.engines.engine import Generation
from pipeline.engines.models import Model
from pipeline.engines.structure import structure
from pipeline.engines.subwords import plain_pieces
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding, Run

if TYPE_CHECKING:
    import torch

LOGITS_AT_ONCE = 2**25  # numbers held while scoring: 128 MB in float32, and as much again


class Transformers(Batched[int]):
    """A sequence-to-sequence checkpoint in float32, decoded by beam search.

    The score of a text is the mean of log p(token | source, tokens before) over the tokens generated, the end mark among
    them, under the plain model: penalties and bans steer the search and do not enter the score, and a token that the
    checkpoint forces (BART's first, the end mark at the length limit) counts as certain. With a length penalty of 1
    and no forced tokens this is the score that beam search itself ranks by.
    """

    def __init__(self, model: Model, decoding: Decoding, run: Run, precision: str = "float32") -> None:
        if model.path is None:
            raise EngineError(f"'{model.name}' has no weights to load")
        import torch
        import transformers

        self._config = transformers.GenerationConfig
        self._torch, self._name, self._decoding, self._run = torch, model.name, decoding, run
        self._device = _device(run.device)
        with quiet(), offline():
            self._tokenizer, self._net = load_checkpoint(model.path, model.name)
        self._net.to(self._device, dtype=_dtype(precision, self._device))
        self._structure = structure(model.path, self._net.config, self._net.generation_config, self._tokenizer)
        self._net.generation_config = self._config(**self._structure.ids)  # else generate() fills gaps from its own
        self._budget, self._translates = run.batch_tokens, self._net.config.model_type == "marian"

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

    def _encode_target(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        with quiet():
            batch = self._tokenizer(
                text_target=list(texts), truncation=False, split_special_tokens=True, add_special_tokens=False
            )
        end = self._structure.ids["eos_token_id"]  # Marian's tokenizer adds it all the same
        return [row[:-1] if row and row[-1] == end else row for row in batch["input_ids"]]

    def _pieces(self, text: str, tokens: Sequence[int]) -> list[str]:
        return plain_pieces(self._tokenizer.spm_target.encode(text, out_type=str))

    def _read(self, sources: Sequence[list[int]], targets: Sequence[list[int]]) -> list[Sequence[float]]:
        nats: list[Sequence[float]] = []
        budget = self._budget
        while len(nats) < len(sources):
            rows = slice(len(nats), len(nats) + self._fitting(budget, sources[len(nats) :], targets[len(nats) :]))
            read = self._read_batch(sources[rows], targets[rows])
            if read is None and len(sources[rows]) == 1:
                raise EngineError(f"memory ran out on a single translation of {len(targets[rows][0])} tokens")
            budget = budget if read is not None else budget // 2
            nats += read or []
        return nats

    def _fitting(self, budget: int, sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> int:
        """How many of these pairs are read at once, padding included: one at least."""
        most, longest = min(budget, LOGITS_AT_ONCE // self._net.config.vocab_size), 0
        for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
            longest = max(longest, len(source), len(target) + 1)
            if (i + 1) * longest > most:
                return max(1, i)
        return len(targets)

    def _read_batch(self, sources: Sequence[list[int]], targets: Sequence[list[int]]) -> list[Sequence[float]] | None:
        """One batch, or None if it does not fit into memory."""
        ids, start = self._structure.ids, self._structure.ids["decoder_start_token_id"]
        said = self._padded([[start, *row, ids["eos_token_id"]] for row in targets])["input_ids"]
        try:
            with quiet(), self._threads(), self._torch.inference_mode():
                logits = self._net(**self._padded(sources), decoder_input_ids=said[:, :-1]).logits.float()
                logs = logits.log_softmax(-1).gather(-1, said[:, 1:].unsqueeze(-1)).squeeze(-1)
        except (RuntimeError, MemoryError) as error:
            if isinstance(error, self._torch.OutOfMemoryError) or is_out_of_memory(error):
                return None
            raise EngineError(f"'{self._name}' failed to read: {first_line(error)}") from error
        return [row[: len(target) + 1] for row, target in zip(logs.tolist(), targets, strict=True)]

    def _batches(self, encoded: Mapping[str, list[int]], most: int) -> Iterator[tuple[str, tuple[Generation, ...]]]:
        """Decode batch by batch; where memory runs out, go on with batches half as large."""
        lengths = {text: len(ids) for text, ids in encoded.items()}
        waiting: Sequence[str] = longest_first(lengths)
        while waiting:
            batch = next_batch(waiting, lengths, self._budget)
            made = self._attempt([encoded[text] for text in batch], most)
            if made is None:
                self._budget = self._halved(lengths[batch[0]], len(batch))
                continue
            yield from ((text, tuple(made[i * most : (i + 1) * most])) for i, text in enumerate(batch))
            waiting = waiting[len(batch) :]

    def _attempt(self, encoded: Sequence[list[int]], most: int) -> list[Generation] | None:
        """One batch decoded, `most` generations a text; or None if it does not fit into memory."""
        try:
            with quiet(), self._threads(), self._torch.inference_mode():
                return self._decode(encoded, most)
        except (RuntimeError, MemoryError) as error:  # torch.OutOfMemoryError is a RuntimeError
            if not isinstance(error, self._torch.OutOfMemoryError) and not is_out_of_memory(error):
                raise EngineError(f"'{self._name}' failed to decode: {first_line(error)}") from error
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
            logits = self._net(**part, decoder_input_ids=given).logits.float()
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


def load_checkpoint(folder: Path, name: str) -> tuple[Any, Any]:
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
        raise ModelBroken(f"'{name}' cannot be loaded: {first_line(error)}", AGAIN) from error
    lost = sorted({*report["missing_keys"], *(str(key) for key in report["mismatched_keys"]), *report["error_msgs"]})
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise ModelBroken(f"'{name}' lacks weights, which would be random: {lost[0]}{more}", AGAIN)
    return tokenizer, net.eval()


def _dtype(precision: str, device: str) -> torch.dtype:
    import torch

    if precision != "float32" and (device != "cuda" or precision not in ("float16", "bfloat16")):
        raise EngineError(
            f"the engine 'transformers' does not run in {precision} on {device}",
            "set precision to 'float32', or on CUDA to 'bfloat16' or 'float16'; int8 is for the engine 'ctranslate2'",
        )
    found: torch.dtype = getattr(torch, precision)
    return found


def _device(wanted: str) -> str:
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise EngineError("run.device is 'cuda', but there is no CUDA device", "set run.device to 'auto' or 'cpu'")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"


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
