"""A training run in memory: the model with its averages and optimisers, one update at a time, and its state on disk.

What it is not: the loop, which is train.py's, or the schedule's clock.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training import lexicon
from training.data import Batch
from training.model import Gaze, SmoothedLoss, guided, quick_dropout, states
from training.settings import Settings


def optimisers(model: Any, s: Settings) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the matrices inside the layers, AdamW for embeddings, norms and biases."""
    inner = [p for n, p in model.named_parameters() if p.ndim == 2 and ".layers." in n]
    chosen = {id(p) for p in inner}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in chosen]
    return [
        torch.optim.Muon(inner, lr=s.muon, weight_decay=0.01, momentum=0.95),
        torch.optim.AdamW(rest, lr=s.lr, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def quicken(model: Any, device: str, compile_layers: bool) -> None:
    """What makes the same arithmetic faster: on a CPU plain attention and cheap dropout, compiled layers where asked for.

    Replaces torch's dropout for the whole process.
    """
    if device == "cpu":
        model.set_attn_implementation("eager")
        setattr(torch.nn.functional, "dropout", quick_dropout)  # noqa: B010 - mypy refuses the plain assignment
    if compile_layers:  # the last decoder layer is read by a hook and stays as it is
        for layer in [*model.model.encoder.layers, *model.model.decoder.layers[:-1]]:
            layer.compile(dynamic=True)


class Run:
    """Model, running average of its weights, optimisers, and how many steps and target pieces it has seen."""

    def __init__(self, model: Any, s: Settings, device: str, table: Tensor | None = None) -> None:
        """`table` t(source | target) [V, V] is what guided alignment is guided by; without it there is none."""
        self.model, self.s, self.device = model.to(device).train(), s, device
        self.table = table.to(device) if table is not None and s.guide else None
        self.optimisers = optimisers(model, s)
        self.average = {n: p.detach().clone() for n, p in model.named_parameters()}
        self.steps = self.tokens = 0
        self.pad = model.config.vocab_size - 1
        self.gaze = Gaze(model, s.heads)

    def save(self, path: Path) -> None:
        """Write the state whole: killed in the middle, the last one stays."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "steps": self.steps,
            "tokens": self.tokens,
            "optimisers": [o.state_dict() for o in self.optimisers],
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def restore(self, path: Path) -> None:
        """Take the run up where save() left it."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.average, self.steps, self.tokens = state["average"], state["steps"], state["tokens"]

    def averaged(self) -> Any:
        """A copy of the model on the CPU with the averaged weights, which translate better than the last ones."""
        model = copy.deepcopy(self.model).cpu().eval()
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(self.average[name])
        return model

    def step(self, batch: Batch, progress: float) -> Tensor:
        """One update at a point (0 to 1) of the run; returns the smoothed cross-entropy a target piece, still on the device."""
        self._set_rate(progress)
        batch = Batch(*(side.to(self.device, non_blocking=True) for side in batch))
        with torch.autocast(self.device, torch.bfloat16):
            hidden, gold = states(self.model, batch, self.pad)
        summed: Tensor = SmoothedLoss.apply(hidden, self.model.model.shared.weight, gold, self.s.smoothing)  # type: ignore[no-untyped-call]
        loss = summed / len(gold)
        (loss + self._guidance(batch, progress) / len(gold)).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.steps, self.tokens = self.steps + 1, self.tokens + len(gold)
        self._average()
        return loss.detach()

    def _guidance(self, batch: Batch, progress: float) -> Tensor | float:
        """The alignment loss, summed over target pieces, under its fading weight."""
        weight = self.s.guide * max(0.0, 1 - progress / self.s.guide_until)
        if self.table is None or weight == 0:
            return 0.0
        return weight * guided(self.gaze, batch, lexicon.posteriors(self.table, batch, self.pad), self.pad)

    def _set_rate(self, progress: float) -> None:
        """Linear warm-up in steps, then a quarter of a cosine over the whole run."""
        scale = min(1.0, (self.steps + 1) / self.s.warmup) * max(0.02, math.cos(math.pi / 2 * progress))
        for optimiser, peak in zip(self.optimisers, (self.s.muon, self.s.lr), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = peak * scale

    def _average(self) -> None:
        """Exponential moving average, shorter at the start of the run."""
        keep = min(self.s.ema, (self.steps + 1) / (self.steps + 10))
        now = [p.detach() for p in self.model.parameters()]
        torch._foreach_lerp_(list(self.average.values()), now, 1 - keep)
