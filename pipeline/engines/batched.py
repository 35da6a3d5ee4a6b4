"""What the engines that run a checkpoint have in common: texts to tokens, duplicates once, nothing over the limit, longest first.

How a batch is decoded is each engine's own business; so is what an encoded text looks like (token ids, or tokens as text).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from pipeline.engines.engine import Engine, Generation
from pipeline.engines.structure import Structure
from pipeline.errors import EngineError

Token = TypeVar("Token", int, str)


class Batched(Engine, Generic[Token]):
    """An engine with a checkpoint behind it. `_budget` is the most padded tokens that a batch may have."""

    _name: str
    _structure: Structure
    _budget: int

    @property
    def limit(self) -> int:
        """The positions that the encoder has, or fewer where the tokenizer says so."""
        return self._structure.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Subwords and special tokens, nothing cut off."""
        return [len(tokens) for tokens in self._encode(texts)]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """Longest texts first, in batches of at most `run.batch_tokens` padded tokens."""
        places: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            places.setdefault(text, []).append(i)
        blank = [text for text in places if not text.strip()]
        unique = [text for text in places if text.strip()]
        encoded = dict(zip(unique, self._encode(unique), strict=True))
        self._refuse_over_limit(encoded)
        for text in blank:
            yield from ((i, Generation("", 0.0, 0, 0)) for i in places[text])
        for text, generation in self._batches(encoded):
            yield from ((i, generation) for i in places[text])

    @abstractmethod
    def _encode(self, texts: Sequence[str]) -> list[list[Token]]:
        """Each text as the encoder will read it. Text that looks like a special token ('<s>' in stray HTML) is text."""

    @abstractmethod
    def _batches(self, encoded: Mapping[str, list[Token]]) -> Iterator[tuple[str, Generation]]:
        """Decode all texts, batch by batch; where memory runs out, go on with batches half as large."""

    def _refuse_over_limit(self, encoded: Mapping[str, Sequence[Token]]) -> None:
        for text, tokens in encoded.items():
            if len(tokens) > self.limit:
                raise EngineError(
                    f"a text of {len(tokens)} tokens is over the limit of {self.limit} that '{self._name}' has: "
                    f"'{text[:60]}…'",
                    "split it first; nothing is cut off silently",
                )

    def _halved(self, longest: int, texts: int) -> int:
        """The budget for batches half as large as one of `texts` texts, the longest of `longest` tokens, which did not fit."""
        if texts == 1:
            raise EngineError(
                f"memory ran out on a single text of {longest} tokens with '{self._name}'",
                "lower decoding.beam_size, or split texts shorter",
            )
        return longest * (texts // 2)


NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory", "bad_alloc")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception of the libraries says that memory ran out: a smaller batch may cure it."""
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in NO_MEMORY)


def first_line(error: BaseException) -> str:
    """What an exception of the libraries says, in one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
