"""What the engines that run a checkpoint have in common: texts to tokens, duplicates once, nothing over the limit, longest first.

How a batch is decoded is each engine's own business; so is what an encoded text looks like (token ids, or tokens as text).
"""

from __future__ import annotations

import copy
import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, Self, TypeVar

from pipeline.engines.engine import Engine, Generation, Likelihood
from pipeline.engines.structure import Structure
from pipeline.errors import EngineError, ModelBroken
from pipeline.settings import Decoding

Token = TypeVar("Token", int, str)
AGAIN = "pull or copy the model again; `it2en models check` tells whether it works"


class Batched(Engine, Generic[Token]):
    """An engine with a checkpoint behind it. `_budget` is the most padded tokens that a batch may have."""

    _name: str
    _structure: Structure
    _decoding: Decoding
    _budget: int
    _translates: bool

    @property
    def limit(self) -> int:
        """The positions that the encoder has, or fewer where the tokenizer says so."""
        return self._structure.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Subwords and special tokens, nothing cut off."""
        return [len(tokens) for tokens in self._encode(texts)]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """Longest texts first, in batches of at most `run.batch_tokens` padded tokens."""
        yield from ((i, found[0]) for i, found in self.hypotheses(texts, 1))

    def hypotheses(self, texts: Sequence[str], most: int) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """The texts that the beam ends with, `most` of them or as many as it is wide."""
        most = min(most, self._decoding.beam_size)
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

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        """Equal pairs are read once, in batches of pairs of like length."""
        if not self._translates:
            raise EngineError(
                f"'{self._name}' is no translator, and reads no translations again", "name one as reread.model"
            )
        unique = list(dict.fromkeys(pairs))
        read_from, read = [source for source, _ in unique], [target for _, target in unique]
        sources, targets = self._encode(read_from), self._encode_target(read)
        self._refuse_over_limit(dict(zip(read_from, sources, strict=True)))
        with_end = [tokens + tokens[:1] for tokens in targets]  # as long as with their end mark
        self._refuse_over_limit(dict(zip(read, with_end, strict=True)))
        order = sorted(range(len(unique)), key=lambda place: (len(targets[place]), len(sources[place])))
        nats = self._read([sources[i] for i in order], [targets[i] for i in order])
        found = [self._likelihood(read[i], targets[i], row) for i, row in zip(order, nats, strict=True)]
        answers = dict(zip([unique[i] for i in order], found, strict=True))
        return [answers[pair] for pair in pairs]

    def _likelihood(self, target: str, tokens: Sequence[Token], nats: Sequence[float]) -> Likelihood:
        if not all(map(math.isfinite, nats)):
            raise ModelBroken(f"what '{self._name}' makes of a translation is no number: its weights are broken", AGAIN)
        return Likelihood((*self._pieces(target, tokens), ""), tuple(nats))

    def redirected(self, decoding: Decoding) -> Self:
        """The same tokenizer and weights, which decoding does not change."""
        other = copy.copy(self)
        other._decoding = decoding
        return other

    @abstractmethod
    def _encode(self, texts: Sequence[str]) -> list[list[Token]]:
        """Each text as the encoder will read it. Text that looks like a special token ('<s>' in stray HTML) is text."""

    @abstractmethod
    def _encode_target(self, texts: Sequence[str]) -> list[list[Token]]:
        """Each text as the decoder says it, without any special token."""

    @abstractmethod
    def _pieces(self, text: str, tokens: Sequence[Token]) -> list[str]:
        """A target's tokens as text, each with the blank before it."""

    @abstractmethod
    def _read(self, sources: Sequence[list[Token]], targets: Sequence[list[Token]]) -> list[Sequence[float]]:
        """The log-probability of each token of each target and of its end mark, in nats. Pairs come sorted by length."""

    @abstractmethod
    def _batches(self, encoded: Mapping[str, list[Token]], most: int) -> Iterator[tuple[str, tuple[Generation, ...]]]:
        """Decode all texts, batch by batch, with the `most` best hypotheses of each, best first; where memory runs out, go on with batches half as large."""

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
