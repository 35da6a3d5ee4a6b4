"""Train the Italian-to-English translator, or the reader that goes the other way, on a bundle within a time budget, and export it.

What it is not: a general trainer. The schedule follows elapsed time, not steps, so that a run ends when it was told to.

    python -m training.train BUNDLE OUT --minutes 85 --profile cpu [--state FILE] [--start 0 --total 85] [--from CHECKPOINT]

BUNDLE is what prepare.py writes. Several calls make one run: each says how many minutes were trained before (--start) and
how many the whole run has (--total); --state keeps weights, averages and optimisers between them. OUT receives a
transformers checkpoint in float16, now and then and at the end, and report.json. Sources: Vaswani et al. 2017
(architecture, warm-up, label smoothing); Jordan et al. 2024 (Muon); Chen et al. 2016 (guided alignment).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from training import data, lexicon
from training.cores import Cores
from training.data import Batch
from training.model import Shape, adopt, build, export
from training.run import Run, quicken
from training.settings import PROFILES, Settings


class Clock:
    """Progress of the whole run, 0 to 1, by elapsed time; this call ends after its own minutes."""

    def __init__(self, minutes: float, start: float = 0.0, total: float = 0.0) -> None:
        self.began, self.minutes, self.start, self.total = time.monotonic(), minutes, start, total or start + minutes

    def elapsed(self) -> float:
        """Minutes since this call began."""
        return (time.monotonic() - self.began) / 60

    def progress(self) -> float:
        """Share of the whole run that is over."""
        return min(1.0, (self.start + self.elapsed()) / self.total)

    def over(self) -> bool:
        """Whether this call's minutes are spent."""
        return self.elapsed() >= self.minutes


class Journal:
    """A line about loss and speed every so many seconds."""

    def __init__(self, every: float = 20.0) -> None:
        self.every, self.told, self.tokens = every, time.monotonic(), 0
        self.losses: list[Tensor] = []  # on the device: reading one at each step would make the GPU wait

    def note(self, loss: Tensor, run: Run, clock: Clock) -> None:
        """Remember a step's loss; speak if it is time."""
        self.losses.append(loss)
        passed = time.monotonic() - self.told
        if passed < self.every:
            return
        mean, speed = float(torch.stack(self.losses).mean()), (run.tokens - self.tokens) / passed
        print(
            f"{clock.elapsed():6.1f} min, {clock.progress():4.0%}, step {run.steps}, {run.tokens / 1e6:.1f} M target "
            f"pieces, loss {mean:.3f}, {speed:.0f} pieces/s, {torch.get_num_threads()} threads",
            flush=True,
        )
        self.told, self.tokens, self.losses = time.monotonic(), run.tokens, []


def prepare_run(bundle: Path, s: Settings, device: str, checkpoint: Path | None = None) -> Run:
    """The run before its first step: from a trained checkpoint, or untrained with embeddings from the bundle's lexicon."""
    torch.manual_seed(s.seed)
    vocab = len(json.loads((bundle / "vocab.json").read_text(encoding="utf-8")))
    counts = lexicon.read(bundle / "lexicon.npz") if s.lexicon or s.guide else None
    if counts is not None and s.reverse:
        counts = counts.T.contiguous()
    embeddings = lexicon.embed(counts, s.d_model) if s.lexicon and counts is not None else None
    model = build(Shape(s.d_model, s.encoder, s.decoder, s.ffn, s.heads, s.dropout), vocab, embeddings)
    if checkpoint:
        adopt(model, checkpoint)
    run = Run(model, s, device, None if counts is None else lexicon.dictionary(counts))
    quicken(run.model, device, s.compile)
    return run


def teach(
    run: Run, feed: Iterator[Batch], clock: Clock, bundle: Path, out: Path, state: Path | None, every: float
) -> None:
    """Steps until the clock is over; with a state file, saves and exports every so many minutes."""
    journal, saved = Journal(), clock.elapsed()
    cores = Cores() if run.device == "cpu" else None
    journal.tokens = run.tokens
    while not clock.over():
        if cores:
            cores.adapt()
        journal.note(run.step(next(feed), clock.progress()), run, clock)
        if state and clock.elapsed() - saved > every:
            run.save(state)
            export(run.averaged(), bundle, out, run.s.reverse)
            saved = clock.elapsed()


def train(
    bundle: Path,
    out: Path,
    s: Settings,
    clock: Clock,
    state: Path | None = None,
    every: float = 5.0,
    checkpoint: Path | None = None,
) -> Run:
    """One call of a run: restore, train, save, export; see the module's text."""
    out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    run = prepare_run(bundle, s, device, checkpoint)
    if state and state.exists():
        run.restore(state)
    corpora = data.load(bundle, s.longest, s.reverse)
    feed = data.batches(corpora, s.budget, run.pad, s.seed + run.steps, lambda: clock.progress() > s.late)
    teach(run, data.prefetch(feed, 16, pin=device == "cuda"), clock, bundle, out, state, every)
    if state:
        run.save(state)
    export(run.averaged(), bundle, out, s.reverse)
    report = {
        "device": device,
        "steps": run.steps,
        "target_pieces": run.tokens,
        "minutes": clock.start + clock.elapsed(),
        "parameters": sum(p.numel() for p in run.model.parameters()),
        "settings": asdict(s),
    }
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return run


def main() -> None:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--profile", choices=PROFILES, default="gpu")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--start", type=float, default=0.0)
    parser.add_argument("--total", type=float, default=0.0)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--from", dest="checkpoint", type=Path, help="a trained checkpoint to go on from")
    parser.add_argument("--save-every", type=float, default=5.0, help="minutes")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the profile")
    args = parser.parse_args()
    try:
        settings = PROFILES[args.profile].override(args.set)
    except ValueError as error:
        parser.error(str(error))
    clock = Clock(args.minutes, args.start, args.total)
    train(args.bundle, args.out, settings, clock, args.state, args.save_every, args.checkpoint)


if __name__ == "__main__":
    main()
