"""A bundle as token ids, and endless batches of it, drawn as the mix says.

What it is not: it neither normalises nor filters text; prepare.py did.
"""

from __future__ import annotations

import json
import lzma
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

EOS = 0


class Batch(NamedTuple):
    """Padded ids [B, S] and [B, T], each sentence closed by EOS."""

    source: Tensor
    target: Tensor


class Side(NamedTuple):
    """One language of a corpus: all ids in one array, and where each sentence starts (one more entry than sentences)."""

    ids: NDArray[np.uint16]
    starts: NDArray[np.int64]

    def lengths(self) -> NDArray[np.int64]:
        """Pieces of each sentence, EOS not counted."""
        return np.diff(self.starts)


class Corpus(NamedTuple):
    """Encoded pairs, the indices of those short enough, and the two weights they are drawn with."""

    source: Side
    target: Side
    usable: NDArray[np.int64]
    weight: float
    late: float


def encode(job: tuple[str, list[str]]) -> list[list[int]]:
    """Piece ids of each text; runs in a worker process."""
    import sentencepiece

    pieces: list[list[int]] = sentencepiece.SentencePieceProcessor(model_file=job[0]).encode(job[1])
    return pieces


def read_side(texts: list[str], spm: Path, pool: ProcessPoolExecutor) -> Side:
    """Encode one side of a corpus, in parallel slices."""
    step = max(1_000, min(20_000, len(texts) // (os.cpu_count() or 1) + 1))
    jobs = [(str(spm), texts[i : i + step]) for i in range(0, len(texts), step)]
    parts = map(encode, jobs) if len(jobs) == 1 else pool.map(encode, jobs)  # a process is not worth one small job
    ids = [sentence for part in parts for sentence in part]
    starts = np.concatenate([[0], np.cumsum([len(s) for s in ids])])
    return Side(np.fromiter((t for s in ids for t in s), np.uint16, int(starts[-1])), starts)


def load(bundle: Path, longest: int, reverse: bool = False) -> list[Corpus]:
    """Every corpus of the bundle, `reverse` from English; sentences of `longest` pieces or more are never drawn."""
    sides = (1, 0) if reverse else (0, 1)
    mix: dict[str, Any] = json.loads((bundle / "mix.json").read_text(encoding="utf-8"))["corpora"]
    corpora = []
    with ProcessPoolExecutor() as pool:
        for name, options in mix.items():
            if not options["weight"]:
                continue
            text = lzma.decompress((bundle / f"{name}.tsv.xz").read_bytes()).decode("utf-8")
            rows = [row.split("\t") for row in text.split("\n")]
            source, target = (read_side([r[k] for r in rows], bundle / "spm.model", pool) for k in sides)
            shortest = np.minimum(source.lengths(), target.lengths())
            usable = np.nonzero((shortest > 0) & (np.maximum(source.lengths(), target.lengths()) < longest))[0]
            corpora.append(Corpus(source, target, usable, options["weight"], options["late"]))
    return corpora


def draw(corpora: list[Corpus], late: bool, rng: np.random.Generator) -> NDArray[np.int64]:
    """One pass of the mix: rows (corpus, sentence), shuffled; a weight of 2 draws every pair about twice."""
    picks = []
    for number, corpus in enumerate(corpora):
        amount = int(len(corpus.usable) * (corpus.late if late else corpus.weight))
        whole, rest = divmod(amount, max(1, len(corpus.usable)))
        chosen = np.concatenate([np.tile(corpus.usable, whole), rng.choice(corpus.usable, rest, replace=False)])
        picks.append(np.stack([np.full(len(chosen), number), chosen], 1))
    pick = np.concatenate(picks)
    rng.shuffle(pick)
    return pick


def group(lengths: NDArray[np.int64], budget: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Indices of sentences of similar length, in groups of at most `budget` padded ids a side, in random order."""
    order = np.argsort(lengths + rng.random(len(lengths)) * 3, kind="stable")
    groups, start, longest = [], 0, 0
    for i, index in enumerate(order):
        longest = max(longest, int(lengths[index]))
        if longest * (i - start + 1) > budget and i > start:
            groups.append(order[start:i])
            start, longest = i, int(lengths[index])
    groups.append(order[start:])
    return [groups[i] for i in rng.permutation(len(groups))]


def pad_side(sides: list[Side], rows: NDArray[np.int64], pad: int, multiple: int) -> Tensor:
    """Ids [B, length] of the chosen rows (corpus, sentence), closed by EOS, padded to a multiple."""
    cut = [sides[c].ids[sides[c].starts[i] : sides[c].starts[i + 1]] for c, i in rows]
    width = -(-(max(map(len, cut)) + 1) // multiple) * multiple
    out = np.full((len(cut), width), pad, np.int64)
    for row, ids in zip(out, cut, strict=True):
        row[: len(ids)], row[len(ids)] = ids, EOS
    return torch.from_numpy(out)


def batches(
    corpora: list[Corpus], budget: int, pad: int, seed: int, late: Callable[[], bool], multiple: int = 1
) -> Iterator[Batch]:
    """Endless batches of at most about `budget` ids a side; when `late` turns true the closing mix starts at once."""
    rng = np.random.default_rng(seed)
    sources, targets = [c.source for c in corpora], [c.target for c in corpora]
    while True:
        closing = late()
        pick = draw(corpora, closing, rng)
        longest = np.array(
            [
                max(s.starts[i + 1] - s.starts[i], t.starts[i + 1] - t.starts[i]) + 1
                for c, i in pick
                for s, t in [(sources[c], targets[c])]
            ]
        )
        for chosen in group(longest, budget, rng):
            if late() != closing:
                break
            yield Batch(pad_side(sources, pick[chosen], pad, multiple), pad_side(targets, pick[chosen], pad, multiple))


def prefetch(feed: Iterator[Batch], ahead: int, pin: bool) -> Iterator[Batch]:
    """The same batches, prepared by a thread while the model computes."""
    ready: queue.Queue[Batch] = queue.Queue(ahead)

    def fill() -> None:
        for batch in feed:
            ready.put(Batch(batch.source.pin_memory(), batch.target.pin_memory()) if pin else batch)

    threading.Thread(target=fill, daemon=True).start()
    while True:
        yield ready.get()
