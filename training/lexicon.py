"""What word translations the parallel text shows by counting alone, before any training.

IBM model 1 (Brown et al. 1993) over pieces gives t(source piece | target piece). It serves twice: its posteriors show the
cross-attention where to look (guided alignment, Chen et al. 2016), and its dictionary initialises the shared embeddings so
that pieces that translate each other start out near each other. It is not a translator.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from training.data import Batch

FLOOR = 1e-6  # what an unseen pair of pieces gets, so that every target piece has an alignment


def diagonal(rows: int, columns: int, sharpness: float = 4.0) -> Tensor:
    """Prior [rows, columns] that prefers equal relative positions, as word order in close languages does (Dyer 2013)."""
    i = torch.arange(rows)[:, None] / max(1, rows)
    j = torch.arange(columns)[None] / max(1, columns)
    return torch.exp(-sharpness * (i - j).abs())


def posteriors(table: Tensor, batch: Batch, pad: int) -> Tensor:
    """p(source position | target position) [B, T, S] of a batch under the table [V target, V source]."""
    source, target = batch.source, batch.target
    scores = table[target[:, :, None], source[:, None, :]] + FLOOR
    scores = scores * diagonal(target.shape[1], source.shape[1]) * (source != pad)[:, None, :]
    return scores / scores.sum(-1, keepdim=True)


def count(table: Tensor, batches: Iterable[Batch], vocab: int) -> Tensor:
    """Expected joint counts [V target, V source] of aligned pieces over the batches (the E step)."""
    pad = vocab - 1
    counts = np.zeros(vocab * vocab, np.float64)
    for batch in batches:
        weight = posteriors(table, batch, pad) * (batch.target != pad)[:, :, None]
        cell = batch.target[:, :, None] * vocab + batch.source[:, None, :]
        flat, w = cell.flatten().numpy(), weight.flatten().numpy()
        keep = w > 1e-3  # the tail of the posteriors is noise and most of the work
        np.add.at(counts, flat[keep], w[keep])
    return torch.from_numpy(counts.reshape(vocab, vocab)).float()


def align(batches: list[Batch], vocab: int, rounds: int = 4) -> tuple[Tensor, Tensor]:
    """IBM-1 by expectation maximisation: the table t(source | target) and the last joint counts, both [V, V]."""
    table = torch.full((vocab, vocab), 1.0 / vocab)
    counts = table
    for _ in range(rounds):
        counts = count(table, batches, vocab)
        table = counts / (counts.sum(1, keepdim=True) + 1.0)  # +1 discounts pieces seen once or twice
    return table, counts


def embed(counts: Tensor, width: int, own: float = 1.0, side: float = 0.5, seed: int = 1) -> Tensor:
    """Shared embeddings [V, width], rows of length 1, that put a piece near its translations.

    Random vectors are smoothed along the dictionary: a piece gets its own vector (weight `own`), the mean of its
    translations' and a common direction (weight `side`) that tells Italian pieces from English ones.
    """
    generator = torch.Generator().manual_seed(seed)
    own_vectors = torch.nn.functional.normalize(torch.randn(len(counts), width, generator=generator), dim=1)
    graph = counts * (counts / (counts.sum(0, keepdim=True) + 1) + counts / (counts.sum(1, keepdim=True) + 1))
    graph = graph + graph.T
    graph.fill_diagonal_(0)
    graph = graph / graph.sum(1, keepdim=True).clamp_min(1e-6)
    english, italian = counts.sum(1), counts.sum(0)
    lean = (english - italian) / (english + italian + 1)
    direction = torch.nn.functional.normalize(torch.randn(width, generator=generator), dim=0)
    near = torch.nn.functional.normalize(graph @ own_vectors, dim=1)
    mixed = own * own_vectors + near + side * lean[:, None] * direction
    return torch.nn.functional.normalize(mixed, dim=1)
