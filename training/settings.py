"""All that shapes a training run, with a profile for a GPU and three for a few CPU cores. It reads no files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Settings:
    """Sizes, rates and schedule of a run; `budget` and `longest` in pieces, `late` and `guide_until` as shares of the run."""

    d_model: int = 384
    encoder: int = 6
    decoder: int = 3
    ffn: int = 1536
    heads: int = 6
    dropout: float = 0.15
    budget: int = 48_000  # padded pieces a batch and side
    longest: int = 200  # sentences of more pieces are not drawn
    lr: float = 7e-4  # AdamW: embeddings, norms, biases
    muon: float = 0.02  # Muon: matrices inside the layers
    warmup: int = 800  # steps
    smoothing: float = 0.1
    ema: float = 0.999  # averages over about 1 / (1 - ema) steps: fewer than the closing part has
    late: float = 0.85  # when the closing mix begins
    lexicon: bool = True  # initialise the embeddings from counted translations
    guide: float = 0.3  # weight of guided alignment at the start, 0 for none
    guide_until: float = 0.5  # when it has faded out
    reverse: bool = False  # from English to Italian
    compile: bool = False
    seed: int = 1

    def override(self, changes: Iterable[str]) -> Settings:
        """The same settings with NAME=VALUE changes; an unknown name or a value of another type is an error."""
        known, new = asdict(self), {}
        for change in changes:
            name, _, value = change.partition("=")
            if name not in known:
                raise ValueError(f"no setting is called '{name}': there are {', '.join(known)}")
            new[name] = type(known[name])(json.loads(value))
        return replace(self, **new)


CPU = Settings(
    d_model=256,
    encoder=3,
    decoder=2,
    ffn=1024,
    heads=4,
    dropout=0.1,
    budget=4_000,
    longest=110,
    lr=1.5e-3,
    warmup=300,
    ema=0.99,
    late=0.8,
)
PROFILES = {
    "gpu": Settings(),
    "cpu": CPU,
    # Goes on from what `cpu` made: deeper, gentler, over more text. What the lexicon teaches is known by then.
    "cpu-longer": replace(CPU, encoder=5, longest=140, lr=5e-4, muon=0.006, lexicon=False, guide=0.0),
    # Goes on from the translator to the reader of its translations, which goes the other way: embeddings and layers are soon of use again.
    "reader": replace(CPU, encoder=5, longest=140, lr=1e-3, muon=0.012, lexicon=False, guide=0.3, reverse=True),
}
