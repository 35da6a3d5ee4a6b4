"""What word translations the parallel text shows by counting alone, before any training. It is not a translator.

IBM model 1 (Brown et al. 1993) over pieces, with a preference for the diagonal (Dyer et al. 2013), counts which pieces are
aligned. The counts serve twice: they show one cross-attention head where to look (guided alignment, Chen et al. 2016), and
they initialise the shared embeddings so that pieces that translate each other start out near each other. V is the size of
the vocabulary; a dense [V, V] table of 6,000 pieces takes 144 MB, one of 16,000 takes 1 GB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.data import Batch

FLOOR = 1e-6  # what an unseen pair of pieces gets, so that every target piece has an alignment
TAIL = 5e-3  # posteriors below are noise, and most of the work
RARE = 0.05  # expected counts below are not worth keeping


def diagonal(rows: int, columns: int, sharpness: float = 4.0) -> Tensor:
    """Prior [rows, columns] that prefers equal relative positions."""
    i = torch.arange(rows)[:, None] / max(1, rows)
    j = torch.arange(columns)[None] / max(1, columns)
    return torch.exp(-sharpness * (i - j).abs())


def posteriors(table: Tensor, batch: Batch, pad: int) -> Tensor:
    """p(source position | target position) [B, T, S] of a batch under the table t(source | target) [V, V]."""
    source, target = batch.source, batch.target
    scores = table[target[:, :, None], source[:, None, :]] + FLOOR
    prior = diagonal(target.shape[1], source.shape[1]).to(scores.device)
    scores = scores * prior * (source != pad)[:, None, :]
    return scores / scores.sum(-1, keepdim=True)


def dictionary(counts: Tensor) -> Tensor:
    """t(source | target) [V target, V source] from joint counts; +1 discounts pieces seen once or twice."""
    return counts / (counts.sum(1, keepdim=True) + 1.0)


def count(table: Tensor, batches: Iterable[Batch], vocab: int) -> Tensor:
    """Expected joint counts [V target, V source] of aligned pieces (the E step)."""
    counts = np.zeros(vocab * vocab, np.float32)
    for batch in batches:
        weight = posteriors(table, batch, vocab - 1) * (batch.target != vocab - 1)[:, :, None]
        cell = batch.target[:, :, None] * vocab + batch.source[:, None, :]
        flat, share = cell.flatten().numpy(), weight.flatten().numpy()
        np.add.at(counts, flat[share > TAIL], share[share > TAIL])
    return torch.from_numpy(counts.reshape(vocab, vocab))


def align(batches: Sequence[Batch], vocab: int, rounds: int = 3) -> Tensor:
    """Joint counts [V, V] after some rounds of expectation maximisation; 100,000 pairs take about a minute and a half."""
    counts = torch.ones(vocab, vocab)
    for _ in range(rounds):
        counts = count(dictionary(counts), batches, vocab)
    return counts


def save(counts: Tensor, path: Path) -> None:
    """Write the counts that matter, sparsely (a few MB)."""
    target, source = torch.nonzero(counts > RARE, as_tuple=True)
    np.savez_compressed(
        path,
        target=target.numpy().astype(np.uint16),
        source=source.numpy().astype(np.uint16),
        counts=counts[target, source].numpy(),
        vocab=len(counts),
    )


def read(path: Path) -> Tensor:
    """The counts that save() wrote, dense [V, V]."""
    with np.load(path) as kept:
        counts = np.zeros((int(kept["vocab"]), int(kept["vocab"])), np.float32)
        counts[kept["target"], kept["source"]] = kept["counts"]
    return torch.from_numpy(counts)


def embed(counts: Tensor, width: int, side: float = 0.35, seed: int = 1) -> Tensor:
    """Shared embeddings [V, width], rows of length 1, that put a piece near its translations.

    Random vectors, nearly orthogonal to each other, are smoothed along the dictionary: a piece gets its own, the mean of
    its translations', and a common direction (times `side`) that tells Italian pieces from English ones. As the table is
    the output layer too, a decoder that copies what it looks at already says something like the translation.
    """
    random = torch.Generator().manual_seed(seed)
    own = torch.nn.functional.normalize(torch.randn(len(counts), width, generator=random), dim=1)
    language = torch.nn.functional.normalize(torch.randn(width, generator=random), dim=0)
    english, italian = counts.sum(1), counts.sum(0)
    links = counts * (counts / (italian + 1) + counts / (english[:, None] + 1))  # counts × mutual confidence
    links = links + links.T
    links.fill_diagonal_(0)
    near = torch.nn.functional.normalize(links @ own, dim=1)
    lean = (english - italian) / (english + italian + 1)
    return torch.nn.functional.normalize(own + near + side * lean[:, None] * language, dim=1)
