"""What of a checkpoint's configs comes along into decoding: token ids, positions, the prefix it was trained behind.

Its structure, in short, and none of its taste: beams, penalties and lengths are ours to say. Plain values, no tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.engines import checkpoint
from pipeline.engines.batches import caps
from pipeline.errors import ModelBroken
from pipeline.settings import Decoding

IDS = ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")
FORCED = ("forced_bos_token_id", "forced_eos_token_id", "bad_words_ids")
RELATIVE = 512  # positions taken to be there where a model has no table of them (T5)


@dataclass(frozen=True, slots=True)
class Structure:
    """`ids` are arguments of a GenerationConfig; `positions` holds for encoder and decoder, `limit` for a text to read."""

    ids: Mapping[str, Any]
    positions: int
    limit: int
    prefix: str

    @property
    def pad(self) -> int:
        """The padding token."""
        return int(self.ids["pad_token_id"])

    def parameters(self, decoding: Decoding, tokens: int) -> dict[str, Any]:
        """All arguments of the GenerationConfig for a batch whose longest text has `tokens` tokens."""
        least, most = caps(decoding, tokens, self.positions)
        return dict(self.ids) | {
            "do_sample": False,
            "use_cache": True,
            "num_return_sequences": 1,
            "num_beams": decoding.beam_size,
            "early_stopping": decoding.early_stopping,
            "length_penalty": decoding.length_penalty,
            "no_repeat_ngram_size": decoding.no_repeat_ngram_size,
            "repetition_penalty": decoding.repetition_penalty,
            "encoder_no_repeat_ngram_size": 0,
            "encoder_repetition_penalty": 1.0,
            "min_new_tokens": least,
            "max_new_tokens": most,
        }

    def generated(self, row: Sequence[int]) -> list[int]:
        """The tokens generated, the end mark included: a decoded row without the decoder's start and the padding."""
        end, tokens = self.ids["eos_token_id"], list(row[1:])
        return tokens[: tokens.index(end) + 1] if end in tokens else tokens

    def is_truncated(self, tokens: Sequence[int], most: int) -> bool:
        """Whether the limit came before the model's own end mark; at the limit, a forced end mark says nothing."""
        return tokens[-1] != self.ids["eos_token_id"] or (len(tokens) >= most and self._ends_by_force)

    def chosen(self, tokens: Sequence[int], truncated: bool) -> range:
        """Which of the tokens the model chose: not a forced first one, not a forced end mark at the limit."""
        forced_end = truncated and self._ends_by_force and tokens[-1] == self.ids["eos_token_id"]
        return range(self.ids["forced_bos_token_id"] is not None, len(tokens) - forced_end)

    @property
    def _ends_by_force(self) -> bool:
        return self.ids["forced_eos_token_id"] is not None


def structure(folder: Path, config: Any, generation_config: Any, tokenizer: Any) -> Structure:
    """Read it off a loaded checkpoint. Padding and the unknown token are never generated, whatever the checkpoint says.

    Raises ModelBroken for a checkpoint without an end mark or a padding token.
    """
    ids: dict[str, Any] = {name: getattr(generation_config, name, None) for name in IDS + FORCED}
    for name in IDS:
        if ids[name] is None:
            ids[name] = getattr(config, name, None)
    for name in ("eos_token_id", "forced_eos_token_id"):
        if isinstance(ids[name], list):
            ids[name] = ids[name][0]
    if ids["pad_token_id"] is None or ids["eos_token_id"] is None:
        raise ModelBroken(f"'{folder.name}' names no end mark or no padding token", "its config.json is incomplete")
    banned = {ids["pad_token_id"], tokenizer.unk_token_id} - {ids["eos_token_id"], ids["bos_token_id"], None}
    positions = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or RELATIVE
    limit = int(min(positions, tokenizer.model_max_length))
    return Structure(ids | {"suppress_tokens": sorted(banned)}, int(positions), limit, checkpoint.prefix(folder))
