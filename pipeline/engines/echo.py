"""An engine without a model, for tests and dry runs: what comes back is what went in, marked as such.

It keeps every promise of an engine (limits, caps, truncation, duplicates decoded once) and translates nothing.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator, Sequence

from pipeline.engines.batches import caps
from pipeline.engines.engine import Engine, Generation, Likelihood
from pipeline.engines.models import Model
from pipeline.errors import EngineError
from pipeline.settings import Decoding, Run


class Echo(Engine):
    """Puts '[en] ' before each text. Its tokens are the words between white space, and an end mark."""

    limit = 512

    def __init__(self, model: Model, decoding: Decoding, run: Run, precision: str = "float32") -> None:
        self._decoding = decoding

    def count(self, texts: Sequence[str]) -> list[int]:
        """Words and the end mark."""
        return [len(text.split()) + 1 for text in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        """Each text with its mark, in order."""
        for text in texts:
            self._refuse_over_limit(text)
        made: dict[str, Generation] = {}
        for i, text in enumerate(texts):
            if text not in made:
                made[text] = self._decode(text)
            yield i, made[text]

    def likelihoods(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        """Certain of each word that the source has too, and a nat from it for any other."""
        for text in (text for pair in pairs for text in pair):
            self._refuse_over_limit(text)
        return [self._likelihood(source.split(), target.split()) for source, target in pairs]

    def redirected(self, decoding: Decoding) -> Echo:
        """An echo of another decoding; there are no weights to share."""
        other = copy.copy(self)
        other._decoding = decoding
        return other

    def _refuse_over_limit(self, text: str) -> None:
        tokens = self.count([text])[0]
        if tokens > self.limit:
            raise EngineError(f"a text of {tokens} tokens is over the limit of {self.limit}: '{text[:60]}…'")

    def _likelihood(self, source: Sequence[str], target: Sequence[str]) -> Likelihood:
        pieces = [word if i == 0 else f" {word}" for i, word in enumerate(target)]
        return Likelihood((*pieces, ""), (*(0.0 if word in source else -1.0 for word in target), 0.0))

    def _decode(self, text: str) -> Generation:
        if not text.strip():
            return Generation("", 0.0, 0, 0)
        tokens_in = self.count([text])[0]
        words = f"[en] {text}".split()
        cap = caps(self._decoding, tokens_in, self.limit)[1]
        truncated = len(words) + 1 > cap
        target = " ".join(words[:cap]) if truncated else f"[en] {text}"
        score = -(zlib.crc32(text.encode()) % 1000) / 1000
        return Generation(target, score, tokens_in, min(len(words) + 1, cap), truncated)
